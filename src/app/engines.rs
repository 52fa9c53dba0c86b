//! The engines of the network that is drawn: which serves, and why.

use std::cell::Cell;
use std::ops::Range;
use std::pin::Pin;

use super::canvases::{self, CANVAS_GPU, Drawing, canvas, show_canvas};
use super::clock::{breathe, now_ms};
use super::job::Job;
use super::lab::{Choice, Status};
use super::session::Rows;
use super::supply::Opened;
use super::turns::Turns;
use super::worker::{CpuWorker, Told, WorkerError};
use crate::engine::Slice;
use crate::engine::gpu::{Gpu, GpuError, GpuNetwork, GpuOptions, NetworkOptions, Pace, Part, Read, Reading};
use crate::net::{Graph, NodeId};
use crate::paint::{self, Background, PaintPipeline, Painter, Screen};
use crate::stage::Scene;

/// Passes each engine runs before it is measured, and while it is.
const WARM_UP: usize = 2;
const MEASURED: usize = 5;
/// A network of more multiplications and additions than this is not measured on a GPU that is software: the CPU engine
/// has its own SIMD, and to find out would take seconds.
const MOST_MEASURED_MACS: u64 = 10_000_000;

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub(super) enum EngineError {
    /// The CPU engine, which is the last resort, cannot be built.
    #[error("the network cannot be run: {0}; reload the page, or choose other weights")]
    Cpu(#[from] WorkerError),
}

/// Why a pass gives nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The GPU engine failed.
    #[error(transparent)]
    Gpu(#[from] GpuError),
    /// The CPU engine failed.
    #[error(transparent)]
    Cpu(#[from] WorkerError),
}

/// Why the GPU engine does not serve.
#[derive(Debug, thiserror::Error)]
enum NoGpu {
    #[error(transparent)]
    Gpu(#[from] GpuError),
    #[error("WebGPU is computed by software here ({0}), which the CPU engine outruns.")]
    Software(String),
}

/// How the GPU's maps reach the screen.
pub(super) enum Show {
    /// A fragment shader reads them where they are.
    Direct(Box<(Screen, Painter)>),
    /// They are read back and drawn on a 2D canvas.
    Flat,
}

/// A network on the GPU.
pub(super) struct GpuSide {
    pub(super) gpu: Gpu,
    pub(super) network: GpuNetwork,
    pub(super) show: Show,
    pace: Pace,
    /// The pass that is under way in parts.
    under_way: UnderWay,
    /// When layers were timed last.
    timed_at: f64,
}

/// How far a pass in parts is.
#[derive(Debug, Clone, Default)]
struct UnderWay {
    /// The legs of the last part that was submitted.
    legs: Range<usize>,
    /// When the pass began, and when that part was submitted.
    began: f64,
    sent: f64,
    /// Whether that part was drawn.
    drawn: bool,
    timed: bool,
}

/// The least milliseconds from one pass whose layers are timed to the next: a clock that is read at every layer slows a
/// pass that is quick.
const TIMED_EVERY_MS: f64 = 500.0;

/// What runs the network.
pub(super) enum Engine {
    /// WebGPU.
    Gpu(Box<GpuSide>),
    /// candle, in a worker.
    Cpu(CpuWorker),
}

/// A pass on its way. It borrows nothing.
pub(super) type Arriving = Pin<Box<dyn Future<Output = Result<Reading, Fault>>>>;

/// What draws maps from the GPU's memory: its device, the network, the canvas and its painter.
pub(super) type Direct<'a> = (&'a Gpu, &'a GpuNetwork, &'a mut (Screen, Painter));

impl Engine {
    /// Whether maps are drawn by the GPU from where they are; else a pass gives the outputs that the page wants.
    pub(super) fn is_direct(&self) -> bool {
        matches!(self, Self::Gpu(side) if matches!(side.show, Show::Direct(_)))
    }

    /// What draws maps from where they are, where it does.
    pub(super) fn direct(&mut self) -> Option<Direct<'_>> {
        match self {
            Self::Gpu(side) => match &mut side.show {
                Show::Direct(direct) => Some((&side.gpu, &side.network, direct)),
                Show::Flat => None,
            },
            Self::Cpu(_) => None,
        }
    }

    /// Begins a pass, and makes and draws its `drawing` where the GPU draws by itself, as it is when so many nodes, from
    /// the first, are done; [`Engine::go_on`] says what is to follow. It gives what the job looks at where it is drawn
    /// so; else the outputs of the job's nodes, which the CPU tells one by one.
    pub(super) fn begin(
        &mut self,
        job: &Job,
        drawing: impl FnOnce(usize) -> Drawing,
        tell: impl Fn(Told) + 'static,
    ) -> Result<Arriving, Fault> {
        match self {
            Self::Cpu(worker) => {
                let pending = worker.flow(&job.input, job.nodes.clone())?;
                Ok(Box::pin(async move {
                    let outcome = pending.listen(None, &tell).await?;
                    Ok(Reading { milliseconds: outcome.milliseconds, ..Reading::default() })
                }))
            }
            Self::Gpu(side) if matches!(side.show, Show::Direct(_)) => side.part(job, 0, drawing),
            Self::Gpu(side) => {
                let slices = job.nodes.iter().map(|&node| whole(&job.graph, node)).collect();
                let pending = side.network.submit(&job.input, &Read { slices, extents: false }, None)?;
                Ok(Box::pin(async move { Ok(pending.finish().await?) }))
            }
        }
    }

    /// Goes on with a pass whose last part is done: begins the next part, and makes and draws its `drawing`; `None` where
    /// there is none.
    pub(super) fn go_on(
        &mut self,
        job: &Job,
        drawing: impl FnOnce(usize) -> Drawing,
    ) -> Option<Result<Arriving, Fault>> {
        let Self::Gpu(side) = self else { return None };
        let UnderWay { legs, sent, drawn, .. } = side.under_way.clone();
        side.pace.learn(side.network.course(), &legs, now_ms() - sent, drawn);
        let more = matches!(side.show, Show::Direct(_)) && legs.end < side.network.course().len();
        more.then(|| side.part(job, legs.end, drawing))
    }

    /// How many nodes, from the first, have their outputs when what was submitted last is done; none where the engine
    /// tells them one by one.
    pub(super) fn submitted(&self) -> Option<usize> {
        match self {
            Self::Gpu(side) if self.is_direct() => Some(side.network.course().done(side.under_way.legs.end)),
            _ => None,
        }
    }
}

impl GpuSide {
    /// Submits the part of a pass that begins with leg `from`, and its drawing as often as the pace allows. The last one is
    /// drawn, and reads what the job looks at.
    fn part(&mut self, job: &Job, from: usize, drawing: impl FnOnce(usize) -> Drawing) -> Result<Arriving, Fault> {
        let (now, course) = (now_ms(), self.network.course());
        let legs = self.pace.next(course, from);
        let last = legs.end == course.len();
        if from == 0 {
            let timed = now - self.timed_at >= TIMED_EVERY_MS;
            self.timed_at = if timed { now } else { self.timed_at };
            self.under_way = UnderWay { began: now, timed, ..UnderWay::default() };
        }
        let drawn = last || self.pace.draws();
        self.under_way = UnderWay { legs: legs.clone(), sent: now, drawn, ..self.under_way };
        let UnderWay { began, timed, .. } = self.under_way;
        let done = course.done(legs.end);
        let part = Part { input: (from == 0).then_some(&job.input), legs, timed };
        let read = if last { Read { slices: job.look.slices(&job.graph), extents: true } } else { Read::default() };
        let Show::Direct(direct) = &mut self.show else {
            return Err(GpuError::Screen { reason: "it is not drawn from where it is".to_owned() }.into());
        };
        let pending = if drawn {
            canvases::prepare(&drawing(done), &self.network, direct);
            let (screen, painter) = direct.as_mut();
            let frame = screen.frame()?;
            let mut draw = |encoder: &mut wgpu::CommandEncoder| {
                painter.draw(encoder, frame.view(), Background::Transparent);
            };
            let pending = self.network.submit_part(&part, &read, Some(&mut draw));
            screen.present(frame);
            pending
        } else {
            self.network.submit_part(&part, &read, None)
        };
        let pending = pending?;
        Ok(Box::pin(async move {
            let mut reading = pending.finish().await?;
            if from > 0 {
                reading.milliseconds = now_ms() - began;
            }
            Ok(reading)
        }))
    }
}

/// The best engine for `choice`, the GPU where `gpu` holds one, and what to say of it.
pub(super) async fn build(
    choice: Choice,
    gpu: Option<Gpu>,
    graph: &Graph,
    weights: &Opened,
) -> Result<(Engine, Status), EngineError> {
    let cpu = |worker: CpuWorker, why: Option<String>| {
        show_canvas(false);
        (Engine::Cpu(worker), Status::Cpu { why })
    };
    if choice == Choice::Cpu {
        return Ok(cpu(build_cpu(graph, weights).await?, None));
    }
    let on_software = choice == Choice::Gpu || graph.total_macs() <= MOST_MEASURED_MACS;
    match build_gpu(gpu, graph, weights, on_software).await {
        Err(error) => Ok(cpu(build_cpu(graph, weights).await?, Some(error.to_string()))),
        Ok(side) if choice == Choice::Auto && side.gpu.is_software() => {
            let worker = build_cpu(graph, weights).await?;
            let (on_gpu, on_cpu) = (measure_gpu(&side, graph).await, measure_cpu(&worker, graph).await?);
            Ok(match on_gpu {
                Ok(on_gpu) if on_gpu < on_cpu => gpu_status(side),
                Ok(on_gpu) => {
                    let times = format!("takes {on_gpu:.1} ms a pass, candle {on_cpu:.1} ms.");
                    cpu(worker, Some(format!("WebGPU is computed by software here and {times}")))
                }
                Err(error) => cpu(worker, Some(error.to_string())),
            })
        }
        Ok(side) => Ok(gpu_status(side)),
    }
}

async fn build_cpu(graph: &Graph, weights: &Opened) -> Result<CpuWorker, EngineError> {
    Ok(CpuWorker::start(graph.name, weights.parcel.clone(), None).await?)
}

fn gpu_status(side: GpuSide) -> (Engine, Status) {
    let direct = matches!(side.show, Show::Direct(_));
    show_canvas(direct);
    let status = Status::Gpu { adapter: side.gpu.name().to_owned(), direct };
    (Engine::Gpu(Box::new(side)), status)
}

async fn build_gpu(gpu: Option<Gpu>, graph: &Graph, weights: &Opened, on_software: bool) -> Result<GpuSide, NoGpu> {
    // Asked before the device that is to stay is made: where canvases stay blank, asking costs every device there is.
    let shown = shows().await?;
    let gpu = match gpu {
        Some(gpu) if !gpu.is_lost() => gpu,
        _ => Gpu::new(&GpuOptions::default()).await?,
    };
    if gpu.is_software() && !on_software {
        return Err(NoGpu::Software(gpu.name().to_owned()));
    }
    let turns = Turns::new(None, breathe);
    let rows = Rows { source: &weights.source, turns: &turns };
    let network = GpuNetwork::build(&gpu, graph, &rows, NetworkOptions::default()).await?;
    let show = match direct(shown, &gpu, &network) {
        Ok(Some(direct)) => Show::Direct(Box::new(direct)),
        Ok(None) | Err(GpuError::Screen { .. }) => Show::Flat,
        Err(error) => return Err(error.into()),
    };
    let (pace, under_way) = (Pace::default(), UnderWay::default());
    Ok(GpuSide { gpu, network, show, pace, under_way, timed_at: 0.0 })
}

thread_local! {
    /// Whether this browser shows WebGPU canvases, once it has been asked.
    static SHOWS: Cell<Option<bool>> = const { Cell::new(None) };
}

/// Whether this browser shows WebGPU canvases; it is asked once.
async fn shows() -> Result<bool, GpuError> {
    if let Some(known) = SHOWS.get() {
        return Ok(known);
    }
    let shown = match paint::can_show(&GpuOptions::default()).await {
        Err(GpuError::Screen { .. }) => false,
        other => other?,
    };
    SHOWS.set(Some(shown));
    Ok(shown)
}

/// The canvas drawn by WebGPU, where this browser shows such canvases.
fn direct(shown: bool, gpu: &Gpu, network: &GpuNetwork) -> Result<Option<(Screen, Painter)>, GpuError> {
    if !shown {
        return Ok(None);
    }
    let Some(canvas) = canvas(CANVAS_GPU) else { return Ok(None) };
    let screen = Screen::new(gpu, canvas)?;
    let painter = Painter::new(&PaintPipeline::new(gpu, screen.format()), network);
    Ok(Some((screen, painter)))
}

/// Milliseconds of a pass.
async fn measured<E>(pass: impl AsyncFn() -> Result<(), E>) -> Result<f64, E> {
    let mut start = now_ms();
    for i in 0..WARM_UP + MEASURED {
        if i == WARM_UP {
            start = now_ms();
        }
        pass().await?;
    }
    Ok((now_ms() - start) / MEASURED as f64)
}

async fn measure_gpu(side: &GpuSide, graph: &Graph) -> Result<f64, GpuError> {
    let input = vec![0.5; graph.input.shape.elements()];
    let read = Read { slices: vec![whole(graph, graph.logits)], extents: true };
    measured(async || side.network.pass(&input, &read, None).await.map(|_| ())).await
}

async fn measure_cpu(worker: &CpuWorker, graph: &Graph) -> Result<f64, WorkerError> {
    let input = vec![0.5; graph.input.shape.elements()];
    let nodes: Vec<NodeId> = graph.iter().map(|(id, _)| id).collect();
    measured(async || worker.pass(&input, nodes.clone())?.finish(None, &|_| {}).await.map(|_| ())).await
}

/// The nodes whose outputs the page keeps of a pass where they are in its memory: those that are shown, what they read
/// and what is told about them (so that any of their values can be taken apart), and the answer.
pub(super) fn kept(graph: &Graph, scene: &Scene) -> Vec<NodeId> {
    let mut kept = vec![graph.logits, graph.probabilities];
    for item in &scene.items {
        kept.push(item.node);
        kept.extend(&graph.node(item.node).inputs);
        kept.extend(&graph.node(scene.told_of(graph, item.node)).inputs);
    }
    kept.sort_unstable();
    kept.dedup();
    kept
}

/// All values of a node.
pub(super) fn whole(graph: &Graph, node: NodeId) -> Slice {
    Slice { node, start: 0, len: graph.node(node).shape.elements() }
}
