//! Why this answer: where in the picture a class has its evidence.

mod cam;
mod occlude;
mod picture;
mod view;

use std::cell::Cell;
use std::sync::Arc;

use js_sys::{Float32Array, Object};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::answer::ranking;
use super::api::set;
use super::job::Source;
use super::lab::Lab;
use analysis::evidence::OcclusionError;
pub(super) use view::WhyView;

/// How the evidence was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Found {
    /// By the class activation map, whose mean and this bias are the score.
    Map { bias: f32 },
    /// By a patch that hid the picture from place to place; the probability of the class where nothing was hidden.
    Occlusion { patch: usize, stride: usize, whole: f32 },
}

/// The evidence for a class.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Evidence {
    /// Of which input, and under which cuts.
    of: Subject,
    class: usize,
    found: Found,
    /// Rows and columns of places.
    places: (usize, usize),
    /// One a place, row-major: what it adds to the score; or the class's probability where it is hidden.
    values: Vec<f32>,
    /// One a pixel of the input, row-major: positive where there is evidence for the class, negative where against it.
    pixels: Vec<f32>,
}

/// What is explained: an input, and what is cut of the network meanwhile.
#[derive(Debug, Clone, PartialEq)]
struct Subject {
    network: &'static str,
    source: Source,
    cuts: String,
}

impl Subject {
    /// What the page shows; none where it shows nothing.
    fn now(lab: Lab) -> Option<Self> {
        let (input, graph) = (lab.input.get()?, lab.graph.get());
        let cuts = lab.cutting.cuts.read().write(&graph);
        Some(Self { network: graph.name, source: Source::of(&input), cuts })
    }
}

/// The state of the explanation.
#[derive(Clone, Copy)]
pub(super) struct Why {
    /// The class that was picked; where none was, the answer.
    picked: RwSignal<Option<usize>>,
    evidence: RwSignal<Option<Arc<Evidence>>>,
    /// Whether the class activation map follows what is shown.
    follows: RwSignal<bool>,
    /// How many places of how many are done, while a patch is moved.
    progress: RwSignal<Option<(usize, usize)>>,
    /// What is to be said of the last run.
    said: RwSignal<Option<Trouble>>,
}

/// What ended a run early.
#[derive(Debug, Clone, PartialEq)]
enum Trouble {
    /// The patch does not fit the picture.
    Unmovable(OcclusionError),
    /// Something else is shown.
    Changed,
    /// There is no engine.
    NoEngine,
    /// The engine gave nothing.
    Nothing,
    /// The engine failed, in the words of the moment.
    Broken(String),
    /// What the class activation map is made of cannot be had, in the words of the moment.
    NoMap(String),
}

thread_local! {
    /// Counts what is asked for: what comes of an earlier question is nobody's any more.
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

/// A new question; its number.
fn ask() -> u64 {
    ASKED.set(ASKED.get() + 1);
    ASKED.get()
}

/// Whether that is still the question.
fn is_asked(question: u64) -> bool {
    ASKED.get() == question
}

impl Why {
    pub(super) fn new() -> Self {
        Self {
            picked: RwSignal::new(None),
            evidence: RwSignal::new(None),
            follows: RwSignal::new(false),
            progress: RwSignal::new(None),
            said: RwSignal::new(None),
        }
    }

    /// The evidence, as long as it is of what is shown.
    fn current(self, lab: Lab) -> Option<Arc<Evidence>> {
        let evidence = self.evidence.get()?;
        (Some(&evidence.of) == Subject::now(lab).as_ref() && Some(evidence.class) == class(lab)).then_some(evidence)
    }

    /// Another network: nothing that was found is of it.
    pub(super) fn forget(self) {
        ask();
        self.picked.set(None);
        self.evidence.set(None);
        self.follows.set(false);
        self.progress.set(None);
        self.said.set(None);
    }
}

/// The class that is explained: the picked one, or the answer; none where there is no answer.
fn class(lab: Lab) -> Option<usize> {
    lab.why.picked.get().or_else(|| {
        let frame = lab.frame.get().filter(|frame| !frame.blank)?;
        ranking(&frame.scores, lab.graph.read().lowest_wins).first().copied()
    })
}

/// For scripts: the evidence that is shown, or `null`.
pub(super) fn shown(lab: Lab) -> JsValue {
    let Some(evidence) = untrack(|| lab.why.current(lab)) else { return JsValue::NULL };
    let object = Object::new();
    let number = |value: usize| JsValue::from_f64(value as f64);
    set(&object, "class", &number(evidence.class));
    set(&object, "rows", &number(evidence.places.0));
    set(&object, "columns", &number(evidence.places.1));
    set(&object, "values", &Float32Array::from(evidence.values.as_slice()));
    match evidence.found {
        Found::Map { bias } => {
            set(&object, "method", &"cam".into());
            set(&object, "bias", &bias.into());
        }
        Found::Occlusion { patch, stride, whole } => {
            set(&object, "method", &"occlusion".into());
            set(&object, "patch", &number(patch));
            set(&object, "stride", &number(stride));
            set(&object, "probability", &whole.into());
        }
    }
    object.into()
}
