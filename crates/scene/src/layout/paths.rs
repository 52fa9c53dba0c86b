//! SVG paths of the edges, signs and marks between and around tiles, for the page and for the architecture drawing.
//!
//! Signs have their own scale, `unit`. It is 1 on the page, where signs grow with the feature maps. The architecture
//! drawing sets it so that signs are legible in print.

use std::fmt::Write as _;

use super::edges::{Edge, Route};
use super::scene::Scene;
use super::signs::{Sign, branch_channels};
use super::tiles::{SceneTile, TileSubject};
use crate::geometry::Rect;
use net::{AblationFactors, Graph, NodeId, Op};

/// Distance from a tile's left edge to the centre of its plus sign, and the radius of the sign.
const PLUS: (f32, f32) = (24.0, 13.0);
/// Distance from a tile's left edge to its bands, and their width.
const BANDS: (f32, f32) = (16.0, 9.0);
/// Height of an arch above its folded block, and its horizontal distance from the block.
const ARCH: (f32, f32) = (26.0, 14.0);
/// Radius of the bends of an arch, and of the arch over a folded block.
const BEND: (f32, f32) = (24.0, 12.0);
/// Side of the square that stands for a projection.
const PROJECTION: f32 = 18.0;

/// Appends a curve between two points.
pub fn curve(out: &mut String, (x0, y0): (f32, f32), (x1, y1): (f32, f32)) {
    let middle = (x0 + x1) / 2.0;
    // Writing to a `String` cannot fail.
    let _ = write!(out, "M{x0:.1} {y0:.1}C{middle:.1} {y0:.1} {middle:.1} {y1:.1} {x1:.1} {y1:.1}");
}

/// Returns the point at which the edges to a tile end.
fn arrival(graph: &Graph, tile: &SceneTile, unit: f32) -> (f32, f32) {
    let (x, y) = tile.rect.left();
    match tile.subject {
        TileSubject::Node(node) if matches!(graph.node(node).op, Op::Add(_)) => (x - (PLUS.0 + PLUS.1) * unit, y),
        TileSubject::Node(node) if matches!(graph.node(node).op, Op::Concat(_)) => (x - BANDS.0 * unit, y),
        TileSubject::Node(_) | TileSubject::Block(_) => (x, y),
    }
}

/// Distance from a tile to the point where a shortcut rises, on the page.
pub const RISE: f32 = 10.0;

/// Returns the path of an edge, in scene units. Shortcuts rise at a distance of `rise` after a tile.
pub fn edge_path(graph: &Graph, scene: &Scene, edge: &Edge, unit: f32, rise: f32) -> String {
    let (from, to) = (&scene.tiles[edge.from], &scene.tiles[edge.to]);
    let (start, mut end) = (from.rect.right(), arrival(graph, to, unit));
    let mut out = String::new();
    match edge.route {
        // The edge leads up to a node on a shortcut, or down from it. It runs beside the bypassed nodes and not across
        // them.
        Route::Direct if edge.shortcut && end.1 < start.1 => {
            let x = start.0 + rise;
            let bend = (BEND.0 * unit).min(start.1 - end.1).min((end.0 - x).max(0.0));
            let _ = write!(out, "M{:.1} {:.1}H{x:.1}V{:.1}", start.0, start.1, end.1 + bend);
            let _ = write!(out, "Q{x:.1} {:.1} {:.1} {:.1}H{:.1}", end.1, x + bend, end.1, end.0);
        }
        Route::Direct if edge.shortcut && end.1 > start.1 => {
            let (x, y) = (to.rect.x - PLUS.0 * unit, end.1 - PLUS.1 * unit);
            let bend = (BEND.0 * unit).min(y - start.1).min(x - start.0).max(0.0);
            let _ = write!(out, "M{:.1} {:.1}H{:.1}", start.0, start.1, x - bend);
            let _ = write!(out, "Q{x:.1} {:.1} {x:.1} {:.1}V{y:.1}", start.1, start.1 + bend);
        }
        Route::Direct => {
            // The edge of each branch ends at its own band.
            if let (Some(branch), TileSubject::Node(_)) = (from.branch, to.subject) {
                end.1 = band(graph, to, branch, unit).map_or(end.1, |band| band.middle().1);
            }
            curve(&mut out, start, end);
        }
        Route::Arch { top } => {
            let (x0, y0) = (start.0 + rise, start.1);
            let (x1, y1) = (to.rect.x - PLUS.0 * unit, end.1 - PLUS.1 * unit);
            let _ = write!(out, "M{:.1} {y0:.1}H{x0:.1}", start.0);
            bridge(&mut out, x0, x1, top, BEND.0 * unit);
            let _ = write!(out, "V{y1:.1}");
        }
    }
    out
}

/// Appends the path up to `top`, across, and to the point from which it leads down again.
fn bridge(out: &mut String, x0: f32, x1: f32, top: f32, bend: f32) {
    let _ = write!(
        out,
        "V{:.1}Q{x0:.1} {top:.1} {:.1} {top:.1}H{:.1}Q{x1:.1} {top:.1} {x1:.1} {:.1}",
        top + bend,
        x0 + bend,
        x1 - bend,
        top + bend
    );
}

/// Returns whether an edge belongs to a zero-padded shortcut.
pub fn is_padded(graph: &Graph, scene: &Scene, edge: &Edge) -> bool {
    let pads = |place: usize| matches!(graph.node(scene.tiles[place].node).op, Op::PadShortcut(_));
    edge.shortcut && (pads(edge.from) || pads(edge.to))
}

/// Returns the band of a branch at the left edge of a concatenation.
pub fn band(graph: &Graph, tile: &SceneTile, branch: usize, unit: f32) -> Option<Rect> {
    let channels = branch_channels(graph, tile.node)?;
    let all: usize = channels.iter().sum();
    let before: usize = channels.iter().take(branch).sum();
    let of_channel = tile.rect.h / all as f32;
    let own = *channels.get(branch)?;
    let (y, h) = (tile.rect.y + before as f32 * of_channel, own as f32 * of_channel);
    Some(Rect { x: tile.rect.x - BANDS.0 * unit, y, w: BANDS.1 * unit, h })
}

/// Returns the centre of the plus sign before an addition, its radius, and the path of its cross.
pub fn plus(rect: Rect, unit: f32) -> ((f32, f32), f32, String) {
    let ((x, cy), r) = (rect.left(), PLUS.1 * unit);
    let (cx, half) = (x - PLUS.0 * unit, r / 2.0);
    let cross = format!("M{:.1} {cy:.1}H{:.1}M{cx:.1} {:.1}V{:.1}", cx - half, cx + half, cy - half, cy + half);
    ((cx, cy), r, cross)
}

/// Returns the path of the arch over a folded residual block.
pub fn arch(Rect { x, y, w, h }: Rect, unit: f32) -> String {
    let (left, right, middle) = (x - ARCH.1 * unit, x + w + ARCH.1 * unit, y + h / 2.0);
    let mut out = format!("M{left:.1} {middle:.1}");
    bridge(&mut out, left, right, y - ARCH.0 * unit, BEND.1 * unit);
    let _ = write!(out, "V{middle:.1}");
    out
}

/// Returns the square on the arch over a folded block whose shortcut is a projection.
pub fn projection(rect: Rect, unit: f32) -> Rect {
    let side = PROJECTION * unit;
    Rect { x: rect.x + (rect.w - side) / 2.0, y: rect.y - ARCH.0 * unit - side / 2.0, w: side, h: side }
}

/// Appends a rectangle and its diagonals.
fn cross(out: &mut String, Rect { x, y, w, h }: Rect) {
    let _ = write!(out, "M{x:.1} {y:.1}h{w:.1}v{h:.1}h{:.1}zl{w:.1} {h:.1}m{:.1} 0l{w:.1} {:.1}", -w, -w, -h);
}

/// Crosses out the ablated feature maps of a tile and the bands of ablated branches. A tower whose maps are all ablated
/// is crossed out as a whole.
pub fn cross_out_ablated(out: &mut String, graph: &Graph, effects: &AblationFactors, tile: &SceneTile, unit: f32) {
    let mosaic = &tile.mosaic;
    let channels = graph.node(tile.node).shape.chw().0;
    let is_ablated = |map: usize| effects.factor(tile.node, map) < 1.0;
    let of_tower = channels / mosaic.towers;
    for tower in 0..mosaic.towers {
        let maps = tower * of_tower..(tower + 1) * of_tower;
        if maps.clone().all(is_ablated) {
            cross(out, mosaic.tower(tile.rect, tower));
        } else {
            let places = maps.filter(|&map| is_ablated(map)).filter_map(|map| mosaic.place(tile.rect, map));
            places.for_each(|place| cross(out, place));
        }
    }
    if matches!(graph.node(tile.node).op, Op::Concat(_)) {
        for (branch, &input) in graph.node(tile.node).inputs.iter().enumerate() {
            let is_ablated = (0..graph.node(input).shape.chw().0).all(|map| effects.factor(input, map) < 1.0);
            is_ablated.then(|| band(graph, tile, branch, unit)).flatten().into_iter().for_each(|band| cross(out, band));
        }
    }
}

/// A path that leads to an addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SummandPath {
    /// An edge, by its index.
    Edge(usize),
    /// The arch over a folded block, by the index of the block's tile.
    Arch(usize),
}

/// Returns the paths to additions whose summands are multiplied, each with its factor.
pub fn ablated_summands(graph: &Graph, effects: &AblationFactors, scene: &Scene) -> Vec<(SummandPath, f32)> {
    let mut paths = Vec::new();
    for (place, edge) in scene.edges.iter().enumerate() {
        // The first input of an addition is the branch, the second is the shortcut.
        let factors = effects.summands(scene.tiles[edge.to].node);
        paths.extend(factors.get(usize::from(edge.shortcut)).map(|&factor| (SummandPath::Edge(place), factor)));
    }
    for (place, sign) in scene.signs(graph) {
        if let (Sign::Arch(_), TileSubject::Block(block)) = (sign, scene.tiles[place].subject) {
            let added = graph.blocks[block].nodes.clone().map(NodeId).find(|&node| !effects.summands(node).is_empty());
            let factor = added.and_then(|node| effects.summands(node).get(1));
            paths.extend(factor.map(|&factor| (SummandPath::Arch(place), factor)));
        }
    }
    paths.retain(|(_, factor)| factor.to_bits() != 1.0_f32.to_bits());
    paths
}
