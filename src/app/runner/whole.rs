//! The answer of the whole network, beside that of what is left of it.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{RUNNER, settle};
use crate::app::cut::Whole;
use crate::app::job::{Job, Source};
use crate::app::lab::{Frame, Lab};

/// A pass of the whole network gives that answer by itself.
pub(super) fn note(lab: Lab, job: &Job, frame: &Frame) {
    if job.effects.is_empty() {
        let Frame { source, scores, probabilities, .. } = frame.clone();
        lab.cutting.whole.set(Some(Arc::new(Whole { source, scores, probabilities })));
    }
}

/// Has the whole network answer to what it is shown, where something is cut and that answer is not known. It waits for
/// a rest: while a hand draws, what is seen goes first.
pub(super) fn ask(lab: Lab) {
    let Some(frame) = lab.frame.get_untracked() else { return };
    let is_known = || lab.cutting.whole.read_untracked().as_ref().is_some_and(|whole| whole.source == frame.source);
    if frame.blank || lab.cutting.cuts.read_untracked().is_empty() || is_known() {
        return;
    }
    let Some(input) = lab.input.get_untracked().filter(|input| Source::of(input) == frame.source) else { return };
    let graph = lab.graph.get_untracked();
    let begun = RUNNER.with_borrow_mut(|runner| {
        if runner.busy || runner.wants.pass {
            return None;
        }
        let arriving = runner.engine.as_ref()?.aside(&graph, &[&input], None);
        runner.busy = arriving.is_ok();
        Some((runner.generation, arriving))
    });
    let Some((generation, arriving)) = begun else { return };
    spawn_local(async move {
        let reading = match arriving {
            Ok(arriving) => arriving.await,
            Err(fault) => Err(fault),
        };
        if let Some(reading) = settle(lab, generation, reading)
            && let [scores, probabilities] = &reading.slices[..]
        {
            let (scores, probabilities) = (scores.clone(), probabilities.clone());
            lab.cutting.whole.set(Some(Arc::new(Whole { source: frame.source.clone(), scores, probabilities })));
        }
        super::go_on(lab);
    });
}
