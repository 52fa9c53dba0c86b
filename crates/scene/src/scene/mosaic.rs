//! How the maps of one node are arranged: rows and columns of maps, in towers where there are any.

use crate::geometry::{Rect, grid_of, scores_are_rows};
use net::{Graph, NodeId};

/// The side of a map of `n` rows, in units: a larger map is larger, but a small one can still be seen.
fn side(n: usize) -> f32 {
    MAP * (n as f32).sqrt()
}

/// The side of a map of one pixel.
const MAP: f32 = 10.0;
/// How much larger a photo is than a map of its size: one recognises it from afar.
const PHOTO: f32 = 1.5;
/// The side of one value of a vector.
const CELL: f32 = 8.0;
/// The width and the height of a row of a class whose name has one letter: its score and its probability are read there.
const SCORE: (f32, f32) = (172.0, 34.0);
/// The width of a further letter of the longest name.
const LETTER: f32 = 18.0;
/// Between two maps, as a part of a map's side, and at least.
const SEAM: (f32, f32) = (0.08, 3.0);
/// Between two towers: a part of a tower's height, and at least.
const TOWER_GAP: (f32, f32) = (0.1, 60.0);
/// Below this side, in CSS pixels, a map says nothing any more: fewer are shown, and larger.
const LEGIBLE: f32 = 13.0;
/// How far, in parts of that, the one fades into the other.
const FADE: f32 = 0.2;

/// The arrangement of one node's maps, row by row. A flat node (a vector, or maps of 1x1) is one map of all its values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mosaic {
    /// Maps of the node.
    pub maps: usize,
    /// Maps in a row.
    pub across: usize,
    /// Rows of maps in a tower.
    pub down: usize,
    /// Groups of maps that stand one under the other: AlexNet's two towers.
    pub towers: usize,
    /// Maps that are shown of a tower, from its first.
    pub shown: usize,
    /// Cells in a row of a map.
    pub columns: usize,
    /// Rows of cells in a map.
    pub rows: usize,
    /// The size of a map, in units.
    pub map: (f32, f32),
    /// Between two maps, to the right and downwards, in units.
    pub seam: (f32, f32),
    /// Between two towers, in units.
    pub gap: f32,
}

/// How a mosaic stands among others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stance {
    /// By itself on the line, with so many rows of maps to a column.
    Upright(f32),
    /// In a lane, which shares its height with others.
    Lying,
}

impl Mosaic {
    /// The arrangement of `node`'s maps.
    pub(super) fn of(graph: &Graph, node: NodeId, towers: usize, stance: Stance) -> Self {
        let shape = graph.node(node).shape;
        let (channels, height, width) = shape.chw();
        let (columns, rows) = grid_of(graph, node);
        if shape.is_flat() {
            let cell = if node == graph.logits && scores_are_rows(graph) {
                (SCORE.0 + LETTER * (graph.classes.longest_name().max(1) - 1) as f32, SCORE.1)
            } else {
                (CELL, CELL)
            };
            let map = (columns as f32 * cell.0, rows as f32 * cell.1);
            let (seam, gap) = ((0.0, 0.0), 0.0);
            return Self { maps: 1, across: 1, down: 1, towers: 1, shown: 1, columns, rows, map, seam, gap };
        }
        let larger = if node.0 == 0 && channels > 1 { PHOTO } else { 1.0 };
        let scale = larger * side(height.max(width)) / height.max(width) as f32;
        let map = (width as f32 * scale, height as f32 * scale);
        let of_tower = channels / towers;
        let rows_to_a_column = match stance {
            Stance::Upright(rows) => rows / (towers * towers) as f32,
            Stance::Lying => 0.5,
        };
        let across = (of_tower as f32 / rows_to_a_column).sqrt().round() as usize;
        // The colours of a photo are one above the other.
        let across = if node.0 == 0 { 1 } else { across.clamp(1, of_tower.max(1)) };
        let down = of_tower.div_ceil(across);
        let seam = (map.0 * SEAM.0).max(SEAM.1);
        let gap = (down as f32 * (map.1 + seam) * TOWER_GAP.0).max(TOWER_GAP.1);
        Self { maps: channels, across, down, towers, shown: of_tower, columns, rows, map, seam: (seam, seam), gap }
    }

    /// The same arrangement, so many times as large.
    #[must_use]
    pub fn scaled(self, scale: f32) -> Self {
        let pair = |(x, y): (f32, f32)| (x * scale, y * scale);
        Self { map: pair(self.map), seam: pair(self.seam), gap: self.gap * scale, ..self }
    }

    /// The same rhythm from row to row as `before`'s, whose maps this one's answer to one to one.
    pub(super) fn align(&mut self, before: &Self) {
        let alike = self.across == 1 && before.across == 1 && self.down == before.down && self.towers == before.towers;
        let pitch = before.map.1 + before.seam.1;
        if alike && pitch > self.map.1 + self.seam.1 {
            self.seam.1 = pitch - self.map.1;
        }
    }

    /// From one map's corner to the next one's, to the right and downwards, in units.
    pub fn pitch(&self) -> (f32, f32) {
        (self.map.0 + self.seam.0, self.map.1 + self.seam.1)
    }

    /// From one tower's top to the next one's, in units.
    fn tower_pitch(&self) -> f32 {
        self.down as f32 * self.pitch().1 - self.seam.1 + self.gap
    }

    /// The maps of a tower, shown or not.
    fn of_tower(&self) -> usize {
        self.maps / self.towers
    }

    /// The size of the whole, in units.
    pub fn size(&self) -> (f32, f32) {
        let width = self.across as f32 * self.pitch().0 - self.seam.0;
        (width, self.towers as f32 * self.tower_pitch() - self.gap)
    }

    /// The side of a map at a scale, in CSS pixels.
    fn seen_side(&self, scale: f32) -> f32 {
        self.map.0.max(self.map.1) * scale
    }

    /// Fewer maps, and larger; `None` where fewer would be no larger, as in a single column.
    fn coarser(self) -> Option<Self> {
        Some(self.thinned()).filter(|fewer| fewer.map.0 > self.map.0 * 1.05)
    }

    /// What is drawn of it at a scale, with how opaque: what [`Mosaic::at_scale`] shows, and near the scale at which that
    /// changes both of what it changes between.
    pub fn fading(self, scale: f32) -> Vec<(Self, f32)> {
        let (mut finer, mut level) = (None, self);
        while level.seen_side(scale) < LEGIBLE {
            let Some(fewer) = level.coarser() else { break };
            (finer, level) = (Some(level), fewer);
        }
        // The part of the finer of two.
        let part = |finer: Self| (0.5 + (finer.seen_side(scale) / LEGIBLE - 1.0) / FADE).clamp(0.0, 1.0);
        let pair = match (finer.filter(|&finer| part(finer) > 0.0), level.coarser()) {
            (Some(finer), _) => Some((level, finer)),
            (None, Some(coarser)) if part(level) < 1.0 => Some((coarser, level)),
            _ => None,
        };
        match pair {
            Some((coarser, finer)) => vec![(coarser, 1.0 - part(finer)), (finer, part(finer))],
            None => vec![(level, 1.0)],
        }
    }

    /// What is shown of it at a scale, in CSS pixels a unit: where maps would be too small to be seen, every second
    /// row and column of them gives its room to the others, and so on.
    #[must_use]
    pub fn at_scale(self, scale: f32) -> Self {
        let mut thinned = self;
        while thinned.seen_side(scale) < LEGIBLE {
            let Some(fewer) = thinned.coarser() else { break };
            thinned = fewer;
        }
        thinned
    }

    /// Half the rows and half the columns, in the same place.
    fn thinned(self) -> Self {
        let (width, tower) = (self.size().0, self.tower_pitch() - self.gap);
        let (across, down) = (self.across.div_ceil(2), self.down.div_ceil(2));
        // A map keeps its proportions: it takes the room that the scarcer side has.
        let room = (width / across as f32, tower / down as f32);
        let grown = (room.0 / self.pitch().0).min(room.1 / self.pitch().1).max(1.0);
        let seam = (self.seam.0.min(self.seam.1)) * grown;
        let map = (self.map.0 * grown, self.map.1 * grown);
        let spread = |whole: f32, count: usize, map: f32| {
            if count > 1 { (whole - map * count as f32) / (count - 1) as f32 } else { seam }
        };
        let seam = (spread(width, across, map.0), spread(tower, down, map.1));
        Self { across, down, shown: (across * down).min(self.shown), map, seam, ..self }
    }

    /// The top left corner of a map, from that of the whole; `None` where it is not shown.
    pub fn corner(&self, map: usize) -> Option<(f32, f32)> {
        let (tower, place) = (map / self.of_tower().max(1), map % self.of_tower().max(1));
        if tower >= self.towers || place >= self.shown {
            return None;
        }
        let (y, x) = (place / self.across, place % self.across);
        let pitch = self.pitch();
        Some((x as f32 * pitch.0, tower as f32 * self.tower_pitch() + y as f32 * pitch.1))
    }

    /// The rectangle of a map, where the whole has its corner at `whole`'s; `None` where it is not shown.
    pub fn place(&self, whole: Rect, map: usize) -> Option<Rect> {
        let (x, y) = self.corner(map)?;
        Some(Rect { x: whole.x + x, y: whole.y + y, w: self.map.0, h: self.map.1 })
    }

    /// The rectangle of a tower, where the whole has its corner at `whole`'s.
    pub fn tower(&self, whole: Rect, tower: usize) -> Rect {
        let pitch = self.tower_pitch();
        Rect { x: whole.x, y: whole.y + tower as f32 * pitch, w: self.size().0, h: pitch - self.gap }
    }

    /// All maps that are shown, in order.
    pub fn all(&self) -> impl Iterator<Item = usize> + use<> {
        let (of_tower, shown) = (self.of_tower(), self.shown);
        (0..self.towers).flat_map(move |tower| tower * of_tower..tower * of_tower + shown)
    }

    /// The map, and the column and row of its cell, at a point from the top left corner of the whole; `None` between
    /// maps.
    pub fn at(&self, x: f32, y: f32) -> Option<(usize, usize, usize)> {
        if x < 0.0 || y < 0.0 {
            return None;
        }
        let pitch = self.pitch();
        let tower = (y / self.tower_pitch()) as usize;
        let y = y - tower as f32 * self.tower_pitch();
        let (across, down) = ((x / pitch.0) as usize, (y / pitch.1) as usize);
        let (x, y) = (x - across as f32 * pitch.0, y - down as f32 * pitch.1);
        let place = down * self.across + across;
        let inside = tower < self.towers
            && across < self.across
            && place < self.shown
            && down < self.down
            && x < self.map.0
            && y < self.map.1;
        let cell = |at: f32, size: f32, cells: usize| ((at / size * cells as f32) as usize).min(cells - 1);
        inside.then(|| {
            (tower * self.of_tower() + place, cell(x, self.map.0, self.columns), cell(y, self.map.1, self.rows))
        })
    }
}
