//! The order of the tiles: a graph with folded blocks, structured as runs, forks and joins.

use std::collections::BTreeMap;

use super::{Folds, Subject};
use net::{Graph, NodeId, Op};

/// An index into [`Flow::vertices`].
pub(super) type Vertex = usize;

/// Parts in sequence.
pub(super) type Run = Vec<Part>;

/// One part of a run.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// One tile, and the branches that leave it and end without joining the run again.
    Tile { vertex: Vertex, ends: Vec<Run> },
    /// Branches that leave the tile before this part and meet in the tile after it.
    Fork {
        branches: Vec<Run>,
        /// The branch that is a shortcut to an addition, if there is one.
        shortcut: Option<usize>,
    },
}

/// A graph as it is displayed: each folded block is one vertex.
#[derive(Debug)]
pub(super) struct Flow {
    /// The displayed subjects in running order.
    pub(super) vertices: Vec<Subject>,
    /// The input vertices of each vertex, in the order of its inputs.
    pub(super) inputs: Vec<Vec<Vertex>>,
    /// The run from the input to the scores.
    pub(super) run: Run,
}

/// Returns the outermost folded block around a node, or the node if no block around it is folded.
fn subject(graph: &Graph, folds: &Folds, node: NodeId) -> Subject {
    let folded = graph.blocks_around(node).filter(|block| folds.contains(&block.0)).last();
    folded.map_or(Subject::Node(node), |block| Subject::Block(block.0))
}

impl Flow {
    pub(super) fn of(graph: &Graph, folds: &Folds) -> Self {
        let mut vertices: Vec<Subject> = Vec::new();
        let mut places: BTreeMap<Subject, Vertex> = BTreeMap::new();
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
            .map(|subject| matches!(subject, Subject::Node(node) if matches!(graph.node(*node).op, Op::Add(_))))
            .collect();
        let run = Weaver::new(&inputs, &adds, end).run(0, None);
        Self { vertices, inputs, run }
    }
}

/// Finds the runs, forks and joins of a graph.
struct Weaver<'a> {
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

impl<'a> Weaver<'a> {
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

    /// Returns the run from `start` up to, but without, `stop`.
    fn run(&self, start: Vertex, stop: Option<Vertex>) -> Run {
        let mut run = Run::new();
        let mut at = Some(start);
        while let Some(vertex) = at.filter(|_| at != stop) {
            let (ahead, ends): (Vec<Vertex>, Vec<Vertex>) =
                self.readers[vertex].iter().partition(|&&reader| self.arrives[reader] == self.arrives[vertex]);
            // In a run that never reaches the scores, the continuation is the run itself and not a branch that ends.
            let ends = ends.into_iter().filter(|_| self.arrives[vertex]).map(|end| self.run(end, None)).collect();
            run.push(Part::Tile { vertex, ends });
            let join = if self.arrives[vertex] { self.joins[vertex] } else { ahead.first().copied() };
            if let (Some(join), true) = (join, ahead.len() > 1) {
                let branches = self.branches(vertex, &ahead, join);
                let shortest = (0..branches.len()).min_by_key(|&branch| branches[branch].len());
                run.push(Part::Fork { branches, shortcut: shortest.filter(|_| self.adds[join]) });
            }
            at = join;
        }
        run
    }

    /// Returns the branches from `fork` to `join`, in the order of the join's inputs.
    fn branches(&self, fork: Vertex, ahead: &[Vertex], join: Vertex) -> Vec<Run> {
        let rank = |branch: &Run| match branch.last() {
            Some(Part::Tile { vertex, .. }) => self.inputs[join].iter().position(|input| input == vertex),
            Some(Part::Fork { .. }) => None,
            None => self.inputs[join].iter().position(|&input| input == fork),
        };
        let mut branches: Vec<Run> = ahead
            .iter()
            .map(|&reader| if reader == join { Run::new() } else { self.run(reader, Some(join)) })
            .collect();
        branches.sort_by_key(|branch| rank(branch).unwrap_or(usize::MAX));
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
