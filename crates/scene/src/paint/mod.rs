//! Conversion of numbers to pixels.
//!
//! One set of ramps and tiles is drawn in two ways: by a fragment shader directly from the GPU's buffers ([`Painter`]),
//! or rasterised on the CPU for a 2D canvas ([`Picture`], [`rasterise`]). Both give the same colours.

mod colour;
#[cfg(target_arch = "wasm32")]
mod gpu_canvas;
mod painter;
mod raster;
mod shift;
mod theme;
mod tile;

pub use colour::{Ramp, colour, fade};
#[cfg(target_arch = "wasm32")]
pub use gpu_canvas::{Frame, Screen, can_show, probe};
pub use painter::{Background, CanvasParams, PAINT_SOURCE, PaintPipeline, Painter, TileInstance};
pub use raster::{Picture, rasterise};
pub use shift::{Area, Drawn, Moved};
pub use theme::{Palette, Theme};
pub use tile::{Rows, Scale, Tile};
