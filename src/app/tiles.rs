//! Which maps are drawn where, in which colours: the page's part of painting.

use leptos::prelude::*;

use super::lab::{Frame, Lab, Scope};
use crate::engine::{Extent, MapTable};
use crate::net::{Graph, InputKind, NodeId, Op};
use crate::paint::{Ramp, Scale, Tile};

/// How far what is not in focus fades into the paper.
const DIM: f32 = 0.62;

/// Whether a node's values can be negative.
fn signed(graph: &Graph, node: NodeId) -> bool {
    let this = graph.node(node);
    match &this.op {
        Op::Conv2d(op) => op.activation.is_signed(),
        Op::Subsample(op) => op.activation.is_signed(),
        Op::Linear(op) => op.activation.is_signed(),
        Op::Activation(op) => op.function.is_signed(),
        Op::BatchNorm2d(_) => true,
        Op::LocalResponseNorm(_)
        | Op::MaxPool2d(_)
        | Op::AvgPool2d(_)
        | Op::AdaptiveAvgPool2d(_)
        | Op::Concat(_)
        | Op::Add(_)
        | Op::PadShortcut(_)
        | Op::Dropout(_) => this.inputs.iter().any(|&input| signed(graph, input)),
        Op::Rbf(_) | Op::Softmax(_) => false,
        Op::Input => true,
    }
}

/// The colours of a node's maps.
pub(super) fn ramp(graph: &Graph, node: NodeId) -> Ramp {
    match (&graph.node(node).op, signed(graph, node)) {
        (Op::Input, _) => Ramp::Ink,
        (_, true) => Ramp::Signed,
        (_, false) => Ramp::Rectified,
    }
}

/// The least and the greatest value that a picture's pixels can have.
fn input_extent(kind: InputKind) -> Extent {
    match kind {
        InputKind::Digit { scale, offset } => Extent { min: offset, max: offset + scale },
        InputKind::Photo { mean, deviation } => {
            let ends = mean.iter().zip(deviation);
            ends.fold(Extent { min: 0.0, max: 0.0 }, |extent, (mean, deviation)| Extent {
                min: extent.min.min(-mean / deviation),
                max: extent.max.max((1.0 - mean) / deviation),
            })
        }
    }
}

/// The scale of a node's maps.
fn scale(graph: &Graph, node: NodeId, scope: Scope) -> Scale {
    match (&graph.node(node).op, scope) {
        (Op::Input, _) => Scale::Fixed(input_extent(graph.input.kind)),
        (_, Scope::Map) => Scale::Map,
        (_, Scope::Layer) => Scale::Layer,
        (_, Scope::Network) => Scale::Network,
    }
}

/// The values at the ends of the legend.
pub(super) fn ends(graph: &Graph, frame: Option<&Frame>, node: NodeId, map: usize, scope: Scope) -> Extent {
    let table = MapTable::new(graph);
    let place = match scale(graph, node, scope) {
        Scale::Fixed(extent) => return extent,
        Scale::Map => table.map(node, map),
        Scale::Layer => table.layer(node),
        Scale::Network => table.network(),
    };
    let found = frame.and_then(|f| f.extents.get(place)).copied().filter(|e| !e.is_empty());
    let extent = found.unwrap_or(Extent { min: 0.0, max: 0.0 });
    match ramp(graph, node) {
        Ramp::Signed | Ramp::Weight => {
            let reach = extent.min.abs().max(extent.max.abs());
            Extent { min: -reach, max: reach }
        }
        Ramp::Rectified => Extent { min: 0.0, max: extent.max },
        Ramp::Ink => extent,
    }
}

/// All tiles, in device pixels.
pub(super) fn tiles(lab: Lab, pixel_ratio: f32) -> Vec<Tile> {
    let graph = lab.graph.get_untracked();
    let layout = lab.layout.get_untracked();
    let scope = lab.scope.get_untracked();
    let (node, map, cell) = untrack_focus(lab);
    let now = current(lab);
    // What is pointed at lights up, with all that it sees.
    let lit: Vec<(NodeId, Vec<usize>)> =
        match cell.and_then(|(y, x)| crate::stage::Spot { node, map, y, x }.locate(&graph)) {
            Some((channel, y, x)) => {
                graph.seen_from(node, channel, y, x).into_iter().map(|s| (s.node, s.channels)).collect()
            }
            None => Vec::new(),
        };
    let is_lit = |id: NodeId, map: usize| {
        id == now
            || id == node
            || lit.iter().any(|(n, c)| *n == id && (graph.node(id).shape.is_flat() || c.contains(&map)))
    };
    layout
        .places()
        .filter(|place| place.node != graph.logits)
        .map(|place| {
            let values = graph.node(place.node).shape.elements();
            let per_map = if graph.node(place.node).shape.is_flat() { values } else { place.columns * place.rows };
            let r = place.rect;
            Tile {
                node: place.node,
                first: place.map * per_map,
                columns: place.columns,
                rows: place.rows,
                rect: [r.x, r.y, r.w, r.h].map(|v| (v * pixel_ratio).round()),
                ramp: ramp(&graph, place.node),
                scale: scale(&graph, place.node, scope),
                dim: if is_lit(place.node, place.map) { 0.0 } else { DIM },
            }
        })
        .collect()
}

fn untrack_focus(lab: Lab) -> (NodeId, usize, Option<(usize, usize)>) {
    untrack(|| lab.focus())
}

fn current(lab: Lab) -> NodeId {
    untrack(|| lab.node())
}
