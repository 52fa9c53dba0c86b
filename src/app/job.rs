//! One pass of the network that is drawn: the state of the page in, the small numbers and the picture out.

use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;

use super::engines::{Engine, Fault, GpuSide, Show, all, canvas, whole};
use super::lab::{Frame, Lab};
use super::picture::theme;
use super::runner::CANVAS_2D;
use super::worker::Outcome;
use super::{screen2d, tiles};
use crate::engine::gpu::{GpuError, Pending, Read, Reading};
use crate::engine::{Extent, MapTable, Slice};
use crate::net::{Graph, NodeId};
use crate::paint::{Background, Tile};
use crate::stage::Spot;

/// A pass on its way. It borrows nothing.
pub(super) type Arriving = Pin<Box<dyn Future<Output = Result<Reading, Fault>>>>;

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
                let pending = worker.pass(&self.input, all(&self.graph))?;
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
