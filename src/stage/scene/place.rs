//! Runs, forks and joins to places.

use super::flow::{Flow, Part, Run, Vertex};
use super::mosaic::{Mosaic, Stance};
use super::routes::{self, Road};
use super::{Frame, Item, Scene, Subject};
use crate::net::{BlockId, Graph, Op};
use crate::stage::geometry::Rect;

/// Between two tiles of a run: a part of the width of the usual tile, at least and at most.
const GAP: (f32, f32, f32) = (0.6, 34.0, 84.0);
/// What more there is before a tile whose sign (a plus, the bands of lanes) stands at its left edge.
const SIGN: f32 = 26.0;
/// Between two lanes.
const LANE_GAP: f32 = 90.0;
/// From what a shortcut passes to its arch.
pub(super) const ARCH: f32 = 70.0;
/// Around the items of a block, and above them for its name.
const FRAME: (f32, f32) = (30.0, 110.0);

/// A run or a part of one with places that count from its left end and its line.
#[derive(Debug, Default)]
struct Laid {
    /// Vertices with the top left corner of their maps.
    tiles: Vec<(Vertex, f32, f32)>,
    /// Width.
    w: f32,
    /// Reach above the line (negative numbers are below it).
    up: f32,
    /// Reach below the line.
    down: f32,
}

impl Laid {
    /// Takes `other` in, `x` to the right and `y` below.
    fn take(&mut self, other: Self, x: f32, y: f32) {
        self.tiles.extend(other.tiles.into_iter().map(|(vertex, left, top)| (vertex, left + x, top + y)));
        self.w = self.w.max(x + other.w);
        self.up = self.up.max(other.up - y);
        self.down = self.down.max(other.down + y);
    }
}

struct Placer<'a> {
    mosaics: &'a [Mosaic],
    /// Which vertices have a sign at their left edge.
    signs: &'a [bool],
    gap: f32,
}

impl Placer<'_> {
    fn run(&self, run: &Run) -> Laid {
        let mut laid = Laid::default();
        let mut ends: Vec<(f32, &Run)> = Vec::new();
        let mut x = 0.0;
        for part in run {
            match part {
                Part::Tile { vertex, ends: leaving } => {
                    let (w, h) = self.mosaics[*vertex].size();
                    if self.signs[*vertex] && x > 0.0 {
                        x += SIGN;
                    }
                    let tile = Laid { tiles: vec![(*vertex, 0.0, -h / 2.0)], w, up: h / 2.0, down: h / 2.0 };
                    laid.take(tile, x, 0.0);
                    x += w + self.gap;
                    ends.extend(leaving.iter().map(|end| (x, end)));
                }
                Part::Fork { branches, shortcut } => {
                    let fork = self.fork(branches, *shortcut);
                    let w = fork.w;
                    laid.take(fork, x, 0.0);
                    x += w + self.gap;
                }
            }
        }
        // Branches that end hang under the run, each under what it passes and under the one before.
        for (x, end) in ends {
            let end = self.run(end);
            let y = laid.down + LANE_GAP + end.up;
            laid.take(end, x, y);
        }
        laid
    }

    /// Lanes one under the other, their middle on the line. Where there is a shortcut, the others are, and it arches above
    /// them, with what stands on it.
    fn fork(&self, branches: &[Run], shortcut: Option<usize>) -> Laid {
        let others = branches.iter().enumerate().filter(|(place, _)| Some(*place) != shortcut);
        let lanes: Vec<Laid> = others.map(|(_, branch)| self.run(branch)).collect();
        let gaps = LANE_GAP * lanes.len().saturating_sub(1) as f32;
        let whole: f32 = lanes.iter().map(|lane| lane.up + lane.down).sum::<f32>() + gaps;
        // A single branch keeps to the line.
        let mut top = if let [only] = lanes.as_slice() { -only.up } else { -whole / 2.0 };
        let mut laid = Laid::default();
        for lane in lanes {
            let (up, tall) = (lane.up, lane.up + lane.down);
            laid.take(lane, 0.0, top + up);
            top += tall + LANE_GAP;
        }
        if let Some(place) = shortcut {
            let over = self.run(&branches[place]);
            let (x, y) = ((laid.w - over.w).max(0.0) / 2.0, -(laid.up + ARCH + over.down));
            laid.take(over, x, y);
            laid.up = laid.up.max(-y);
        }
        laid
    }
}

/// For each vertex in a lane, which: the innermost fork counts.
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

/// For each vertex, whether it stands on a shortcut: a projection, its normalisation, or padding.
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

/// Between two tiles: what suits the usual tile.
fn gap(mosaics: &[Mosaic]) -> f32 {
    let mut widths: Vec<f32> = mosaics.iter().map(|mosaic| mosaic.size().0).collect();
    widths.sort_by(f32::total_cmp);
    widths.get(widths.len() / 2).map_or(GAP.2, |&usual| (usual * GAP.0).clamp(GAP.1, GAP.2))
}

/// Rows of maps to a column of those that stand by themselves. Upright mosaics let many layers stand side by side.
const UPRIGHT: [f32; 6] = [4.0, 6.0, 9.0, 13.0, 19.0, 28.0];
/// How much larger the whole must become by more upright mosaics.
const WORTH: f32 = 1.15;
/// The room that the whole is to fill as well as it can, in parts of each other: a stage beside two columns.
const ROOM: (f32, f32) = (1.3, 1.0);

/// The whole scene: as upright as lets it be shown largest.
pub(super) fn place(graph: &Graph, flow: &Flow) -> Scene {
    let scale = |scene: &Scene| (ROOM.0 / scene.bounds.w).min(ROOM.1 / scene.bounds.h);
    let [first, others @ ..] = UPRIGHT;
    let mut best = place_upright(graph, flow, first);
    for scene in others.map(|rows| place_upright(graph, flow, rows)) {
        // What gains little keeps its maps side by side.
        if scale(&scene) > scale(&best) * WORTH {
            best = scene;
        }
    }
    best
}

fn place_upright(graph: &Graph, flow: &Flow, rows: f32) -> Scene {
    let towers = graph.towers();
    let mut lane_of = vec![None; flow.vertices.len()];
    lanes(&flow.run, &mut lane_of);
    let node_of = |subject: Subject| match subject {
        Subject::Node(node) => node,
        Subject::Block(block) => graph.blocks[block].output,
    };
    let mut mosaics: Vec<Mosaic> = flow
        .vertices
        .iter()
        .zip(&lane_of)
        .map(|(&subject, lane)| {
            let stance = if lane.is_some() { Stance::Lying } else { Stance::Upright(rows) };
            Mosaic::of(graph, node_of(subject), towers[node_of(subject).0], stance)
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
    let sign = |&subject: &Subject| match subject {
        Subject::Node(node) => matches!(graph.node(node).op, Op::Add(_) | Op::Concat(_)),
        Subject::Block(_) => false,
    };
    let signs: Vec<bool> = flow.vertices.iter().map(sign).collect();
    let laid = Placer { mosaics: &mosaics, signs: &signs, gap: gap(&mosaics) }.run(&flow.run);
    let mut items: Vec<Option<Item>> = vec![None; flow.vertices.len()];
    for &(vertex, x, y) in &laid.tiles {
        let (mosaic, subject) = (mosaics[vertex], flow.vertices[vertex]);
        let (w, h) = mosaic.size();
        let rect = Rect { x, y, w, h };
        items[vertex] = Some(Item { subject, node: node_of(subject), rect, mosaic, lane: lane_of[vertex] });
    }
    // Whatever no run reached (there is nothing like it in a network of ours) has no place, and no edges.
    let items: Vec<Item> = items.into_iter().flatten().collect();
    let mut passing = vec![false; flow.vertices.len()];
    shortcuts(&flow.run, &mut passing);
    let edges = routes::edges(graph, flow, &passing, &items);
    let frames = frames(graph, &items);
    let arches = edges.iter().filter_map(|edge| match edge.road {
        Road::Arch { top } => Some(Rect { x: 0.0, y: top, w: 0.0, h: 0.0 }),
        Road::Direct => None,
    });
    let all = items.iter().map(|item| item.rect).chain(frames.iter().map(|frame| frame.rect)).chain(arches);
    let bounds = all.reduce(Rect::union).unwrap_or(Rect { x: 0.0, y: 0.0, w: 1.0, h: 1.0 });
    Scene { items, edges, frames, bounds }
}

/// The frames of blocks of which more than one item is shown.
fn frames(graph: &Graph, items: &[Item]) -> Vec<Frame> {
    let mut frames = Vec::new();
    // Inner before outer, so that an outer frame goes around the inner ones; told outer before inner.
    for (place, block) in graph.blocks.iter().enumerate().rev() {
        let inside = |item: &&Item| match item.subject {
            Subject::Node(node) => block.nodes.contains(&node.0),
            Subject::Block(folded) => folded != place && within(graph, folded, place),
        };
        let held: Vec<Rect> = items.iter().filter(inside).map(|item| item.rect).collect();
        let folded = items.iter().any(|item| item.subject == Subject::Block(place));
        let Some(around) = held.into_iter().reduce(Rect::union).filter(|_| !folded) else { continue };
        let inner = frames.iter().filter(|frame: &&Frame| within(graph, frame.block.0, place)).map(|frame| frame.rect);
        let around = inner.fold(around, Rect::union);
        let rect = Rect {
            x: around.x - FRAME.0,
            y: around.y - FRAME.1,
            w: around.w + 2.0 * FRAME.0,
            h: around.h + FRAME.0 + FRAME.1,
        };
        frames.push(Frame { block: BlockId(place), rect, depth: graph.and_around(block.parent).count() });
    }
    frames.reverse();
    frames
}

/// Whether block `inner` lies in block `outer`.
fn within(graph: &Graph, inner: usize, outer: usize) -> bool {
    graph.and_around(graph.blocks[inner].parent).any(|block| block.0 == outer)
}
