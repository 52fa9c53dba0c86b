//! The scene: the drawing of a network on the stage, and the explanations of the numbers in it.
//!
//! A scene is computed from a graph alone. The crate knows nothing about the page that shows it: it works with
//! rectangles and pixels. Its only sentences are those of the architecture drawing, which is in English.
//!
//! Read the modules in this order:
//!
//! - `layout` places one tile for each node or folded block, and the edges, signs and frames around them. The result is
//!   a [`Scene`], in scene units.
//! - `geometry` and `camera` convert scene units to CSS pixels of the [`Viewport`], and back.
//! - `labels` chooses the names that fit between the tiles.
//! - [`paint`] turns the values of a pass into colours, on the GPU or on the CPU.
//! - `map_cell`, `channel_parameters` and `arithmetic` explain one value: the cell that shows it, the windows and the
//!   parameters that it is computed from, and the products and sums between them.
//! - `insight` explains one node from the numbers of one pass.
//! - [`architecture_svg`] draws a scene without values, as a document for slides and papers.
//!
//! Two invariants hold everywhere: a tile shows the output of exactly one node ([`SceneTile::node`]), and a cell of a
//! tile shows exactly one value of it ([`MapCell`]).

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

pub use arithmetic::{Arithmetic, InputPatch};
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
pub use net::Formula;
