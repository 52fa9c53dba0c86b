//! Computes the positions of runs, forks and joins.

use super::edges::{self, Road};
use super::flow::{Flow, Part, Run, Vertex};
use super::frames::frames;
use super::mosaic::{Mosaic, Stance};
use super::spacing::Spacing;
use super::{Item, Scene, Subject};
use crate::geometry::Rect;
use net::{BlockId, BlockKind, Graph, NodeId, Op};

/// Distance between two tiles of a run: as a fraction of the median tile's width, its least and its greatest value.
const GAP: (f32, f32, f32) = (0.6, 34.0, 84.0);
/// Extra distance before a tile that has a sign (a plus, the bands of branches) at its left edge.
const SIGN: f32 = 26.0;
/// Distance between two branches.
const LANE_GAP: f32 = 90.0;
/// Distance from the bypassed nodes to the arch of their shortcut.
const ARCH: f32 = 70.0;
/// Margin around the items of a block, and above them for its name.
const FRAME: (f32, f32) = (30.0, 110.0);

/// A run, or a part of one, whose coordinates are relative to its left end and its line.
#[derive(Debug, Default)]
struct Laid {
    /// Vertices with the top left corner of their feature maps.
    tiles: Vec<(Vertex, f32, f32)>,
    /// Width.
    w: f32,
    /// Reach above the line. It is negative if everything is below the line.
    up: f32,
    /// Reach below the line.
    down: f32,
}

impl Laid {
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
    fn run(&self, run: &Run) -> Laid {
        let mut laid = Laid::default();
        let mut ends: Vec<(f32, &Run)> = Vec::new();
        let mut x = 0.0;
        for part in run {
            match part {
                Part::Tile { vertex, ends: leaving } => {
                    let ((own, h), words) = (self.mosaics[*vertex].size(), self.spacing.words(*vertex));
                    if self.signs[*vertex] && x > 0.0 {
                        x += self.spacing.sign;
                    }
                    let (w, frames) = (own.max(words.wide), self.frames[*vertex] as f32);
                    let up = h / 2.0 + words.above + frames * self.spacing.frame.1;
                    let down = h / 2.0 + words.below + frames * self.spacing.frame.0;
                    laid.take(Laid { tiles: vec![(*vertex, (w - own) / 2.0, -h / 2.0)], w, up, down }, x, 0.0);
                    x += w + self.spacing.gap;
                    ends.extend(leaving.iter().map(|end| (x, end)));
                }
                Part::Fork { branches, shortcut } => {
                    let fork = self.fork(branches, *shortcut);
                    let w = fork.w;
                    laid.take(fork, x, 0.0);
                    x += w + self.spacing.gap;
                }
            }
        }
        self.hang(&mut laid, ends);
        laid
    }

    /// Places branches that end below the run, each below what it passes and below the branch before it. In the neat
    /// layout, they are placed from right to left, so that no edge to one crosses another, and side by side if they
    /// fit.
    fn hang(&self, laid: &mut Laid, mut ends: Vec<(f32, &Run)>) {
        if self.spacing.neat {
            ends.reverse();
        }
        let (run, mut next) = (laid.down, f32::INFINITY);
        for (x, end) in ends {
            let end = self.run(end);
            let beside = self.spacing.neat && x + end.w + self.spacing.gap < next;
            let y = if beside { run } else { laid.down } + self.spacing.lanes + end.up;
            laid.take(end, x, y);
            next = x;
        }
    }

    /// Places branches one below the other, centred on the line. A shortcut, with the nodes on it, arches above the
    /// other branches.
    fn fork(&self, branches: &[Run], shortcut: Option<usize>) -> Laid {
        let others = branches.iter().enumerate().filter(|(place, _)| Some(*place) != shortcut);
        let lanes: Vec<Laid> = others.map(|(_, branch)| self.run(branch)).collect();
        let gaps = self.spacing.lanes * lanes.len().saturating_sub(1) as f32;
        let whole: f32 = lanes.iter().map(|lane| lane.up + lane.down).sum::<f32>() + gaps;
        // A single branch stays on the line.
        let mut top = if let [only] = lanes.as_slice() { -only.up } else { -whole / 2.0 };
        let mut laid = Laid::default();
        for lane in lanes {
            let (up, tall) = (lane.up, lane.up + lane.down);
            laid.take(lane, 0.0, top + up);
            top += tall + self.spacing.lanes;
        }
        if let Some(place) = shortcut {
            let over = self.run(&branches[place]);
            let (x, y) = ((laid.w - over.w).max(0.0) / 2.0, -(laid.up + self.spacing.arch + over.down));
            laid.take(over, x, y);
            laid.up = laid.up.max(-y);
        }
        laid
    }
}

/// Writes the index of its branch for each vertex on a branch. The innermost fork counts.
fn lanes(run: &Run, into: &mut [Option<usize>]) {
    for part in run {
        match part {
            Part::Tile { ends, .. } => ends.iter().for_each(|end| lanes(end, into)),
            Part::Fork { branches, shortcut } => {
                for (lane, branch) in branches.iter().enumerate() {
                    if shortcut.is_none() {
                        vertices(branch).into_iter().for_each(|vertex| into[vertex] = Some(lane));
                    }
                    lanes(branch, into);
                }
            }
        }
    }
}

/// Marks each vertex that lies on a shortcut: a projection, its normalization, or a zero padding.
fn shortcuts(run: &Run, into: &mut [bool]) {
    for part in run {
        match part {
            Part::Tile { ends, .. } => ends.iter().for_each(|end| shortcuts(end, into)),
            Part::Fork { branches, shortcut } => {
                for (place, branch) in branches.iter().enumerate() {
                    if Some(place) == *shortcut {
                        vertices(branch).into_iter().for_each(|vertex| into[vertex] = true);
                    }
                    shortcuts(branch, into);
                }
            }
        }
    }
}

fn vertices(run: &Run) -> Vec<Vertex> {
    run.iter()
        .flat_map(|part| match part {
            Part::Tile { vertex, .. } => vec![*vertex],
            Part::Fork { branches, .. } => branches.iter().flat_map(vertices).collect(),
        })
        .collect()
}

/// Returns the distance between two tiles that suits the median width.
fn gap(mosaics: &[Mosaic]) -> f32 {
    let mut widths: Vec<f32> = mosaics.iter().map(|mosaic| mosaic.size().0).collect();
    widths.sort_by(f32::total_cmp);
    widths.get(widths.len() / 2).map_or(GAP.2, |&usual| (usual * GAP.0).clamp(GAP.1, GAP.2))
}

/// Ratios of rows to columns that are tried for mosaics on the line. Upright mosaics let more layers fit side by side.
const UPRIGHT: [f32; 6] = [4.0, 6.0, 9.0, 13.0, 19.0, 28.0];
/// A more upright layout must be shown at least this many times larger to be preferred.
const WORTH: f32 = 1.15;
/// Proportions of the area that the scene should fill: a stage between two side columns.
const ROOM: (f32, f32) = (1.3, 1.0);

/// Computes the layout whose mosaics are as upright as makes the whole scene largest on the screen.
pub(super) fn place(graph: &Graph, flow: &Flow) -> Scene {
    let scale = |scene: &Scene| (ROOM.0 / scene.bounds.w).min(ROOM.1 / scene.bounds.h);
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
fn node_of(graph: &Graph, subject: Subject) -> NodeId {
    match subject {
        Subject::Node(node) => node,
        Subject::Block(block) => graph.blocks[block].output,
    }
}

fn place_upright(graph: &Graph, flow: &Flow, rows: f32) -> Scene {
    let towers = graph.towers();
    let mut lane_of = vec![None; flow.vertices.len()];
    lanes(&flow.run, &mut lane_of);
    let mut mosaics: Vec<Mosaic> = flow
        .vertices
        .iter()
        .zip(&lane_of)
        .map(|(&subject, lane)| {
            let stance = if lane.is_some() { Stance::Lying } else { Stance::Upright(rows) };
            let node = node_of(graph, subject);
            Mosaic::of(graph, node, towers[node.0], stance)
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
        lanes: LANE_GAP,
        arch: ARCH,
        frame: FRAME,
        neat: false,
        words: Vec::new(),
    };
    lay(graph, flow, &mosaics, &spacing)
}

/// Computes the scene for given mosaics, one for each vertex.
pub(super) fn lay(graph: &Graph, flow: &Flow, mosaics: &[Mosaic], spacing: &Spacing) -> Scene {
    let mut lane_of = vec![None; flow.vertices.len()];
    lanes(&flow.run, &mut lane_of);
    let sign = |&subject: &Subject| match subject {
        Subject::Node(node) => matches!(graph.node(node).op, Op::Add(_) | Op::Concat(_)),
        Subject::Block(_) => false,
    };
    let signs: Vec<bool> = flow.vertices.iter().map(sign).collect();
    // Only these blocks can be on a branch or hang below the line.
    let hangs = |block: &BlockId| matches!(graph.blocks[block.0].kind, BlockKind::Unit | BlockKind::SideClassifier);
    let frames_around = |&subject: &Subject| match subject {
        _ if !spacing.neat => 0,
        Subject::Node(node) => graph.blocks_around(node).filter(hangs).count(),
        Subject::Block(block) => graph.and_around(graph.blocks[block].parent).filter(hangs).count(),
    };
    let frames_around: Vec<usize> = flow.vertices.iter().map(frames_around).collect();
    let laid = Placer { mosaics, signs: &signs, frames: &frames_around, spacing }.run(&flow.run);
    let mut items: Vec<Option<(Item, Rect)>> = vec![None; flow.vertices.len()];
    for &(vertex, x, y) in &laid.tiles {
        let (mosaic, subject, words) = (mosaics[vertex], flow.vertices[vertex], spacing.words(vertex));
        let (w, h) = mosaic.size();
        let rect = Rect { x, y, w, h };
        let wide = w.max(words.wide);
        let reach = Rect { x: x - (wide - w) / 2.0, y: y - words.above, w: wide, h: h + words.above + words.below };
        let item = Item { subject, node: node_of(graph, subject), rect, mosaic, lane: lane_of[vertex] };
        items[vertex] = Some((item, reach));
    }
    // A vertex that no run reaches has no position and no edges. None of our networks has one.
    let (items, reach): (Vec<Item>, Vec<Rect>) = items.into_iter().flatten().unzip();
    let mut passing = vec![false; flow.vertices.len()];
    shortcuts(&flow.run, &mut passing);
    let edges = edges::edges(graph, flow, &passing, &items, &reach, spacing.arch);
    let frames = frames(graph, &items, &reach, spacing.frame);
    let arches = edges.iter().filter_map(|edge| match edge.road {
        Road::Arch { top } => Some(Rect { x: 0.0, y: top, w: 0.0, h: 0.0 }),
        Road::Direct => None,
    });
    let all = reach.iter().copied().chain(frames.iter().map(|frame| frame.rect)).chain(arches);
    let bounds = all.reduce(Rect::union).unwrap_or(Rect { x: 0.0, y: 0.0, w: 1.0, h: 1.0 });
    Scene { items, edges, frames, bounds }
}
