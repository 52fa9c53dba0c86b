//! What scripts give as options.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use super::session::SessionError;

/// A property; `undefined` where there is none.
pub(super) fn get(object: &JsValue, name: &str) -> JsValue {
    // What is no object has no properties.
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

pub(super) fn is_absent(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}

/// Stops the work.
pub(super) fn signal(options: &JsValue) -> Result<Option<AbortSignal>, SessionError> {
    match get(options, "signal") {
        none if is_absent(&none) => Ok(None),
        some => {
            some.dyn_into().map(Some).map_err(|_| SessionError::Option { option: "signal", expected: "an AbortSignal" })
        }
    }
}

/// A function that tells the script how far it is.
pub(super) fn listener(options: &JsValue) -> Result<impl Fn(&Object) + use<>, SessionError> {
    let listener = match get(options, "onProgress") {
        none if is_absent(&none) => None,
        some => Some(
            some.dyn_into::<Function>()
                .map_err(|_| SessionError::Option { option: "onProgress", expected: "a function" })?,
        ),
    };
    Ok(move |event: &Object| {
        if let Some(listener) = &listener
            && let Err(error) = listener.call1(&JsValue::UNDEFINED, event)
        {
            // The fault is the script's: its console shows it, and the work goes on.
            Promise::reject(&error).unchecked_into::<JsValue>();
        }
    })
}

/// An array of texts, each of which is something; `None` where there is none.
pub(super) fn list<T>(
    options: &JsValue,
    option: &'static str,
    expected: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<Vec<T>>, SessionError> {
    let wrong = || SessionError::Option { option, expected };
    match get(options, option) {
        none if is_absent(&none) => Ok(None),
        some if Array::is_array(&some) => {
            let all = some.unchecked_into::<Array>();
            let one = |value: JsValue| value.as_string().as_deref().and_then(&read).ok_or_else(wrong);
            all.iter().map(one).collect::<Result<_, _>>().map(Some)
        }
        _ => Err(wrong()),
    }
}

/// A number that `fits`; `None` where there is none.
pub(super) fn number(
    options: &JsValue,
    option: &'static str,
    expected: &'static str,
    fits: impl Fn(f64) -> bool,
) -> Result<Option<f64>, SessionError> {
    match get(options, option) {
        none if is_absent(&none) => Ok(None),
        some => match some.as_f64().filter(|number| fits(*number)) {
            Some(number) => Ok(Some(number)),
            None => Err(SessionError::Option { option, expected }),
        },
    }
}

/// A number above zero; `None` where there is none.
pub(super) fn above_zero(options: &JsValue, option: &'static str) -> Result<Option<f64>, SessionError> {
    number(options, option, "a number above zero", |number| number > 0.0)
}
