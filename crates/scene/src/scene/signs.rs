//! What is told at a tile's edge: where lanes meet, where a shortcut arrives, and what a folded block holds.

use super::{Scene, Subject};
use crate::insight::{Shortcut, shortcut};
use net::{Block, BlockKind, Graph, NodeId, Op};

/// What stands at a tile's edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// Two things are added here.
    Plus,
    /// Lanes meet here, each with so many channels.
    Bands(Vec<usize>),
    /// The folded block has such a shortcut.
    Arch(Shortcut),
}

/// The channels of each lane that a concatenation joins; `None` where `node` is none.
pub fn lane_channels(graph: &Graph, node: NodeId) -> Option<Vec<usize>> {
    let inputs = &graph.node(node).inputs;
    let channels = || inputs.iter().map(|&input| graph.node(input).shape.chw().0).collect();
    matches!(graph.node(node).op, Op::Concat(_)).then(channels)
}

fn bands(graph: &Graph, node: NodeId) -> Option<Sign> {
    lane_channels(graph, node).map(Sign::Bands)
}

/// The addition of a residual block; none in a plain one.
fn addition(graph: &Graph, block: &Block) -> Option<NodeId> {
    let adds = |place: &usize| matches!(graph.nodes[*place].op, Op::Add(_));
    block.nodes.clone().find(adds).map(NodeId).filter(|_| block.kind == BlockKind::Residual)
}

impl Scene {
    /// The node that is told about where `node` is looked at: for a folded residual block, whose output it is, the
    /// addition in it.
    pub fn told_of(&self, graph: &Graph, node: NodeId) -> NodeId {
        let item = self.tile_of(node);
        match item.map(|item| item.subject) {
            Some(Subject::Block(block)) => addition(graph, &graph.blocks[block]).unwrap_or(node),
            _ => node,
        }
    }

    /// The signs of all tiles that have one, with the places of the tiles among the items.
    pub fn signs(&self, graph: &Graph) -> Vec<(usize, Sign)> {
        let sign = |subject| match subject {
            Subject::Node(node) if matches!(graph.node(node).op, Op::Add(_)) => Some(Sign::Plus),
            Subject::Node(node) => bands(graph, node),
            Subject::Block(block) => {
                let block = &graph.blocks[block];
                match block.kind {
                    BlockKind::Inception => bands(graph, block.output),
                    BlockKind::Residual => Some(Sign::Arch(shortcut(graph, addition(graph, block)?)?)),
                    _ => None,
                }
            }
        };
        self.items.iter().enumerate().filter_map(|(place, item)| Some((place, sign(item.subject)?))).collect()
    }
}
