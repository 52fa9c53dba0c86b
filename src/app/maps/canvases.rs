//! The two canvases of the stage. One has a WebGPU context and the other a 2D context, because the context of a canvas
//! cannot change.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

use super::{screen2d, tiles};
use crate::app::components::picture::theme;
use crate::app::state::Page;
use engine::gpu::{Gpu, GpuError, GpuNetwork};
use net::NodeId;
use scene::paint::{Background, DrawnPicture, GpuCanvas, PaintPipeline, Painter, PictureShift};

/// The id of the canvas with a WebGPU context.
pub(in crate::app) const CANVAS_GPU: &str = "maps-webgpu";
/// The id of the canvas with a 2D context.
pub(in crate::app) const CANVAS_2D: &str = "maps-2d";

/// The content of the stage that is drawn for one state of the page.
pub(in crate::app) struct Drawing {
    drawn: DrawnPicture,
    /// How often the browser had restored lost canvases, which are empty then.
    restored: u32,
}

impl Drawing {
    /// Returns the drawing of the current state of the page. `stale` returns whether the values of a node are from an
    /// earlier pass.
    pub(in crate::app) fn new(page: Page, stale: impl Fn(NodeId) -> bool) -> Self {
        let ratio = window().device_pixel_ratio() as f32;
        let room = page.view.room().get_untracked();
        let device = |length: f32| (length * ratio).round().max(1.0) as u32;
        let (theme, size) = (theme(page.appearance.dark.get_untracked()), (device(room.width), device(room.height)));
        let drawn = DrawnPicture { tiles: tiles::tiles(page, ratio, stale), theme, size, off: (0.0, 0.0) };
        Self { drawn, restored: page.appearance.restored.get_untracked() }
    }
}

/// The last drawing. If the camera only pans, it is moved and not drawn again, because drawing in software is slow.
#[derive(Default)]
pub(in crate::app) struct LastDrawing(Option<Drawing>);

impl LastDrawing {
    /// Discards the last drawing, because its values are out of date.
    pub(in crate::app) fn forget(&mut self) {
        self.0 = None;
    }

    /// Replaces the last drawing by `drawing`. Returns how the last one must be moved, if it showed the same values.
    fn follow(&mut self, mut drawing: Drawing) -> (&DrawnPicture, Option<PictureShift>) {
        let last = self.0.take().filter(|last| last.restored == drawing.restored);
        let moved = last.and_then(|last| last.drawn.moved(&drawing.drawn));
        drawing.drawn.off = moved.as_ref().map_or((0.0, 0.0), |moved| moved.off);
        (&self.0.insert(drawing).drawn, moved)
    }
}

/// Returns a canvas of the page by its id.
pub(in crate::app) fn canvas(id: &str) -> Option<HtmlCanvasElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Shows the WebGPU canvas if `direct` is true, or else the 2D canvas, and hides the other.
pub(in crate::app) fn show_canvas(direct: bool) {
    for (id, shown) in [(CANVAS_GPU, direct), (CANVAS_2D, !direct)] {
        if let Some(canvas) = canvas(id) {
            // If the attribute cannot be set, both canvases are visible, and one of them is empty.
            let _ = if shown { canvas.remove_attribute("hidden") } else { canvas.set_attribute("hidden", "") };
        }
    }
}

/// The painter of the WebGPU canvas. It draws the maps directly from the memory of the GPU.
pub(in crate::app) struct Direct {
    screen: GpuCanvas,
    painter: Painter,
    last: LastDrawing,
}

impl Direct {
    /// Creates the painter for the canvas of the page; `None` if the page has no such canvas.
    ///
    /// # Errors
    /// Returns a [`GpuError`] if the canvas has no WebGPU context.
    pub(in crate::app) fn new(gpu: &Gpu, network: &GpuNetwork) -> Result<Option<Self>, GpuError> {
        let Some(canvas) = canvas(CANVAS_GPU) else { return Ok(None) };
        let screen = GpuCanvas::new(gpu, canvas)?;
        let painter = Painter::new(&PaintPipeline::new(gpu, screen.format()), network);
        Ok(Some(Self { screen, painter, last: LastDrawing::default() }))
    }

    /// Discards the last drawing, because the values of the network change without a drawing.
    pub(in crate::app) fn forget(&mut self) {
        self.last.forget();
    }

    /// Draws the results of a pass or of a part of it. `submit` appends the drawing commands to those that compute
    /// them.
    ///
    /// # Errors
    /// Returns a [`GpuError`] if the canvas gives no frame, or the error of `submit`.
    pub(in crate::app) fn draw_pass<T>(
        &mut self,
        drawing: Drawing,
        network: &GpuNetwork,
        submit: impl FnOnce(&mut dyn FnMut(&mut wgpu::CommandEncoder)) -> Result<T, GpuError>,
    ) -> Result<T, GpuError> {
        self.last.forget();
        self.draw(drawing, network, submit)
    }

    /// Draws the maps of the last pass.
    ///
    /// # Errors
    /// Returns a [`GpuError`] if the canvas gives no frame.
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

/// Draws the maps of the last pass from the memory of the page, on the 2D canvas.
pub(in crate::app) fn paint_flat(drawing: Drawing, last: &mut LastDrawing, values: &screen2d::Values<'_>) {
    let Some(canvas) = canvas(CANVAS_2D) else { return };
    let (drawn, moved) = last.follow(drawing);
    // If the browser cannot draw on a 2D canvas, the stage stays empty. The numbers beside it are still right.
    let _ = screen2d::paint(&canvas, drawn, moved.as_ref(), values);
}
