//! How the maps of one node are arranged: rows and columns of maps, in towers where there are any.

use crate::net::{Graph, NodeId, Op};
use crate::stage::layout::grid;

/// The side of a map of `n` rows, in units: a larger map is larger, but a small one can still be seen.
fn side(n: usize) -> f32 {
    MAP * (n as f32).sqrt()
}

/// The side of a map of one pixel.
const MAP: f32 = 10.0;
/// The side of one value of a vector.
const CELL: f32 = 8.0;
/// Between two maps, as a part of a map's side, and at least.
const SEAM: (f32, f32) = (0.08, 3.0);
/// Between two towers.
const TOWER_GAP: f32 = 60.0;

/// The arrangement of one node's maps, row by row. A flat node (a vector, or maps of 1x1) is one map of all its values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mosaic {
    /// Maps.
    pub maps: usize,
    /// Maps in a row.
    pub across: usize,
    /// Rows of maps in a tower.
    pub down: usize,
    /// Groups of maps that stand one under the other: AlexNet's two towers.
    pub towers: usize,
    /// Cells in a row of a map.
    pub columns: usize,
    /// Rows of cells in a map.
    pub rows: usize,
    /// The size of a map, in units.
    pub map: (f32, f32),
    /// Between two maps, in units.
    pub seam: f32,
}

impl Mosaic {
    /// The arrangement of `node`'s maps; `wide` for lanes, which share their height with others.
    pub(super) fn of(graph: &Graph, node: NodeId, towers: usize, wide: bool) -> Self {
        let shape = graph.node(node).shape;
        let (channels, height, width) = shape.chw();
        let (columns, rows) = grid(shape);
        if shape.is_flat() {
            let map = (columns as f32 * CELL, rows as f32 * CELL);
            return Self { maps: 1, across: 1, down: 1, towers: 1, columns, rows, map, seam: 0.0 };
        }
        let scale = side(height.max(width)) / height.max(width) as f32;
        let map = (width as f32 * scale, height as f32 * scale);
        let of_tower = channels / towers;
        // As many rows as columns; twice as many columns where lanes lie one above the other, and with two towers.
        let stretch: f32 = if wide || towers > 1 { 2.0 } else { 1.0 };
        let across = ((of_tower as f32 * stretch).sqrt().ceil() as usize).clamp(1, of_tower.max(1));
        let down = of_tower.div_ceil(across);
        Self { maps: channels, across, down, towers, columns, rows, map, seam: (map.0 * SEAM.0).max(SEAM.1) }
    }

    /// The size of the whole, in units.
    pub fn size(&self) -> (f32, f32) {
        let tower = self.down as f32 * (self.map.1 + self.seam) - self.seam;
        let width = self.across as f32 * (self.map.0 + self.seam) - self.seam;
        (width, self.towers as f32 * (tower + TOWER_GAP) - TOWER_GAP)
    }

    /// The top left corner of a map, from that of the whole.
    pub fn corner(&self, map: usize) -> (f32, f32) {
        let of_tower = self.maps / self.towers;
        let (tower, place) = (map / of_tower.max(1), map % of_tower.max(1));
        let (y, x) = (place / self.across, place % self.across);
        let pitch = (self.map.0 + self.seam, self.map.1 + self.seam);
        let top = tower as f32 * (self.down as f32 * pitch.1 - self.seam + TOWER_GAP);
        (x as f32 * pitch.0, top + y as f32 * pitch.1)
    }

    /// The map, and the column and row of its cell, at a point from the top left corner of the whole; `None` between
    /// maps.
    pub fn at(&self, x: f32, y: f32) -> Option<(usize, usize, usize)> {
        let of_tower = self.maps / self.towers;
        let pitch = (self.map.0 + self.seam, self.map.1 + self.seam);
        let tower_pitch = self.down as f32 * pitch.1 - self.seam + TOWER_GAP;
        if x < 0.0 || y < 0.0 {
            return None;
        }
        let tower = (y / tower_pitch) as usize;
        let y = y - tower as f32 * tower_pitch;
        let (across, down) = ((x / pitch.0) as usize, (y / pitch.1) as usize);
        let (x, y) = (x - across as f32 * pitch.0, y - down as f32 * pitch.1);
        let place = down * self.across + across;
        let inside = tower < self.towers
            && across < self.across
            && place < of_tower
            && down < self.down
            && x < self.map.0
            && y < self.map.1;
        let cell = |at: f32, size: f32, cells: usize| ((at / size * cells as f32) as usize).min(cells - 1);
        inside.then(|| (tower * of_tower + place, cell(x, self.map.0, self.columns), cell(y, self.map.1, self.rows)))
    }
}

/// In how many towers each node's maps stand: as many as there are groups where a convolution makes or reads groups, and
/// so for what lies between, channel by channel.
pub(super) fn towers(graph: &Graph) -> Vec<usize> {
    let channelwise = |node: NodeId| {
        matches!(
            graph.node(node).op,
            Op::Activation(_)
                | Op::BatchNorm2d(_)
                | Op::LocalResponseNorm(_)
                | Op::MaxPool2d(_)
                | Op::AvgPool2d(_)
                | Op::Dropout(_)
        )
    };
    let groups = |node: NodeId| match &graph.node(node).op {
        Op::Conv2d(conv) => conv.groups,
        _ => 1,
    };
    let mut towers: Vec<usize> = (0..graph.nodes.len()).map(|place| groups(NodeId(place))).collect();
    // Backwards for what a grouped convolution reads, then forwards for what it gives.
    for place in (1..graph.nodes.len()).rev() {
        let node = NodeId(place);
        let wanted = if channelwise(node) { towers[place] } else { groups(node) };
        for &input in graph.node(node).inputs.iter().filter(|input| input.0 > 0) {
            towers[input.0] = towers[input.0].max(wanted);
        }
    }
    for place in 1..graph.nodes.len() {
        if channelwise(NodeId(place)) {
            towers[place] =
                graph.nodes[place].inputs.iter().map(|input| towers[input.0]).fold(towers[place], usize::max);
        }
    }
    towers
}
