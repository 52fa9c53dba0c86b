//! Files that the browser saves.

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement, Url};

use crate::app::components::picture::new_canvas;

/// Returns bytes as a blob of the media type `kind`.
pub fn blob(bytes: &[u8], kind: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &options)
}

/// Renders an SVG as a PNG with `sharpness` pixels for each unit of the SVG.
///
/// # Errors
/// Returns the exception of the browser if it cannot decode or draw the SVG.
pub async fn png(svg: &str, sharpness: f64) -> Result<Blob, JsValue> {
    let url = Url::create_object_url_with_blob(&blob(svg.as_bytes(), "image/svg+xml")?)?;
    let image = HtmlImageElement::new()?;
    image.set_src(&url);
    let decoded = JsFuture::from(image.decode()).await;
    let drawn = decoded.and_then(|_| {
        let (width, height) =
            (f64::from(image.natural_width()) * sharpness, f64::from(image.natural_height()) * sharpness);
        let fresh = new_canvas(width as u32, height as u32);
        let (canvas, context) = fresh.ok_or_else(|| JsValue::from_str("there is no canvas"))?;
        context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
        Ok(canvas)
    });
    Url::revoke_object_url(&url)?;
    to_blob(&drawn?).await
}

/// Returns the content of a canvas as a PNG.
///
/// # Errors
/// Returns the exception of the browser if the canvas cannot be read.
pub(in crate::app) async fn to_blob(canvas: &HtmlCanvasElement) -> Result<Blob, JsValue> {
    let promise = js_sys::Promise::new(&mut |resolve, reject| {
        if let Err(error) = canvas.to_blob(&resolve) {
            // Rejecting a promise returns nothing of use.
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    JsFuture::from(promise).await?.dyn_into().map_err(|_| JsValue::from_str("the canvas gives no picture"))
}

/// Makes the browser save a blob under the name `file`.
///
/// # Errors
/// Returns the exception of the browser if it cannot create the link.
pub fn save(blob: &Blob, file: &str) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(file);
    link.click();
    // By then the browser has read the blob.
    set_timeout(
        move || {
            // If the address cannot be revoked, the blob stays in memory until the page is closed.
            let _ = Url::revoke_object_url(&url);
        },
        std::time::Duration::from_secs(60),
    );
    Ok(())
}
