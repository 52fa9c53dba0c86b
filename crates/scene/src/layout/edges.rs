//! The edges between tiles.

use super::flow::Flow;
use super::tiles::{SceneTile, TileSubject};
use crate::geometry::Rect;
use net::{Graph, Op};

/// The route of an edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Route {
    /// From the right side of one tile to the left side of the other, straight or in a curve.
    Direct,
    /// Over everything between the tiles.
    Arch {
        /// The y coordinate of the arch, in scene units downwards from the line.
        top: f32,
    },
}

/// A connection from one tile to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Index of the first tile.
    pub from: usize,
    /// Index of the second tile.
    pub to: usize,
    /// The route.
    pub route: Route,
    /// The branch of a concatenation that the edge belongs to.
    pub branch: Option<usize>,
    /// True if the edge is a shortcut or a part of one.
    pub shortcut: bool,
}

/// Returns all edges between the tiles.
///
/// `passing` tells for each vertex whether it lies on a shortcut. `reach` is the rectangle of each tile with its words.
/// `arch` is the distance of an arch above everything between its ends.
pub(super) fn edges(
    graph: &Graph,
    flow: &Flow,
    passing: &[bool],
    tiles: &[SceneTile],
    reach: &[Rect],
    arch: f32,
) -> Vec<Edge> {
    let place = |vertex: usize| tiles.iter().position(|tile| tile.subject == flow.vertices[vertex]);
    let mut edges = Vec::new();
    for (vertex, inputs) in flow.inputs.iter().enumerate() {
        for &input in inputs {
            let (Some(from), Some(to)) = (place(input), place(vertex)) else { continue };
            let (a, b) = (&tiles[from], &tiles[to]);
            let adds = matches!(b.subject, TileSubject::Node(node) if matches!(graph.node(node).op, Op::Add(_)));
            // An addition reads its branch from the tile directly before it, on the same line. Any other input arrives
            // over an arch.
            let between = |tile: &SceneTile| {
                tile.rect.x > a.rect.x + a.rect.w && tile.rect.x + tile.rect.w < b.rect.x && tile.branch == b.branch
            };
            let highest =
                tiles.iter().zip(reach).filter(|(tile, _)| between(tile)).map(|(_, reach)| reach.y).reduce(f32::min);
            let (shortcut, route) = match highest {
                Some(top) if adds && !passing[input] => (true, Route::Arch { top: top - arch }),
                _ => (passing[input] || passing[vertex], Route::Direct),
            };
            edges.push(Edge { from, to, route, branch: a.branch.or(b.branch), shortcut });
        }
    }
    edges
}
