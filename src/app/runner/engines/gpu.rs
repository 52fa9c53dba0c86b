//! The network of the stage on the GPU: its passes in parts, and how its maps reach the screen.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use engine::Slice;
use engine::gpu::{Course, Gpu, GpuError, GpuNetwork, GpuOptions, NetworkOptions, Pace, Part, Read};
use net::{AblationFactors, Graph, NodeId};
use scene::paint;
use web_sys::AbortSignal;

use super::fault::{Arriving, Tell};
use crate::app::clock::{now_ms, yield_to_browser};
use crate::app::maps::{Direct, Drawing};
use crate::app::runner::job::{Job, whole};
use crate::app::session::Rows;
use crate::app::state::NoGpu;
use crate::app::supply::Opened;
use crate::app::worker::Told;
use crate::app::yielding::Yielder;

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
    pace: Pace,
    /// The ablations that the network has.
    effects: Arc<AblationFactors>,
    /// The progress of the current pass.
    progress: PassProgress,
    /// The time when layers were last timed, in milliseconds since the page was opened.
    timed_at: f64,
}

/// The progress of a pass that is submitted in parts. Times are milliseconds since the page was opened.
#[derive(Debug, Clone)]
struct PassProgress {
    /// The dispatches of the pass.
    course: Rc<Course>,
    /// The segments of the last submitted part.
    legs: Range<usize>,
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
    fn new(course: Rc<Course>, now: f64, timed: bool) -> Self {
        Self { course, legs: 0..0, began: now, sent: now, drawn: false, timed, dispatches: 0 }
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
        weights: &Opened,
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
        let rows = Rows { source: &weights.source, yielder: &yielder };
        let network = GpuNetwork::build(&gpu, graph, &rows, NetworkOptions::default()).await?;
        let direct = if shown { Direct::new(&gpu, &network) } else { Ok(None) };
        let display = match direct {
            Ok(Some(direct)) => MapDisplay::Direct(Box::new(direct)),
            Ok(None) | Err(GpuError::Screen { .. }) => MapDisplay::Flat,
            Err(error) => return Err(error.into()),
        };
        let (pace, progress) = (Pace::default(), PassProgress::new(Rc::clone(network.course()), 0.0, false));
        Ok(Self { gpu, network, display, pace, effects: Arc::default(), progress, timed_at: 0.0 })
    }

    /// Returns how many nodes, from the first, are finished when the last submitted part is done.
    pub(super) fn submitted(&self) -> usize {
        self.progress.course.done(self.progress.legs.end)
    }

    /// Discards the last drawing.
    pub(in crate::app) fn forget(&mut self) {
        if let MapDisplay::Direct(direct) = &mut self.display {
            direct.forget();
        }
    }

    /// Returns whether the pass has parts that are not submitted yet.
    pub(super) fn has_more_parts(&self) -> bool {
        self.progress.legs.end < self.progress.course.len()
    }

    /// Records the time of the last submitted part, which has arrived.
    pub(super) fn finish_part(&mut self) {
        let PassProgress { course, legs, sent, drawn, .. } = &self.progress;
        self.pace.learn(course, legs, now_ms() - sent, *drawn);
    }

    /// Submits the next part of a pass, or the first part if a pass `begins`.
    ///
    /// If the GPU draws, parts are drawn as often as the pace allows. The last part is always drawn, and reads back
    /// what the job asks for. If the maps are drawn on a 2D canvas, every part reads back the outputs of the job's
    /// nodes that it finishes, and passes them to `tell`.
    ///
    /// # Errors
    /// Returns a [`GpuError`] if the GPU cannot ablate, draw or run the part.
    pub(super) fn part(
        &mut self,
        job: &Job,
        begins: bool,
        drawing: impl FnOnce(usize) -> Drawing,
        tell: &Tell,
    ) -> Result<Arriving, GpuError> {
        let now = now_ms();
        if begins {
            let timed = now - self.timed_at >= TIMED_EVERY_MS;
            self.timed_at = if timed { now } else { self.timed_at };
            if self.effects != job.effects {
                self.network.cut(&job.effects)?;
                self.effects = Arc::clone(&job.effects);
            }
            let whole = self.network.course();
            let course = match &job.stale {
                Some(stale) => Rc::new(whole.only(&job.graph, stale.clone())),
                None => Rc::clone(whole),
            };
            self.progress = PassProgress::new(course, now, timed);
        }
        let (course, from) = (Rc::clone(&self.progress.course), self.progress.legs.end);
        let course = &*course;
        let legs = self.pace.next(course, from);
        let last = legs.end == course.len();
        let (before, done) = (course.done(from), course.done(legs.end));
        let drawn = matches!(self.display, MapDisplay::Direct(_)) && (last || self.pace.draws());
        (self.progress.legs, self.progress.sent, self.progress.drawn) = (legs.clone(), now, drawn);
        let PassProgress { began, timed, .. } = self.progress;
        // A pass that continues from the last one has its input on the GPU already.
        let input = (begins && job.stale.is_none()).then_some(&**job.input);
        let part = Part { input, course, legs, timed };
        let mut told: Vec<NodeId> = Vec::new();
        let pending = match &mut self.display {
            MapDisplay::Direct(direct) => {
                let slices = if last { job.readback.slices(&job.graph) } else { Vec::new() };
                let read = Read { slices, extents: last };
                if drawn {
                    let submit = |draw: &mut dyn FnMut(&mut _)| self.network.submit_part(&part, &read, Some(draw));
                    direct.draw_pass(drawing(done), &self.network, submit)?
                } else {
                    direct.forget();
                    self.network.submit_part(&part, &read, None)?
                }
            }
            MapDisplay::Flat => {
                told.extend(job.nodes.iter().filter(|node| (before..done).contains(&node.0) && course.gives(**node)));
                let slices = told.iter().map(|&node| whole(&job.graph, node)).collect::<Vec<Slice>>();
                self.network.submit_part(&part, &Read { slices, extents: false }, None)?
            }
        };
        let tell = Tell::clone(tell);
        self.progress.dispatches += pending.dispatches();
        let dispatches = self.progress.dispatches;
        Ok(Box::pin(async move {
            let mut reading = pending.finish().await?;
            reading.dispatches = dispatches;
            if !begins {
                reading.milliseconds = now_ms() - began;
            }
            if !told.is_empty() {
                let outputs = std::mem::take(&mut reading.slices);
                told.into_iter().zip(outputs).for_each(|(node, values)| tell(Told::Output(node, values)));
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
