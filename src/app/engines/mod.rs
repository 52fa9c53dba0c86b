//! The engines of the network that is drawn: which serves, and why.

mod gpu;

use std::pin::Pin;
use std::rc::Rc;

use super::canvases::{Drawing, show_canvas};
use super::clock::now_ms;
use super::job::Job;
use super::lab::{Choice, Status};
use super::supply::Opened;
use super::worker::{CpuWorker, Told, WorkerError};
use engine::Slice;
use engine::gpu::{Gpu, GpuError, Read, Reading};
use gpu::Show;
pub(super) use gpu::{GpuSide, NoGpu};
use net::{Graph, NodeId};
use scene::Scene;

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

/// What runs the network.
pub(super) enum Engine {
    /// WebGPU.
    Gpu(Box<GpuSide>),
    /// candle, in a worker.
    Cpu(CpuWorker),
}

/// A pass on its way. It borrows nothing.
pub(super) type Arriving = Pin<Box<dyn Future<Output = Result<Reading, Fault>>>>;

/// What hears of a pass under way.
pub(super) type Tell = Rc<dyn Fn(Told)>;

impl Engine {
    /// Whether maps are drawn by the GPU from where they are; else a pass gives the outputs that the page wants.
    pub(super) fn is_direct(&self) -> bool {
        self.direct().is_some()
    }

    /// The network on the GPU, where its maps are drawn from where they are.
    pub(super) fn direct(&self) -> Option<&GpuSide> {
        match self {
            Self::Gpu(side) if matches!(side.show, Show::Direct(_)) => Some(side),
            _ => None,
        }
    }

    /// As [`Engine::direct`], to be changed.
    pub(super) fn direct_mut(&mut self) -> Option<&mut GpuSide> {
        match self {
            Self::Gpu(side) if matches!(side.show, Show::Direct(_)) => Some(side),
            _ => None,
        }
    }

    /// Draws the maps of the last pass from where they are, where it does so; gives the drawing back where it does not.
    pub(super) fn paint(&mut self, drawing: Drawing) -> Result<Option<Drawing>, Fault> {
        let Self::Gpu(side) = self else { return Ok(Some(drawing)) };
        let GpuSide { gpu, network, show: Show::Direct(direct), .. } = &mut **side else { return Ok(Some(drawing)) };
        direct.paint(drawing, gpu, network)?;
        Ok(None)
    }

    /// Begins a pass; [`Engine::go_on`] says what is to follow. Where the GPU draws by itself, the pass makes and draws its
    /// `drawing`, as it is when so many nodes, from the first, are done, and gives what the job looks at. Else it tells the
    /// outputs of the job's nodes, one by one.
    pub(super) fn begin(
        &mut self,
        job: &Job,
        drawing: impl FnOnce(usize) -> Drawing,
        tell: &Tell,
    ) -> Result<Arriving, Fault> {
        match self {
            Self::Cpu(worker) => {
                let pending = worker.flow(&job.input, job.nodes.clone(), &job.cuts, job.stale.as_deref())?;
                let tell = Tell::clone(tell);
                Ok(Box::pin(async move {
                    let outcome = pending.listen(None, &*tell).await?;
                    Ok(Reading { milliseconds: outcome.milliseconds, ..Reading::default() })
                }))
            }
            Self::Gpu(side) => Ok(side.part(job, true, drawing, tell)?),
        }
    }

    /// Goes on with a pass: begins the next part, as [`Engine::begin`] does; `None` where there is none.
    pub(super) fn go_on(
        &mut self,
        job: &Job,
        drawing: impl FnOnce(usize) -> Drawing,
        tell: &Tell,
    ) -> Option<Result<Arriving, Fault>> {
        match self {
            Self::Gpu(side) if side.is_to_go_on() => Some(side.part(job, false, drawing, tell).map_err(Fault::from)),
            _ => None,
        }
    }

    /// What was begun last has come; whether the pass goes on.
    pub(super) fn came(&mut self) -> bool {
        match self {
            Self::Gpu(side) => {
                side.came();
                side.is_to_go_on()
            }
            Self::Cpu(_) => false,
        }
    }

    /// Has `inputs` passed beside what the page shows, which stays, with the page's `cuts` or with none:
    /// scores and probabilities for the first, for the second, and so on.
    pub(super) fn aside(&self, graph: &Graph, inputs: &[&[f32]], cuts: Option<&str>) -> Result<Arriving, Fault> {
        let nodes = vec![graph.logits, graph.probabilities];
        match self {
            Self::Gpu(side) => {
                let pending = side.network.aside(inputs, &nodes, cuts.is_some())?;
                Ok(Box::pin(async move { Ok(pending.finish().await?) }))
            }
            Self::Cpu(worker) => {
                let ask = |input: &&[f32]| worker.beside(input, nodes.clone(), cuts.unwrap_or_default());
                let asked = inputs.iter().map(ask).collect::<Result<Vec<_>, _>>()?;
                Ok(Box::pin(async move {
                    let mut reading = Reading::default();
                    for pending in asked {
                        let outcome = pending.finish(None, &|_| {}).await?;
                        reading.milliseconds += outcome.milliseconds;
                        reading.slices.extend(outcome.outputs);
                    }
                    Ok(reading)
                }))
            }
        }
    }

    /// How many nodes, from the first, have their outputs when what was submitted last is done; none where the engine
    /// tells them one by one.
    pub(super) fn submitted(&self) -> Option<usize> {
        self.direct().map(GpuSide::submitted)
    }
}

/// The best engine for `choice`, the GPU where `gpu` holds one, and what to say of it.
pub(super) async fn build(
    choice: Choice,
    gpu: Option<Gpu>,
    graph: &Graph,
    weights: &Opened,
) -> Result<(Engine, Status), EngineError> {
    let cpu = |worker: CpuWorker, why: Option<NoGpu>| {
        show_canvas(false);
        (Engine::Cpu(worker), Status::Cpu { why })
    };
    if choice == Choice::Cpu {
        return Ok(cpu(build_cpu(graph, weights).await?, None));
    }
    let on_software = choice == Choice::Gpu || graph.total_macs() <= MOST_MEASURED_MACS;
    match GpuSide::build(gpu, graph, weights, on_software).await {
        Err(why) => Ok(cpu(build_cpu(graph, weights).await?, Some(why))),
        Ok(side) if choice == Choice::Auto && side.gpu.is_software() => {
            let worker = build_cpu(graph, weights).await?;
            let (on_gpu, on_cpu) = (measure_gpu(&side, graph).await, measure_cpu(&worker, graph).await?);
            Ok(match on_gpu {
                Ok(on_gpu) if on_gpu < on_cpu => gpu_status(side),
                Ok(on_gpu) => cpu(worker, Some(NoGpu::Slower { gpu: on_gpu, cpu: on_cpu })),
                Err(error) => cpu(worker, Some(NoGpu::Fails(error))),
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
