//! The size of an element of the page.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{ResizeObserver, ResizeObserverEntry};

/// Calls `changed` with the width and height of the content of an element, in CSS pixels, whenever they change. The
/// element must live as long as the page.
pub fn observe(element: NodeRef<html::Div>, changed: impl Fn(f64, f64) + Clone + 'static) {
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let changed = changed.clone();
        let report = move |entries: js_sys::Array| {
            let Ok(entry) = entries.get(0).dyn_into::<ResizeObserverEntry>() else { return };
            let rect = entry.content_rect();
            changed(rect.width(), rect.height());
        };
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(report);
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&element);
            // The callback lives as long as the page.
            callback.forget();
        }
    });
}
