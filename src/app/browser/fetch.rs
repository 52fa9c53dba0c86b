//! Downloads files of this site.

use std::cell::Cell;

use js_sys::Uint8Array;
use leptos::prelude::window;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Response, Url};

use super::js::error_message;

#[wasm_bindgen]
extern "C" {
    /// The address of the script around this WebAssembly.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static SCRIPT_URL: String;
}

/// Returns the address of the script around this WebAssembly.
pub(in crate::app) fn script_url() -> String {
    SCRIPT_URL.with(Clone::clone)
}

thread_local! {
    /// The folder of the site, seen from the folder of the script.
    static SITE: Cell<&'static str> = const { Cell::new("./") };
}

/// Says that the script lies in a folder of the site, as those of `/compare` and `/learn` do. The script of the stage
/// lies in the folder of the site itself.
pub fn script_is_in_a_folder() {
    SITE.set("../");
}

/// Returns the address of a file beside the script.
pub(in crate::app) fn script_file_url(name: &str) -> String {
    Url::new_with_base(name, &script_url()).map_or_else(|_| name.to_owned(), |url| url.href())
}

/// Returns the address of a file of the site by its path, such as `weights/lenet5.safetensors`. The address of the page
/// does not matter: `/bench/` and `/learn/relu` lie in folders of their own.
pub(in crate::app) fn site_url(path: &str) -> String {
    script_file_url(&format!("{}{path}", SITE.get()))
}

/// Fetches a file of this site, whatever the status of the response.
///
/// # Errors
/// The error of the browser if there is no response.
pub(in crate::app) async fn fetch_response(path: &str) -> Result<Response, JsValue> {
    JsFuture::from(window().fetch_with_str(&site_url(path))).await?.dyn_into()
}

/// Fetches a file of this site.
///
/// # Errors
/// Returns the message of the server or the browser.
pub async fn fetch_blob(path: &str) -> Result<Blob, String> {
    let said = |error: JsValue| error_message(&error);
    let response = fetch_response(path).await.map_err(said)?;
    if !response.ok() {
        return Err(format!("the server answered {}", response.status()));
    }
    JsFuture::from(response.blob().map_err(said)?).await.map_err(said)?.dyn_into().map_err(said)
}

/// Fetches the bytes of a file of this site.
///
/// # Errors
/// Returns the message of the server or the browser.
pub async fn fetch(path: &str) -> Result<Vec<u8>, String> {
    let blob = fetch_blob(path).await?;
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(|error| error_message(&error))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_folder_of_the_page_does_not_change_the_address_of_a_file() {
        let before = site_url("weights/lenet5.safetensors");
        let history = window().history().expect("should have a history");
        history.replace_state_with_url(&JsValue::NULL, "", Some("/bench/")).expect("should change the address");
        assert_eq!(site_url("weights/lenet5.safetensors"), before);
        assert!(before.ends_with("weights/lenet5.safetensors"), "{before}");
    }
}
