//! Keeps the address up to date.

use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::describe::{query, state, track};
use super::embed;
use crate::app::state::Page;

/// How long the state must rest before the address follows: browsers limit how often the address may change.
const REST: Duration = Duration::from_millis(250);

/// Changes the address after every change of the state.
pub(in crate::app) fn follow(page: Page) {
    let waiting = StoredValue::new_local(None::<TimeoutHandle>);
    Effect::new(move |_| {
        track(page);
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        // The link is made when the state rests, not at every move of the camera.
        let handle = set_timeout_with_handle(move || write(page), REST);
        waiting.set_value(handle.ok());
    });
}

fn write(page: Page) {
    let mut pairs = untrack(|| state(page));
    pairs.extend(embed::kind().map(|kind| (embed::PARAMETER, kind)));
    if let Ok(history) = window().history() {
        // A browser may refuse after too many changes in a short time. The next change tries again.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&query(&pairs)));
    }
}
