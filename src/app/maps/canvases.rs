//! The two canvases of the stage: one has a WebGPU context, the other a 2D one, and neither can change.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

use super::{screen2d, tiles};
use crate::app::picture::theme;
use crate::app::state::Page;
use engine::gpu::{Gpu, GpuError, GpuNetwork};
use net::NodeId;
use scene::paint::{Background, DrawnPicture, GpuCanvas, PaintPipeline, Painter, PictureShift};

/// The ids of the two canvases.
pub(in crate::app) const CANVAS_GPU: &str = "maps-webgpu";
/// See [`CANVAS_GPU`].
pub(in crate::app) const CANVAS_2D: &str = "maps-2d";

/// What is to be drawn, as the page is now.
pub(in crate::app) struct Drawing {
    drawn: DrawnPicture,
    /// How often the browser has given canvases back empty.
    restored: u32,
}

impl Drawing {
    /// What the page shows now; `stale` says of a node whether its values are of an earlier pass.
    pub(in crate::app) fn new(page: Page, stale: impl Fn(NodeId) -> bool) -> Self {
        let ratio = window().device_pixel_ratio() as f32;
        let room = page.view.room().get_untracked();
        let device = |length: f32| (length * ratio).round().max(1.0) as u32;
        let (theme, size) = (theme(page.appearance.dark.get_untracked()), (device(room.width), device(room.height)));
        let drawn = DrawnPicture { tiles: tiles::tiles(page, ratio, stale), theme, size, off: (0.0, 0.0) };
        Self { drawn, restored: page.appearance.restored.get_untracked() }
    }
}

/// What was drawn last, so that it can be moved where the camera only pans: software draws slowly.
#[derive(Default)]
pub(in crate::app) struct LastDrawing(Option<Drawing>);

impl LastDrawing {
    /// The values that were drawn have changed.
    pub(in crate::app) fn forget(&mut self) {
        self.0 = None;
    }

    /// How what was drawn last, if it was of the same values, is to be moved for `drawing`, which takes its place.
    fn follow(&mut self, mut drawing: Drawing) -> (&DrawnPicture, Option<PictureShift>) {
        let last = self.0.take().filter(|last| last.restored == drawing.restored);
        let moved = last.and_then(|last| last.drawn.moved(&drawing.drawn));
        drawing.drawn.off = moved.as_ref().map_or((0.0, 0.0), |moved| moved.off);
        (&self.0.insert(drawing).drawn, moved)
    }
}

/// A canvas of the page by its id.
pub(in crate::app) fn canvas(id: &str) -> Option<HtmlCanvasElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Shows one of the two canvases.
pub(in crate::app) fn show_canvas(direct: bool) {
    for (id, shown) in [(CANVAS_GPU, direct), (CANVAS_2D, !direct)] {
        if let Some(canvas) = canvas(id) {
            // An attribute that cannot be set leaves both canvases, one of them empty.
            let _ = if shown { canvas.remove_attribute("hidden") } else { canvas.set_attribute("hidden", "") };
        }
    }
}

/// What draws on the WebGPU canvas.
pub(in crate::app) struct Direct {
    screen: GpuCanvas,
    painter: Painter,
    last: LastDrawing,
}

impl Direct {
    /// For the canvas of the page; none where it has none.
    pub(in crate::app) fn new(gpu: &Gpu, network: &GpuNetwork) -> Result<Option<Self>, GpuError> {
        let Some(canvas) = canvas(CANVAS_GPU) else { return Ok(None) };
        let screen = GpuCanvas::new(gpu, canvas)?;
        let painter = Painter::new(&PaintPipeline::new(gpu, screen.format()), network);
        Ok(Some(Self { screen, painter, last: LastDrawing::default() }))
    }

    /// The network's values change, and nothing is drawn.
    pub(in crate::app) fn forget(&mut self) {
        self.last.forget();
    }

    /// Draws what a pass, or a part of one, gives; `submit` puts the commands behind those that compute it.
    pub(in crate::app) fn draw_pass<T>(
        &mut self,
        drawing: Drawing,
        network: &GpuNetwork,
        submit: impl FnOnce(&mut dyn FnMut(&mut wgpu::CommandEncoder)) -> Result<T, GpuError>,
    ) -> Result<T, GpuError> {
        self.last.forget();
        self.draw(drawing, network, submit)
    }

    /// Draws the maps of the last pass from where they are in the GPU's memory.
    pub(in crate::app) fn paint(&mut self, drawing: Drawing, gpu: &Gpu, network: &GpuNetwork) -> Result<(), GpuError> {
        self.draw(drawing, network, |draw| {
            let descriptor = wgpu::CommandEncoderDescriptor { label: Some("paint") };
            let mut encoder = gpu.device().create_command_encoder(&descriptor);
            draw(&mut encoder);
            gpu.queue().submit([encoder.finish()]);
            Ok(())
        })
    }

    fn draw<T>(
        &mut self,
        drawing: Drawing,
        network: &GpuNetwork,
        submit: impl FnOnce(&mut dyn FnMut(&mut wgpu::CommandEncoder)) -> Result<T, GpuError>,
    ) -> Result<T, GpuError> {
        let Self { screen, painter, last } = self;
        let (DrawnPicture { tiles, theme, size, .. }, moved) = last.follow(drawing);
        screen.resize(size.0, size.1);
        painter.set_size(size.0, size.1);
        painter.set_theme(*theme);
        painter.set_tiles(network, tiles);
        let frame = screen.frame()?;
        let submitted = submit(&mut |encoder| {
            match &moved {
                Some(PictureShift { by, bare, .. }) => {
                    screen.recall(encoder, &frame, *by);
                    painter.draw_into(encoder, frame.view(), bare);
                }
                None => painter.draw(encoder, frame.view(), Background::Transparent),
            }
            screen.keep(encoder, &frame);
        });
        screen.present(frame);
        submitted
    }
}

/// Draws the maps of the last pass from the page's memory, on the 2D canvas.
pub(in crate::app) fn paint_flat(drawing: Drawing, last: &mut LastDrawing, values: &screen2d::Values<'_>) {
    let Some(canvas) = canvas(CANVAS_2D) else { return };
    let (drawn, moved) = last.follow(drawing);
    // A browser that does not draw on a 2D canvas draws nothing at all: the numbers beside it are right.
    let _ = screen2d::paint(&canvas, drawn, moved.as_ref(), values);
}
