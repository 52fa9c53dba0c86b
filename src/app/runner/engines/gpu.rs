//! The network of the stage on the GPU: its passes in parts, and how its maps reach the screen.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

use engine::OutputSlice;
use engine::gpu::{
    Gpu, GpuError, GpuNetwork, GpuOptions, NetworkOptions, PassPart, PassSchedule, ReadbackRequest, Throughput,
};
use net::{Graph, NodeId};
use scene::paint;
use web_sys::AbortSignal;

use super::fault::{Arriving, PassListener};
use crate::app::browser::clock::{now_ms, yield_to_browser};
use crate::app::browser::yielding::Yielder;
use crate::app::maps::{Direct, Drawing};
use crate::app::runner::job::Job;
use crate::app::session::YieldingRows;
use crate::app::state::NoGpu;
use crate::app::supply::LoadedWeights;
use crate::app::worker::PassEvent;

/// How the maps of the GPU reach the screen.
pub(super) enum MapDisplay {
    /// A fragment shader reads them from the memory of the GPU.
    Direct(Box<Direct>),
    /// They are read back, and drawn on a 2D canvas.
    Flat,
}

/// A network on the GPU.
pub(in crate::app) struct GpuSide {
    pub(in crate::app) gpu: Gpu,
    pub(in crate::app) network: GpuNetwork,
    pub(super) display: MapDisplay,
    throughput: Throughput,
    /// The progress of the current pass.
    progress: PassProgress,
    /// The time when layers were last timed, in milliseconds since the page was opened.
    timed_at: f64,
}

/// The progress of a pass that is submitted in parts. Times are milliseconds since the page was opened.
#[derive(Debug, Clone)]
struct PassProgress {
    /// The dispatches of the pass.
    pass_schedule: Rc<PassSchedule>,
    /// The segments of the last submitted part.
    segments: Range<usize>,
    /// The time when the pass began.
    began: f64,
    /// The time when that part was submitted.
    sent: f64,
    /// True if that part was drawn.
    drawn: bool,
    /// True if the layers of the pass are timed.
    timed: bool,
    /// The count of dispatches so far.
    dispatches: usize,
}

impl PassProgress {
    fn new(pass_schedule: Rc<PassSchedule>, now: f64, timed: bool) -> Self {
        Self { pass_schedule, segments: 0..0, began: now, sent: now, drawn: false, timed, dispatches: 0 }
    }
}

/// The least time between two passes whose layers are timed, in milliseconds. A timestamp at every layer slows down a
/// short pass.
const TIMED_EVERY_MS: f64 = 500.0;

impl GpuSide {
    /// Builds `graph` on `gpu`, or on a new device if there is none or it is lost. `on_software` allows an adapter that
    /// is software.
    ///
    /// # Errors
    /// Returns the reason why the GPU engine does not run.
    pub(super) async fn build(
        gpu: Option<Gpu>,
        graph: &Graph,
        weights: &LoadedWeights,
        on_software: bool,
        signal: Option<&AbortSignal>,
    ) -> Result<Self, NoGpu> {
        // Ask before the lasting device is created: if canvases stay blank, the test loses every device.
        let shown = can_show_canvases().await?;
        let gpu = match gpu {
            Some(gpu) if !gpu.is_lost() => gpu,
            _ => Gpu::new(&GpuOptions::default()).await?,
        };
        if gpu.is_software() && !on_software {
            return Err(NoGpu::Software(gpu.name().to_owned()));
        }
        let yielder = Yielder::new(signal, yield_to_browser);
        let rows = YieldingRows { source: &weights.source, yielder: &yielder };
        let network = GpuNetwork::build(&gpu, graph, &rows, NetworkOptions::default()).await?;
        let direct = if shown { Direct::new(&gpu, &network) } else { Ok(None) };
        let display = match direct {
            Ok(Some(direct)) => MapDisplay::Direct(Box::new(direct)),
            Ok(None) | Err(GpuError::Screen { .. }) => MapDisplay::Flat,
            Err(error) => return Err(error.into()),
        };
        let (throughput, progress) =
            (Throughput::default(), PassProgress::new(Rc::clone(network.pass_schedule()), 0.0, false));
        Ok(Self { gpu, network, display, throughput, progress, timed_at: 0.0 })
    }

    /// Returns how many nodes, from the first, are finished when the last submitted part is done.
    pub(super) fn submitted(&self) -> usize {
        self.progress.pass_schedule.done(self.progress.segments.end)
    }

    /// Discards the last drawing.
    pub(in crate::app) fn forget(&mut self) {
        if let MapDisplay::Direct(direct) = &mut self.display {
            direct.forget();
        }
    }

    /// Returns whether the pass has parts that are not submitted yet.
    pub(super) fn has_more_parts(&self) -> bool {
        self.progress.segments.end < self.progress.pass_schedule.len()
    }

    /// Records the time of the last submitted part, which has arrived.
    pub(super) fn finish_part(&mut self) {
        let PassProgress { pass_schedule, segments, sent, drawn, .. } = &self.progress;
        self.throughput.record(pass_schedule, segments, now_ms() - sent, *drawn);
    }

    /// Submits the next part of a pass, or the first part if a pass `begins`.
    ///
    /// If the GPU draws, parts are drawn as often as the throughput allows. The last part is always drawn, and reads
    /// back what the job asks for. If the maps are drawn on a 2D canvas, every part reads back the outputs of the job's
    /// nodes that it finishes, and passes them to `listener`.
    ///
    /// # Errors
    /// Returns a [`GpuError`] if the GPU cannot ablate, draw or run the part.
    pub(super) fn part(
        &mut self,
        job: &Job,
        begins: bool,
        drawing: impl FnOnce(usize) -> Drawing,
        listener: &PassListener,
    ) -> Result<Arriving, GpuError> {
        let now = now_ms();
        if begins {
            let timed = now - self.timed_at >= TIMED_EVERY_MS;
            self.timed_at = if timed { now } else { self.timed_at };
            self.network.ablate(&job.effects)?;
            let whole = self.network.pass_schedule();
            let pass_schedule = match &job.stale {
                Some(stale) => Rc::new(whole.only(&job.graph, stale.clone())),
                None => Rc::clone(whole),
            };
            self.progress = PassProgress::new(pass_schedule, now, timed);
        }
        let (pass_schedule, from) = (Rc::clone(&self.progress.pass_schedule), self.progress.segments.end);
        let pass_schedule = &*pass_schedule;
        let segments = self.throughput.next_segments(pass_schedule, from);
        let last = segments.end == pass_schedule.len();
        let (before, done) = (pass_schedule.done(from), pass_schedule.done(segments.end));
        let drawn = matches!(self.display, MapDisplay::Direct(_)) && (last || self.throughput.should_draw());
        (self.progress.segments, self.progress.sent, self.progress.drawn) = (segments.clone(), now, drawn);
        let PassProgress { began, timed, .. } = self.progress;
        // A pass that continues from the last one has its input on the GPU already.
        let input = (begins && job.stale.is_none()).then_some(&**job.input);
        let part = PassPart { input, pass_schedule, segments, timed };
        let mut finished: Vec<NodeId> = Vec::new();
        let pending = match &mut self.display {
            MapDisplay::Direct(direct) => {
                let slices = if last { job.readback.slices(&job.graph) } else { Vec::new() };
                let read = ReadbackRequest { slices, extents: last };
                if drawn {
                    let submit = |draw: &mut dyn FnMut(&mut _)| self.network.submit_part(&part, &read, Some(draw));
                    direct.draw_pass(drawing(done), &self.network, submit)?
                } else {
                    direct.forget();
                    self.network.submit_part(&part, &read, None)?
                }
            }
            MapDisplay::Flat => {
                finished.extend(
                    job.nodes.iter().filter(|node| (before..done).contains(&node.0) && pass_schedule.computes(**node)),
                );
                let slices =
                    finished.iter().map(|&node| OutputSlice::whole(&job.graph, node)).collect::<Vec<OutputSlice>>();
                self.network.submit_part(&part, &ReadbackRequest { slices, extents: false }, None)?
            }
        };
        let listener = PassListener::clone(listener);
        self.progress.dispatches += pending.dispatches();
        let dispatches = self.progress.dispatches;
        Ok(Box::pin(async move {
            let mut reading = pending.finish().await?;
            reading.dispatches = dispatches;
            if !begins {
                reading.elapsed_ms = now_ms() - began;
            }
            if !finished.is_empty() {
                let outputs = std::mem::take(&mut reading.slices);
                finished.into_iter().zip(outputs).for_each(|(node, values)| listener(PassEvent::Output(node, values)));
            }
            Ok(reading)
        }))
    }
}

thread_local! {
    /// The result of the test whether this browser shows WebGPU canvases; `None` before the test.
    static CAN_SHOW: Cell<Option<bool>> = const { Cell::new(None) };
}

/// Returns whether this browser shows WebGPU canvases. The test runs once.
///
/// # Errors
/// Returns a [`GpuError`] if the test fails for another reason than the canvas.
async fn can_show_canvases() -> Result<bool, GpuError> {
    if let Some(known) = CAN_SHOW.get() {
        return Ok(known);
    }
    let shown = match paint::can_show(&GpuOptions::default()).await {
        Err(GpuError::Screen { .. }) => false,
        other => other?,
    };
    CAN_SHOW.set(Some(shown));
    Ok(shown)
}
