//! Keys that work anywhere on the page. Arrows step, and with shift they move the camera. Space plays, plus and minus
//! zoom, 0 shows the whole network, and F folds and unfolds.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::stage;
use crate::app::state::Page;
use crate::app::transport;

/// How far an arrow moves the camera, as a share of the size of the stage.
const PAN: f32 = 0.15;

fn pan(page: Page, arrow: &str) {
    let room = page.view.room().get_untracked();
    let (x, y) = match arrow {
        "ArrowLeft" => (1.0, 0.0),
        "ArrowRight" => (-1.0, 0.0),
        "ArrowUp" => (0.0, 1.0),
        _ => (0.0, -1.0),
    };
    let by = (x * PAN * room.width, y * PAN * room.height);
    let moved = page.view.camera().get_untracked().panned(by, page.view.scene().read_untracked().bounds);
    stage::fly(page, moved);
}

/// Listens to the keyboard as long as the page lives.
pub(in crate::app) fn listen(page: Page) {
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        let tag = target.map(|t| t.tag_name()).unwrap_or_default();
        let typing = matches!(tag.as_str(), "INPUT" | "SELECT" | "TEXTAREA");
        let step = page.selection.step().get_untracked();
        match event.key().as_str() {
            arrow if !typing && event.shift_key() && arrow.starts_with("Arrow") => pan(page, arrow),
            "+" | "=" if !typing => stage::zoom(page, true),
            "-" if !typing => stage::zoom(page, false),
            "0" if !typing => stage::show_whole(page),
            "f" if !typing => stage::toggle_block(page),
            "ArrowRight" if !typing => page.selection.go(step + 1),
            "ArrowLeft" if !typing => page.selection.go(step.saturating_sub(1)),
            // On a button, the space bar presses the button.
            " " if !typing && tag != "BUTTON" && tag != "SUMMARY" => transport::toggle(page),
            "Escape" => page.selection.point(None),
            _ => return,
        }
        if event.key() != "Escape" {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}
