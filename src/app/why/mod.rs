//! Why this answer: the regions of the input that are evidence for a class.

mod cam;
mod current;
mod occlude;
mod picture;
mod state;
mod view;

use js_sys::{Float32Array, Object};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::browser::js::set;
use super::state::Page;
use state::Found;
pub(super) use state::WhyState;
pub(super) use view::WhyView;

/// Returns the shown evidence as an object for scripts, or `null`.
pub(super) fn shown(page: Page) -> JsValue {
    let Some(evidence) = untrack(|| page.why.current(page)) else { return JsValue::NULL };
    let object = Object::new();
    let number = |value: usize| JsValue::from_f64(value as f64);
    set(&object, "class", &number(evidence.class));
    set(&object, "rows", &number(evidence.positions.0));
    set(&object, "columns", &number(evidence.positions.1));
    set(&object, "values", &Float32Array::from(evidence.values.as_slice()));
    match evidence.found {
        Found::Map { bias } => {
            set(&object, "method", &"cam".into());
            set(&object, "bias", &bias.into());
        }
        Found::Occlusion { patch, stride, whole } => {
            set(&object, "method", &"occlusion".into());
            set(&object, "patch", &number(patch));
            set(&object, "stride", &number(stride));
            set(&object, "probability", &whole.into());
        }
    }
    object.into()
}
