//! One forward pass: on the CPU step by step, on the GPU whole or in parts.

use std::rc::Rc;
use std::sync::Arc;

use engine::gpu::PassReadback;
use engine::{AnyEngine, Extent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use logic::InputId;
use logic::schedule::{Generation, Request};
use net::Graph;

use super::core::{self, LastPass, Runner, fail, settle};
use super::engines::{Arriving, Fault, PassListener};
use super::intact;
use super::job::{Job, PassFacts};
use crate::app::browser::clock::{next_frame, now_ms};
use crate::app::state::{Page, Readout};
use crate::app::worker::PassEvent;

/// A pass that is under way.
struct Running {
    /// The engine that runs it.
    generation: Generation,
    job: Job,
    listener: PassListener,
    /// How many nodes, from the first, were shown as finished.
    shown: usize,
}

/// Begins a pass with the state of the page.
pub(super) fn begin(page: Page) {
    if page.input.photo_requests().is_awaited() {
        // Without the photo there is nothing to see. The photo asks for a pass when it arrives.
        return core::with(|runner| runner.schedule.drop_pass());
    }
    let job = Job::now(page);
    let is_first = page.run.readout().read_untracked().is_none();
    let Some((mut running, begun)) = core::with(|runner| start(page, runner, job, is_first)) else { return };
    let arriving = match begun {
        Ok(arriving) => arriving,
        Err(fault) => return fail(page, &fault),
    };
    spawn_local(async move {
        let reading = run_parts(page, &mut running, arriving).await;
        page.run.set_reached(None);
        if let Some(reading) = settle(page, running.generation, reading)
            && let Some(readout) = finish(&running.job, reading)
        {
            intact::note(page, &running.job, &readout);
            page.run.finish_pass(&running.job.graph, readout);
        }
        intact::compute_if_needed(page);
        core::resume(page);
    });
}

/// Gives the job to the engine. `None` if no engine of its network is installed.
fn start(page: Page, runner: &mut Runner, mut job: Job, is_first: bool) -> Option<(Running, Result<Arriving, Fault>)> {
    runner.engine(&job.graph)?;
    job.stale = runner.last.take().and_then(|last| last.stale(&job));
    let generation = runner.schedule.begin_pass(now_ms(), is_first);
    runner.outputs.begin(&job);
    let graph = Arc::clone(&job.graph);
    let listener: PassListener = Rc::new(move |event| report(page, generation, &graph, event));
    let (engine, outputs) = runner.running(generation, &job.graph)?;
    if let AnyEngine::Cpu(_) = engine.0 {
        outputs.times.clear();
    }
    let mut is_drawn = false;
    let drawing = |done| {
        is_drawn = true;
        outputs.drawing(page, done, is_first)
    };
    let begun = engine.begin(&job, drawing, &listener);
    let submitted = engine.submitted();
    outputs.submitted(submitted);
    if is_drawn {
        runner.schedule.take_paint();
    }
    Some((Running { generation, job, listener, shown: 0 }, begun))
}

/// Runs the parts that follow the first one, and returns what the last one gives.
async fn run_parts(page: Page, running: &mut Running, first: Arriving) -> Result<PassReadback, Fault> {
    let mut reading = first.await?;
    while show_part(page, running) {
        // The browser shows the part, and has its turn on the GPU.
        next_frame().await;
        let Some(next) = next_part(page, running) else { break };
        reading = next?.await?;
    }
    Ok(reading)
}

/// Begins the next part of a pass that the GPU runs in parts. `None` if there is none, or if the engine was replaced.
fn next_part(page: Page, running: &Running) -> Option<Result<Arriving, Fault>> {
    core::with(|runner| {
        let shows_progress = runner.shows_progress();
        let (engine, outputs) = runner.running(running.generation, &running.job.graph)?;
        let mut is_drawn = false;
        let drawing = |done| {
            is_drawn = true;
            outputs.drawing(page, done, shows_progress)
        };
        let next = engine.go_on(&running.job, drawing, &running.listener)?;
        let submitted = engine.submitted();
        outputs.submitted(submitted);
        if is_drawn {
            runner.schedule.take_paint();
        }
        Some(next)
    })
}

/// A part of a pass has ended: shows how far the pass is. Returns whether it continues.
fn show_part(page: Page, running: &mut Running) -> bool {
    let done = core::with(|runner| {
        let shows_progress = runner.shows_progress();
        let (engine, _) = runner.running(running.generation, &running.job.graph)?;
        engine.finish_part().then(|| engine.submitted().filter(|_| shows_progress))
    });
    if let Some(Some(done)) = done {
        page.run.set_reached(Some(running.shown..done));
        running.shown = done;
    }
    done.is_some()
}

/// A pass under way has finished a step, or an output has arrived.
fn report(page: Page, generation: Generation, graph: &Arc<Graph>, event: PassEvent) {
    let reached = core::with(|runner| {
        let shows_progress = runner.shows_progress();
        // Ignore messages from a replaced engine: they may describe another network.
        let (_, outputs) = runner.running(generation, graph)?;
        match event {
            PassEvent::Step(step) => {
                outputs.times.push((step.node, step.milliseconds));
                None
            }
            PassEvent::Output(node, values) => {
                outputs.take(graph, node, values);
                Some(node.0..node.0 + 1).filter(|_| shows_progress)
            }
        }
    });
    if reached.is_some() {
        page.run.set_reached(reached);
    }
    core::request(page, Request::Paint);
}

/// Makes the readout of a pass that has ended.
fn finish(job: &Job, reading: PassReadback) -> Option<Readout> {
    core::with(|runner| {
        let PassReadback { slices, extents, times, elapsed_ms: milliseconds, dispatches } = reading;
        runner.schedule.succeeded();
        runner.last = Some(LastPass::of(job));
        if !times.is_empty() {
            // Not every pass on the GPU is timed layer by layer. The last one that was counts.
            runner.outputs.times = times;
        }
        let times = Arc::new(runner.outputs.times.clone());
        // The CPU engine counts every step that was reported.
        let dispatches = if dispatches == 0 { times.len() } else { dispatches };
        let (blank, source) = (job.blank, InputId::of(&job.input));
        let facts = |extents: Vec<Extent>| PassFacts {
            extents: extents.into(),
            milliseconds,
            times,
            blank,
            source,
            dispatches,
        };
        if runner.engine(&job.graph)?.is_direct() {
            runner.facts = facts(extents);
            return job.readback.readout(&job.graph, slices, runner.facts.clone());
        }
        // The outputs arrived during the pass. They are drawn at the next frame.
        runner.schedule.note_paint();
        runner.facts = facts(runner.outputs.extents.clone());
        job.readback.cut_from(&job.graph, &runner.outputs.values, runner.facts.clone())
    })
}
