//! The order of the tiles: a graph with folded blocks, structured as sequences, forks and joins.

use std::collections::BTreeMap;

use super::tiles::{Folds, TileSubject};
use net::{Graph, NodeId, Op};

/// An index into [`Flow::vertices`].
pub(super) type Vertex = usize;

/// Parts in sequence.
pub(super) type Sequence = Vec<FlowPart>;

/// One part of a sequence.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FlowPart {
    /// One tile, and the branches that leave it and end without joining the sequence again.
    Tile { vertex: Vertex, ends: Vec<Sequence> },
    /// Branches that leave the tile before this part and meet in the tile after it.
    Fork {
        branches: Vec<Sequence>,
        /// The branch that is a shortcut to an addition, if there is one.
        shortcut: Option<usize>,
    },
}

/// A graph as it is displayed: each folded block is one vertex.
#[derive(Debug)]
pub(super) struct Flow {
    /// The displayed subjects in running order.
    pub(super) vertices: Vec<TileSubject>,
    /// The input vertices of each vertex, in the order of its inputs.
    pub(super) inputs: Vec<Vec<Vertex>>,
    /// The sequence from the input to the scores.
    pub(super) sequence: Sequence,
}

/// Returns the outermost folded block around a node, or the node if no block around it is folded.
fn subject(graph: &Graph, folds: &Folds, node: NodeId) -> TileSubject {
    let folded = graph.enclosing_blocks(node).filter(|block| folds.contains(&block.0)).last();
    folded.map_or(TileSubject::Node(node), |block| TileSubject::Block(block.0))
}

impl Flow {
    pub(super) fn of(graph: &Graph, folds: &Folds) -> Self {
        let mut vertices: Vec<TileSubject> = Vec::new();
        let mut places: BTreeMap<TileSubject, Vertex> = BTreeMap::new();
        let mut inputs: Vec<Vec<Vertex>> = Vec::new();
        for id in graph.steps() {
            let this = subject(graph, folds, id);
            let vertex = *places.entry(this).or_insert_with(|| {
                vertices.push(this);
                inputs.push(Vec::new());
                vertices.len() - 1
            });
            for &input in &graph.node(id).inputs {
                let from = places[&subject(graph, folds, input)];
                if from != vertex && !inputs[vertex].contains(&from) {
                    inputs[vertex].push(from);
                }
            }
        }
        let end = places[&subject(graph, folds, graph.logits)];
        let adds: Vec<bool> = vertices
            .iter()
            .map(|subject| matches!(subject, TileSubject::Node(node) if matches!(graph.node(*node).op, Op::Add(_))))
            .collect();
        let sequence = FlowBuilder::new(&inputs, &adds, end).sequence(0, None);
        Self { vertices, inputs, sequence }
    }

    /// Returns for each vertex the index of its branch, if it is on one. The innermost fork counts.
    pub(super) fn branches(&self) -> Vec<Option<usize>> {
        let mut branches = vec![None; self.vertices.len()];
        assign_branches(&self.sequence, &mut branches);
        branches
    }

    /// Returns for each vertex whether it lies on a shortcut: a projection, its normalization, or a zero padding.
    pub(super) fn shortcuts(&self) -> Vec<bool> {
        let mut shortcuts = vec![false; self.vertices.len()];
        mark_shortcuts(&self.sequence, &mut shortcuts);
        shortcuts
    }
}

/// Writes the index of its branch for each vertex on a branch. The innermost fork counts.
fn assign_branches(sequence: &Sequence, into: &mut [Option<usize>]) {
    for part in sequence {
        match part {
            FlowPart::Tile { ends, .. } => ends.iter().for_each(|end| assign_branches(end, into)),
            FlowPart::Fork { branches, shortcut } => {
                for (place, branch) in branches.iter().enumerate() {
                    if shortcut.is_none() {
                        vertices(branch).into_iter().for_each(|vertex| into[vertex] = Some(place));
                    }
                    assign_branches(branch, into);
                }
            }
        }
    }
}

/// Marks each vertex that lies on a shortcut: a projection, its normalization, or a zero padding.
fn mark_shortcuts(sequence: &Sequence, into: &mut [bool]) {
    for part in sequence {
        match part {
            FlowPart::Tile { ends, .. } => ends.iter().for_each(|end| mark_shortcuts(end, into)),
            FlowPart::Fork { branches, shortcut } => {
                for (place, branch) in branches.iter().enumerate() {
                    if Some(place) == *shortcut {
                        vertices(branch).into_iter().for_each(|vertex| into[vertex] = true);
                    }
                    mark_shortcuts(branch, into);
                }
            }
        }
    }
}

fn vertices(sequence: &Sequence) -> Vec<Vertex> {
    sequence
        .iter()
        .flat_map(|part| match part {
            FlowPart::Tile { vertex, .. } => vec![*vertex],
            FlowPart::Fork { branches, .. } => branches.iter().flat_map(vertices).collect(),
        })
        .collect()
}

/// Finds the sequences, forks and joins of a graph.
struct FlowBuilder<'a> {
    inputs: &'a [Vec<Vertex>],
    /// The vertices that read each vertex, in their order.
    readers: Vec<Vec<Vertex>>,
    /// For each vertex, true if a path leads from it to the scores.
    arrives: Vec<bool>,
    /// For each vertex, true if it is an addition.
    adds: &'a [bool],
    /// For each vertex, the nearest later vertex that lies on every path to the scores (its immediate post-dominator).
    joins: Vec<Option<Vertex>>,
}

impl<'a> FlowBuilder<'a> {
    fn new(inputs: &'a [Vec<Vertex>], adds: &'a [bool], end: Vertex) -> Self {
        let count = inputs.len();
        let mut readers = vec![Vec::new(); count];
        for (vertex, read) in inputs.iter().enumerate() {
            read.iter().for_each(|&from| readers[from].push(vertex));
        }
        let mut arrives = vec![false; count];
        arrives[end] = true;
        let mut joins: Vec<Option<Vertex>> = vec![None; count];
        // Readers come after their inputs, so the backward order visits them first.
        for vertex in (0..count).rev().filter(|&vertex| vertex != end) {
            let ahead: Vec<Vertex> = readers[vertex].iter().copied().filter(|&reader| arrives[reader]).collect();
            arrives[vertex] = !ahead.is_empty();
            joins[vertex] = ahead.into_iter().map(Some).reduce(|a, b| meet(&joins, a, b)).flatten();
        }
        Self { inputs, readers, arrives, adds, joins }
    }

    /// Returns the sequence from `start` up to, but without, `stop`.
    fn sequence(&self, start: Vertex, stop: Option<Vertex>) -> Sequence {
        let mut sequence = Sequence::new();
        let mut at = Some(start);
        while let Some(vertex) = at.filter(|_| at != stop) {
            let (ahead, ends): (Vec<Vertex>, Vec<Vertex>) =
                self.readers[vertex].iter().partition(|&&reader| self.arrives[reader] == self.arrives[vertex]);
            // In a sequence that never reaches the scores, the continuation is the sequence itself and not a branch
            // that ends.
            let ends = ends.into_iter().filter(|_| self.arrives[vertex]).map(|end| self.sequence(end, None)).collect();
            sequence.push(FlowPart::Tile { vertex, ends });
            let join = if self.arrives[vertex] { self.joins[vertex] } else { ahead.first().copied() };
            if let (Some(join), true) = (join, ahead.len() > 1) {
                let branches = self.branches(vertex, &ahead, join);
                let shortest = (0..branches.len()).min_by_key(|&branch| branches[branch].len());
                sequence.push(FlowPart::Fork { branches, shortcut: shortest.filter(|_| self.adds[join]) });
            }
            at = join;
        }
        sequence
    }

    /// Returns the branches from `fork` to `join`, in the order of the join's inputs.
    fn branches(&self, fork: Vertex, ahead: &[Vertex], join: Vertex) -> Vec<Sequence> {
        let rank = |branch: &Sequence| match branch.last() {
            Some(FlowPart::Tile { vertex, .. }) => self.inputs[join].iter().position(|input| input == vertex),
            Some(FlowPart::Fork { .. }) => None,
            None => self.inputs[join].iter().position(|&input| input == fork),
        };
        let mut branches: Vec<Sequence> = ahead
            .iter()
            .map(|&reader| if reader == join { Sequence::new() } else { self.sequence(reader, Some(join)) })
            .collect();
        net::order::sort_by_key(&mut branches, |branch| rank(branch).unwrap_or(usize::MAX));
        branches
    }
}

/// Returns the nearest vertex that the paths from `a` and from `b` share.
fn meet(joins: &[Option<Vertex>], mut a: Option<Vertex>, mut b: Option<Vertex>) -> Option<Vertex> {
    while a != b {
        match (a, b) {
            (Some(x), Some(y)) if x < y => a = joins[x],
            (Some(_), Some(y)) => b = joins[y],
            _ => return None,
        }
    }
    a
}
