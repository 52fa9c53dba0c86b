//! The occlusion run: a patch moves over the input, and detached passes run on some positions at a time, until the run
//! is finished or cancelled.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::current::class;
use super::state::{Evidence, EvidenceError, Found, Subject, ask, is_asked};
use crate::app::browser::clock::{next_frame, now_ms};
use crate::app::runner;
use crate::app::runner::Fault;
use crate::app::state::Page;
use analysis::evidence::Occlusion;
use messages::Explain as _;

/// The time for one batch of positions, in milliseconds. The page handles events between batches.
const BATCH_MS: f64 = 150.0;
/// The most positions in one batch.
const MAX_BATCH: usize = 16;

/// Starts a run with a patch of `patch` × `patch` pixels that moves by `stride` pixels.
pub(super) fn start(page: Page, patch: usize, stride: usize) {
    let graph = page.network.graph().get_untracked();
    let occlusion = match Occlusion::new(&graph, patch, stride) {
        Ok(occlusion) => occlusion,
        Err(error) => return page.why.fail(EvidenceError::Unmovable(error)),
    };
    let (Some(of), Some(class)) = (untrack(|| Subject::now(page)), untrack(|| class(page))) else { return };
    let question = ask();
    let (rows, columns) = occlusion.grid_size();
    page.why.begin_run(rows * columns);
    spawn_local(async move {
        let found = run(page, question, &of, occlusion, class).await;
        if !is_asked(question) {
            return;
        }
        page.why.end_run();
        match found {
            Ok(Some((whole, values))) => {
                let drops: Vec<f32> = values.iter().map(|value| whole - value).collect();
                let pixels = occlusion.per_pixel(&drops);
                let found = Found::Occlusion { patch, stride, whole };
                let evidence = Evidence { of, class, found, positions: (rows, columns), values, pixels };
                page.why.show(evidence);
            }
            Ok(None) => page.why.fail(EvidenceError::Changed),
            Err(error) => page.why.fail(error),
        }
    });
}

/// Cancels the run.
pub(super) fn cancel(page: Page) {
    ask();
    page.why.end_run();
}

/// Returns the probability of the class for the whole input, and for the input with the patch at each position, in
/// rows. Returns `None` if the input changed meanwhile or the run was cancelled.
///
/// # Errors
/// Returns an [`EvidenceError`] if there is no engine or a pass failed.
async fn run(
    page: Page,
    question: u64,
    of: &Subject,
    occlusion: Occlusion,
    class: usize,
) -> Result<Option<(f32, Vec<f32>)>, EvidenceError> {
    let (graph, Some(input)) = (page.network.graph().get_untracked(), page.input.values().get_untracked()) else {
        return Ok(None);
    };
    let effects = page.ablation.effects().get_untracked();
    let effects = (!of.ablations.is_empty()).then_some(&*effects);
    let (rows, columns) = occlusion.grid_size();
    let all = rows * columns;
    let broken = |fault: Fault| EvidenceError::Broken(fault.text(page.words.get_locale_untracked()));
    // The first probability is that of the whole input.
    let mut probabilities: Vec<f32> = Vec::with_capacity(all + 1);
    let mut batch = 1;
    while probabilities.len() <= all {
        let done = probabilities.len();
        let places = done..(done + batch).min(all + 1);
        let hidden: Vec<Vec<f32>> = places
            .map(|place| match place.checked_sub(1) {
                Some(place) => occlusion.hide_patch(&graph, &input, place),
                None => input.to_vec(),
            })
            .collect();
        let inputs: Vec<&[f32]> = hidden.iter().map(Vec::as_slice).collect();
        let begun = now_ms();
        let reading = match runner::submit_detached(&graph, &inputs, effects) {
            Some(arriving) => arriving.map_err(broken)?.await.map_err(broken)?,
            None => return Err(EvidenceError::NoEngine),
        };
        // Each pass gives its scores and then its probabilities.
        probabilities.extend(reading.slices.chunks(2).filter_map(|pair| pair.get(1)?.get(class)));
        if probabilities.len() == done {
            return Err(EvidenceError::Nothing);
        }
        let each = (now_ms() - begun) / inputs.len() as f64;
        batch = ((BATCH_MS / each.max(0.1)) as usize).clamp(1, MAX_BATCH);
        next_frame().await;
        if !is_asked(question) || untrack(|| Subject::now(page)).as_ref() != Some(of) {
            return Ok(None);
        }
        page.why.advance(probabilities.len() - 1, all);
    }
    let whole = probabilities.remove(0);
    Ok(Some((whole, probabilities)))
}
