//! What to draw where.

use super::colour::Ramp;
use engine::{Extent, MapTable};
use net::NodeId;

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

/// How the maps of a tile stand: in rows from the top left corner, the last row perhaps not full.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rows {
    /// How many maps.
    pub maps: usize,
    /// Maps in a row.
    pub across: usize,
    /// Width and height of a map, in device pixels.
    pub map: [f32; 2],
    /// From a map's corner to the next one's, right and down, in device pixels; at least the map's size.
    pub pitch: [f32; 2],
}

/// A rectangle of the canvas in which the values of maps are drawn, a cell a value, row by row, map by map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tile {
    /// Whose output.
    pub node: NodeId,
    /// The first value, in the output's CHW (or N) order.
    pub first: usize,
    /// Cells across, of a map.
    pub columns: usize,
    /// Cells down, of a map. Cells past the output's last value stay as they are.
    pub rows: usize,
    /// x, y, width and height in device pixels of the canvas, from its top left corner: around all maps.
    pub rect: [f32; 4],
    /// How they stand in it.
    pub mosaic: Rows,
    /// How values become colours.
    pub ramp: Ramp,
    /// What the ends of the ramp stand for.
    pub scale: Scale,
    /// How far the tile fades into the paper, from 0 (not at all) to 1 (gone).
    pub dim: f32,
    /// How opaque it is over what was drawn before it, from 0 to 1.
    pub opacity: f32,
}

impl Rows {
    /// A single map that fills `rect`.
    pub fn one(rect: [f32; 4]) -> Self {
        let size = [rect[2], rect[3]];
        Self { maps: 1, across: 1, map: size, pitch: size }
    }
}

impl Tile {
    /// The same, so many device pixels to the right and down.
    #[must_use]
    pub fn moved(&self, (right, down): (f32, f32)) -> Self {
        let [x, y, w, h] = self.rect;
        Self { rect: [x + right, y + down, w, h], ..*self }
    }

    /// The place of its (first map's) extent in the table of maps; `None` where the scale is fixed. Where each map has a
    /// scale of its own, those of the other maps follow.
    pub fn extent_place(&self, maps: &MapTable) -> Option<usize> {
        match self.scale {
            Scale::Map => Some(maps.map(self.node, self.first / maps.node(self.node).values)),
            Scale::Layer => Some(maps.layer(self.node)),
            Scale::Network => Some(maps.network()),
            Scale::Fixed(_) => None,
        }
    }

    /// The extent of its map number `map`, where `extents` stand in the order of `maps`.
    pub fn extent(&self, maps: &MapTable, extents: &[Extent], map: usize) -> Extent {
        let own = if self.scale == Scale::Map { map } else { 0 };
        match (self.scale, self.extent_place(maps)) {
            (Scale::Fixed(extent), _) => extent,
            (_, Some(place)) => extents.get(place + own).copied().unwrap_or(Extent::EMPTY),
            (_, None) => Extent::EMPTY,
        }
    }
}
