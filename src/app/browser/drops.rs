//! Files that are dropped on the page, and files that are chosen in a field.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DragEvent, Event, File};

/// Listens to drops on the whole page. `accept` gets the first dropped file before any other handler, and returns
/// whether it takes it. If not, the other handlers get the drop. The browser never opens a dropped file in place of the
/// page.
pub fn listen(accept: impl Fn(File) -> bool + 'static) {
    let over = Closure::<dyn FnMut(DragEvent)>::new(|event: DragEvent| event.prevent_default());
    let dropped = Closure::<dyn FnMut(DragEvent)>::new(move |event: DragEvent| {
        event.prevent_default();
        let file = event.data_transfer().and_then(|transfer| transfer.files()).and_then(|files| files.get(0));
        if file.is_some_and(&accept) {
            event.stop_propagation();
        }
    });
    for (name, listener) in [("dragover", over), ("drop", dropped)] {
        // Without the listener, files can still be opened with the buttons.
        let _ = document().add_event_listener_with_callback_and_bool(name, listener.as_ref().unchecked_ref(), true);
        // The listener lives as long as the page.
        listener.forget();
    }
}

/// Returns the file that was chosen in a file field, and empties the field, so that the same file can be chosen again.
pub fn take_file(event: &Event) -> Option<File> {
    let field: JsValue = event.target()?.into();
    let files = Reflect::get(&field, &"files".into()).ok()?;
    let file = Reflect::get_u32(&files, 0).ok()?.dyn_into().ok();
    // If the field keeps its file, only choosing the same file again does not work.
    let _ = Reflect::set(&field, &"value".into(), &"".into());
    file
}
