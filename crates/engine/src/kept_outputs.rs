//! The choice of the outputs that a pass keeps, for both engines.

use net::{Graph, NodeId};

/// The outputs that a pass keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KeptOutputs {
    /// The outputs of all nodes. Nothing is fused, so each output can be read and drawn.
    #[default]
    All,
    /// The outputs of these nodes.
    ///
    /// Nodes that do not lead to them are not computed, the rest is fused where possible, and memory is reused when its
    /// values are no longer needed. The GPU engine computes the outputs of other nodes when they are read.
    Nodes(Vec<NodeId>),
}

impl KeptOutputs {
    /// Returns whether the output of a node is kept.
    pub(crate) fn contains(&self, node: NodeId) -> bool {
        match self {
            Self::All => true,
            Self::Nodes(nodes) => nodes.contains(&node),
        }
    }

    /// Returns for each node whether its output is kept.
    pub(crate) fn flags(&self, graph: &Graph) -> Vec<bool> {
        graph.iter().map(|(id, _)| self.contains(id)).collect()
    }
}
