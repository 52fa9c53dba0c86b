//! The network that is drawn, on the GPU: its passes in parts, and how its maps reach the screen.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use engine::Slice;
use engine::gpu::{Course, Gpu, GpuError, GpuNetwork, GpuOptions, NetworkOptions, Pace, Part, Read};
use net::{Effects, Graph, NodeId};
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

/// How the GPU's maps reach the screen.
pub(super) enum MapDisplay {
    /// A fragment shader reads them where they are.
    Direct(Box<Direct>),
    /// They are read back and drawn on a 2D canvas.
    Flat,
}

/// A network on the GPU.
pub(in crate::app) struct GpuSide {
    pub(in crate::app) gpu: Gpu,
    pub(in crate::app) network: GpuNetwork,
    pub(super) display: MapDisplay,
    pace: Pace,
    /// The cuts that the network has.
    effects: Arc<Effects>,
    /// The pass that is under way in parts.
    progress: PassProgress,
    /// When layers were timed last.
    timed_at: f64,
}

/// How far a pass in parts is.
#[derive(Debug, Clone)]
struct PassProgress {
    /// What the pass runs.
    course: Rc<Course>,
    /// The legs of the part that was submitted last.
    legs: Range<usize>,
    /// When the pass began, and when that part was submitted.
    began: f64,
    sent: f64,
    /// Whether that part was drawn.
    drawn: bool,
    timed: bool,
    /// What was run for outputs until now.
    dispatches: usize,
}

impl PassProgress {
    fn new(course: Rc<Course>, now: f64, timed: bool) -> Self {
        Self { course, legs: 0..0, began: now, sent: now, drawn: false, timed, dispatches: 0 }
    }
}

/// The least milliseconds from one pass whose layers are timed to the next: a clock that is read at every layer slows a
/// pass that is quick.
const TIMED_EVERY_MS: f64 = 500.0;

impl GpuSide {
    /// Builds `graph` on `gpu`, or on a new device where there is none that lives; `on_software` says whether on an adapter
    /// that is software too.
    pub(super) async fn build(
        gpu: Option<Gpu>,
        graph: &Graph,
        weights: &Opened,
        on_software: bool,
        signal: Option<&AbortSignal>,
    ) -> Result<Self, NoGpu> {
        // Asked before the device that is to stay is made: where canvases stay blank, asking costs every device there is.
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

    /// How many nodes, from the first, have their outputs when what was submitted last is done.
    pub(super) fn submitted(&self) -> usize {
        self.progress.course.done(self.progress.legs.end)
    }

    /// What was drawn last is not drawn any more.
    pub(in crate::app) fn forget(&mut self) {
        if let MapDisplay::Direct(direct) = &mut self.display {
            direct.forget();
        }
    }

    /// Whether the pass has parts that were not submitted.
    pub(super) fn has_more_parts(&self) -> bool {
        self.progress.legs.end < self.progress.course.len()
    }

    /// The part that was submitted last has come.
    pub(super) fn finish_part(&mut self) {
        let PassProgress { course, legs, sent, drawn, .. } = &self.progress;
        self.pace.learn(course, legs, now_ms() - sent, *drawn);
    }

    /// Submits the next part of a pass, the first where one `begins`. Where the GPU draws, a part is drawn as often as the
    /// pace allows, and the last one always, which reads what the job looks at too. Else every part reads the outputs of
    /// those of the job's nodes that are done with it, and tells them.
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
        // What goes on from the last pass has its input there.
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
    /// Whether this browser shows WebGPU canvases, once it has been asked.
    static CAN_SHOW: Cell<Option<bool>> = const { Cell::new(None) };
}

/// Whether this browser shows WebGPU canvases; it is asked once.
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
