//! The state of the second stage.

use std::sync::Arc;

use input::Photo;
use leptos::prelude::*;
use web_sys::UrlSearchParams;

/// The second stage.
#[derive(Clone, Copy)]
pub(in crate::app) struct SecondState {
    /// The state of the second stage, as in a link: network, ablations and weights. `None` without a second stage.
    state: RwSignal<Option<String>>,
    /// How often the page in the frame was loaded; 0 without a second stage.
    pub(super) loads: RwSignal<u32>,
    /// The photo that was sent to the second stage last.
    pub(super) photo: StoredValue<Option<Arc<Photo>>>,
}

impl SecondState {
    /// No second stage.
    pub(in crate::app) fn new() -> Self {
        Self { state: RwSignal::new(None), loads: RwSignal::new(0), photo: StoredValue::new(None) }
    }

    /// The state of the second stage, as in a link; `None` without a second stage.
    pub(in crate::app) fn state(self) -> ReadSignal<Option<String>> {
        self.state.read_only()
    }

    /// Shows a second stage in this state, or closes it.
    pub(in crate::app) fn show(self, state: Option<String>) {
        self.state.set(state);
    }

    /// Returns a parameter of the state of the second stage.
    pub(super) fn get(self, name: &str) -> Option<String> {
        let state = self.state.get()?;
        UrlSearchParams::new_with_str(&state).ok()?.get(name)
    }

    /// Sets a parameter of the state of the second stage, or removes it.
    pub(super) fn set(self, name: &str, value: Option<&str>) {
        let Some(Ok(state)) = self.state.get_untracked().map(|state| UrlSearchParams::new_with_str(&state)) else {
            return;
        };
        match value {
            Some(value) => state.set(name, value),
            None => state.delete(name),
        }
        self.state.set(Some(state.to_string().into()));
    }
}
