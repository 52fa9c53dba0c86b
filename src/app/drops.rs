//! Checkpoints that are dropped anywhere on the page, and files that are chosen in a field.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DragEvent, Event, File};

/// Offers the first of dropped files before anything else on the page sees it. What is not taken (`take` says whether it
/// is) goes on to what else takes drops, and is not opened in place of the page either.
pub(super) fn listen(take: impl Fn(File) -> bool + 'static) {
    let over = Closure::<dyn FnMut(DragEvent)>::new(|event: DragEvent| event.prevent_default());
    let dropped = Closure::<dyn FnMut(DragEvent)>::new(move |event: DragEvent| {
        event.prevent_default();
        let file = event.data_transfer().and_then(|transfer| transfer.files()).and_then(|files| files.get(0));
        if file.is_some_and(&take) {
            event.stop_propagation();
        }
    });
    for (name, listener) in [("dragover", over), ("drop", dropped)] {
        // Where it cannot be listened for, files are opened by their buttons.
        let _ = document().add_event_listener_with_callback_and_bool(name, listener.as_ref().unchecked_ref(), true);
        // It lives as long as the page.
        listener.forget();
    }
}

/// The file that was chosen in a field for files; the field is emptied, so that the same file can be chosen again.
pub(super) fn take_file(event: &Event) -> Option<File> {
    let field: JsValue = event.target()?.into();
    let files = Reflect::get(&field, &"files".into()).ok()?;
    let file = Reflect::get_u32(&files, 0).ok()?.dyn_into().ok();
    // A field that keeps its file is no loss but that.
    let _ = Reflect::set(&field, &"value".into(), &"".into());
    file
}
