//! The state of the panel "Why this answer".

use std::cell::Cell;
use std::sync::Arc;

use analysis::evidence::OcclusionError;
use leptos::prelude::*;
use logic::InputId;

/// The method that found the evidence, with its numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::app) enum Found {
    /// The class activation map. The score of the class is the mean of the map plus this bias.
    Map { bias: f32 },
    /// Occlusion: a patch hides the picture, position by position. `whole` is the probability without a patch.
    Occlusion { patch: usize, stride: usize, whole: f32 },
}

/// The evidence for a class.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct Evidence {
    /// The input and the ablations that it explains.
    pub(super) of: Subject,
    pub(super) class: usize,
    pub(super) found: Found,
    /// The numbers of rows and columns of positions.
    pub(super) positions: (usize, usize),
    /// One value for each position, in rows: its contribution to the score, or the probability of the class with the
    /// patch there.
    pub(super) values: Vec<f32>,
    /// One value for each pixel of the input, in rows: positive is evidence for the class, negative against it.
    pub(super) pixels: Vec<f32>,
}

/// The subject of an explanation: an input of a network with ablations.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subject {
    pub(super) network: &'static str,
    pub(super) source: InputId,
    pub(super) ablations: String,
}

/// The state of the explanation.
#[derive(Clone, Copy)]
pub(in crate::app) struct WhyState {
    /// The class that a person picked; `None` explains the answer.
    pub(super) picked: RwSignal<Option<usize>>,
    pub(super) evidence: RwSignal<Option<Arc<Evidence>>>,
    /// True if the class activation map is updated after every pass.
    pub(super) follows: RwSignal<bool>,
    /// The finished and the total number of positions while an occlusion run is in progress.
    pub(super) progress: RwSignal<Option<(usize, usize)>>,
    /// The reason why the last run ended early.
    pub(super) error: RwSignal<Option<EvidenceError>>,
}

/// The reason why a run ended early.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum EvidenceError {
    /// The patch does not fit the picture.
    Unmovable(OcclusionError),
    /// The input or the network has changed.
    Changed,
    /// There is no engine.
    NoEngine,
    /// The engine returned nothing.
    Nothing,
    /// The engine failed. The text is in the language of that moment.
    Broken(String),
    /// The class activation map cannot be computed. The text is in the language of that moment.
    NoMap(String),
}

thread_local! {
    /// The number of the newest question. Results of earlier ones are dropped.
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

/// Asks a new question, and returns its number.
pub(super) fn ask() -> u64 {
    ASKED.set(ASKED.get() + 1);
    ASKED.get()
}

/// Returns whether a question is the newest.
pub(super) fn is_asked(question: u64) -> bool {
    ASKED.get() == question
}

impl WhyState {
    /// No evidence and no run.
    pub(in crate::app) fn new() -> Self {
        Self {
            picked: RwSignal::new(None),
            evidence: RwSignal::new(None),
            follows: RwSignal::new(false),
            progress: RwSignal::new(None),
            error: RwSignal::new(None),
        }
    }

    /// Resets the state when another network opens.
    pub(in crate::app) fn reset(self) {
        ask();
        self.picked.set(None);
        self.evidence.set(None);
        self.follows.set(false);
        self.progress.set(None);
        self.error.set(None);
    }
}
