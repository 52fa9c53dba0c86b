//! The order of things: a graph with folded blocks as runs, forks and joins.

use std::collections::BTreeMap;

use super::{Folds, Subject};
use net::{Graph, NodeId, Op};

/// A place in [`Flow::vertices`].
pub(super) type Vertex = usize;

/// Things one after the other.
pub(super) type Run = Vec<Part>;

/// A part of a run.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// One tile, with the branches that leave it and end.
    Tile { vertex: Vertex, ends: Vec<Run> },
    /// Branches that leave the tile before and meet in the tile after.
    Fork {
        branches: Vec<Run>,
        /// The branch that passes by the others, to an addition.
        shortcut: Option<usize>,
    },
}

/// A graph as it is shown: folded blocks are one vertex each.
#[derive(Debug)]
pub(super) struct Flow {
    /// What is shown, in the order in which it runs.
    pub(super) vertices: Vec<Subject>,
    /// The vertices that each reads, in the order of its inputs.
    pub(super) inputs: Vec<Vec<Vertex>>,
    /// From the input to the scores.
    pub(super) run: Run,
}

/// The outermost folded block around a node, else the node.
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

/// Finds runs, forks and joins.
struct Weaver<'a> {
    inputs: &'a [Vec<Vertex>],
    /// The vertices that read each, in their order.
    readers: Vec<Vec<Vertex>>,
    /// Whether a way leads to the scores.
    arrives: Vec<bool>,
    /// Whether each is an addition.
    adds: &'a [bool],
    /// The nearest vertex through which every way to the scores leads.
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
        // Readers come after what they read, so that walking backwards meets them first.
        for vertex in (0..count).rev().filter(|&vertex| vertex != end) {
            let ahead: Vec<Vertex> = readers[vertex].iter().copied().filter(|&reader| arrives[reader]).collect();
            arrives[vertex] = !ahead.is_empty();
            joins[vertex] = ahead.into_iter().map(Some).reduce(|a, b| meet(&joins, a, b)).flatten();
        }
        Self { inputs, readers, arrives, adds, joins }
    }

    /// What follows from `start` until (without) `stop`.
    fn run(&self, start: Vertex, stop: Option<Vertex>) -> Run {
        let mut run = Run::new();
        let mut at = Some(start);
        while let Some(vertex) = at.filter(|_| at != stop) {
            let (ahead, ends): (Vec<Vertex>, Vec<Vertex>) =
                self.readers[vertex].iter().partition(|&&reader| self.arrives[reader] == self.arrives[vertex]);
            // Where the whole run ends nowhere, what goes on is the run itself.
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

    /// The branches from `fork` to `join`, in the order in which the join reads them.
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

/// The nearest vertex that the ways from `a` and from `b` share.
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
