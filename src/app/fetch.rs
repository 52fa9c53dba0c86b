//! Downloads files of this site.

use js_sys::Uint8Array;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Response};

use super::store::message;

/// Fetches a file of this site.
///
/// # Errors
/// Returns the message of the server or the browser.
pub(super) async fn fetch_blob(path: &str) -> Result<Blob, String> {
    let said = |error: JsValue| message(&error);
    let response = JsFuture::from(window().fetch_with_str(path)).await.map_err(said)?;
    let response: Response = response.dyn_into().map_err(said)?;
    if !response.ok() {
        return Err(format!("the server answered {}", response.status()));
    }
    JsFuture::from(response.blob().map_err(said)?).await.map_err(said)?.dyn_into().map_err(said)
}

/// Fetches the bytes of a file of this site.
///
/// # Errors
/// Returns the message of the server or the browser.
pub(super) async fn fetch(path: &str) -> Result<Vec<u8>, String> {
    let blob = fetch_blob(path).await?;
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(|error| message(&error))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
