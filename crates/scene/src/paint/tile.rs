//! The tiles to draw: their position, their values and their colours.

use super::colour::Ramp;
use engine::{Extent, ExtentTable};
use net::NodeId;

/// The extent of values that a ramp's colours span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ColourScale {
    /// The extent of the tile's own map.
    Map,
    /// The extent of all maps of the layer.
    Layer,
    /// The extent of all layers except the input, the scores and the probabilities.
    Network,
    /// A given extent.
    Fixed(Extent),
}

/// The arrangement of a tile's maps: in rows from the top left corner. The last row can be incomplete.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TileGrid {
    /// Number of maps.
    pub maps: usize,
    /// Maps per row.
    pub across: usize,
    /// Width and height of a map, in device pixels.
    pub map: [f32; 2],
    /// Horizontal and vertical distance from one map's corner to the next one's, in device pixels. It is at least the
    /// size of a map.
    pub pitch: [f32; 2],
}

/// A rectangle of the canvas that shows the values of one or more maps: one cell per value, row by row, map by map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tile {
    /// The node whose output is shown.
    pub node: NodeId,
    /// Index of the first value in the output (CHW or N order).
    pub first: usize,
    /// Columns of cells in a map.
    pub columns: usize,
    /// Rows of cells in a map. Cells after the last value of the output are not drawn.
    pub rows: usize,
    /// x, y, width and height of the rectangle around all maps, in device pixels from the canvas's top left corner.
    pub rect: [f32; 4],
    /// The arrangement of the maps in the rectangle.
    pub mosaic: TileGrid,
    /// The ramp that maps values to colours.
    pub ramp: Ramp,
    /// The extent that the ramp spans.
    pub scale: ColourScale,
    /// How far the tile fades into the paper, from 0 (not at all) to 1 (completely).
    pub dim: f32,
    /// Opacity over earlier tiles, from 0 to 1.
    pub opacity: f32,
}

impl TileGrid {
    /// Returns the arrangement of a single map that fills `rect`.
    pub fn one(rect: [f32; 4]) -> Self {
        let size = [rect[2], rect[3]];
        Self { maps: 1, across: 1, map: size, pitch: size }
    }
}

impl Tile {
    /// Returns the tile moved to the right and down by so many device pixels.
    #[must_use]
    pub fn moved(&self, (right, down): (f32, f32)) -> Self {
        let [x, y, w, h] = self.rect;
        Self { rect: [x + right, y + down, w, h], ..*self }
    }

    /// Returns the index of the extent of the tile's first map in the table of extents, or `None` if the scale is
    /// fixed. With [`ColourScale::Map`], the extents of the other maps follow it.
    pub fn extent_index(&self, maps: &ExtentTable) -> Option<usize> {
        match self.scale {
            ColourScale::Map => Some(maps.map(self.node, self.first / maps.node(self.node).values)),
            ColourScale::Layer => Some(maps.layer(self.node)),
            ColourScale::Network => Some(maps.network()),
            ColourScale::Fixed(_) => None,
        }
    }

    /// Returns the extent of map number `map` of the tile. `extents` must be in the order of `maps`.
    pub fn extent(&self, maps: &ExtentTable, extents: &[Extent], map: usize) -> Extent {
        let own = if self.scale == ColourScale::Map { map } else { 0 };
        match (self.scale, self.extent_index(maps)) {
            (ColourScale::Fixed(extent), _) => extent,
            (_, Some(place)) => extents.get(place + own).copied().unwrap_or(Extent::EMPTY),
            (_, None) => Extent::EMPTY,
        }
    }
}
