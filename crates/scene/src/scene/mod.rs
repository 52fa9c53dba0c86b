//! Where everything of a network stands, from its graph alone: any graph, its blocks folded or not.
//!
//! A scene is laid out in units of its own, which a camera brings to the screen. Layers go from left to right along a
//! line; lanes part and meet above and below it, shortcuts arch over what they pass by, and branches that end hang
//! under the node they leave.

mod flow;
mod frames;
mod mosaic;
pub mod paths;
mod place;
mod routes;
mod signs;
mod spacing;
mod words;

use std::collections::BTreeSet;

use super::geometry::Rect;
use net::{BlockId, Graph, NodeId};

pub use mosaic::Mosaic;
pub use routes::{Edge, Road};
pub use signs::{Sign, lane_channels};
pub use spacing::{Spacing, Words};
pub use words::{Folded, shape_words, short_name};

/// What stands at a place of the scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A node.
    Node(NodeId),
    /// A folded block, shown by its output.
    Block(usize),
}

/// One tile of the scene: the maps of a node, or of a folded block's output.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What it is.
    pub subject: Subject,
    /// The node whose maps it shows.
    pub node: NodeId,
    /// Where its maps stand.
    pub rect: Rect,
    /// How they are arranged.
    pub mosaic: Mosaic,
    /// The lane it is in, counted from the top, where lanes part and meet in a concatenation.
    pub lane: Option<usize>,
}

/// The frame around an unfolded block.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Which block.
    pub block: BlockId,
    /// Around its items, with room for its name above.
    pub rect: Rect,
    /// How many frames it stands in.
    pub depth: usize,
}

/// A network, laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// All tiles, in the order in which they run.
    pub items: Vec<Item>,
    /// What leads from one to another.
    pub edges: Vec<Edge>,
    /// The frames of unfolded blocks, outer before inner.
    pub frames: Vec<Frame>,
    /// Around everything.
    pub bounds: Rect,
}

/// Which blocks are folded to one tile.
pub type Folds = BTreeSet<usize>;

impl Scene {
    /// Lays `graph` out with the blocks of `folds` folded to one tile each.
    pub fn of(graph: &Graph, folds: &Folds) -> Self {
        let flow = flow::Flow::of(graph, folds);
        place::place(graph, &flow)
    }

    /// The same tiles further apart: so that there is room around them for what is written there.
    #[must_use]
    pub fn spread(&self, graph: &Graph, spacing: &Spacing) -> Self {
        let folded = self.items.iter().filter_map(|item| match item.subject {
            Subject::Block(block) => Some(block),
            Subject::Node(_) => None,
        });
        let flow = flow::Flow::of(graph, &folded.collect());
        let mosaics: Vec<Mosaic> = self.items.iter().map(|item| item.mosaic).collect();
        place::lay(graph, &flow, &mosaics, spacing)
    }

    /// The folds that a person meets first: every Inception, residual block, side classifier and unit.
    pub fn first_folds(graph: &Graph) -> Folds {
        use net::BlockKind::{Inception, Residual, SideClassifier, Unit};
        let folded = |kind| matches!(kind, Inception | Residual | SideClassifier | Unit);
        graph.blocks.iter().enumerate().filter(|(_, block)| folded(block.kind)).map(|(i, _)| i).collect()
    }

    /// The tile that shows `node`: its own, or that of the folded block around it.
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

    /// The tile that shows the maps of `node` itself, as a layer or as the output of a folded block.
    pub fn tile_of(&self, node: NodeId) -> Option<&Item> {
        self.items.iter().find(|item| item.node == node)
    }

    /// The nodes whose maps are shown, in the order in which they run.
    pub fn steps(&self) -> Vec<NodeId> {
        let mut steps: Vec<NodeId> = self.items.iter().map(|item| item.node).collect();
        steps.sort_unstable();
        steps
    }

    /// The tiles that a part of the scene shows.
    pub fn seen(&self, part: Rect) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.rect.meets(part))
    }
}

#[cfg(test)]
mod tests;
