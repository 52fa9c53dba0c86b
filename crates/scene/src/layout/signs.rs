//! Signs at the edge of tiles: branches that meet, shortcuts that arrive, and the content of folded blocks.

use super::scene::Scene;
use super::tiles::TileSubject;
use crate::insight::{Shortcut, shortcut};
use net::{Block, BlockKind, Graph, NodeId, Op};

/// The sign at a tile's edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// Two inputs are added here.
    Plus,
    /// Branches meet here. The numbers are their channels.
    Bands(Vec<usize>),
    /// The folded block has this shortcut.
    Arch(Shortcut),
}

/// Returns the channels of each branch that a concatenation joins, or `None` if `node` is no concatenation.
pub fn branch_channels(graph: &Graph, node: NodeId) -> Option<Vec<usize>> {
    let inputs = &graph.node(node).inputs;
    let channels = || inputs.iter().map(|&input| graph.node(input).shape.chw().0).collect();
    matches!(graph.node(node).op, Op::Concat(_)).then(channels)
}

fn bands(graph: &Graph, node: NodeId) -> Option<Sign> {
    branch_channels(graph, node).map(Sign::Bands)
}

/// Returns the addition of a residual block, or `None` for a plain block.
fn addition(graph: &Graph, block: &Block) -> Option<NodeId> {
    let adds = |place: &usize| matches!(graph.nodes[*place].op, Op::Add(_));
    block.nodes.clone().find(adds).map(NodeId).filter(|_| block.kind == BlockKind::Residual)
}

impl Scene {
    /// Returns the node to describe if `node` is selected. For the output of a folded residual block this is the
    /// addition in the block.
    pub fn described_node(&self, graph: &Graph, node: NodeId) -> NodeId {
        let tile = self.tile_of(node);
        match tile.map(|tile| tile.subject) {
            Some(TileSubject::Block(block)) => addition(graph, &graph.blocks[block]).unwrap_or(node),
            _ => node,
        }
    }

    /// Returns the signs of all tiles that have one, with the indices of the tiles.
    pub fn signs(&self, graph: &Graph) -> Vec<(usize, Sign)> {
        let sign = |subject| match subject {
            TileSubject::Node(node) if matches!(graph.node(node).op, Op::Add(_)) => Some(Sign::Plus),
            TileSubject::Node(node) => bands(graph, node),
            TileSubject::Block(block) => {
                let block = &graph.blocks[block];
                match block.kind {
                    BlockKind::Inception => bands(graph, block.output),
                    BlockKind::Residual => Some(Sign::Arch(shortcut(graph, addition(graph, block)?)?)),
                    _ => None,
                }
            }
        };
        self.tiles.iter().enumerate().filter_map(|(place, tile)| Some((place, sign(tile.subject)?))).collect()
    }
}
