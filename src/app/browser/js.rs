//! Values and errors of JavaScript.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// Returns the property `name`; `undefined` if there is none.
pub(in crate::app) fn get(object: &JsValue, name: &str) -> JsValue {
    // A value that is not an object has no properties.
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Sets the property `name` of a plain object.
pub(in crate::app) fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object takes every property.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// Returns whether a value is `undefined` or `null`.
pub(in crate::app) fn is_absent(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}

/// Returns the message of an error, else its name.
pub fn error_message(error: &JsValue) -> String {
    let message = get(error, "message").as_string().filter(|text| !text.is_empty());
    let text = message.or_else(|| get(error, "name").as_string()).or_else(|| error.as_string());
    text.unwrap_or_else(|| "the browser does not say why".to_owned())
}

/// Returns the name of an error, such as `NotFoundError`.
pub(in crate::app) fn error_name(error: &JsValue) -> Option<String> {
    get(error, "name").as_string()
}
