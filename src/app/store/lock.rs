//! One download of a file at a time, over all tabs of the site (Web Locks).

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{StoreError, file_name};

/// Holds a lock until it is dropped.
pub(super) struct Held(Option<Function>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            // A function that resolves a promise does not throw.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Takes the lock of `key`. A browser without Web Locks has one that nobody else sees.
///
/// # Errors
/// [`StoreError::Busy`] where another tab holds it.
pub(super) async fn take(key: &str, url: &str) -> Result<Held, StoreError> {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &JsValue::from_str(name)).ok();
    let locks = get(&window().navigator(), "locks").filter(JsValue::is_object);
    let request = locks.as_ref().and_then(|locks| get(locks, "request")?.dyn_into::<Function>().ok());
    let (Some(locks), Some(request)) = (locks, request) else { return Ok(Held(None)) };

    let mut release = None;
    let until_released = Promise::new(&mut |resolve, _| release = Some(resolve));
    let granted = Promise::new(&mut |resolve, _| {
        let until_released = until_released.clone();
        let callback = Closure::once_into_js(move |lock: JsValue| {
            // null where another holds it: the answer is given at once.
            let _ = resolve.call1(&JsValue::UNDEFINED, &JsValue::from_bool(!lock.is_null()));
            if lock.is_null() { JsValue::UNDEFINED } else { until_released.into() }
        });
        let options = Object::new();
        // A plain object takes every property.
        let _ = Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE);
        // Where it throws, the promise below never comes; it throws for reserved names alone, which this is not.
        let _ = request.call3(&locks, &format!("layerscope-weights-{key}").into(), &options, &callback);
    });
    match JsFuture::from(granted).await {
        Ok(granted) if granted.is_truthy() => Ok(Held(release)),
        _ => Err(StoreError::Busy { name: file_name(url) }),
    }
}
