//! The browser's promises and errors.

use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::StoreError;

/// What an error of the browser says.
pub(in crate::app) fn message(error: &JsValue) -> String {
    let text = |key: &str| Reflect::get(error, &JsValue::from_str(key)).ok().and_then(|value| value.as_string());
    let said = text("message").filter(|text| !text.is_empty()).or_else(|| text("name"));
    said.or_else(|| error.as_string()).unwrap_or_else(|| "the browser does not say why".to_owned())
}

/// Whether an error of the browser is of this name.
pub(super) fn is_named(error: &JsValue, name: &str) -> bool {
    Reflect::get(error, &JsValue::from_str("name")).is_ok_and(|value| value.as_string().as_deref() == Some(name))
}

/// An error of the browser's storage.
pub(super) fn storage(error: &JsValue) -> StoreError {
    StoreError::Storage { reason: message(error) }
}

/// Waits for a promise of the browser's storage, and takes what it gives as a `T`.
pub(super) async fn stored<T: JsCast>(promise: Promise) -> Result<T, StoreError> {
    let value = JsFuture::from(promise).await.map_err(|error| storage(&error))?;
    value.dyn_into().map_err(|_| StoreError::Storage { reason: "it gave something else".to_owned() })
}

/// A number that a header or the browser gives as a double; none where it is no count.
pub(super) fn count(value: f64) -> Option<u64> {
    (value.is_finite() && value >= 0.0).then_some(value as u64)
}
