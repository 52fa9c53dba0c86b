//! The feature maps on the stage: which values are drawn in which colours, and the two canvases that show them.

mod canvases;
mod screen2d;
mod tiles;

pub(in crate::app) use canvases::{CANVAS_2D, CANVAS_GPU, Direct, Drawing, LastDrawing, paint_flat, show_canvas};
pub(in crate::app) use screen2d::Values;
pub(in crate::app) use tiles::{ends, ramp};
