//! The size of an element of the page, as long as the page lives.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{ResizeObserver, ResizeObserverEntry};

/// Tells the width and height of an element's contents, in CSS pixels, whenever they change. The element must stay as
/// long as the page does.
pub(super) fn observe(element: NodeRef<html::Div>, seen: impl Fn(f64, f64) + Clone + 'static) {
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let seen = seen.clone();
        let changed = move |entries: js_sys::Array| {
            let Ok(entry) = entries.get(0).dyn_into::<ResizeObserverEntry>() else { return };
            let rect = entry.content_rect();
            seen(rect.width(), rect.height());
        };
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(changed);
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&element);
            // It lives as long as the page.
            callback.forget();
        }
    });
}
