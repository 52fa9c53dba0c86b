//! Slices of a node's values, and sums over values.

use engine::OutputSlice;
use net::{Graph, NodeId};

/// Returns the slice of one feature map of a node, or `None` if the node has no such map.
pub(super) fn one_map(graph: &Graph, node: NodeId, map: usize) -> Option<OutputSlice> {
    let (channels, height, width) = graph.node(node).shape.chw();
    (map < channels).then_some(OutputSlice { node, start: map * height * width, len: height * width })
}

/// Returns the sum of squares.
pub(super) fn energy(values: &[f32]) -> f64 {
    values.iter().map(|&v| f64::from(v) * f64::from(v)).sum()
}

/// Returns `part` / `all`, or 0 if `all` is not positive and finite.
pub(super) fn share(part: f64, all: f64) -> f64 {
    if all > 0.0 && all.is_finite() { part / all } else { 0.0 }
}
