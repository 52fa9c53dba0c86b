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

pub use arithmetic::{Arithmetic, Formula, Patch};
pub use camera::Camera;
pub use channel_parameters::Row;
pub use geometry::{Rect, Room, grid, grid_of, scores_are_rows};
pub use insight::{
    Addition, Affine, BatchNorm, Concatenation, GlobalAverage, Inhibition, Insight, Lane, MaxPooling, Neighbour, Norms,
    Part, ResponseNorm, Shortcut, Won,
};
pub use labels::{Label, readable};
pub use layout::{
    Edge, Folded, Folds, Frame, Item, Mosaic, Road, Scene, Sign, Spacing, Subject, Words, lane_channels, paths,
    shape_words, short_name,
};
pub use map_cell::Spot;
