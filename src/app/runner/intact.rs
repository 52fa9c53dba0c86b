//! The answer of the network without ablations, which is shown beside the answer with them.

use std::sync::Arc;

use engine::gpu::PassReadback;
use leptos::prelude::*;
use leptos::task::spawn_local;
use logic::InputId;

use super::core::{self, settle};
use super::job::Job;
use crate::app::state::{Answer, Page, Readout};

/// Notes the answer of a pass without ablations.
pub(super) fn note(page: Page, job: &Job, readout: &Readout) {
    if job.effects.is_empty() {
        page.ablation.set_intact(Arc::clone(&readout.answer));
    }
}

/// Computes the answer without ablations, if something is ablated and the answer is not known.
///
/// It waits until nothing else runs: while a hand draws, the picture goes first.
pub(super) fn compute_if_needed(page: Page) {
    let Some(answer) = page.run.answer().get_untracked() else { return };
    let is_known = || untrack(|| page.ablation.intact()).is_some_and(|intact| intact.source == answer.source);
    if answer.blank || page.ablation.ablations().read_untracked().is_empty() || is_known() {
        return;
    }
    let input = page.input.values().get_untracked().filter(|input| InputId::of(input) == answer.source);
    let Some(input) = input else { return };
    let graph = page.network.graph().get_untracked();
    let begun = core::with(|runner| {
        if runner.schedule.is_running() || runner.schedule.wants_pass() {
            return None;
        }
        let arriving = runner.engine(&graph)?.submit_detached(&graph, &[&input], None);
        Some((runner.schedule.begin_aside(), arriving))
    });
    let Some((generation, arriving)) = begun else { return };
    spawn_local(async move {
        let reading: Result<PassReadback, _> = match arriving {
            Ok(arriving) => arriving.await,
            Err(fault) => Err(fault),
        };
        if let Some(reading) = settle(page, generation, reading)
            && let [scores, probabilities] = &reading.slices[..]
        {
            let (scores, probabilities) = (scores.clone(), probabilities.clone());
            let source = answer.source.clone();
            page.ablation.set_intact(Arc::new(Answer { scores, probabilities, blank: false, source }));
        }
        core::resume(page);
    });
}
