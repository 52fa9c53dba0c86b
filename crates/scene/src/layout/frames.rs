//! The frames around unfolded blocks.

use super::tiles::{BlockFrame, SceneTile, TileSubject};
use crate::geometry::Rect;
use net::{BlockId, Graph};

/// Returns the frames of all blocks that have displayed tiles and are not folded. `reach` is the rectangle of each tile
/// with its words; `side` and `head` are the margins beside and above it.
pub(super) fn frames(graph: &Graph, tiles: &[SceneTile], reach: &[Rect], (side, head): (f32, f32)) -> Vec<BlockFrame> {
    let mut frames = Vec::new();
    // Blocks are visited from inner to outer, because an outer frame encloses the inner ones. The result is in the
    // opposite order.
    for (place, block) in graph.blocks.iter().enumerate().rev() {
        let inside = |tile: &SceneTile| match tile.subject {
            TileSubject::Node(node) => block.nodes.contains(&node.0),
            TileSubject::Block(folded) => folded != place && within(graph, folded, place),
        };
        let held = tiles.iter().zip(reach).filter(|(tile, _)| inside(tile)).map(|(_, &reach)| reach);
        let folded = tiles.iter().any(|tile| tile.subject == TileSubject::Block(place));
        let Some(around) = held.reduce(Rect::union).filter(|_| !folded) else { continue };
        let inner =
            frames.iter().filter(|frame: &&BlockFrame| within(graph, frame.block.0, place)).map(|frame| frame.rect);
        let around = inner.fold(around, Rect::union);
        let rect = Rect { x: around.x - side, y: around.y - head, w: around.w + 2.0 * side, h: around.h + side + head };
        frames.push(BlockFrame { block: BlockId(place), rect, depth: graph.block_and_enclosing(block.parent).count() });
    }
    frames.reverse();
    frames
}

/// Returns whether block `inner` lies in block `outer`.
fn within(graph: &Graph, inner: usize, outer: usize) -> bool {
    graph.block_and_enclosing(graph.blocks[inner].parent).any(|block| block.0 == outer)
}
