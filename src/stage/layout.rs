//! The stage's layout, from the graph alone: layers from left to right, maps in mosaics.

use crate::net::{Graph, NodeId, Shape};

/// A rectangle, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

impl Rect {
    /// The smallest that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.w).max(other.x + other.w);
        let bottom = (self.y + self.h).max(other.y + other.h);
        Self { x, y, w: right - x, h: bottom - y }
    }

    /// Whether the two share a point.
    pub fn meets(self, other: Self) -> bool {
        self.x <= other.x + other.w
            && other.x <= self.x + self.w
            && self.y <= other.y + other.h
            && other.y <= self.y + self.h
    }

    /// The middle of its left edge.
    pub fn left(self) -> (f32, f32) {
        (self.x, self.y + self.h / 2.0)
    }

    /// The middle of its right edge.
    pub fn right(self) -> (f32, f32) {
        (self.x + self.w, self.y + self.h / 2.0)
    }
}

/// Where one map stands. A flat node (a vector, or maps of 1x1) is one map of all its values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Whose map.
    pub node: NodeId,
    /// Which: its channel, or 0 where the node is flat.
    pub map: usize,
    /// Where.
    pub rect: Rect,
    /// Cells in a row of it.
    pub columns: usize,
    /// Rows of cells.
    pub rows: usize,
}

/// Where one layer stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Which.
    pub node: NodeId,
    /// The rectangle around its maps.
    pub rect: Rect,
    /// Its maps.
    pub places: Vec<Place>,
}

/// The room there is, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// A laid out network.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// All layers that are steps, from left to right.
    pub columns: Vec<Column>,
    /// The size it takes, at least the room's.
    pub size: Room,
}

/// Room above the maps for a layer's name and shape.
const HEAD: f32 = 56.0;
/// Room around the whole.
const MARGIN: f32 = 16.0;
/// Between two layers, at least and at most.
const GAP: (f32, f32) = (26.0, 72.0);
/// Between two maps of a mosaic.
const SEAM: f32 = 7.0;
/// The most maps in a column of a mosaic.
const MOST_ROWS: usize = 8;
/// A map of `n` rows is about `n.sqrt()` times this high, so that small maps can still be read.
const MAGNITUDES: [f32; 8] = [19.0, 18.0, 17.0, 16.0, 15.0, 14.0, 13.0, 12.0];
/// The side of one value of a vector.
const CELL: f32 = 7.0;
/// The scores: width of a row of a class, its height at most.
const SCORE: (f32, f32) = (172.0, 50.0);

/// How many columns and rows of cells a map of this shape is drawn with. A vector becomes the upright rectangle
/// nearest to a square that it fills: 84 values are 7x12.
pub fn grid(shape: Shape) -> (usize, usize) {
    match shape.chw() {
        (n, 1, 1) => {
            let upright = (1..=n).take_while(|c| c * c <= n).filter(|c| n % c == 0).last().unwrap_or(1);
            if upright * 4 >= n / upright || n < 16 {
                (upright, n / upright)
            } else {
                let columns = (n as f32).sqrt().ceil() as usize;
                (columns, n.div_ceil(columns))
            }
        }
        (_, h, w) => (w, h),
    }
}

/// The mosaic of one layer before it has a place.
struct Mosaic {
    node: NodeId,
    maps: usize,
    across: usize,
    down: usize,
    columns: usize,
    rows: usize,
    w: f32,
    h: f32,
    pitch: f32,
}

impl Mosaic {
    fn of(graph: &Graph, node: NodeId, magnitude: f32, height: f32) -> Self {
        let shape = graph.node(node).shape;
        let (channels, ..) = shape.chw();
        if node == graph.logits {
            let pitch = (height / channels as f32).min(SCORE.1);
            let whole = pitch * channels as f32;
            return Self {
                node,
                maps: 1,
                across: 1,
                down: 1,
                columns: 1,
                rows: channels,
                w: SCORE.0,
                h: whole,
                pitch: whole,
            };
        }
        let (columns, rows) = grid(shape);
        if shape.is_flat() {
            let (w, h) = (columns as f32 * CELL, rows as f32 * CELL);
            return Self { node, maps: 1, across: 1, down: 1, columns, rows, w, h, pitch: h };
        }
        let across = channels.div_ceil(MOST_ROWS);
        let down = channels.div_ceil(across);
        let most = (height / down as f32 - SEAM).max(8.0);
        // Whole pixels a cell, where there is room for one: edges stay sharp.
        let wanted = (magnitude / (rows as f32).sqrt()).min(most / rows as f32);
        let cell =
            if wanted >= 1.0 { (wanted + 0.4).floor().min((most / rows as f32).floor()).max(1.0) } else { wanted };
        let (w, h) = (columns as f32 * cell, rows as f32 * cell);
        Self { node, maps: channels, across, down, columns, rows, w, h, pitch: h + SEAM }
    }

    fn width(&self) -> f32 {
        self.across as f32 * (self.w + SEAM) - SEAM
    }
}

impl Stage {
    /// Lays `graph` out in `room`: as large as fits, and wider than the room where nothing would be seen otherwise.
    pub fn of(graph: &Graph, room: Room) -> Self {
        let height = (room.height - HEAD - 2.0 * MARGIN).max(240.0);
        let steps = graph.steps();
        let row = |magnitude: f32| -> Vec<Mosaic> {
            steps.iter().map(|&node| Mosaic::of(graph, node, magnitude, height)).collect()
        };
        let needed = |row: &[Mosaic]| row.iter().map(Mosaic::width).sum::<f32>() + 2.0 * MARGIN;
        let gaps = steps.len().saturating_sub(1).max(1) as f32;
        let fits = |row: &Vec<Mosaic>| needed(row) + gaps * GAP.0 <= room.width;
        let mut mosaics = MAGNITUDES.iter().map(|&m| row(m)).find(fits).unwrap_or_else(|| row(MAGNITUDES[3]));
        align(graph, &mut mosaics, height);
        let gap = ((room.width - needed(&mosaics)) / gaps).clamp(GAP.0, GAP.1);
        let total = needed(&mosaics) + gaps * gap;
        let mut x = MARGIN + ((room.width - total) / 2.0).max(0.0);
        let mut columns = Vec::with_capacity(mosaics.len());
        for mosaic in &mosaics {
            columns.push(place(mosaic, x.round(), height));
            x += mosaic.width() + gap;
        }
        let size = Room { width: total.max(room.width), height: height + HEAD + 2.0 * MARGIN };
        Self { columns, size }
    }

    /// The layer of `node`; `None` where it is no step.
    pub fn column(&self, node: NodeId) -> Option<&Column> {
        self.columns.iter().find(|column| column.node == node)
    }

    /// The place of a map.
    pub fn place(&self, node: NodeId, map: usize) -> Option<&Place> {
        self.column(node)?.places.get(map)
    }

    /// All maps.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.columns.iter().flat_map(|column| &column.places)
    }
}

/// Gives layers whose maps answer one to one to those before them the same rhythm, so that their rows line up.
fn align(graph: &Graph, mosaics: &mut [Mosaic], height: f32) {
    for i in 0..mosaics.len() {
        let before = graph.node(mosaics[i].node).inputs.first().copied();
        let pitch = mosaics[..i]
            .iter()
            .find(|m| Some(m.node) == before && m.maps == mosaics[i].maps && m.maps > 1)
            .map(|m| m.pitch);
        let Mosaic { down, pitch: own, .. } = mosaics[i];
        mosaics[i].pitch = pitch.unwrap_or_else(|| own.max((height / down as f32).min(own + 14.0)));
    }
}

fn place(mosaic: &Mosaic, x: f32, height: f32) -> Column {
    let tall = mosaic.pitch * (mosaic.down - 1) as f32 + mosaic.h;
    let top = (HEAD + MARGIN + (height - tall).max(0.0) / 2.0).round();
    let places = (0..mosaic.maps)
        .map(|map| {
            let (down, across) = (map / mosaic.across, map % mosaic.across);
            let rect = Rect {
                x: x + across as f32 * (mosaic.w + SEAM),
                y: (top + down as f32 * mosaic.pitch).round(),
                w: mosaic.w,
                h: mosaic.h,
            };
            Place { node: mosaic.node, map, rect, columns: mosaic.columns, rows: mosaic.rows }
        })
        .collect();
    Column { node: mosaic.node, rect: Rect { x, y: top, w: mosaic.width(), h: tall }, places }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{names, network};

    #[test]
    fn vectors_stand_upright() {
        assert_eq!(grid(Shape::Vector(84)), (7, 12));
        assert_eq!(grid(Shape::maps(120, 1, 1)), (10, 12));
        assert_eq!(grid(Shape::Vector(10)), (2, 5));
        assert_eq!(grid(Shape::Vector(101)), (11, 10));
        assert_eq!(grid(Shape::maps(6, 28, 28)), (28, 28));
    }

    #[test]
    fn nothing_overlaps_and_all_is_inside() {
        // The stage shows LeNet-5 and its like.
        for name in names().filter(|name| name.starts_with("lenet")) {
            let net = network(name).expect("should be declared");
            for room in [(1000.0, 700.0), (880.0, 640.0), (390.0, 480.0), (2400.0, 1200.0)] {
                let stage = Stage::of(&net, Room { width: room.0, height: room.1 });
                let places: Vec<_> = stage.places().collect();
                let maps: usize = net
                    .steps()
                    .iter()
                    .map(|&id| {
                        let shape = net.node(id).shape;
                        if shape.is_flat() { 1 } else { shape.chw().0 }
                    })
                    .sum();
                assert_eq!(places.len(), maps);
                for (i, a) in places.iter().enumerate() {
                    let r = a.rect;
                    assert!(
                        r.x >= 0.0 && r.y >= HEAD && r.x + r.w <= stage.size.width && r.y + r.h <= stage.size.height,
                        "{name} {room:?} {a:?} {:?}",
                        stage.size
                    );
                    for b in &places[..i] {
                        let apart = r.x >= b.rect.x + b.rect.w
                            || b.rect.x >= r.x + r.w
                            || r.y >= b.rect.y + b.rect.h
                            || b.rect.y >= r.y + r.h;
                        assert!(apart, "{name} {room:?}: {a:?} {b:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn pooled_maps_line_up_with_theirs() {
        let net = network("lenet5").expect("should be declared");
        let stage = Stage::of(&net, Room { width: 900.0, height: 680.0 });
        let centre = |name: &str, map: usize| {
            let rect = stage.place(net.find(name).expect("should be a node"), map).expect("should be placed").rect;
            rect.y + rect.h / 2.0
        };
        for map in 0..6 {
            assert!((centre("C1", map) - centre("S2", map)).abs() <= 1.5);
        }
    }
}
