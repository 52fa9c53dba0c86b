//! What leads from tile to tile.

use super::flow::Flow;
use super::{Item, Subject};
use crate::geometry::Rect;
use net::{Graph, Op};

/// How an edge gets there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Road {
    /// From the right side of one to the left side of the other, straight or in a curve.
    Direct,
    /// Over everything between, at this height.
    Arch {
        /// The height of the arch, in units from the line, downwards.
        top: f32,
    },
}

/// What leads from one tile to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The place of the first among the items.
    pub from: usize,
    /// The place of the second.
    pub to: usize,
    /// How it gets there.
    pub road: Road,
    /// The lane that it belongs to, where lanes part and meet.
    pub lane: Option<usize>,
    /// Whether it is (part of) a shortcut.
    pub shortcut: bool,
}

/// All edges between the items, which take `reach` with their words. `passing` says of each vertex whether it stands on a
/// shortcut, `arch` how far above all else an arch is.
pub(super) fn edges(
    graph: &Graph,
    flow: &Flow,
    passing: &[bool],
    items: &[Item],
    reach: &[Rect],
    arch: f32,
) -> Vec<Edge> {
    let place = |vertex: usize| items.iter().position(|item| item.subject == flow.vertices[vertex]);
    let mut edges = Vec::new();
    for (vertex, inputs) in flow.inputs.iter().enumerate() {
        for &input in inputs {
            let (Some(from), Some(to)) = (place(input), place(vertex)) else { continue };
            let (a, b) = (&items[from], &items[to]);
            let adds = matches!(b.subject, Subject::Node(node) if matches!(graph.node(node).op, Op::Add(_)));
            // An addition reads what lies on its line from right before; whatever else it reads comes over an arch.
            let between = |item: &Item| {
                item.rect.x > a.rect.x + a.rect.w && item.rect.x + item.rect.w < b.rect.x && item.lane == b.lane
            };
            let highest =
                items.iter().zip(reach).filter(|(item, _)| between(item)).map(|(_, reach)| reach.y).reduce(f32::min);
            let (shortcut, road) = match highest {
                Some(top) if adds && !passing[input] => (true, Road::Arch { top: top - arch }),
                _ => (passing[input] || passing[vertex], Road::Direct),
            };
            edges.push(Edge { from, to, road, lane: a.lane.or(b.lane), shortcut });
        }
    }
    edges
}
