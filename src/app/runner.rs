//! Runs passes: at most one a frame, at most one at a time, and always the newest.

use std::cell::RefCell;
use std::sync::Arc;

use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::engines::{Engine, Job, Show, whole};
use super::lab::{Frame, Lab, Status};
use super::start;
use crate::engine::gpu::{Gpu, GpuError, Read};
use crate::stage::Spot;

/// The ids of the two canvases: one has a WebGPU context, the other a 2D one, and neither can change.
pub(super) const CANVAS_GPU: &str = "maps-webgpu";
/// See [`CANVAS_GPU`].
pub(super) const CANVAS_2D: &str = "maps-2d";

#[derive(Default)]
struct Runner {
    engine: Option<Engine>,
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

/// Milliseconds since the page was opened.
pub(super) fn now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
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
    });
    request(lab);
}

/// Takes the engine out: its weights and its network are no longer those of the page.
pub(super) fn remove() {
    RUNNER.with_borrow_mut(|runner| {
        runner.engine = None;
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

/// What a pass has become after its synchronous part.
enum Begun<F> {
    Nothing,
    Done(Frame),
    OnTheWay(F),
    Failed(String),
    Lost(GpuError),
}

fn tick(lab: Lab) {
    let started = now_ms();
    let job = Job::new(lab);
    let begun = RUNNER.with_borrow_mut(|runner| {
        runner.scheduled = false;
        if runner.busy || !runner.dirty {
            return Begun::Nothing;
        }
        let begun = match &mut runner.engine {
            None => Begun::Nothing,
            Some(Engine::Cpu(network)) => match network.pass(&job.input) {
                Ok(outputs) => {
                    let milliseconds = now_ms() - started;
                    let frame = job.flat(&outputs, milliseconds);
                    runner.outputs = outputs;
                    frame.map_or(Begun::Nothing, Begun::Done)
                }
                Err(error) => Begun::Failed(error.to_string()),
            },
            Some(Engine::Gpu(side)) => match job.submit(side) {
                Ok(future) => Begun::OnTheWay(future),
                Err(error) => Begun::Lost(error),
            },
        };
        runner.dirty = matches!(begun, Begun::Nothing) && runner.engine.is_none();
        runner.busy = matches!(begun, Begun::OnTheWay(_));
        begun
    });
    match begun {
        Begun::Nothing => {}
        Begun::Done(frame) => publish(lab, frame),
        Begun::Failed(text) => lab.notice.set(Some(text)),
        Begun::Lost(error) => lose(lab, &error),
        Begun::OnTheWay(future) => spawn_local(async move {
            let reading = future.await;
            let frame = match reading {
                Ok(reading) => Ok(arrive(&job, reading)),
                Err(error) => Err(error),
            };
            let again = RUNNER.with_borrow_mut(|runner| {
                runner.busy = false;
                runner.dirty
            });
            match frame {
                Ok(Some(frame)) => publish(lab, frame),
                Ok(None) => {}
                Err(error) => return lose(lab, &error),
            }
            if again {
                request(lab);
            }
        }),
    }
}

/// The frame of a pass on the GPU that has been read back.
fn arrive(job: &Job, reading: crate::engine::gpu::Reading) -> Option<Frame> {
    RUNNER.with_borrow_mut(|runner| match &runner.engine {
        Some(Engine::Gpu(side)) if matches!(side.show, Show::Flat) => {
            runner.outputs = reading.slices;
            job.flat(&runner.outputs, reading.milliseconds)
        }
        Some(Engine::Gpu(_)) => job.frame(reading.slices, reading.extents, reading.milliseconds),
        // The engine was changed meanwhile: its successor runs a pass of its own.
        _ => None,
    })
}

fn publish(lab: Lab, frame: Frame) {
    start::succeeded();
    // A network that was opened meanwhile has other nodes.
    lab.frame.set(Some(Arc::new(frame)));
    lab.passes.update(|passes| *passes += 1);
}

/// The GPU failed: another engine takes over, and the newest pass is run on it.
fn lose(lab: Lab, error: &GpuError) {
    remove();
    RUNNER.with_borrow_mut(|runner| {
        runner.busy = false;
        runner.dirty = true;
        runner.gpu = None;
    });
    lab.status.set(Status::Starting);
    start::recover(lab, error);
}

/// Destroys the GPU's device, as a driver or a browser may at any time: for tests.
pub(super) fn lose_device() {
    RUNNER.with_borrow(|runner| {
        if let Some(gpu) = &runner.gpu {
            gpu.destroy();
        }
    });
}

/// All values of a node of the last pass.
///
/// # Errors
/// A sentence, where there is no pass or no such node.
pub(super) async fn activation(lab: Lab, name: String) -> Result<Vec<f32>, String> {
    let graph = lab.graph.get_untracked();
    let node = graph.find(&name).map_err(|error| error.to_string())?;
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
