//! The two canvases of the stage: one has a WebGPU context, the other a 2D one, and neither can change.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

use super::lab::Lab;
use super::picture::theme;
use super::{screen2d, tiles};
use crate::engine::gpu::{Gpu, GpuError, GpuNetwork};
use crate::engine::{Extent, MapTable};
use crate::net::NodeId;
use crate::paint::{Background, Painter, Screen, Theme, Tile};

/// The ids of the two canvases.
pub(super) const CANVAS_GPU: &str = "maps-webgpu";
/// See [`CANVAS_GPU`].
pub(super) const CANVAS_2D: &str = "maps-2d";

/// What is to be drawn, as the page is now.
pub(super) struct Drawing {
    tiles: Vec<Tile>,
    theme: Theme,
    /// In device pixels.
    size: (u32, u32),
}

impl Drawing {
    /// What the page shows now; `stale` says of a node whether its values are of an earlier pass.
    pub(super) fn new(lab: Lab, stale: impl Fn(NodeId) -> bool) -> Self {
        let ratio = window().device_pixel_ratio() as f32;
        let room = lab.room.get_untracked();
        let device = |length: f32| (length * ratio).round().max(1.0) as u32;
        let theme = theme(lab.dark.get_untracked());
        Self { tiles: tiles::tiles(lab, ratio, stale), theme, size: (device(room.width), device(room.height)) }
    }
}

/// A canvas of the page by its id.
pub(super) fn canvas(id: &str) -> Option<HtmlCanvasElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Shows one of the two canvases.
pub(super) fn show_canvas(direct: bool) {
    for (id, shown) in [(CANVAS_GPU, direct), (CANVAS_2D, !direct)] {
        if let Some(canvas) = canvas(id) {
            // An attribute that cannot be set leaves both canvases, one of them empty.
            let _ = if shown { canvas.remove_attribute("hidden") } else { canvas.set_attribute("hidden", "") };
        }
    }
}

/// Makes `direct` ready to draw.
pub(super) fn prepare(drawing: &Drawing, network: &GpuNetwork, direct: &mut (Screen, Painter)) {
    let (screen, painter) = direct;
    screen.resize(drawing.size.0, drawing.size.1);
    painter.set_size(drawing.size.0, drawing.size.1);
    painter.set_theme(drawing.theme);
    painter.set_tiles(network, &drawing.tiles);
}

/// Draws the maps of the last pass from where they are in the GPU's memory.
pub(super) fn paint_direct(
    drawing: &Drawing,
    gpu: &Gpu,
    network: &GpuNetwork,
    direct: &mut (Screen, Painter),
) -> Result<(), GpuError> {
    prepare(drawing, network, direct);
    let (screen, painter) = direct;
    let frame = screen.frame()?;
    let mut encoder = gpu.device().create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("paint") });
    painter.draw(&mut encoder, frame.view(), Background::Transparent);
    gpu.queue().submit([encoder.finish()]);
    screen.present(frame);
    Ok(())
}

/// Draws the maps of the last pass from the page's memory.
pub(super) fn paint_flat(drawing: &Drawing, outputs: &[Vec<f32>], table: &MapTable, extents: &[Extent]) {
    let Some(canvas) = canvas(CANVAS_2D) else { return };
    let values = screen2d::Values { outputs, table, extents };
    // A browser that does not draw on a 2D canvas draws nothing at all: the numbers beside it are right.
    let _ = screen2d::paint(&canvas, drawing.size, &drawing.tiles, &values, drawing.theme);
}
