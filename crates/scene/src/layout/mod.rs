//! The layout of a network's diagram, computed from its graph alone. It works for any graph, with any blocks folded.
//!
//! A scene has its own units, which a camera converts to pixels. Layers run from left to right along a line. The
//! branches of a concatenation lie above and below the line, shortcuts arch over the nodes that they bypass, and
//! branches that end (auxiliary classifiers) hang below the node that they leave.
//!
//! The layout has three steps:
//!
//! 1. `flow` finds the order of the tiles: sequences, forks and joins, with each folded block as one vertex.
//! 2. `mosaic` arranges the feature maps of each tile, which gives the tile its size.
//! 3. `placement` computes the positions of the tiles, and then the edges (`edges`) and the frames of unfolded blocks
//!    (`frames`).
//!
//! The result is a [`Scene`]. [`Sign`]s, the SVG [`paths`] of the edges and the names of tiles are derived from it.

mod edges;
mod flow;
mod frames;
mod mosaic;
pub mod paths;
mod placement;
mod scene;
mod signs;
mod spacing;
mod tile_names;
mod tiles;

pub use edges::{Edge, Route};
pub use mosaic::Mosaic;
pub use scene::Scene;
pub use signs::{Sign, branch_channels};
pub use spacing::{Spacing, WordSpace};
pub use tile_names::{BlockSummary, format_shape, short_name};
pub use tiles::{BlockFrame, Folds, SceneTile, TileSubject};

#[cfg(test)]
mod tests;
