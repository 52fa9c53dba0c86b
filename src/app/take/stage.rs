//! The stage as a picture. A script of its own draws it, which is loaded on first use.

use js_sys::{Function, Promise};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::export::{ExportError, Exported};
use crate::app::browser::fetch::site_url;
use crate::app::browser::js::get;
use crate::app::browser::save::save;
use crate::app::runner;
use crate::app::state::Page;

/// The path of the script on the site, and the function that it puts on the window.
const SCRIPT: &str = "stage-picture.mjs";
const FUNCTION: &str = "layerscopeStagePicture";

fn function() -> Option<Function> {
    get(&window(), FUNCTION).dyn_into().ok()
}

/// Loads the script, unless it is loaded.
async fn load() -> Result<Function, ExportError> {
    if let Some(function) = function() {
        return Ok(function);
    }
    let fault = |error| ExportError::of_browser(&error);
    let script = document().create_element("script").map_err(fault)?;
    script.set_attribute("type", "module").map_err(fault)?;
    script.set_attribute("src", &site_url(SCRIPT)).map_err(fault)?;
    let loaded = Promise::new(&mut |resolve, reject| {
        // Without these listeners the export would wait for ever and save nothing.
        let _ = script.add_event_listener_with_callback("load", &resolve);
        let _ = script.add_event_listener_with_callback("error", &reject);
    });
    document().document_element().ok_or(ExportError::Script)?.append_child(&script).map_err(fault)?;
    JsFuture::from(loaded).await.map_err(|_| ExportError::Script)?;
    function().ok_or(ExportError::OtherScript)
}

/// Saves the current view of the stage as PNG.
pub(super) async fn png(page: Page) -> Result<Exported, ExportError> {
    let fault = |error| ExportError::of_browser(&error);
    let draw = load().await?;
    let paint = Closure::<dyn Fn()>::new(move || runner::paint_now(page));
    let promise = draw.call1(&JsValue::UNDEFINED, paint.as_ref()).map_err(fault)?;
    let drawn = JsFuture::from(promise.unchecked_into::<Promise>()).await.map_err(fault)?;
    let file = format!("layerscope-{}.png", page.network.graph().read_untracked().name);
    save(drawn.unchecked_ref::<Blob>(), &file).map_err(fault)?;
    Ok(Exported::File(file))
}
