//! Chooses the engine that serves the network on the stage, and builds it.

use engine::gpu::{Gpu, GpuError, ReadbackRequest};
use engine::{AnyEngine, Engine as _, EngineChoice, EngineKind, OutputSlice, PassRequest};
use net::{AblationFactors, Graph, NodeId};
use web_sys::AbortSignal;

use super::engine::StageEngine;
use super::fault::EngineError;
use super::gpu::{GpuSide, MapDisplay};
use crate::app::browser::clock::now_ms;
use crate::app::state::{EngineStatus, NoGpu};
use crate::app::supply::LoadedWeights;
use crate::app::worker::{CpuWorker, WorkerError};

/// The passes that each engine runs before it is measured, and while it is.
const WARM_UP: usize = 2;
const MEASURED: usize = 5;
/// A network with more multiplications and additions is not measured on a software GPU: the CPU engine has its own
/// SIMD, and measuring would take seconds.
const MOST_MEASURED_MACS: u64 = 10_000_000;

/// Builds the engine of `choice`, on `gpu` if there is one, and returns it with its status. For
/// [`EngineChoice::Auto`], this is the GPU engine, unless it fails or is slower than the CPU engine.
///
/// # Errors
/// [`EngineError`] if the CPU engine cannot be built, or if `signal` stops the build.
pub(in crate::app) async fn build(
    choice: EngineChoice,
    gpu: Option<Gpu>,
    graph: &Graph,
    weights: &LoadedWeights,
    signal: Option<&AbortSignal>,
) -> Result<(StageEngine, EngineStatus), EngineError> {
    let cpu = |worker: CpuWorker, why: Option<NoGpu>| (StageEngine(AnyEngine::Cpu(worker)), EngineStatus::Cpu { why });
    let build_cpu = async || CpuWorker::start(graph, weights.sendable.clone(), signal).await;
    if choice == EngineChoice::Only(EngineKind::Cpu) {
        return Ok(cpu(build_cpu().await?, None));
    }
    let on_software = choice == EngineChoice::Only(EngineKind::Gpu) || graph.total_macs() <= MOST_MEASURED_MACS;
    match GpuSide::build(gpu, graph, weights, on_software, signal).await {
        Err(_) if signal.is_some_and(AbortSignal::aborted) => Err(WorkerError::Cancelled.into()),
        Err(why) => Ok(cpu(build_cpu().await?, Some(why))),
        Ok(side) if choice == EngineChoice::Auto && side.gpu.is_software() => {
            let mut worker = build_cpu().await?;
            let (on_gpu, on_cpu) = (measure_gpu(&side, graph).await, measure_cpu(&mut worker, graph).await?);
            Ok(match on_gpu {
                Ok(on_gpu) if on_gpu < on_cpu => gpu_status(side),
                Ok(on_gpu) => cpu(worker, Some(NoGpu::Slower { gpu: on_gpu, cpu: on_cpu })),
                Err(error) => cpu(worker, Some(NoGpu::Fails(error))),
            })
        }
        Ok(side) => Ok(gpu_status(side)),
    }
}

fn gpu_status(side: GpuSide) -> (StageEngine, EngineStatus) {
    let direct = matches!(side.display, MapDisplay::Direct(_));
    let status = EngineStatus::Gpu { adapter: side.gpu.name().to_owned(), direct };
    (StageEngine(AnyEngine::Gpu(Box::new(side))), status)
}

/// Returns the mean milliseconds of a pass, after the passes that warm up.
async fn measured<E>(mut pass: impl AsyncFnMut() -> Result<(), E>) -> Result<f64, E> {
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
    let read = ReadbackRequest { slices: vec![OutputSlice::whole(graph, graph.logits)], extents: true };
    measured(async || side.network.pass(&input, &read, None).await.map(|_| ())).await
}

async fn measure_cpu(worker: &mut CpuWorker, graph: &Graph) -> Result<f64, WorkerError> {
    let input = vec![0.5; graph.input.shape.elements()];
    let nodes: Vec<NodeId> = graph.iter().map(|(id, _)| id).collect();
    let request = PassRequest { input: &input, nodes: &nodes, effects: AblationFactors::NONE, timed: false };
    measured(async || worker.pass(&request).await.map(drop)).await
}
