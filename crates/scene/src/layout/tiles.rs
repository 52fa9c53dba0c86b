//! The tiles of a scene, and the frames around them.

use std::collections::BTreeSet;

use super::mosaic::Mosaic;
use crate::geometry::Rect;
use net::{BlockId, NodeId};

/// The subject of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TileSubject {
    /// A node.
    Node(NodeId),
    /// A folded block, by its index. It is shown by its output.
    Block(usize),
}

/// One tile of the scene: the feature maps of a node, or of a folded block's output.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneTile {
    /// The subject that the tile stands for.
    pub subject: TileSubject,
    /// The node whose feature maps the tile shows.
    pub node: NodeId,
    /// The rectangle around the feature maps, in scene units.
    pub rect: Rect,
    /// The arrangement of the feature maps.
    pub mosaic: Mosaic,
    /// The index of its branch, counted from the top, if it is on a branch of a concatenation.
    pub branch: Option<usize>,
}

/// The frame around an unfolded block.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockFrame {
    /// The block.
    pub block: BlockId,
    /// The rectangle around the tiles of the block, with space for its name at the top.
    pub rect: Rect,
    /// The number of frames around this one.
    pub depth: usize,
}

/// The indices of the blocks that are folded to one tile.
pub type Folds = BTreeSet<usize>;
