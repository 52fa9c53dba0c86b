//! Parts of a node's output.

use net::{Graph, NodeId};

/// A run of consecutive values of a node's output, in `[channels, height, width]` (or `[values]`) order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutputSlice {
    /// The node whose output this is a part of.
    pub node: NodeId,
    /// The index of the first value.
    pub start: usize,
    /// The number of values.
    pub len: usize,
}

impl OutputSlice {
    /// Returns the slice that holds all values of a node's output.
    pub fn whole(graph: &Graph, node: NodeId) -> Self {
        Self { node, start: 0, len: graph.node(node).shape.elements() }
    }
}
