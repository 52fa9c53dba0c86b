//! Layout of the stage: the position of every tile, and the numbers that each value was computed from.
//!
//! The module works with rectangles and pixels only; it knows nothing about the screen that shows them.

pub mod architecture_svg;
mod arithmetic;
mod camera;
mod channel_parameters;
mod geometry;
mod insight;
mod labels;
mod layout;
mod map_cell;
pub mod paint;

pub use arithmetic::{Arithmetic, Formula, InputPatch};
pub use camera::Camera;
pub use channel_parameters::ChannelParameters;
pub use geometry::{Rect, Viewport, grid, grid_of, scores_are_rows};
pub use insight::{
    Addition, Affine, BatchNorm, Concatenation, GlobalAverage, Inhibition, Insight, MaxPooling, ModuleBranch,
    Neighbour, PixelContribution, PooledWindow, ResponseNorm, Shortcut, SummandNorms,
};
pub use labels::{NameLabel, choose_forms};
pub use layout::{
    BlockFrame, BlockSummary, Edge, Folds, Mosaic, Route, Scene, SceneTile, Sign, Spacing, TileSubject, WordSpace,
    branch_channels, format_shape, paths, short_name,
};
pub use map_cell::MapCell;
