//! What is said of a tile.

use super::{Frame, Scene, Subject};
use crate::net::{Block, BlockKind, Graph, NodeId, Op, Shape};
use crate::stage::insight::{Shortcut, shortcut};

/// A shape as it is written above a layer.
pub fn shape_words(shape: Shape) -> String {
    match shape {
        Shape::Maps { channels, height: 1, width: 1 } => channels.to_string(),
        Shape::Maps { channels, height, width } => format!("{channels} @ {height}×{width}"),
        Shape::Vector(n) => n.to_string(),
    }
}

/// A name without that of the block around it, whose frame is shown.
pub fn short_name(graph: &Graph, frames: &[Frame], name: &str) -> String {
    let prefixes = frames.iter().map(|frame| graph.blocks[frame.block.0].name.as_str());
    let rests = prefixes.filter_map(|prefix| name.strip_prefix(prefix)?.strip_prefix('.'));
    // A number alone is no name.
    let shortest = rests.filter(|rest| rest.contains(char::is_alphabetic)).min_by_key(|rest| rest.len());
    shortest.unwrap_or(name).to_owned()
}

fn of_residual(graph: &Graph, block: &Block) -> String {
    let convolutions = block.nodes.clone().filter(|&place| matches!(graph.nodes[place].op, Op::Conv2d(_))).count();
    let addition = block.nodes.clone().find(|&place| matches!(graph.nodes[place].op, Op::Add(_))).map(NodeId);
    match addition.and_then(|addition| shortcut(graph, addition)) {
        Some(Shortcut::Identity) => {
            format!(
                "{convolutions} convolutions, folded: what they find is added to what came in, which passes by as it is."
            )
        }
        Some(Shortcut::Projection { .. }) => format!(
            "{} convolutions, folded: what they find is added to what came in, which passes by through a convolution of 1×1.",
            convolutions - 1
        ),
        Some(Shortcut::Padded { .. }) => format!(
            "{convolutions} convolutions, folded: what they find is added to what came in, thinned and padded with maps of zeros."
        ),
        None => format!("{convolutions} convolutions, folded; nothing passes them by."),
    }
}

fn of_block(graph: &Graph, block: &Block) -> Option<String> {
    match block.kind {
        BlockKind::Residual => Some(of_residual(graph, block)),
        BlockKind::Inception => {
            let lanes = graph.node(block.output).inputs.len();
            let maps = graph.node(block.output).shape.chw().0;
            Some(format!(
                "{lanes} lanes, folded: each looks at the same maps in its own way, and their {maps} maps are laid side by side."
            ))
        }
        BlockKind::SideClassifier => {
            Some("A classifier at the side, folded: in training its error is felt by the layers before it.".to_owned())
        }
        BlockKind::Unit => Some("A convolution with its normalisation and its activation, folded.".to_owned()),
        BlockKind::Stage | BlockKind::Classifier => None,
    }
}

impl Scene {
    /// A sentence on what happens at the tile of `node`: of the folded block whose output it shows, else of the node.
    pub fn sentence(&self, graph: &Graph, node: NodeId) -> String {
        let item = self.tile_of(node);
        let block = item.and_then(|item| match item.subject {
            Subject::Block(block) => of_block(graph, &graph.blocks[block]),
            Subject::Node(_) => None,
        });
        block.unwrap_or_else(|| graph.sentence(node))
    }
}
