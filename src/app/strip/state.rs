//! The state of the test pictures and of their check.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::AbortController;

use super::confusion::ConfusionMatrix;
use crate::app::photo::PICTURES;
use crate::app::state::Page;
use input::ImagePack;

/// The state that the parts of the strip share.
#[derive(Clone, Copy)]
pub(super) struct StripState {
    pub(super) page: Page,
    pub(super) pack: RwSignal<Option<Arc<ImagePack>>>,
    /// The network's answer to each picture. Each has its own signal, because the answers arrive in quick succession.
    pub(super) answers: StoredValue<Vec<RwSignal<Option<usize>>>>,
    pub(super) confusion: RwSignal<ConfusionMatrix>,
    /// Stops the running check, if there is one.
    pub(super) running: RwSignal<Option<AbortController>, LocalStorage>,
}

impl StripState {
    /// Makes the state before the first check.
    pub(super) fn new(page: Page) -> Self {
        Self {
            page,
            pack: RwSignal::new(None),
            answers: StoredValue::new((0..PICTURES).map(|_| RwSignal::new(None)).collect()),
            confusion: RwSignal::new(ConfusionMatrix::default()),
            running: RwSignal::new_local(None),
        }
    }

    /// Removes all answers.
    pub(super) fn clear(self) {
        self.confusion.set(ConfusionMatrix::default());
        self.answers.with_value(|answers| {
            for answer in answers {
                answer.set(None);
            }
        });
    }

    /// Stops the running check.
    pub(super) fn stop(self) {
        // The signals may be disposed with their component.
        if let Some(Some(controller)) = self.running.try_update(Option::take) {
            controller.abort();
        }
    }
}
