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
    pub(super) options: net::GraphOptions,
    pub(super) source: InputId,
    pub(super) ablations: String,
}

/// The state of the explanation.
#[derive(Clone, Copy)]
pub(in crate::app) struct WhyState {
    /// The class that a person picked; `None` explains the answer.
    picked: RwSignal<Option<usize>>,
    evidence: RwSignal<Option<Arc<Evidence>>>,
    /// True if the class activation map is updated after every pass.
    follows: RwSignal<bool>,
    /// The finished and the total number of positions while an occlusion run is in progress.
    progress: RwSignal<Option<(usize, usize)>>,
    /// The reason why the last run ended early.
    error: RwSignal<Option<EvidenceError>>,
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

    /// The class that a person picked; `None` explains the answer.
    pub(super) fn picked(self) -> ReadSignal<Option<usize>> {
        self.picked.read_only()
    }

    /// The evidence that was found last.
    pub(super) fn evidence(self) -> ReadSignal<Option<Arc<Evidence>>> {
        self.evidence.read_only()
    }

    /// True if the class activation map is updated after every pass.
    pub(super) fn follows(self) -> ReadSignal<bool> {
        self.follows.read_only()
    }

    /// The finished and the total number of positions while an occlusion run is in progress.
    pub(super) fn progress(self) -> ReadSignal<Option<(usize, usize)>> {
        self.progress.read_only()
    }

    /// The reason why the last run ended early.
    pub(super) fn error(self) -> ReadSignal<Option<EvidenceError>> {
        self.error.read_only()
    }

    /// Picks a class, or the answer.
    pub(super) fn pick(self, class: Option<usize>) {
        self.picked.set(class);
    }

    /// Begins to update the class activation map after every pass, or ends it. What is shown goes.
    pub(super) fn toggle_map(self) {
        self.evidence.set(None);
        self.follows.update(|follows| *follows = !*follows);
    }

    /// Begins an occlusion run over so many positions. It takes the place of the class activation map.
    pub(super) fn begin_run(self, positions: usize) {
        self.follows.set(false);
        self.error.set(None);
        self.progress.set(Some((0, positions)));
    }

    /// Notes how many positions of the run are finished.
    pub(super) fn advance(self, finished: usize, positions: usize) {
        self.progress.set(Some((finished, positions)));
    }

    /// Ends the run. The evidence that was shown before it stays.
    pub(super) fn end_run(self) {
        self.progress.set(None);
    }

    /// Shows evidence.
    pub(super) fn show(self, evidence: Evidence) {
        self.error.set(None);
        self.evidence.set(Some(Arc::new(evidence)));
    }

    /// Shows why there is no evidence.
    pub(super) fn fail(self, error: EvidenceError) {
        self.error.set(Some(error));
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
