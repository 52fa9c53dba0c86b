//! The layout of a network's diagram, computed from its graph alone. It works for any graph, with any blocks folded.
//!
//! A scene has its own units, which a camera converts to pixels. Layers run from left to right along a line. The
//! branches of a concatenation lie above and below the line, shortcuts arch over the nodes that they bypass, and
//! branches that end (auxiliary classifiers) hang below the node that they leave.

mod edges;
mod flow;
mod frames;
mod mosaic;
pub mod paths;
mod placement;
mod signs;
mod spacing;
mod tile_names;

use std::collections::BTreeSet;

use super::geometry::Rect;
use net::{BlockId, Graph, NodeId};

pub use edges::{Edge, Road};
pub use mosaic::Mosaic;
pub use signs::{Sign, lane_channels};
pub use spacing::{Spacing, Words};
pub use tile_names::{Folded, shape_words, short_name};

/// The subject of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A node.
    Node(NodeId),
    /// A folded block, by its index. It is shown by its output.
    Block(usize),
}

/// One tile of the scene: the feature maps of a node, or of a folded block's output.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The subject that the tile stands for.
    pub subject: Subject,
    /// The node whose feature maps the tile shows.
    pub node: NodeId,
    /// The rectangle around the feature maps, in scene units.
    pub rect: Rect,
    /// The arrangement of the feature maps.
    pub mosaic: Mosaic,
    /// The index of its branch, counted from the top, if it is on a branch of a concatenation.
    pub lane: Option<usize>,
}

/// The frame around an unfolded block.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The block.
    pub block: BlockId,
    /// The rectangle around the items of the block, with space for its name at the top.
    pub rect: Rect,
    /// The number of frames around this one.
    pub depth: usize,
}

/// The layout of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// All tiles, in running order.
    pub items: Vec<Item>,
    /// The edges between tiles.
    pub edges: Vec<Edge>,
    /// The frames of unfolded blocks, outer before inner.
    pub frames: Vec<Frame>,
    /// The rectangle around everything.
    pub bounds: Rect,
}

/// The indices of the blocks that are folded to one tile.
pub type Folds = BTreeSet<usize>;

impl Scene {
    /// Computes the layout of `graph` with each block of `folds` folded to one tile.
    pub fn of(graph: &Graph, folds: &Folds) -> Self {
        let flow = flow::Flow::of(graph, folds);
        placement::place(graph, &flow)
    }

    /// Returns the layout of the same tiles with other distances, so that there is space for the words around them.
    #[must_use]
    pub fn spread(&self, graph: &Graph, spacing: &Spacing) -> Self {
        let folded = self.items.iter().filter_map(|item| match item.subject {
            Subject::Block(block) => Some(block),
            Subject::Node(_) => None,
        });
        let flow = flow::Flow::of(graph, &folded.collect());
        let mosaics: Vec<Mosaic> = self.items.iter().map(|item| item.mosaic).collect();
        placement::lay(graph, &flow, &mosaics, spacing)
    }

    /// Returns the blocks that are folded at first: all Inception modules, residual blocks, auxiliary classifiers and
    /// units.
    pub fn first_folds(graph: &Graph) -> Folds {
        use net::BlockKind::{Inception, Residual, SideClassifier, Unit};
        let folded = |kind| matches!(kind, Inception | Residual | SideClassifier | Unit);
        graph.blocks.iter().enumerate().filter(|(_, block)| folded(block.kind)).map(|(i, _)| i).collect()
    }

    /// Returns the tile that shows `node`: its own tile, or the tile of the folded block around it.
    pub fn item_of(&self, graph: &Graph, node: NodeId) -> Option<&Item> {
        let own = self.items.iter().find(|item| item.subject == Subject::Node(node));
        own.or_else(|| {
            let holds = |item: &&Item| match item.subject {
                Subject::Block(block) => graph.blocks[block].nodes.contains(&node.0),
                Subject::Node(_) => false,
            };
            self.items.iter().find(holds)
        })
    }

    /// Returns the tile that shows the feature maps of `node` itself, as a layer or as the output of a folded block.
    pub fn tile_of(&self, node: NodeId) -> Option<&Item> {
        self.items.iter().find(|item| item.node == node)
    }

    /// Returns the nodes whose feature maps are shown, in running order.
    pub fn steps(&self) -> Vec<NodeId> {
        let mut steps: Vec<NodeId> = self.items.iter().map(|item| item.node).collect();
        steps.sort_unstable();
        steps
    }

    /// Returns the tiles that are visible in a part of the scene.
    pub fn seen(&self, part: Rect) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.rect.meets(part))
    }
}

#[cfg(test)]
mod tests;
