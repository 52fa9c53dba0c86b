//! Layout of the stage: the position of every tile, and the numbers that each value was computed from.
//!
//! The module works with rectangles and pixels only; it knows nothing about the screen that shows them.

mod camera;
mod geometry;
mod insight;
mod labels;
pub mod paint;
mod pixel;
pub mod plate;
mod row;
mod scene;
mod spot;

pub use camera::Camera;
pub use geometry::{Rect, Room, grid, grid_of, scores_are_rows};
pub use insight::{
    Addition, Affine, BatchNorm, Concatenation, GlobalAverage, Inhibition, Insight, Lane, MaxPooling, Neighbour, Norms,
    Part, ResponseNorm, Shortcut, Won,
};
pub use labels::{Label, readable};
pub use pixel::{Arithmetic, Formula, Patch};
pub use row::Row;
pub use scene::{
    Edge, Folded, Folds, Frame, Item, Mosaic, Road, Scene, Sign, Spacing, Subject, Words, lane_channels, paths,
    shape_words, short_name,
};
pub use spot::Spot;
