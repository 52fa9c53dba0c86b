//! The engine with its schedule, and requests for the next animation frame.

use std::cell::RefCell;
use std::sync::Arc;

use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;
use logic::Bound;
use logic::schedule::{Failure, Generation, Recovery, Request, Schedule, Task};
use net::{AblationFactors, Graph, NodeId};
use web_sys::AbortController;

use super::engines::{Arriving, Fault, StageEngine};
use super::job::{Job, PassFacts};
use super::outputs::Outputs;
use crate::app::browser::clock::now_ms;
use crate::app::maps::Drawing;
use crate::app::state::{EngineStatus, Page};
use crate::app::worker::WorkerError;
use engine::AnyEngine;
use engine::gpu::{Gpu, GpuError};
use logic::InputId;

/// The input, the nodes and the ablations of a pass.
pub(super) struct LastPass {
    source: InputId,
    nodes: Vec<NodeId>,
    effects: Arc<AblationFactors>,
}

impl LastPass {
    pub(super) fn of(job: &Job) -> Self {
        Self { source: InputId::of(&job.input), nodes: job.nodes.clone(), effects: Arc::clone(&job.effects) }
    }

    /// Returns for each node whether `job` changes its output, or `None` if the new pass cannot continue from this one.
    pub(super) fn stale(&self, job: &Job) -> Option<Vec<bool>> {
        let continues = self.source == InputId::of(&job.input)
            && job.nodes.iter().all(|node| self.nodes.contains(node))
            && self.effects != job.effects;
        let stale = continues.then(|| job.effects.stale(&job.graph, &self.effects))?;
        // An input that was multiplied by an ablation is not there any more.
        (stale.first() == Some(&false)).then_some(stale)
    }
}

/// The engine and what is known of its passes.
#[derive(Default)]
pub(super) struct Runner {
    pub(super) schedule: Schedule,
    engine: Option<Bound<StageEngine>>,
    /// Stops the build that is under way.
    pub(super) build: Option<AbortController>,
    /// The GPU of the last GPU engine. It is kept so that switching back is quick.
    gpu: Option<Gpu>,
    pub(super) outputs: Outputs,
    pub(super) facts: PassFacts,
    /// The last pass, if it ended and the engine still holds its outputs.
    pub(super) last: Option<LastPass>,
    on_frame: Option<fn(Page)>,
    recover: Option<fn(Page, Recovery, &Fault)>,
}

thread_local! {
    // The types of wgpu and candle stay on this thread, the only one of the page.
    static RUNNER: RefCell<Runner> = RefCell::default();
}

/// Runs `work` on the runner.
pub(super) fn with<T>(work: impl FnOnce(&mut Runner) -> T) -> T {
    RUNNER.with_borrow_mut(work)
}

impl Runner {
    /// The engine, if it was built for `graph`.
    pub(super) fn engine(&mut self, graph: &Arc<Graph>) -> Option<&mut StageEngine> {
        self.engine.as_mut()?.get_mut(graph)
    }

    /// The engine of `graph` with the outputs, if it is still that of `generation`.
    pub(super) fn running(
        &mut self,
        generation: Generation,
        graph: &Arc<Graph>,
    ) -> Option<(&mut StageEngine, &mut Outputs)> {
        let is_current = self.schedule.is_current(generation);
        let engine = self.engine.as_mut().filter(|_| is_current)?.get_mut(graph)?;
        Some((engine, &mut self.outputs))
    }

    /// Returns whether the pass under way is shown layer by layer.
    pub(super) fn shows_progress(&self) -> bool {
        self.schedule.shows_progress(now_ms())
    }

    /// Puts in the engine of `graph` that was built. The beginning of the build has dropped the engine before.
    pub(super) fn put(&mut self, graph: &Arc<Graph>, engine: StageEngine) {
        if let AnyEngine::Gpu(side) = &engine.0 {
            self.gpu = Some(side.gpu.clone());
        }
        self.build = None;
        self.engine = Some(Bound::new(graph, engine));
    }

    /// Drops the engine, its outputs and the build under way.
    pub(super) fn clear(&mut self) {
        if let Some(build) = self.build.take() {
            build.abort();
        }
        self.engine = None;
        self.last = None;
        self.outputs.clear();
    }

    /// The GPU of the last GPU engine, if it still works.
    pub(super) fn kept_gpu(&self) -> Option<Gpu> {
        self.gpu.clone().filter(|gpu| !gpu.is_lost())
    }
}

/// Sets what serves an animation frame, and what follows a failure.
pub(super) fn connect(on_frame: fn(Page), recover: fn(Page, Recovery, &Fault)) {
    with(|runner| (runner.on_frame, runner.recover) = (Some(on_frame), Some(recover)));
}

/// Asks for something at the next animation frame. Repeated requests are served once.
pub(in crate::app) fn request(page: Page, request: Request) {
    let needs_frame = with(|runner| runner.schedule.request(request));
    ask_for_frame(page, needs_frame);
}

/// Serves what was requested while something ran.
pub(super) fn resume(page: Page) {
    let needs_frame = with(|runner| runner.schedule.resume());
    ask_for_frame(page, needs_frame);
}

fn ask_for_frame(page: Page, needs_frame: bool) {
    if let Some(on_frame) = with(|runner| runner.on_frame).filter(|_| needs_frame) {
        request_animation_frame(move || on_frame(page));
    }
}

/// An animation frame has come. Returns what to begin.
pub(super) fn next_task() -> Task {
    with(|runner| runner.schedule.frame())
}

/// Draws the maps of the last pass, if that was requested.
pub(super) fn paint_if_requested(page: Page) {
    let is_requested = with(|runner| runner.schedule.take_paint());
    if is_requested && let Err(fault) = paint(page) {
        fail(page, &fault);
    }
}

/// Draws the maps of the last pass, even if the same picture was drawn before.
pub(super) fn paint_anew(page: Page) {
    let graph = page.network.graph().get_untracked();
    with(|runner| {
        runner.outputs.forget();
        if let Some(side) = runner.engine(&graph).and_then(StageEngine::direct_mut) {
            side.forget();
        }
    });
    if let Err(fault) = paint(page) {
        fail(page, &fault);
    }
}

fn paint(page: Page) -> Result<(), Fault> {
    let graph = page.network.graph().get_untracked();
    with(|runner| {
        let shows_progress = runner.shows_progress();
        let Runner { engine, outputs, .. } = runner;
        let Some(engine) = engine.as_mut().and_then(|engine| engine.get_mut(&graph)) else { return Ok(()) };
        let drawing = Drawing::new(page, |node| shows_progress && outputs.is_of_before(node));
        if let Some(drawing) = engine.paint(drawing)? {
            outputs.paint(drawing);
        }
        Ok(())
    })
}

/// Returns the result of what an engine did, or `None` if it failed or was replaced meanwhile. A failure is handled
/// here.
pub(super) fn settle<T>(page: Page, generation: Generation, result: Result<T, Fault>) -> Option<T> {
    let is_current = with(|runner| runner.schedule.finish(generation));
    match result {
        _ if !is_current => None,
        Ok(value) => Some(value),
        Err(fault) => {
            fail(page, &fault);
            None
        }
    }
}

/// The engine failed: removes it, and lets the schedule say what replaces it.
pub(super) fn fail(page: Page, fault: &Fault) {
    let failure = match fault {
        Fault::Gpu(GpuError::Lost { .. }) => Failure::Lost { on_cpu: false },
        Fault::Cpu(WorkerError::Died { .. }) => Failure::Lost { on_cpu: true },
        Fault::Gpu(_) => Failure::Error { on_cpu: false },
        Fault::Cpu(_) => Failure::Error { on_cpu: true },
    };
    let (recovery, recover) = with(|runner| {
        let recovery = runner.schedule.fail(failure);
        runner.clear();
        runner.gpu = None;
        (recovery, runner.recover)
    });
    page.run.set_status(EngineStatus::Starting);
    if let Some(recover) = recover {
        recover(page, recovery, fault);
    }
}

/// Returns whether a pass or a readback runs or is requested.
pub(in crate::app) fn is_busy() -> bool {
    with(|runner| runner.schedule.is_busy())
}

/// Begins passes of `inputs` beside what the page shows, with `effects` or without any ablation. `None` without an
/// engine.
///
/// The result holds the scores and the probabilities of the first input, then those of the second, and so on.
pub(in crate::app) fn submit_detached(
    graph: &Arc<Graph>,
    inputs: &[&[f32]],
    effects: Option<&AblationFactors>,
) -> Option<Result<Arriving, Fault>> {
    with(|runner| Some(runner.engine(graph)?.submit_detached(graph, inputs, effects)))
}

/// Destroys the GPU device, as a driver or a browser may at any time. For tests.
pub(in crate::app) fn lose_device() {
    with(|runner| {
        if let Some(gpu) = &runner.gpu {
            gpu.destroy();
        }
    });
}
