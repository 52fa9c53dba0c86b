//! Checkpoints that are dropped anywhere on the page.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::DragEvent;

use super::lab::Lab;
use super::supply::{accept_file, is_checkpoint_name};

/// Takes a dropped checkpoint before anything else on the page sees it; lets all other drops pass.
pub(super) fn listen(lab: Lab) {
    let over = Closure::<dyn FnMut(DragEvent)>::new(|event: DragEvent| {
        // What is not taken here is not opened in place of the page either.
        event.prevent_default();
    });
    let dropped = Closure::<dyn FnMut(DragEvent)>::new(move |event: DragEvent| {
        event.prevent_default();
        let file = event.data_transfer().and_then(|transfer| transfer.files()).and_then(|files| files.get(0));
        if let Some(file) = file.filter(|file| is_checkpoint_name(&file.name())) {
            event.stop_propagation();
            accept_file(lab.supply, lab.graph.get_untracked(), file);
        }
    });
    for (name, listener) in [("dragover", over), ("drop", dropped)] {
        // Where it cannot be listened for, files are opened by their buttons.
        let _ = document().add_event_listener_with_callback_and_bool(name, listener.as_ref().unchecked_ref(), true);
        // It lives as long as the page.
        listener.forget();
    }
}
