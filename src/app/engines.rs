//! The engines of the network that is drawn: which serves, and why.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

use super::clock::now_ms;
use super::lab::{Choice, Status};
use super::runner::{CANVAS_2D, CANVAS_GPU};
use super::store::message;
use super::worker::{CpuWorker, Parcel, WorkerError};
use crate::engine::Slice;
use crate::engine::gpu::{Gpu, GpuError, GpuNetwork, GpuOptions, Read};
use crate::net::{Graph, NodeId};
use crate::paint::{self, PaintPipeline, Painter, Screen};
use crate::weights::{Weights, WeightsError, to_safetensors};

/// Passes each engine runs before it is measured, and while it is.
const WARM_UP: usize = 2;
const MEASURED: usize = 5;

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub(super) enum EngineError {
    /// The CPU engine, which is the last resort, cannot be built.
    #[error("the network cannot be run: {0}; reload the page, or choose other weights")]
    Cpu(#[from] WorkerError),
    /// The weights cannot be sent to the CPU engine.
    #[error(transparent)]
    Weights(#[from] WeightsError),
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
}

/// What runs the network.
pub(super) enum Engine {
    /// WebGPU.
    Gpu(Box<GpuSide>),
    /// candle, in a worker.
    Cpu(CpuWorker),
}

impl Engine {
    /// Whether maps are drawn by the GPU from where they are; else a pass gives every node's output.
    pub(super) fn is_direct(&self) -> bool {
        matches!(self, Self::Gpu(side) if matches!(side.show, Show::Direct(_)))
    }
}

/// A canvas of the page by its id.
pub(super) fn canvas(id: &str) -> Option<HtmlCanvasElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Shows one of the two canvases.
fn show_canvas(direct: bool) {
    for (id, shown) in [(CANVAS_GPU, direct), (CANVAS_2D, !direct)] {
        if let Some(canvas) = canvas(id) {
            // An attribute that cannot be set leaves both canvases, one of them empty.
            let _ = if shown { canvas.remove_attribute("hidden") } else { canvas.set_attribute("hidden", "") };
        }
    }
}

/// The best engine for `choice`, the GPU where `gpu` holds one, and what to say of it.
pub(super) async fn build(
    choice: Choice,
    gpu: Option<Gpu>,
    graph: &Graph,
    weights: &Weights,
) -> Result<(Engine, Status), EngineError> {
    let cpu = |worker: CpuWorker, why: Option<String>| {
        show_canvas(false);
        (Engine::Cpu(worker), Status::Cpu { why })
    };
    if choice == Choice::Cpu {
        return Ok(cpu(build_cpu(graph, weights).await?, None));
    }
    match build_gpu(gpu, graph, weights).await {
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

async fn build_cpu(graph: &Graph, weights: &Weights) -> Result<CpuWorker, EngineError> {
    let bytes = to_safetensors(weights.iter(), &weights.metadata)?;
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice()));
    let blob = web_sys::Blob::new_with_u8_array_sequence(&parts);
    let blob = blob.map_err(|error| WorkerError::NoStart { reason: message(&error) })?;
    Ok(CpuWorker::start(graph.name, Parcel::Blob(blob), None).await?)
}

fn gpu_status(side: GpuSide) -> (Engine, Status) {
    let direct = matches!(side.show, Show::Direct(_));
    show_canvas(direct);
    let status = Status::Gpu { adapter: side.gpu.name().to_owned(), direct };
    (Engine::Gpu(Box::new(side)), status)
}

async fn build_gpu(gpu: Option<Gpu>, graph: &Graph, weights: &Weights) -> Result<GpuSide, GpuError> {
    // Asked before the device that is to stay is made: where canvases stay blank, asking costs every device there is.
    let shown = shows().await?;
    let gpu = match gpu {
        Some(gpu) if !gpu.is_lost() => gpu,
        _ => Gpu::new(&GpuOptions::default()).await?,
    };
    let network = GpuNetwork::new(&gpu, graph, weights).await?;
    let show = match direct(shown, &gpu, &network) {
        Ok(Some(direct)) => Show::Direct(Box::new(direct)),
        Ok(None) | Err(GpuError::Screen { .. }) => Show::Flat,
        Err(error) => return Err(error),
    };
    Ok(GpuSide { gpu, network, show })
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
    measured(async || worker.pass(&input, all(graph))?.finish(None, &|_| {}).await.map(|_| ())).await
}

/// Every node.
pub(super) fn all(graph: &Graph) -> Vec<NodeId> {
    graph.iter().map(|(id, _)| id).collect()
}

/// All values of a node.
pub(super) fn whole(graph: &Graph, node: NodeId) -> Slice {
    Slice { node, start: 0, len: graph.node(node).shape.elements() }
}
