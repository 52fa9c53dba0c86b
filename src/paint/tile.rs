//! What to draw where.

use super::colour::Ramp;
use crate::engine::{Extent, MapTable};
use crate::net::NodeId;

/// What the ends of a ramp stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// The extent of the tile's own map.
    Map,
    /// The extent of all maps of its layer.
    Layer,
    /// The extent of all layers but the input, the scores and the probabilities.
    Network,
    /// A given extent.
    Fixed(Extent),
}

/// A rectangle of the canvas in which the values of a map are drawn, a cell a value, row by row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tile {
    /// Whose output.
    pub node: NodeId,
    /// The first value, in the output's CHW (or N) order.
    pub first: usize,
    /// Cells across.
    pub columns: usize,
    /// Cells down. Cells past the output's last value stay as they are.
    pub rows: usize,
    /// x, y, width and height in device pixels of the canvas, from its top left corner.
    pub rect: [f32; 4],
    /// How values become colours.
    pub ramp: Ramp,
    /// What the ends of the ramp stand for.
    pub scale: Scale,
    /// How far the tile fades into the paper, from 0 (not at all) to 1 (gone).
    pub dim: f32,
}

impl Tile {
    /// The place of its extent in the table of maps; `None` where the scale is fixed.
    pub fn extent_place(&self, maps: &MapTable) -> Option<usize> {
        match self.scale {
            Scale::Map => Some(maps.map(self.node, self.first / maps.node(self.node).values)),
            Scale::Layer => Some(maps.layer(self.node)),
            Scale::Network => Some(maps.network()),
            Scale::Fixed(_) => None,
        }
    }

    /// Its extent, where `extents` stand in the order of `maps`.
    pub fn extent(&self, maps: &MapTable, extents: &[Extent]) -> Extent {
        match (self.scale, self.extent_place(maps)) {
            (Scale::Fixed(extent), _) => extent,
            (_, Some(place)) => extents.get(place).copied().unwrap_or(Extent::EMPTY),
            (_, None) => Extent::EMPTY,
        }
    }
}
