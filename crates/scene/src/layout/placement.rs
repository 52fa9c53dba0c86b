//! Computes the positions of sequences, forks and joins.

use super::edges::{self, Route};
use super::flow::{Flow, FlowPart, Sequence, Vertex};
use super::frames::frames;
use super::mosaic::{Mosaic, MosaicPlacement};
use super::scene::Scene;
use super::spacing::Spacing;
use super::tiles::{Folds, SceneTile, TileSubject};
use crate::geometry::Rect;
use net::{BlockId, BlockKind, Graph, NodeId, Op};

/// Distance between two tiles of a sequence: as a fraction of the median tile's width, its least and its greatest
/// value.
const GAP: (f32, f32, f32) = (0.6, 34.0, 84.0);
/// Extra distance before a tile that has a sign (a plus, the bands of branches) at its left edge.
const SIGN: f32 = 26.0;
/// Distance between two branches.
const BRANCH_GAP: f32 = 90.0;
/// Distance from the bypassed nodes to the arch of their shortcut.
const ARCH: f32 = 70.0;
/// Margin around the tiles of a block, and above them for its name.
const FRAME: (f32, f32) = (30.0, 110.0);

impl Scene {
    /// Computes the layout of `graph` with each block of `folds` folded to one tile.
    pub fn of(graph: &Graph, folds: &Folds) -> Self {
        let flow = Flow::of(graph, folds);
        place(graph, &flow)
    }

    /// Returns the layout of the same tiles with other distances, so that there is space for the words around them.
    #[must_use]
    pub fn spread(&self, graph: &Graph, spacing: &Spacing) -> Self {
        let folded = self.tiles.iter().filter_map(|tile| match tile.subject {
            TileSubject::Block(block) => Some(block),
            TileSubject::Node(_) => None,
        });
        let flow = Flow::of(graph, &folded.collect());
        let mosaics: Vec<Mosaic> = self.tiles.iter().map(|tile| tile.mosaic).collect();
        lay(graph, &flow, &mosaics, spacing)
    }
}

/// A sequence, or a part of one, whose coordinates are relative to its left end and its line.
#[derive(Debug, Default)]
struct Placement {
    /// Vertices with the top left corner of their feature maps.
    tiles: Vec<(Vertex, f32, f32)>,
    /// Width.
    w: f32,
    /// Reach above the line. It is negative if everything is below the line.
    up: f32,
    /// Reach below the line.
    down: f32,
}

impl Placement {
    /// Adds `other`, moved by `x` to the right and `y` down.
    fn take(&mut self, other: Self, x: f32, y: f32) {
        self.tiles.extend(other.tiles.into_iter().map(|(vertex, left, top)| (vertex, left + x, top + y)));
        self.w = self.w.max(x + other.w);
        self.up = self.up.max(other.up - y);
        self.down = self.down.max(other.down + y);
    }
}

struct Placer<'a> {
    mosaics: &'a [Mosaic],
    /// For each vertex, true if it has a sign at its left edge.
    signs: &'a [bool],
    /// For each vertex, the number of surrounding frames that need space.
    frames: &'a [usize],
    spacing: &'a Spacing,
}

impl Placer<'_> {
    fn place_sequence(&self, sequence: &Sequence) -> Placement {
        let mut placement = Placement::default();
        let mut ends: Vec<(f32, &Sequence)> = Vec::new();
        let mut x = 0.0;
        for part in sequence {
            match part {
                FlowPart::Tile { vertex, ends: leaving } => {
                    let ((own, h), words) = (self.mosaics[*vertex].size(), self.spacing.words(*vertex));
                    if self.signs[*vertex] && x > 0.0 {
                        x += self.spacing.sign;
                    }
                    let (w, frames) = (own.max(words.wide), self.frames[*vertex] as f32);
                    let up = h / 2.0 + words.above + frames * self.spacing.frame.1;
                    let down = h / 2.0 + words.below + frames * self.spacing.frame.0;
                    placement.take(
                        Placement { tiles: vec![(*vertex, (w - own) / 2.0, -h / 2.0)], w, up, down },
                        x,
                        0.0,
                    );
                    x += w + self.spacing.gap;
                    ends.extend(leaving.iter().map(|end| (x, end)));
                }
                FlowPart::Fork { branches, shortcut } => {
                    let fork = self.place_fork(branches, *shortcut);
                    let w = fork.w;
                    placement.take(fork, x, 0.0);
                    x += w + self.spacing.gap;
                }
            }
        }
        self.hang_ends(&mut placement, ends);
        placement
    }

    /// Places branches that end below the sequence, each below what it passes and below the branch before it. In the
    /// neat layout, they are placed from right to left, so that no edge to one crosses another, and side by side if
    /// they fit.
    fn hang_ends(&self, placement: &mut Placement, mut ends: Vec<(f32, &Sequence)>) {
        if self.spacing.neat {
            ends.reverse();
        }
        let (below, mut next) = (placement.down, f32::INFINITY);
        for (x, end) in ends {
            let end = self.place_sequence(end);
            let beside = self.spacing.neat && x + end.w + self.spacing.gap < next;
            let y = if beside { below } else { placement.down } + self.spacing.branches + end.up;
            placement.take(end, x, y);
            next = x;
        }
    }

    /// Places branches one below the other, centred on the line. A shortcut, with the nodes on it, arches above the
    /// other branches.
    fn place_fork(&self, branches: &[Sequence], shortcut: Option<usize>) -> Placement {
        let others = branches.iter().enumerate().filter(|(place, _)| Some(*place) != shortcut);
        let placed: Vec<Placement> = others.map(|(_, branch)| self.place_sequence(branch)).collect();
        let gaps = self.spacing.branches * placed.len().saturating_sub(1) as f32;
        let whole: f32 = placed.iter().map(|branch| branch.up + branch.down).sum::<f32>() + gaps;
        // A single branch stays on the line.
        let mut top = if let [only] = placed.as_slice() { -only.up } else { -whole / 2.0 };
        let mut placement = Placement::default();
        for branch in placed {
            let (up, tall) = (branch.up, branch.up + branch.down);
            placement.take(branch, 0.0, top + up);
            top += tall + self.spacing.branches;
        }
        if let Some(place) = shortcut {
            let over = self.place_sequence(&branches[place]);
            let (x, y) = ((placement.w - over.w).max(0.0) / 2.0, -(placement.up + self.spacing.arch + over.down));
            placement.take(over, x, y);
            placement.up = placement.up.max(-y);
        }
        placement
    }
}

/// Returns the distance between two tiles that suits the median width.
fn gap(mosaics: &[Mosaic]) -> f32 {
    let mut widths: Vec<f32> = mosaics.iter().map(|mosaic| mosaic.size().0).collect();
    net::order::sort_by(&mut widths, f32::total_cmp);
    widths.get(widths.len() / 2).map_or(GAP.2, |&usual| (usual * GAP.0).clamp(GAP.1, GAP.2))
}

/// Ratios of rows to columns that are tried for mosaics on the line. Upright mosaics let more layers fit side by side.
const UPRIGHT: [f32; 6] = [4.0, 6.0, 9.0, 13.0, 19.0, 28.0];
/// A more upright layout must be shown at least this many times larger to be preferred.
const WORTH: f32 = 1.15;
/// Proportions of the area that the scene should fill: a stage between two side columns.
const SCENE_PROPORTIONS: (f32, f32) = (1.3, 1.0);

/// Computes the layout whose mosaics are as upright as makes the whole scene largest on the screen.
fn place(graph: &Graph, flow: &Flow) -> Scene {
    let scale = |scene: &Scene| (SCENE_PROPORTIONS.0 / scene.bounds.w).min(SCENE_PROPORTIONS.1 / scene.bounds.h);
    let [first, others @ ..] = UPRIGHT;
    let mut best = place_upright(graph, flow, first);
    for scene in others.map(|rows| place_upright(graph, flow, rows)) {
        // A small gain is not worth it: the mosaics stay wider.
        if scale(&scene) > scale(&best) * WORTH {
            best = scene;
        }
    }
    best
}

/// Returns the node whose feature maps a subject shows.
fn node_of(graph: &Graph, subject: TileSubject) -> NodeId {
    match subject {
        TileSubject::Node(node) => node,
        TileSubject::Block(block) => graph.blocks[block].output,
    }
}

fn place_upright(graph: &Graph, flow: &Flow, rows: f32) -> Scene {
    let towers = graph.towers();
    let branch_of = flow.branches();
    let mut mosaics: Vec<Mosaic> = flow
        .vertices
        .iter()
        .zip(&branch_of)
        .map(|(&subject, branch)| {
            let placement = if branch.is_some() { MosaicPlacement::OnBranch } else { MosaicPlacement::OnLine(rows) };
            let node = node_of(graph, subject);
            Mosaic::of(graph, node, towers[node.0], placement)
        })
        .collect();
    for vertex in 0..mosaics.len() {
        if let &[before] = flow.inputs[vertex].as_slice()
            && mosaics[before].maps == mosaics[vertex].maps
        {
            let before = mosaics[before];
            mosaics[vertex].align(&before);
        }
    }
    let spacing = Spacing {
        gap: gap(&mosaics),
        sign: SIGN,
        branches: BRANCH_GAP,
        arch: ARCH,
        frame: FRAME,
        neat: false,
        words: Vec::new(),
    };
    lay(graph, flow, &mosaics, &spacing)
}

/// Computes the scene for given mosaics, one for each vertex.
fn lay(graph: &Graph, flow: &Flow, mosaics: &[Mosaic], spacing: &Spacing) -> Scene {
    let branch_of = flow.branches();
    let sign = |&subject: &TileSubject| match subject {
        TileSubject::Node(node) => matches!(graph.node(node).op, Op::Add(_) | Op::Concat(_)),
        TileSubject::Block(_) => false,
    };
    let signs: Vec<bool> = flow.vertices.iter().map(sign).collect();
    // Only these blocks can be on a branch or hang below the line.
    let hangs =
        |block: &BlockId| matches!(graph.blocks[block.0].kind, BlockKind::Unit | BlockKind::AuxiliaryClassifier);
    let frames_around = |&subject: &TileSubject| match subject {
        _ if !spacing.neat => 0,
        TileSubject::Node(node) => graph.enclosing_blocks(node).filter(hangs).count(),
        TileSubject::Block(block) => graph.block_and_enclosing(graph.blocks[block].parent).filter(hangs).count(),
    };
    let frames_around: Vec<usize> = flow.vertices.iter().map(frames_around).collect();
    let placement = Placer { mosaics, signs: &signs, frames: &frames_around, spacing }.place_sequence(&flow.sequence);
    let mut tiles: Vec<Option<(SceneTile, Rect)>> = vec![None; flow.vertices.len()];
    for &(vertex, x, y) in &placement.tiles {
        let (mosaic, subject, words) = (mosaics[vertex], flow.vertices[vertex], spacing.words(vertex));
        let (w, h) = mosaic.size();
        let rect = Rect { x, y, w, h };
        let wide = w.max(words.wide);
        let reach = Rect { x: x - (wide - w) / 2.0, y: y - words.above, w: wide, h: h + words.above + words.below };
        let tile = SceneTile { subject, node: node_of(graph, subject), rect, mosaic, branch: branch_of[vertex] };
        tiles[vertex] = Some((tile, reach));
    }
    // A vertex that no sequence reaches has no position and no edges. None of our networks has one.
    let (tiles, reach): (Vec<SceneTile>, Vec<Rect>) = tiles.into_iter().flatten().unzip();
    let edges = edges::edges(graph, flow, &flow.shortcuts(), &tiles, &reach, spacing.arch);
    let frames = frames(graph, &tiles, &reach, spacing.frame);
    let arches = edges.iter().filter_map(|edge| match edge.route {
        Route::Arch { top } => Some(Rect { x: 0.0, y: top, w: 0.0, h: 0.0 }),
        Route::Direct => None,
    });
    let all = reach.iter().copied().chain(frames.iter().map(|frame| frame.rect)).chain(arches);
    let bounds = all.reduce(Rect::union).unwrap_or(Rect { x: 0.0, y: 0.0, w: 1.0, h: 1.0 });
    Scene { tiles, edges, frames, bounds }
}
