//! The stage as a picture. What draws it is a script of its own, which is loaded when it is first asked for.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::{TakeError, Taken};
use crate::app::runner;
use crate::app::save::save;
use crate::app::state::Page;

/// The script, and the function that it puts on the window.
const SCRIPT: &str = "/stage-picture.mjs";
const FUNCTION: &str = "layerscopeStagePicture";

fn function() -> Option<Function> {
    Reflect::get(&window(), &FUNCTION.into()).ok()?.dyn_into().ok()
}

/// Loads the script.
async fn load() -> Result<Function, TakeError> {
    if let Some(function) = function() {
        return Ok(function);
    }
    let fault = |error| TakeError::said(&error);
    let script = document().create_element("script").map_err(fault)?;
    script.set_attribute("type", "module").map_err(fault)?;
    script.set_attribute("src", SCRIPT).map_err(fault)?;
    let loaded = Promise::new(&mut |resolve, reject| {
        // A script without these says nothing, and nothing is saved.
        let _ = script.add_event_listener_with_callback("load", &resolve);
        let _ = script.add_event_listener_with_callback("error", &reject);
    });
    document().document_element().ok_or(TakeError::Script)?.append_child(&script).map_err(fault)?;
    JsFuture::from(loaded).await.map_err(|_| TakeError::Script)?;
    function().ok_or(TakeError::OtherScript)
}

/// Saves the stage as it is seen.
pub(super) async fn png(page: Page) -> Result<Taken, TakeError> {
    let fault = |error| TakeError::said(&error);
    let draw = load().await?;
    let paint = Closure::<dyn Fn()>::new(move || runner::paint_now(page));
    let promise = draw.call1(&JsValue::UNDEFINED, paint.as_ref()).map_err(fault)?;
    let drawn = JsFuture::from(promise.unchecked_into::<Promise>()).await.map_err(fault)?;
    let file = format!("layerscope-{}.png", page.network.graph().read_untracked().name);
    save(drawn.unchecked_ref::<Blob>(), &file).map_err(fault)?;
    Ok(Taken::File(file))
}
