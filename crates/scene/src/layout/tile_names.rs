//! The names of tiles: shapes, short names, and summaries of folded blocks.

use super::scene::Scene;
use super::tiles::{BlockFrame, TileSubject};
use crate::insight::{Shortcut, shortcut};
use net::{Block, BlockKind, Graph, NodeId, Op, Shape};

/// Formats the shape of a layer for display, `channels @ height×width`.
pub fn format_shape(shape: Shape) -> String {
    match shape {
        Shape::Maps { channels, height: 1, width: 1 } => channels.to_string(),
        Shape::Maps { channels, height, width } => format!("{channels} @ {height}×{width}"),
        Shape::Vector(n) => n.to_string(),
    }
}

/// Shortens a name by the prefix of the surrounding block, if the frame of the block is shown.
pub fn short_name(graph: &Graph, frames: &[BlockFrame], name: &str) -> String {
    let prefixes = frames.iter().map(|frame| graph.blocks[frame.block.0].name.as_str());
    let rests = prefixes.filter_map(|prefix| name.strip_prefix(prefix)?.strip_prefix('.'));
    // A number alone is not a name.
    let shortest = rests.filter(|rest| rest.contains(char::is_alphabetic)).min_by_key(|rest| rest.len());
    shortest.unwrap_or(name).to_owned()
}

/// A summary of a folded block in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockSummary {
    /// A residual block: the convolutions on its branch and its shortcut, if it has one.
    Residual {
        /// Convolutions of the branch.
        convolutions: usize,
        /// The shortcut; `None` in a plain block.
        shortcut: Option<Shortcut>,
    },
    /// An Inception module.
    Inception {
        /// Number of branches.
        branches: usize,
        /// Number of feature maps of all branches together.
        maps: usize,
    },
    /// An auxiliary classifier.
    AuxiliaryClassifier,
    /// A convolution with its normalization and its activation function.
    Unit,
}

fn of_residual(graph: &Graph, block: &Block) -> BlockSummary {
    let all = block.nodes.clone().filter(|&place| matches!(graph.nodes[place].op, Op::Conv2d(_))).count();
    let addition = block.nodes.clone().find(|&place| matches!(graph.nodes[place].op, Op::Add(_))).map(NodeId);
    let shortcut = addition.and_then(|addition| shortcut(graph, addition));
    // The convolution of a projection does not belong to the branch.
    let beside = usize::from(matches!(shortcut, Some(Shortcut::Projection { .. })));
    BlockSummary::Residual { convolutions: all - beside, shortcut }
}

fn of_block(graph: &Graph, block: &Block) -> Option<BlockSummary> {
    match block.kind {
        BlockKind::Residual => Some(of_residual(graph, block)),
        BlockKind::Inception => {
            let output = graph.node(block.output);
            Some(BlockSummary::Inception { branches: output.inputs.len(), maps: output.shape.chw().0 })
        }
        BlockKind::AuxiliaryClassifier => Some(BlockSummary::AuxiliaryClassifier),
        BlockKind::Unit => Some(BlockSummary::Unit),
        BlockKind::Stage | BlockKind::Classifier => None,
    }
}

impl Scene {
    /// Summarises the folded block whose output the tile of `node` shows; `None` if the tile shows the node itself.
    pub fn folded(&self, graph: &Graph, node: NodeId) -> Option<BlockSummary> {
        match self.tile_of(node)?.subject {
            TileSubject::Block(block) => of_block(graph, &graph.blocks[block]),
            TileSubject::Node(_) => None,
        }
    }
}
