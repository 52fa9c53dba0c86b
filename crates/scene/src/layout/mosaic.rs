//! The arrangement of one node's feature maps in rows and columns, and in towers if the node has them.

use crate::geometry::{Rect, grid_of, scores_are_rows};
use net::{Graph, NodeId};

/// Returns the side of a feature map of `n` rows, in scene units. It grows with the square root of `n`, so that small
/// maps remain visible beside large ones.
fn side(n: usize) -> f32 {
    MAP * (n as f32).sqrt()
}

/// The side of a feature map of one pixel.
const MAP: f32 = 10.0;
/// Enlargement of a colour photo over a feature map of the same size, so that the photo is recognised from afar.
const PHOTO: f32 = 1.5;
/// The side of one value of a vector.
const CELL: f32 = 8.0;
/// Width and height of the row of a class whose name has one letter. The row also shows the score and the probability.
const SCORE: (f32, f32) = (172.0, 34.0);
/// Extra width for every further letter of the longest class name.
const LETTER: f32 = 18.0;
/// Distance between two feature maps: as a fraction of the map's width, and its least value.
const SEAM: (f32, f32) = (0.08, 3.0);
/// Distance between two towers: as a fraction of a tower's height, and its least value.
const TOWER_GAP: (f32, f32) = (0.1, 60.0);
/// The least legible side of a feature map, in CSS pixels. If maps are smaller, fewer of them are shown, and larger.
const LEGIBLE: f32 = 13.0;
/// The range of the cross-fade between two levels of detail, as a fraction of [`LEGIBLE`].
const FADE: f32 = 0.2;

/// The arrangement of one node's feature maps, row by row. A flat node (a vector, or maps of 1x1) is one map of all its
/// values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mosaic {
    /// Number of feature maps of the node.
    pub maps: usize,
    /// Maps in a row.
    pub across: usize,
    /// Rows of maps in a tower.
    pub down: usize,
    /// Number of map groups, one below the other: AlexNet's two towers.
    pub towers: usize,
    /// Number of maps shown of each tower, counted from its first.
    pub shown: usize,
    /// Cells in a row of a map.
    pub columns: usize,
    /// Rows of cells in a map.
    pub rows: usize,
    /// Width and height of a map, in scene units.
    pub map: (f32, f32),
    /// Distance between two maps, horizontal and vertical, in scene units.
    pub seam: (f32, f32),
    /// Distance between two towers, in scene units.
    pub gap: f32,
}

/// The position of a mosaic relative to others, which decides its proportions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum MosaicPlacement {
    /// Alone on the line. The value is the ratio of rows to columns of maps.
    OnLine(f32),
    /// On a branch, which shares the height with other branches.
    OnBranch,
}

impl Mosaic {
    /// Computes the arrangement of `node`'s feature maps.
    pub(super) fn of(graph: &Graph, node: NodeId, towers: usize, placement: MosaicPlacement) -> Self {
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
        let rows_to_a_column = match placement {
            MosaicPlacement::OnLine(rows) => rows / (towers * towers) as f32,
            MosaicPlacement::OnBranch => 0.5,
        };
        let across = (of_tower as f32 / rows_to_a_column).sqrt().round() as usize;
        // The colour channels of a photo are one below the other.
        let across = if node.0 == 0 { 1 } else { across.clamp(1, of_tower.max(1)) };
        let down = of_tower.div_ceil(across);
        let seam = (map.0 * SEAM.0).max(SEAM.1);
        let gap = (down as f32 * (map.1 + seam) * TOWER_GAP.0).max(TOWER_GAP.1);
        Self { maps: channels, across, down, towers, shown: of_tower, columns, rows, map, seam: (seam, seam), gap }
    }

    /// Returns the arrangement magnified by `scale`.
    #[must_use]
    pub fn scaled(self, scale: f32) -> Self {
        let pair = |(x, y): (f32, f32)| (x * scale, y * scale);
        Self { map: pair(self.map), seam: pair(self.seam), gap: self.gap * scale, ..self }
    }

    /// Matches the vertical pitch of the maps to that of `before`, if both are single columns and the maps correspond
    /// one to one.
    pub(super) fn align(&mut self, before: &Self) {
        let alike = self.across == 1 && before.across == 1 && self.down == before.down && self.towers == before.towers;
        let pitch = before.map.1 + before.seam.1;
        if alike && pitch > self.map.1 + self.seam.1 {
            self.seam.1 = pitch - self.map.1;
        }
    }

    /// Returns the horizontal and vertical distance from one map's corner to the next one's, in scene units.
    pub fn pitch(&self) -> (f32, f32) {
        (self.map.0 + self.seam.0, self.map.1 + self.seam.1)
    }

    /// Returns the distance from one tower's top to the next one's, in scene units.
    fn tower_pitch(&self) -> f32 {
        self.down as f32 * self.pitch().1 - self.seam.1 + self.gap
    }

    /// Returns the number of maps of a tower, including those that are not shown.
    fn of_tower(&self) -> usize {
        self.maps / self.towers
    }

    /// Returns the size of the whole mosaic, in scene units.
    pub fn size(&self) -> (f32, f32) {
        let width = self.across as f32 * self.pitch().0 - self.seam.0;
        (width, self.towers as f32 * self.tower_pitch() - self.gap)
    }

    /// Returns the side of a map at `scale`, in CSS pixels.
    fn seen_side(&self, scale: f32) -> f32 {
        self.map.0.max(self.map.1) * scale
    }

    /// Returns the next coarser level of detail: fewer and larger maps. `None` if fewer maps would be no larger, as in
    /// a single column.
    fn coarser(self) -> Option<Self> {
        Some(self.thinned()).filter(|fewer| fewer.map.0 > self.map.0 * 1.05)
    }

    /// Returns the levels of detail to draw at `scale`, each with its opacity.
    ///
    /// This is the level of [`Mosaic::at_scale`]. Near a scale at which the level changes, it is both levels, which
    /// cross-fade.
    pub fn fading(self, scale: f32) -> Vec<(Self, f32)> {
        let (mut finer, mut level) = (None, self);
        while level.seen_side(scale) < LEGIBLE {
            let Some(fewer) = level.coarser() else { break };
            (finer, level) = (Some(level), fewer);
        }
        // The opacity of the finer of two levels.
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

    /// Returns the level of detail for `scale`, in CSS pixels per scene unit. While the maps are too small to be
    /// legible, every second row and column of maps is left out and the others become larger.
    #[must_use]
    pub fn at_scale(self, scale: f32) -> Self {
        let mut thinned = self;
        while thinned.seen_side(scale) < LEGIBLE {
            let Some(fewer) = thinned.coarser() else { break };
            thinned = fewer;
        }
        thinned
    }

    /// Returns the mosaic with half the rows and half the columns in the same space.
    fn thinned(self) -> Self {
        let (width, tower) = (self.size().0, self.tower_pitch() - self.gap);
        let (across, down) = (self.across.div_ceil(2), self.down.div_ceil(2));
        // A map keeps its proportions, so the tighter of both directions limits its size.
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

    /// Returns the top left corner of a map relative to that of the mosaic, or `None` if the map is not shown.
    pub fn corner(&self, map: usize) -> Option<(f32, f32)> {
        let (tower, place) = (map / self.of_tower().max(1), map % self.of_tower().max(1));
        if tower >= self.towers || place >= self.shown {
            return None;
        }
        let (y, x) = (place / self.across, place % self.across);
        let pitch = self.pitch();
        Some((x as f32 * pitch.0, tower as f32 * self.tower_pitch() + y as f32 * pitch.1))
    }

    /// Returns the rectangle of a map if the mosaic has its top left corner at that of `whole`, or `None` if the map is
    /// not shown.
    pub fn place(&self, whole: Rect, map: usize) -> Option<Rect> {
        let (x, y) = self.corner(map)?;
        Some(Rect { x: whole.x + x, y: whole.y + y, w: self.map.0, h: self.map.1 })
    }

    /// Returns the rectangle of a tower if the mosaic has its top left corner at that of `whole`.
    pub fn tower(&self, whole: Rect, tower: usize) -> Rect {
        let pitch = self.tower_pitch();
        Rect { x: whole.x, y: whole.y + tower as f32 * pitch, w: self.size().0, h: pitch - self.gap }
    }

    /// Returns all maps that are shown, in order.
    pub fn all(&self) -> impl Iterator<Item = usize> + use<> {
        let (of_tower, shown) = (self.of_tower(), self.shown);
        (0..self.towers).flat_map(move |tower| tower * of_tower..tower * of_tower + shown)
    }

    /// Returns the map, and the column and row of its cell, at a point relative to the top left corner of the mosaic,
    /// or `None` between maps.
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
