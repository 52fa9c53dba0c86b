//! Runs passes: at most one a frame, at most one at a time, and always the newest. Draws the last one.

mod looks;
mod outputs;
mod whole;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::canvases::Drawing;
use super::clock::{frame, now_ms};
use super::engines::{Arriving, Engine, Fault, Tell};
use super::job::{Job, Passed, Source};
use super::lab::{Frame, Lab, Status};
use super::start;
use super::worker::Told;
use engine::Extent;
use engine::gpu::{Gpu, Reading};
use looks::look;
pub(super) use looks::{LookError, activation, activations};
use net::{Effects, Graph, NodeId};
use outputs::Outputs;

/// A pass that takes longer than this, in milliseconds, is watched: what it has not reached yet is faded.
const WATCHED_MS: f64 = 120.0;

/// What is to be done at the next frame.
#[derive(Debug, Clone, Copy, Default)]
struct Wants {
    pass: bool,
    look: bool,
    paint: bool,
}

#[derive(Default)]
struct Runner {
    engine: Option<Engine>,
    /// Counts the engines: what one gives after another has taken its place is not looked at.
    generation: u64,
    /// Kept when another engine serves, so that a switch back is quick.
    gpu: Option<Gpu>,
    outputs: Outputs,
    passed: Passed,
    /// What the last pass was of, if it came to its end and the engine still has it.
    last: Option<LastPass>,
    /// Since when a pass is under way.
    since: Option<f64>,
    /// Whether none has been before it.
    first: bool,
    busy: bool,
    wants: Wants,
    scheduled: bool,
}

/// Of what a pass was.
struct LastPass {
    source: Source,
    nodes: Vec<NodeId>,
    effects: Arc<Effects>,
}

impl LastPass {
    /// For each node whether its output is another one in `job`'s pass; none where that pass does not go on from this one.
    fn stale(&self, job: &Job) -> Option<Vec<bool>> {
        let goes_on = self.source == Source::of(&job.input)
            && job.nodes.iter().all(|node| self.nodes.contains(node))
            && self.effects != job.effects;
        let stale = goes_on.then(|| job.effects.stale(&job.graph, &self.effects))?;
        // The input itself is not there any more where it was multiplied.
        (stale.first() == Some(&false)).then_some(stale)
    }
}

/// A pass that is under way.
struct Under {
    /// Of the engine that runs it.
    generation: u64,
    job: Job,
    tell: Tell,
    /// The nodes, from the first, that have been shown to be done.
    seen: usize,
}

thread_local! {
    // wgpu's types and candle's layers stay on this thread, which is the only one.
    static RUNNER: RefCell<Runner> = RefCell::default();
}

/// Whether the system asks for little motion.
pub(super) fn reduced_motion() -> bool {
    window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|query| query.matches())
}

/// Puts an engine in.
pub(super) fn install(lab: Lab, engine: Engine) {
    RUNNER.with_borrow_mut(|runner| {
        if let Engine::Gpu(side) = &engine {
            runner.gpu = Some(side.gpu.clone());
        }
        runner.engine = Some(engine);
        runner.last = None;
        runner.generation += 1;
    });
    request_pass(lab);
}

/// Takes the engine out: its weights and its network are no longer those of the page.
pub(super) fn remove() {
    RUNNER.with_borrow_mut(|runner| {
        runner.engine = None;
        runner.last = None;
        runner.generation += 1;
        runner.outputs.clear();
    });
}

/// The GPU of the last GPU engine, if it still lives.
pub(super) fn kept_gpu() -> Option<Gpu> {
    RUNNER.with_borrow(|runner| runner.gpu.clone().filter(|gpu| !gpu.is_lost()))
}

/// Asks for a pass with the state at the next frame. However often it is asked for, one is run.
pub(super) fn request_pass(lab: Lab) {
    want(lab, |wants| wants.pass = true);
}

/// Asks for the numbers of what is looked at, out of the last pass.
pub(super) fn request_look(lab: Lab) {
    want(lab, |wants| (wants.look, wants.paint) = (true, true));
}

/// Asks for the maps to be drawn anew.
pub(super) fn request_paint(lab: Lab) {
    want(lab, |wants| wants.paint = true);
}

fn want(lab: Lab, what: impl FnOnce(&mut Wants)) {
    let schedule = RUNNER.with_borrow_mut(|runner| {
        what(&mut runner.wants);
        let schedule = !runner.scheduled && runner.engine.is_some();
        runner.scheduled |= schedule;
        schedule
    });
    if schedule {
        request_animation_frame(move || tick(lab));
    }
}

fn tick(lab: Lab) {
    let wants = RUNNER.with_borrow_mut(|runner| {
        runner.scheduled = false;
        if runner.busy { Wants { pass: false, look: false, ..runner.wants } } else { runner.wants }
    });
    if wants.pass {
        pass(lab);
    } else if wants.look {
        look(lab);
    }
    let paint_left = RUNNER.with_borrow(|runner| runner.wants.paint);
    if paint_left && let Err(fault) = paint(lab) {
        lose(lab, &fault);
    }
}

/// Whether a pass is under way that one watches: it takes long, or it is the first.
fn is_watched(runner: &Runner) -> bool {
    runner.since.is_some_and(|since| runner.first || now_ms() - since > WATCHED_MS)
}

/// Draws the maps of the last pass.
fn paint(lab: Lab) -> Result<(), Fault> {
    RUNNER.with_borrow_mut(|runner| {
        runner.wants.paint = false;
        let watched = is_watched(runner);
        let drawing = Drawing::new(lab, |node| watched && runner.outputs.is_of_before(node));
        let Runner { engine: Some(engine), outputs, .. } = runner else { return Ok(()) };
        if let Some(drawing) = engine.paint(drawing)? {
            outputs.paint(drawing);
        }
        Ok(())
    })
}

/// Begins a pass.
fn pass(lab: Lab) {
    if lab.photo_comes.get_untracked() {
        // It will be asked for when the photo is there: without it there is nothing to see.
        return RUNNER.with_borrow_mut(|runner| runner.wants.pass = false);
    }
    let mut job = Job::new(lab);
    let begun = RUNNER.with_borrow_mut(|runner| {
        let Runner { engine: Some(engine), generation, outputs, since, first, busy, wants, last, .. } = runner else {
            return None;
        };
        job.stale = last.take().and_then(|last| last.stale(&job));
        let generation = *generation;
        (*since, *first) = (Some(now_ms()), lab.frame.read_untracked().is_none());
        let watched = *first;
        (wants.pass, wants.look) = (false, false);
        outputs.begin(&job.graph, job.stale.as_deref());
        if let Engine::Cpu(_) = engine {
            outputs.times.clear();
        }
        let tell: Tell = Rc::new(move |told| hear(lab, generation, told));
        let drawing = |done| {
            wants.paint = false;
            outputs.drawing(lab, done, watched)
        };
        let begun = engine.begin(&job, drawing, &tell);
        outputs.submitted(engine);
        *busy = begun.is_ok();
        Some((Under { generation, job, tell, seen: 0 }, begun))
    });
    let Some((mut under, begun)) = begun else { return };
    let arriving = match begun {
        Ok(arriving) => arriving,
        Err(fault) => return lose(lab, &fault),
    };
    spawn_local(async move {
        let reading = all_parts(lab, &mut under, arriving).await;
        if lab.reached.get_untracked().is_some() {
            lab.reached.set(None);
        }
        if let Some(reading) = settle(lab, under.generation, reading)
            && let Some(frame) = arrive(&under.job, reading)
        {
            start::succeeded();
            whole::note(lab, &under.job, &frame);
            lab.frame.set(Some(Arc::new(frame)));
            lab.passes.update(|passes| *passes += 1);
        }
        whole::ask(lab);
        go_on(lab);
    });
}

/// Runs what follows on the first part of a pass, and gives what the last one gives.
async fn all_parts(lab: Lab, under: &mut Under, first: Arriving) -> Result<Reading, Fault> {
    let mut reading = first.await?;
    while came(lab, under) {
        // What has come is seen, and the browser has its turn on the GPU.
        frame().await;
        let Some(next) = next_part(lab, under) else { break };
        reading = next?.await?;
    }
    Ok(reading)
}

/// Begins the next part of a pass that the GPU runs in parts; none where there is none, or another engine has taken its
/// place.
fn next_part(lab: Lab, under: &Under) -> Option<Result<Arriving, Fault>> {
    RUNNER.with_borrow_mut(|runner| {
        let watched = is_watched(runner);
        let Runner { outputs, engine, generation, wants, .. } = runner;
        let engine = engine.as_mut().filter(|_| *generation == under.generation)?;
        let drawing = |done| {
            wants.paint = false;
            outputs.drawing(lab, done, watched)
        };
        let next = engine.go_on(&under.job, drawing, &under.tell)?;
        outputs.submitted(engine);
        Some(next)
    })
}

/// A part of a pass has come: shows where it has got to. Whether the pass goes on.
fn came(lab: Lab, under: &mut Under) -> bool {
    let come = RUNNER.with_borrow_mut(|runner| {
        let watched = is_watched(runner);
        let engine = runner.engine.as_mut().filter(|_| runner.generation == under.generation)?;
        engine.came().then(|| engine.submitted().filter(|_| watched))
    });
    if let Some(Some(done)) = come {
        lab.reached.set(Some(under.seen..done));
        under.seen = done;
    }
    come.is_some()
}

/// What came of what an engine did; none where it failed, or another has taken its place meanwhile and runs a pass of
/// its own.
fn settle<T>(lab: Lab, generation: u64, result: Result<T, Fault>) -> Option<T> {
    let current = RUNNER.with_borrow_mut(|runner| {
        runner.busy = false;
        runner.since = None;
        runner.generation == generation
    });
    match result {
        _ if !current => None,
        Ok(value) => Some(value),
        Err(fault) => {
            lose(lab, &fault);
            None
        }
    }
}

/// Whatever was asked for meanwhile is done now.
fn go_on(lab: Lab) {
    let left = RUNNER.with_borrow(|runner| runner.wants.pass || runner.wants.look || runner.wants.paint);
    if left {
        want(lab, |_| {});
    }
}

/// A pass under way has reached a node.
fn hear(lab: Lab, generation: u64, told: Told) {
    let graph = lab.graph.get_untracked();
    let reached = RUNNER.with_borrow_mut(|runner| {
        // What an engine says after another has taken its place may be of another network.
        if runner.generation != generation {
            return None;
        }
        match told {
            Told::Step(step) => runner.outputs.times.push((step.node, step.milliseconds)),
            Told::Output(node, values) => {
                runner.outputs.take(&graph, node, values);
                return Some(node.0..node.0 + 1).filter(|_| is_watched(runner));
            }
        }
        None
    });
    if reached.is_some() {
        lab.reached.set(reached);
    }
    request_paint(lab);
}

/// The frame of a pass whose numbers are here.
fn arrive(job: &Job, reading: Reading) -> Option<Frame> {
    RUNNER.with_borrow_mut(|runner| {
        let Reading { slices, extents, times, milliseconds, dispatches } = reading;
        let last =
            LastPass { source: Source::of(&job.input), nodes: job.nodes.clone(), effects: Arc::clone(&job.effects) };
        runner.last = Some(last);
        if !times.is_empty() {
            // Not every pass on the GPU is timed layer by layer: the last that was counts.
            runner.outputs.times = times;
        }
        let times = Arc::new(runner.outputs.times.clone());
        let (blank, source) = (job.blank, Source::of(&job.input));
        // On the CPU each step that was told is one.
        let dispatches = if dispatches == 0 { times.len() } else { dispatches };
        let passed =
            |extents: Vec<Extent>| Passed { extents: extents.into(), milliseconds, times, blank, source, dispatches };
        if runner.engine.as_ref()?.is_direct() {
            runner.passed = passed(extents);
            return job.look.frame(&job.graph, slices, runner.passed.clone());
        }
        // Its outputs have been told already.
        runner.wants.paint = true;
        runner.passed = passed(runner.outputs.extents.clone());
        job.look.cut(&job.graph, &runner.outputs.values, runner.passed.clone())
    })
}

/// An engine failed: another takes over, and the newest pass is run on it.
fn lose(lab: Lab, fault: &Fault) {
    remove();
    RUNNER.with_borrow_mut(|runner| {
        runner.busy = false;
        runner.since = None;
        runner.wants.pass = true;
        runner.gpu = None;
    });
    lab.status.set(Status::Starting);
    start::recover(lab, fault);
}

/// Whether a pass or a look is on its way, or asked for.
pub(super) fn is_busy() -> bool {
    RUNNER.with_borrow(|runner| runner.busy || runner.engine.is_some() && (runner.wants.pass || runner.wants.look))
}

/// Draws the maps of the last pass now: for who reads the canvas before the browser has its turn.
pub(super) fn paint_now(lab: Lab) {
    RUNNER.with_borrow_mut(|runner| {
        runner.outputs.forget();
        if let Some(side) = runner.engine.as_mut().and_then(Engine::direct_mut) {
            side.forget();
        }
    });
    if let Err(fault) = paint(lab) {
        lose(lab, &fault);
    }
}

/// Has `inputs` passed beside what the page shows; none where there is no engine.
pub(super) fn aside(graph: &Graph, inputs: &[&[f32]], cuts: Option<&str>) -> Option<Result<Arriving, Fault>> {
    RUNNER.with_borrow(|runner| Some(runner.engine.as_ref()?.aside(graph, inputs, cuts)))
}

/// Destroys the GPU's device, as a driver or a browser may at any time: for tests.
pub(super) fn lose_device() {
    RUNNER.with_borrow(|runner| {
        if let Some(gpu) = &runner.gpu {
            gpu.destroy();
        }
    });
}
