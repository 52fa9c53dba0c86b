//! The engines as the page uses them: a pass in, the small numbers and the picture out.

use std::cell::Cell;
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

use super::clock::now_ms;
use super::lab::{Choice, Frame, Lab, Status};
use super::picture::theme;
use super::runner::{CANVAS_2D, CANVAS_GPU};
use super::store::message;
use super::worker::{CpuWorker, Outcome, Parcel, WorkerError};
use super::{screen2d, tiles};
use crate::engine::gpu::{Gpu, GpuError, GpuNetwork, GpuOptions, Pending, Read, Reading};
use crate::engine::{Extent, MapTable, Slice};
use crate::net::{Graph, NodeId};
use crate::paint::{self, Background, PaintPipeline, Painter, Screen, Tile};
use crate::stage::Spot;
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

/// A pass on its way. It borrows nothing.
pub(super) type Arriving = Pin<Box<dyn Future<Output = Result<Reading, Fault>>>>;

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
fn canvas(id: &str) -> Option<HtmlCanvasElement> {
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

async fn measure_gpu(side: &GpuSide, graph: &Graph) -> Result<f64, GpuError> {
    let input = vec![0.5; graph.input.shape.elements()];
    let read = Read { slices: vec![whole(graph, graph.logits)], extents: true };
    let mut start = now_ms();
    for i in 0..WARM_UP + MEASURED {
        if i == WARM_UP {
            start = now_ms();
        }
        side.network.pass(&input, &read, None).await?;
    }
    Ok((now_ms() - start) / MEASURED as f64)
}

async fn measure_cpu(worker: &CpuWorker, graph: &Graph) -> Result<f64, WorkerError> {
    let input = vec![0.5; graph.input.shape.elements()];
    let mut start = now_ms();
    for i in 0..WARM_UP + MEASURED {
        if i == WARM_UP {
            start = now_ms();
        }
        worker.pass(&input, graph.iter().map(|(id, _)| id).collect())?.finish(None, &|_| {}).await?;
    }
    Ok((now_ms() - start) / MEASURED as f64)
}

/// All values of a node.
pub(super) fn whole(graph: &Graph, node: NodeId) -> Slice {
    Slice { node, start: 0, len: graph.node(node).shape.elements() }
}

/// One pass, as it was asked for: the state of the page may have gone on when it is done.
pub(super) struct Job {
    pub(super) graph: Arc<Graph>,
    pub(super) input: Vec<f32>,
    pub(super) blank: bool,
    focus: (NodeId, usize),
    spot: Option<Spot>,
    tiles: Vec<Tile>,
    dark: bool,
    size: (u32, u32),
}

impl Job {
    /// What the page wants now.
    pub(super) fn new(lab: Lab) -> Self {
        let ratio = window().device_pixel_ratio() as f32;
        untrack(|| {
            let size = lab.layout.get().size;
            let (node, map, _) = lab.focus();
            let device = |length: f32| (length * ratio).round().max(1.0) as u32;
            Self {
                graph: lab.graph.get(),
                input: lab.field(),
                blank: lab.digit().is_none(),
                focus: (node, map),
                spot: lab.spot(),
                tiles: tiles::tiles(lab, ratio),
                dark: lab.dark.get(),
                size: (device(size.width), device(size.height)),
            }
        })
    }

    /// The values of the map in focus.
    fn map_slice(&self) -> Slice {
        let (node, map) = self.focus;
        let shape = self.graph.node(node).shape;
        let (channels, height, width) = shape.chw();
        if shape.is_flat() {
            return whole(&self.graph, node);
        }
        Slice { node, start: map.min(channels - 1) * height * width, len: height * width }
    }

    /// The small numbers that the page's text shows: scores, probabilities, the map and the value in focus.
    pub(super) fn slices(&self) -> Vec<Slice> {
        let graph = &self.graph;
        let mut slices = vec![whole(graph, graph.logits), whole(graph, graph.probabilities), self.map_slice()];
        slices.extend(self.spot.iter().flat_map(|spot| spot.slices(graph)));
        slices
    }

    /// The frame, from the values of [`Job::slices`].
    pub(super) fn frame(&self, values: Vec<Vec<f32>>, extents: Vec<Extent>, milliseconds: f64) -> Option<Frame> {
        let mut values = values.into_iter();
        let (scores, probabilities, map) = (values.next()?, values.next()?, values.next()?);
        let spot = self.spot.map(|spot| (spot, values.flatten().collect()));
        let map = (self.focus.0, self.focus.1, map);
        Some(Frame { scores, probabilities, map, spot, extents, milliseconds, blank: self.blank })
    }

    /// The frame, from every node's output, which are drawn on the 2D canvas.
    pub(super) fn flat(&self, outputs: &[Vec<f32>], milliseconds: f64) -> Option<Frame> {
        let table = MapTable::new(&self.graph);
        let views: Vec<&[f32]> = outputs.iter().map(Vec::as_slice).collect();
        let extents = table.measure(&views);
        if let Some(canvas) = canvas(CANVAS_2D) {
            if (canvas.width(), canvas.height()) != self.size {
                canvas.set_width(self.size.0);
                canvas.set_height(self.size.1);
            }
            // A browser that does not draw on a 2D canvas draws nothing at all: the numbers beside it are right.
            let _ = screen2d::paint(&canvas, &self.tiles, &table, outputs, &extents, theme(self.dark));
        }
        let cut = |s: Slice| outputs.get(s.node.0).and_then(|o| o.get(s.start..s.start + s.len)).map(<[f32]>::to_vec);
        let values = self.slices().into_iter().map(cut).collect::<Option<Vec<_>>>()?;
        self.frame(values, extents, milliseconds)
    }

    /// Begins the pass on `engine`, and draws it where the GPU draws by itself.
    pub(super) fn begin(&self, engine: &mut Engine) -> Result<Arriving, Fault> {
        match engine {
            Engine::Cpu(worker) => {
                let pending = worker.pass(&self.input, self.graph.iter().map(|(id, _)| id).collect())?;
                Ok(Box::pin(async move {
                    let Outcome { outputs, milliseconds } = pending.finish(None, &|_| {}).await?;
                    Ok(Reading { slices: outputs, extents: Vec::new(), milliseconds })
                }))
            }
            Engine::Gpu(side) => {
                let pending = self.submit(side)?;
                Ok(Box::pin(async move { Ok(pending.finish().await?) }))
            }
        }
    }

    fn submit(&self, side: &mut GpuSide) -> Result<Pending, GpuError> {
        match &mut side.show {
            Show::Direct(direct) => {
                let (screen, painter) = direct.as_mut();
                screen.resize(self.size.0, self.size.1);
                painter.set_size(self.size.0, self.size.1);
                painter.set_theme(theme(self.dark));
                painter.set_tiles(&side.network, &self.tiles);
                let frame = screen.frame()?;
                let read = Read { slices: self.slices(), extents: true };
                let mut draw = |encoder: &mut wgpu::CommandEncoder| {
                    painter.draw(encoder, frame.view(), Background::Transparent);
                };
                let pending = side.network.submit(&self.input, &read, Some(&mut draw));
                screen.present(frame);
                pending
            }
            Show::Flat => {
                let slices = self.graph.iter().map(|(id, _)| whole(&self.graph, id)).collect();
                side.network.submit(&self.input, &Read { slices, extents: false }, None)
            }
        }
    }
}
