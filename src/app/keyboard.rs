//! Keys that work anywhere on the page: arrows step, space plays.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::lab::Lab;
use super::transport;

/// Listens until the page is gone.
pub(super) fn listen(lab: Lab) {
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        let tag = target.map(|t| t.tag_name()).unwrap_or_default();
        let typing = matches!(tag.as_str(), "INPUT" | "SELECT" | "TEXTAREA");
        let step = lab.step.get_untracked();
        match event.key().as_str() {
            "ArrowRight" if !typing => lab.go(step + 1),
            "ArrowLeft" if !typing => lab.go(step.saturating_sub(1)),
            // On a button the space bar presses it.
            " " if !typing && tag != "BUTTON" && tag != "SUMMARY" => transport::toggle(lab),
            "Escape" => lab.hover.set(None),
            _ => return,
        }
        if event.key() != "Escape" {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}
