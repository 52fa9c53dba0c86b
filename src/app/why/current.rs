//! The current subject and class of the explanation, and the evidence for them.

use std::sync::Arc;

use leptos::prelude::*;
use logic::InputId;

use super::state::{Evidence, Subject, WhyState};
use crate::app::answer::ranking;
use crate::app::state::Page;

impl Subject {
    /// Returns the input and the ablations that the page shows; `None` without a picture.
    pub(super) fn now(page: Page) -> Option<Self> {
        let (input, graph) = (page.input.values().get()?, page.network.graph().get());
        let (network, options) = (graph.name, graph.options);
        Some(Self { network, options, source: InputId::of(&input), ablations: page.ablation.text() })
    }
}

impl WhyState {
    /// Returns the evidence, if it explains what the page shows.
    pub(super) fn current(self, page: Page) -> Option<Arc<Evidence>> {
        let evidence = self.evidence().get()?;
        let is_current = Some(&evidence.of) == Subject::now(page).as_ref() && Some(evidence.class) == class(page);
        is_current.then_some(evidence)
    }
}

/// Returns the class that is explained: the picked one, or else the answer; `None` without an answer.
pub(super) fn class(page: Page) -> Option<usize> {
    page.why.picked().get().or_else(|| {
        let answer = page.run.answer().get().filter(|answer| !answer.blank)?;
        ranking(&answer.scores, page.network.graph().read().lowest_wins).first().copied()
    })
}
