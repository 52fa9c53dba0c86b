//! One pass of the network that is drawn, or one look at the last: the state of the page in, the small numbers out.

use std::sync::{Arc, Weak};

use leptos::prelude::*;

use super::engines::{kept, whole};
use super::lab::{Frame, Lab, Told};
use super::medium::blank;
use engine::{Extent, Slice};
use net::{Effects, Graph, NodeId};
use scene::{Insight, Spot};

/// What is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Look {
    focus: (NodeId, usize),
    spot: Option<Spot>,
    /// The node that is told about, and the cell of it.
    told: NodeId,
    cell: Option<(usize, usize)>,
}

/// One pass, as it was asked for: the state of the page may have gone on when it is done.
pub(super) struct Job {
    pub(super) graph: Arc<Graph>,
    pub(super) input: Arc<Vec<f32>>,
    pub(super) blank: bool,
    /// The nodes whose outputs the page wants to have, where it has them at all.
    pub(super) nodes: Vec<NodeId>,
    pub(super) look: Look,
    /// The cuts, as engines carry them out and as text.
    pub(super) effects: Arc<Effects>,
    pub(super) cuts: String,
    /// For each node whether its output is to be computed; none where all are.
    pub(super) stale: Option<Vec<bool>>,
}

/// What is common to the frame of a pass and the frames of later looks at it.
#[derive(Debug, Clone, Default)]
pub(super) struct Passed {
    pub(super) extents: Arc<Vec<Extent>>,
    pub(super) milliseconds: f64,
    pub(super) times: Arc<Vec<(NodeId, f64)>>,
    pub(super) blank: bool,
    pub(super) source: Source,
    pub(super) dispatches: usize,
}

/// Of which input a pass was. Equal where it is the very same.
#[derive(Debug, Clone, Default)]
pub(super) struct Source(Weak<Vec<f32>>);

impl Source {
    /// Of `input`.
    pub(super) fn of(input: &Arc<Vec<f32>>) -> Self {
        Self(Arc::downgrade(input))
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        Weak::ptr_eq(&self.0, &other.0)
    }
}

impl Look {
    /// At what the page looks now.
    pub(super) fn now(lab: Lab) -> Self {
        untrack(|| {
            let (node, map, cell) = lab.focus();
            let told = lab.scene.read().told_of(&lab.graph.read(), node);
            Self { focus: (node, map), spot: lab.spot(), told, cell }
        })
    }

    /// The values of the map in focus.
    fn map_slice(&self, graph: &Graph) -> Slice {
        let (node, map) = self.focus;
        let shape = graph.node(node).shape;
        let (channels, height, width) = shape.chw();
        if shape.is_flat() {
            return whole(graph, node);
        }
        Slice { node, start: map.min(channels - 1) * height * width, len: height * width }
    }

    /// The small numbers that the page's text shows: scores, probabilities, the map and the value in focus.
    fn numbers(&self, graph: &Graph) -> Vec<Slice> {
        let mut slices = vec![whole(graph, graph.logits), whole(graph, graph.probabilities), self.map_slice(graph)];
        slices.extend(self.spot.iter().flat_map(|spot| spot.slices(graph)));
        slices
    }

    /// What is to be told of the node, beyond its values.
    fn telling(&self, graph: &Graph) -> Vec<Slice> {
        Insight::needs(graph, self.told, self.focus.1, self.cell)
    }

    /// All that is to be read of a pass.
    pub(super) fn slices(&self, graph: &Graph) -> Vec<Slice> {
        let mut slices = self.numbers(graph);
        slices.extend(self.telling(graph));
        slices
    }

    /// The frame, from the values of [`Look::slices`].
    pub(super) fn frame(&self, graph: &Graph, mut values: Vec<Vec<f32>>, passed: Passed) -> Option<Frame> {
        let telling = values.split_off(values.len().checked_sub(self.telling(graph).len())?);
        self.put(values, telling, passed)
    }

    fn put(&self, numbers: Vec<Vec<f32>>, telling: Vec<Vec<f32>>, passed: Passed) -> Option<Frame> {
        let mut values = numbers.into_iter();
        let (scores, probabilities, map) = (values.next()?, values.next()?, values.next()?);
        let spot = self.spot.map(|spot| (spot, values.flatten().collect()));
        let map = (self.focus.0, self.focus.1, map);
        let Passed { extents, milliseconds, times, blank, source, dispatches } = passed;
        let told = Told { node: self.told, map: self.focus.1, cell: self.cell, values: telling };
        Some(Frame { scores, probabilities, map, spot, told, extents, milliseconds, times, blank, source, dispatches })
    }

    /// The frame, cut out of outputs by node; `None` where one is not there.
    pub(super) fn cut(&self, graph: &Graph, outputs: &[Vec<f32>], passed: Passed) -> Option<Frame> {
        let cut = |s: Slice| outputs.get(s.node.0)?.get(s.start..s.start + s.len).map(<[f32]>::to_vec);
        let cut_all = |slices: Vec<Slice>| slices.into_iter().map(cut).collect::<Option<Vec<_>>>();
        // What cannot be told does not keep the numbers from being seen.
        let telling = cut_all(self.telling(graph)).unwrap_or_default();
        self.put(cut_all(self.numbers(graph))?, telling, passed)
    }
}

impl Job {
    /// What the page wants now.
    pub(super) fn new(lab: Lab) -> Self {
        untrack(|| {
            let graph = lab.graph.get();
            let input = lab.input.get();
            let nodes = kept(&graph, &lab.scene.read());
            let look = Look::now(lab);
            let blank_input = || Arc::new(blank(&graph));
            let (effects, cuts) = (lab.cutting.effects.get(), lab.cutting.cuts.read().write(&graph));
            let blank = input.is_none();
            Self { blank, input: input.unwrap_or_else(blank_input), nodes, look, effects, cuts, stale: None, graph }
        })
    }
}
