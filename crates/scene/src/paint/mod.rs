//! Conversion of numbers to pixels.
//!
//! One set of ramps and tiles is drawn in two ways: by a fragment shader directly from the GPU's buffers ([`Painter`]),
//! or rasterised on the CPU for a 2D canvas ([`RasterImage`], [`rasterise`]). Both give the same colours.
//!
//! Begin with `tile` (what is drawn and where) and `colour` (the ramps, whose colours are in `theme`). `shift` finds
//! pictures that are the previous picture moved; of those only the uncovered strips are drawn.

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
pub use gpu_canvas::{CanvasFrame, GpuCanvas, can_show, probe};
pub use painter::{Background, CanvasParams, PAINT_SOURCE, PaintPipeline, Painter, TileInstance};
pub use raster::{RasterImage, rasterise};
pub use shift::{DrawnPicture, PictureShift, PixelRect};
pub use theme::{Theme, ThemePalette};
pub use tile::{ColourScale, Tile, TileGrid};
