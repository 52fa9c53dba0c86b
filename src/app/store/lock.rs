//! One download of a file at a time, in all tabs of the site (Web Locks).

use js_sys::{Function, Object, Promise};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::app::browser::js::{get, set};
use logic::download::StoreError;

/// Holds a lock until it is dropped.
pub(super) struct LockGuard(Option<Function>);

impl Drop for LockGuard {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            // A function that resolves a promise does not throw.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Takes the lock of `key`. In a browser without Web Locks, every call takes a lock of its own.
///
/// # Errors
/// [`StoreError::Busy`] with `name` as the file if another tab holds the lock.
pub(super) async fn take(key: &str, name: &str) -> Result<LockGuard, StoreError> {
    let locks = get(&window().navigator(), "locks");
    let Ok(request) = get(&locks, "request").dyn_into::<Function>() else { return Ok(LockGuard(None)) };

    let mut release = None;
    let until_released = Promise::new(&mut |resolve, _| release = Some(resolve));
    let granted = Promise::new(&mut |resolve, _| {
        let until_released = until_released.clone();
        let callback = Closure::once_into_js(move |lock: JsValue| {
            // The lock is null if another tab holds it, because of `ifAvailable`.
            let _ = resolve.call1(&JsValue::UNDEFINED, &JsValue::from_bool(!lock.is_null()));
            if lock.is_null() { JsValue::UNDEFINED } else { until_released.into() }
        });
        let options = Object::new();
        set(&options, "ifAvailable", &JsValue::TRUE);
        // If `request` threw, the promise below would never settle. It throws for reserved names only, and this name
        // is not reserved.
        let _ = request.call3(&locks, &format!("layerscope-weights-{key}").into(), &options, &callback);
    });
    match JsFuture::from(granted).await {
        Ok(granted) if granted.is_truthy() => Ok(LockGuard(release)),
        _ => Err(StoreError::Busy { name: name.to_owned() }),
    }
}
