//! Runs passes: at most one a frame, at most one at a time, and always the newest.

use std::cell::RefCell;
use std::sync::Arc;

use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::clock::now_ms;
use super::engines::{Engine, Fault, Show, whole};
use super::job::{Arriving, Job};
use super::lab::{Frame, Lab, Status};
use super::start;
use crate::engine::gpu::{Gpu, Read, Reading};
use crate::stage::Spot;

/// The ids of the two canvases: one has a WebGPU context, the other a 2D one, and neither can change.
pub(super) const CANVAS_GPU: &str = "maps-webgpu";
/// See [`CANVAS_GPU`].
pub(super) const CANVAS_2D: &str = "maps-2d";

#[derive(Default)]
struct Runner {
    engine: Option<Engine>,
    /// Counts the engines: what one gives after another has taken its place is not looked at.
    generation: u64,
    /// Kept when another engine serves, so that a switch back is quick.
    gpu: Option<Gpu>,
    /// Every node's output of the last pass, where the pass ends on the CPU.
    outputs: Vec<Vec<f32>>,
    busy: bool,
    dirty: bool,
    scheduled: bool,
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
        runner.generation += 1;
    });
    request(lab);
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
pub(super) fn request(lab: Lab) {
    let schedule = RUNNER.with_borrow_mut(|runner| {
        runner.dirty = true;
        let schedule = !runner.scheduled && !runner.busy && runner.engine.is_some();
        runner.scheduled |= schedule;
        schedule
    });
    if schedule {
        request_animation_frame(move || tick(lab));
    }
}

fn tick(lab: Lab) {
    let job = Job::new(lab);
    let begun: Option<(u64, Result<Arriving, Fault>)> = RUNNER.with_borrow_mut(|runner| {
        runner.scheduled = false;
        if runner.busy || !runner.dirty {
            return None;
        }
        let begun = job.begin(runner.engine.as_mut()?);
        runner.dirty = false;
        runner.busy = begun.is_ok();
        Some((runner.generation, begun))
    });
    match begun {
        None => {}
        Some((_, Err(fault))) => lose(lab, &fault),
        Some((generation, Ok(arriving))) => spawn_local(async move {
            let reading = arriving.await;
            let (again, current) = RUNNER.with_borrow_mut(|runner| {
                runner.busy = false;
                (runner.dirty, runner.generation == generation)
            });
            match reading {
                // The engine was changed meanwhile: its successor runs a pass of its own.
                _ if !current => {}
                Ok(reading) => {
                    if let Some(frame) = arrive(&job, reading) {
                        publish(lab, frame);
                    }
                }
                Err(fault) => return lose(lab, &fault),
            }
            if again {
                request(lab);
            }
        }),
    }
}

/// The frame of a pass whose numbers are here.
fn arrive(job: &Job, reading: Reading) -> Option<Frame> {
    RUNNER.with_borrow_mut(|runner| {
        if runner.engine.as_ref()?.is_direct() {
            return job.frame(reading.slices, reading.extents, reading.milliseconds);
        }
        runner.outputs = reading.slices;
        job.flat(&runner.outputs, reading.milliseconds)
    })
}

fn publish(lab: Lab, frame: Frame) {
    start::succeeded();
    // A network that was opened meanwhile has other nodes.
    lab.frame.set(Some(Arc::new(frame)));
    lab.passes.update(|passes| *passes += 1);
}

/// An engine failed: another takes over, and the newest pass is run on it.
fn lose(lab: Lab, fault: &Fault) {
    remove();
    RUNNER.with_borrow_mut(|runner| {
        runner.busy = false;
        runner.dirty = true;
        runner.gpu = None;
    });
    lab.status.set(Status::Starting);
    start::recover(lab, fault);
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
    let pending = RUNNER.with_borrow(|runner| match &runner.engine {
        Some(Engine::Gpu(side)) if matches!(side.show, Show::Direct(_)) => {
            let read = Read { slices: vec![whole(&graph, node)], extents: false };
            Some(side.network.read(&read))
        }
        _ => None,
    });
    match pending {
        Some(pending) => {
            let reading = pending.map_err(|e| e.to_string())?.finish().await.map_err(|e| e.to_string())?;
            reading.slices.into_iter().next().ok_or_else(|| "nothing was read back".to_owned())
        }
        None => RUNNER.with_borrow(|runner| {
            runner.outputs.get(node.0).cloned().ok_or_else(|| "no pass has been run yet".to_owned())
        }),
    }
}

/// How long the sliding window stays at its first cells, in milliseconds; then it hurries.
const SLOW_MS: f64 = 420.0;
/// How many cells are shown slowly.
const SLOW_CELLS: usize = 5;
/// Frames that the rest takes.
const FAST_FRAMES: usize = 90;

/// Slides the window over a map from its first cell, slowly and then fast, and ends at `spot`.
pub(super) fn scan(lab: Lab, spot: Spot, cells: usize) {
    if reduced_motion() || cells < 2 {
        return;
    }
    lab.scan.set(Some(0));
    step_scan(lab, spot, cells, now_ms());
}

fn step_scan(lab: Lab, spot: Spot, cells: usize, since: f64) {
    // Whoever points at something else takes over.
    let Some(at) = lab.scan.get_untracked() else { return };
    if lab.node() != spot.node || lab.map.get_untracked() != spot.map {
        return lab.scan.set(None);
    }
    let columns = lab.layout.read_untracked().place(spot.node, spot.map).map_or(1, |place| place.columns);
    let cell = at.min(cells - 1);
    lab.pixel.set(Some((cell / columns, cell % columns)));
    let stride = cells.div_ceil(FAST_FRAMES);
    let (next, since) = if at < SLOW_CELLS {
        let rested = now_ms() - since >= SLOW_MS;
        if rested { (at + 1, now_ms()) } else { (at, since) }
    } else {
        (at + stride, since)
    };
    if next > cells {
        lab.scan.set(None);
        lab.pixel.set(Some((spot.y, spot.x)));
        return;
    }
    lab.scan.set(Some(next));
    request_animation_frame(move || step_scan(lab, spot, cells, since));
}
