//! Reads the options that scripts give.

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use crate::app::browser::js::{get, is_absent};
use crate::app::session::SessionError;

/// Reads the option `signal`, which cancels the work.
///
/// # Errors
/// Returns [`SessionError::Option`] if it is not an `AbortSignal`.
pub(in crate::app) fn signal(options: &JsValue) -> Result<Option<AbortSignal>, SessionError> {
    match get(options, "signal") {
        none if is_absent(&none) => Ok(None),
        some => {
            some.dyn_into().map(Some).map_err(|_| SessionError::Option { option: "signal", expected: "an AbortSignal" })
        }
    }
}

/// Reads an option that is true or false. Returns `None` if the option is left out.
///
/// # Errors
/// Returns [`SessionError::Option`] if it is anything else.
pub(in crate::app) fn flag(options: &JsValue, option: &'static str) -> Result<Option<bool>, SessionError> {
    match get(options, option) {
        none if is_absent(&none) => Ok(None),
        some => some.as_bool().map(Some).ok_or(SessionError::Option { option, expected: "true or false" }),
    }
}

/// Reads the option `onProgress`. Returns a function that calls it; without the option, it does nothing.
///
/// # Errors
/// Returns [`SessionError::Option`] if it is not a function.
pub(in crate::app) fn listener(options: &JsValue) -> Result<impl Fn(&Object) + use<>, SessionError> {
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
            // The error is in the script. A rejected promise shows it in the console, and the work continues.
            Promise::reject(&error).unchecked_into::<JsValue>();
        }
    })
}

/// Reads an array of texts with `read`. Returns `None` if the option is left out.
///
/// # Errors
/// Returns [`SessionError::Option`] if it is not an array, or if `read` returns `None` for an item.
pub(in crate::app) fn list<T>(
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

/// Reads a number that `fits`. Returns `None` if the option is left out.
///
/// # Errors
/// Returns [`SessionError::Option`] if it is not such a number.
pub(in crate::app) fn number(
    options: &JsValue,
    option: &'static str,
    expected: &'static str,
    is_valid: impl Fn(f64) -> bool,
) -> Result<Option<f64>, SessionError> {
    match get(options, option) {
        none if is_absent(&none) => Ok(None),
        some => match some.as_f64().filter(|number| is_valid(*number)) {
            Some(number) => Ok(Some(number)),
            None => Err(SessionError::Option { option, expected }),
        },
    }
}

/// Reads a number above zero. Returns `None` if the option is left out.
///
/// # Errors
/// Returns [`SessionError::Option`] if it is not such a number.
pub(in crate::app) fn above_zero(options: &JsValue, option: &'static str) -> Result<Option<f64>, SessionError> {
    number(options, option, "a number above zero", |number| number > 0.0)
}
