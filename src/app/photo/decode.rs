//! Decodes files: checks the header, lets the browser decode the image, and reads it back from a canvas.

use js_sys::Uint8Array;
use leptos::prelude::window;
use leptos_i18n::td_string;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, ImageBitmap, ImageBitmapOptions, ImageOrientation};
use words::i18n::Locale;

use super::error::{CanvasError, PhotoError};
use crate::app::browser::js::{error_message, set};
use crate::app::components::picture::new_canvas;
use input::{HEAD_BYTES, ImageHeader, InputError, Photo, check_size, probe_image};

/// The longer side of a photo at most, in pixels. Networks see a few hundred of them.
const MAX_SIDE_PX: u32 = 2048;

/// A decoded photo with a remark on it.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) photo: Photo,
    pub(super) remark: Remark,
}

/// A remark on a photo from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Remark {
    /// True if the file is animated. The photo is the first frame.
    pub(super) is_animated: bool,
    /// The width and height of the image, if the photo is smaller.
    pub(super) shrunk_from: Option<(usize, usize)>,
}

impl Remark {
    /// Returns the remark in words; empty if there is nothing to remark.
    pub(super) fn text(self, locale: Locale) -> String {
        let animated = self.is_animated.then(|| td_string!(locale, photo.origin.moves).to_owned());
        let shrunk = self.shrunk_from.map(|(width, height)| {
            td_string!(locale, photo.origin.shrunk, width = width, height = height, longest = MAX_SIDE_PX)
        });
        animated.into_iter().chain(shrunk).collect::<Vec<_>>().join(" ")
    }
}

/// Decodes a file called `name`.
///
/// # Errors
/// [`PhotoError::Input`] if the file is not an image that can be shown, [`PhotoError::Unread`],
/// [`PhotoError::Undecoded`] and [`PhotoError::Canvas`] if the browser fails.
pub(super) async fn decode(blob: &Blob, name: &str) -> Result<Decoded, PhotoError> {
    let header = probe_file(blob, name).await?;
    let bitmap = bitmap(blob).await.map_err(|_| PhotoError::Undecoded { name: name.to_owned() })?;
    let drawn = draw(&bitmap, name);
    // A decoded image is large. Free it now and not at the next garbage collection.
    bitmap.close();
    let (photo, is_shrunk) = drawn?;
    let shrunk_from = is_shrunk.then_some((header.width, header.height));
    let remark = Remark { is_animated: header.animated, shrunk_from };
    Ok(Decoded { photo, remark })
}

/// Reads the format and the size of an image from the start of its file, or from all of it if the start is not enough.
async fn probe_file(blob: &Blob, name: &str) -> Result<ImageHeader, PhotoError> {
    let length = blob.size();
    let first = probe_image(name, &bytes(blob, name, HEAD_BYTES as f64).await?, length as u64);
    match first {
        Err(InputError::Damaged { .. }) if length > HEAD_BYTES as f64 => {
            Ok(probe_image(name, &bytes(blob, name, length).await?, length as u64)?)
        }
        header => Ok(header?),
    }
}

/// Returns the first `count` bytes of a file, or all if it has fewer.
async fn bytes(blob: &Blob, name: &str, count: f64) -> Result<Vec<u8>, PhotoError> {
    let unread = |error: JsValue| PhotoError::Unread { name: name.to_owned(), reason: error_message(&error) };
    let part = blob.slice_with_f64_and_f64(0.0, count).map_err(unread)?;
    let buffer = JsFuture::from(part.array_buffer()).await.map_err(unread)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Lets the browser decode an image and apply the rotation of its metadata.
async fn bitmap(blob: &Blob) -> Result<ImageBitmap, JsValue> {
    let options = ImageBitmapOptions::new();
    options.set_image_orientation(ImageOrientation::FromImage);
    let turned = match window().create_image_bitmap_with_blob_and_image_bitmap_options(blob, &options) {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    let bitmap = match turned {
        Ok(bitmap) => bitmap,
        // Browsers that do not know this option reject it. They apply the rotation without it.
        Err(_) => JsFuture::from(window().create_image_bitmap_with_blob(blob)?).await?,
    };
    bitmap.dyn_into()
}

/// Draws an image on white, shrunk to the largest size if necessary. Returns whether it was shrunk.
fn draw(bitmap: &ImageBitmap, name: &str) -> Result<(Photo, bool), PhotoError> {
    let (width, height) = (bitmap.width(), bitmap.height());
    check_size(name, width as usize, height as usize)?;
    let (columns, rows) = fit(width, height, MAX_SIDE_PX);
    let photo = paint_photo(columns, rows, |context| {
        context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, f64::from(columns), f64::from(rows))
    })?;
    Ok((photo, (columns, rows) != (width, height)))
}

/// Returns `width` and `height`, scaled down so that neither exceeds `max_side`.
pub(super) fn fit(width: u32, height: u32, max_side: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= max_side {
        return (width, height);
    }
    let scaled = |side: u32| ((f64::from(side) * f64::from(max_side) / f64::from(longer)).round() as u32).max(1);
    (scaled(width), scaled(height))
}

/// Returns the drawing of `paint` on a white canvas of this size as a photo.
///
/// # Errors
/// [`PhotoError::Canvas`] if the browser gives no canvas, does not draw, or does not let the canvas be read.
pub(super) fn paint_photo(
    width: u32,
    height: u32,
    paint: impl FnOnce(&CanvasRenderingContext2d) -> Result<(), JsValue>,
) -> Result<Photo, PhotoError> {
    let said = |error: JsValue| PhotoError::Canvas(CanvasError::Browser(error_message(&error)));
    let (canvas, context) = new_canvas(width, height).ok_or(PhotoError::Canvas(CanvasError::Canvas))?;
    let (across, down) = (f64::from(width), f64::from(height));
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, across, down);
    // A browser that does not know this property shrinks photos with its default quality.
    set(&context, "imageSmoothingQuality", &"high".into());
    paint(&context).map_err(said)?;
    let rgba = context.get_image_data(0.0, 0.0, across, down).map_err(said)?.data();
    // A canvas without a size frees its memory before the next garbage collection.
    canvas.set_width(0);
    Photo::from_rgba(width as usize, height as usize, &rgba).ok_or(PhotoError::Canvas(CanvasError::Pixels))
}
