//! The layout as a whole: its tiles, its edges and its frames.

use super::edges::Edge;
use super::tiles::{BlockFrame, Folds, SceneTile, TileSubject};
use crate::geometry::Rect;
use net::{Graph, NodeId};

/// The layout of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// All tiles, in running order.
    pub tiles: Vec<SceneTile>,
    /// The edges between tiles.
    pub edges: Vec<Edge>,
    /// The frames of unfolded blocks, outer before inner.
    pub frames: Vec<BlockFrame>,
    /// The rectangle around everything.
    pub bounds: Rect,
}

impl Scene {
    /// Returns the blocks that are folded at first: all Inception modules, residual blocks, auxiliary classifiers and
    /// units.
    pub fn initial_folds(graph: &Graph) -> Folds {
        use net::BlockKind::{AuxiliaryClassifier, Inception, Residual, Unit};
        let folded = |kind| matches!(kind, Inception | Residual | AuxiliaryClassifier | Unit);
        graph.blocks.iter().enumerate().filter(|(_, block)| folded(block.kind)).map(|(i, _)| i).collect()
    }

    /// Returns the tile that shows `node`: its own tile, or the tile of the folded block around it.
    pub fn tile_containing(&self, graph: &Graph, node: NodeId) -> Option<&SceneTile> {
        let own = self.tiles.iter().find(|tile| tile.subject == TileSubject::Node(node));
        own.or_else(|| {
            let holds = |tile: &&SceneTile| match tile.subject {
                TileSubject::Block(block) => graph.blocks[block].nodes.contains(&node.0),
                TileSubject::Node(_) => false,
            };
            self.tiles.iter().find(holds)
        })
    }

    /// Returns the tile that shows the feature maps of `node` itself, as a layer or as the output of a folded block.
    pub fn tile_of(&self, node: NodeId) -> Option<&SceneTile> {
        self.tiles.iter().find(|tile| tile.node == node)
    }

    /// Returns the nodes whose feature maps are shown, in running order.
    pub fn steps(&self) -> Vec<NodeId> {
        let mut steps: Vec<NodeId> = self.tiles.iter().map(|tile| tile.node).collect();
        steps.sort_unstable();
        steps
    }

    /// Returns the tiles that are visible in a part of the scene.
    pub fn seen(&self, part: Rect) -> impl Iterator<Item = &SceneTile> {
        self.tiles.iter().filter(move |tile| tile.rect.meets(part))
    }
}
