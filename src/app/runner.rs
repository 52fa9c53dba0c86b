//! Runs passes: at most one a frame, at most one at a time, and always the newest. Looks at the last one, and draws it.

use std::cell::RefCell;
use std::sync::Arc;

use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::canvases::{self, Drawing};
use super::clock::now_ms;
use super::engines::{Arriving, Engine, Fault, whole};
use super::job::{Job, Look, Passed};
use super::lab::{Frame, Lab, Status};
use super::start;
use super::worker::Told;
use crate::engine::gpu::{Gpu, Read, Reading};
use crate::engine::{Extent, MapTable};
use crate::net::{Graph, NodeId};

/// A pass that takes longer than this, in milliseconds, is watched: what it has not reached yet is faded.
const WATCHED_MS: f64 = 120.0;

/// What is to be done at the next frame.
#[derive(Debug, Clone, Copy, Default)]
struct Wants {
    pass: bool,
    look: bool,
    paint: bool,
}

/// The values of a pass that are in the page's memory.
#[derive(Default)]
struct Outputs {
    /// By node; empty where there is none.
    values: Vec<Vec<f32>>,
    table: Option<MapTable>,
    extents: Vec<Extent>,
    /// Which are of the pass that is under way, or of the last.
    fresh: Vec<bool>,
    times: Vec<(NodeId, f64)>,
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
    /// Since when a pass is under way.
    since: Option<f64>,
    /// Whether none has been before it.
    first: bool,
    busy: bool,
    wants: Wants,
    scheduled: bool,
}

thread_local! {
    // wgpu's types and candle's layers stay on this thread, which is the only one.
    static RUNNER: RefCell<Runner> = RefCell::default();
}

impl Outputs {
    fn clear(&mut self) {
        *self = Self::default();
    }

    /// A pass begins: nothing is of it yet.
    fn begin(&mut self, graph: &Graph) {
        self.fresh.clear();
        self.fresh.resize(graph.nodes.len(), false);
    }

    /// Whether what is there of a node is of an earlier pass than the one under way.
    fn is_of_before(&self, node: NodeId) -> bool {
        self.fresh.get(node.0) == Some(&false)
    }

    /// The nodes before `done` are of the pass that is under way.
    fn reach(&mut self, done: usize) {
        let done = done.min(self.fresh.len());
        self.fresh[..done].fill(true);
    }

    /// Takes the output of a node in, with its extents.
    fn take(&mut self, graph: &Graph, node: NodeId, values: Vec<f32>) {
        let table = self.table.get_or_insert_with(|| MapTable::new(graph));
        if self.values.len() != graph.nodes.len() {
            self.values = vec![Vec::new(); graph.nodes.len()];
            self.extents = vec![Extent::EMPTY; table.extents()];
        }
        table.measure_node(node, &values, &mut self.extents);
        self.values[node.0] = values;
        if let Some(fresh) = self.fresh.get_mut(node.0) {
            *fresh = true;
        }
    }
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
        runner.generation += 1;
    });
    request_pass(lab);
}

/// Takes the engine out: its weights and its network are no longer those of the page.
pub(super) fn remove() {
    RUNNER.with_borrow_mut(|runner| {
        runner.engine = None;
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

/// Whether what is shown of a node is of an earlier pass than the one that is watched.
fn is_stale(runner: &Runner, node: NodeId) -> bool {
    is_watched(runner) && runner.outputs.is_of_before(node)
}

/// Draws the maps of the last pass.
fn paint(lab: Lab) -> Result<(), Fault> {
    RUNNER.with_borrow_mut(|runner| {
        runner.wants.paint = false;
        let drawing = Drawing::new(lab, |node| is_stale(runner, node));
        let Runner { engine: Some(engine), outputs, .. } = runner else { return Ok(()) };
        match engine.direct() {
            Some((gpu, network, direct)) => canvases::paint_direct(&drawing, gpu, network, direct)?,
            None => {
                if let Some(table) = &outputs.table {
                    canvases::paint_flat(&drawing, &outputs.values, table, &outputs.extents);
                }
            }
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
    let job = Job::new(lab);
    let begun: Option<(u64, Result<Arriving, Fault>)> = RUNNER.with_borrow_mut(|runner| {
        let generation = runner.generation;
        let engine = runner.engine.as_mut()?;
        let tell = move |told: Told| hear(lab, generation, told);
        runner.first = lab.frame.read_untracked().is_none();
        let first = runner.first;
        let begun = engine.begin(&job, |done| Drawing::new(lab, |node| first && node.0 >= done), tell);
        runner.outputs.begin(&job.graph);
        if let Some(done) = engine.submitted() {
            // It is drawn with the pass.
            runner.wants.paint = false;
            runner.outputs.reach(done);
        } else {
            runner.outputs.times.clear();
        }
        (runner.wants.pass, runner.wants.look) = (false, false);
        runner.busy = begun.is_ok();
        runner.since = Some(now_ms());
        Some((generation, begun))
    });
    match begun {
        None => {}
        Some((_, Err(fault))) => lose(lab, &fault),
        Some((generation, Ok(arriving))) => spawn_local(async move {
            let mut reading = arriving.await;
            let mut seen = 0;
            while reading.is_ok()
                && let Some(next) = next_part(lab, generation, &job, &mut seen)
            {
                reading = match next {
                    Ok(arriving) => arriving.await,
                    Err(fault) => Err(fault),
                };
            }
            if lab.reached.get_untracked().is_some() {
                lab.reached.set(None);
            }
            if let Some(reading) = settle(lab, generation, reading)
                && let Some(frame) = arrive(&job, reading)
            {
                start::succeeded();
                lab.frame.set(Some(Arc::new(frame)));
                lab.passes.update(|passes| *passes += 1);
            }
            go_on(lab);
        }),
    }
}

/// Begins the next part of a pass that the GPU runs in parts, and shows where the last one has got to from `seen`, the nodes
/// that were done before it; none where there is none, or another engine has taken its place.
fn next_part(lab: Lab, generation: u64, job: &Job, seen: &mut usize) -> Option<Result<Arriving, Fault>> {
    let (done, watched, next) = RUNNER.with_borrow_mut(|runner| {
        let watched = is_watched(runner);
        let Runner { outputs, engine, generation: now, .. } = runner;
        let engine = engine.as_mut().filter(|_| *now == generation)?;
        let done = engine.submitted()?;
        let next = engine.go_on(job, |done| {
            outputs.reach(done);
            Drawing::new(lab, |node| watched && outputs.is_of_before(node))
        })?;
        // What is drawn from now on is drawn after what was submitted.
        engine.submitted().into_iter().for_each(|done| outputs.reach(done));
        Some((done, watched, next))
    })?;
    if watched {
        lab.reached.set(Some(*seen..done));
    }
    *seen = done;
    Some(next)
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

/// A pass under way on the CPU has reached a node.
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
        let Reading { slices, extents, times, milliseconds } = reading;
        if !times.is_empty() {
            // Not every pass on the GPU is timed layer by layer: the last that was counts.
            runner.outputs.times = times;
        }
        let times = Arc::new(runner.outputs.times.clone());
        let passed = |extents: Vec<Extent>| Passed { extents: extents.into(), milliseconds, times, blank: job.blank };
        if runner.engine.as_ref()?.is_direct() {
            runner.passed = passed(extents);
            return job.look.frame(&job.graph, slices, runner.passed.clone());
        }
        // The CPU has told its outputs already, and gives none here.
        for (&node, values) in job.nodes.iter().zip(slices) {
            runner.outputs.take(&job.graph, node, values);
        }
        runner.wants.paint = true;
        runner.passed = passed(runner.outputs.extents.clone());
        job.look.cut(&job.graph, &runner.outputs.values, runner.passed.clone())
    })
}

/// Reads what is looked at out of the last pass.
fn look(lab: Lab) {
    let look = Look::now(lab);
    let graph = lab.graph.get_untracked();
    // There is nothing to look at before the first pass; it will look by itself.
    if lab.frame.read_untracked().is_none() {
        return RUNNER.with_borrow_mut(|runner| runner.wants.look = false);
    }
    let (generation, pending, frame) = RUNNER.with_borrow_mut(|runner| {
        runner.wants.look = false;
        let passed = runner.passed.clone();
        let Some(engine) = runner.engine.as_mut() else { return (runner.generation, None, None) };
        match engine.direct() {
            Some((_, network, _)) => {
                let read = Read { slices: look.slices(&graph), extents: false };
                let pending = network.read(&read);
                runner.busy = true;
                (runner.generation, Some(pending), None)
            }
            None => (runner.generation, None, look.cut(&graph, &runner.outputs.values, passed)),
        }
    });
    if let Some(frame) = frame {
        lab.frame.set(Some(Arc::new(frame)));
    }
    let Some(pending) = pending else { return };
    spawn_local(async move {
        let reading = match pending {
            Ok(pending) => pending.finish().await.map_err(Fault::from),
            Err(error) => Err(error.into()),
        };
        if let Some(reading) = settle(lab, generation, reading) {
            let passed = RUNNER.with_borrow(|runner| runner.passed.clone());
            if let Some(frame) = look.frame(&graph, reading.slices, passed) {
                lab.frame.set(Some(Arc::new(frame)));
            }
        }
        go_on(lab);
    });
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

/// Destroys the GPU's device, as a driver or a browser may at any time: for tests.
pub(super) fn lose_device() {
    RUNNER.with_borrow(|runner| {
        if let Some(gpu) = &runner.gpu {
            gpu.destroy();
        }
    });
}

/// All values of a node of the last pass; `logits` are the scores, whatever their node is called.
///
/// # Errors
/// A sentence, where there is no pass or no such node.
pub(super) async fn activation(lab: Lab, name: String) -> Result<Vec<f32>, String> {
    let graph = lab.graph.get_untracked();
    // The reference calls the scores by their meaning as well as by their node.
    let node = if name == "logits" { Ok(graph.logits) } else { graph.find(&name) };
    let node = node.map_err(|error| error.to_string())?;
    let input = Job::new(lab).input;
    let coming: Arriving = RUNNER.with_borrow_mut(|runner| {
        let kept = runner.outputs.values.get(node.0).filter(|values| !values.is_empty()).cloned();
        let engine = runner.engine.as_mut().ok_or("no pass has been run yet")?;
        let coming: Arriving = match (engine, kept) {
            (Engine::Gpu(side), _) => {
                let read = Read { slices: vec![whole(&graph, node)], extents: false };
                let pending = side.network.read(&read).map_err(|error| error.to_string())?;
                Box::pin(async move { Ok(pending.finish().await?) })
            }
            (Engine::Cpu(_), Some(values)) => {
                Box::pin(async move { Ok(Reading { slices: vec![values], ..Reading::default() }) })
            }
            (Engine::Cpu(worker), None) => {
                let pending = worker.pass(&input, vec![node]).map_err(|error| error.to_string())?;
                Box::pin(async move {
                    let outcome = pending.finish(None, &|_| {}).await?;
                    Ok(Reading { slices: outcome.outputs, ..Reading::default() })
                })
            }
        };
        Ok::<_, String>(coming)
    })?;
    let reading = coming.await.map_err(|error| error.to_string())?;
    reading.slices.into_iter().next().ok_or_else(|| "nothing was read back".to_owned())
}
