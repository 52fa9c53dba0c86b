//! The state of the page that one pass or one readback works on, and the readout that is made of its numbers.

use std::sync::Arc;

use engine::{Extent, ExtentTable, OutputSlice};
use leptos::prelude::*;
use logic::InputId;
use net::{AblationFactors, Graph, NodeId};
use scene::{Insight, MapCell, Scene};

use crate::app::state::{Answer, InsightValues, Page, Readout, blank};

/// The numbers that the text of the page shows: what to read back, and how to make a [`Readout`] of it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct Readback {
    /// The current node and map.
    map: (NodeId, usize),
    map_cell: Option<MapCell>,
    insight_node: NodeId,
    /// The current cell, as row and column.
    cell: Option<(usize, usize)>,
}

/// One pass as it was requested. The state of the page may change while it runs.
pub(in crate::app) struct Job {
    pub(in crate::app) graph: Arc<Graph>,
    /// The places of the graph's extents.
    pub(in crate::app) extent_table: Arc<ExtentTable>,
    /// The values of the input, `[channels, height, width]`.
    pub(in crate::app) input: Arc<Vec<f32>>,
    /// True if there is no picture: the input is blank.
    pub(in crate::app) blank: bool,
    /// The nodes whose outputs the page keeps, if outputs come to its memory at all.
    pub(in crate::app) nodes: Vec<NodeId>,
    pub(in crate::app) readback: Readback,
    /// The factors of the ablations.
    pub(in crate::app) effects: Arc<AblationFactors>,
    /// For each node, whether its output has to be computed; `None` if all outputs have to.
    pub(in crate::app) stale: Option<Vec<bool>>,
}

/// The facts that the readout of a pass shares with the readouts of later readbacks from it.
#[derive(Debug, Clone, Default)]
pub(super) struct PassFacts {
    pub(super) extents: Arc<Vec<Extent>>,
    pub(super) milliseconds: f64,
    pub(super) times: Arc<Vec<(NodeId, f64)>>,
    pub(super) blank: bool,
    pub(super) source: InputId,
    pub(super) dispatches: usize,
}

impl Readback {
    /// The numbers that the page shows now.
    pub(super) fn now(page: Page) -> Self {
        untrack(|| {
            let (node, map, cell) = page.selection.current();
            let insight_node = page.view.scene().read().described_node(&page.network.graph().read(), node);
            Self { map: (node, map), map_cell: page.selection.current_cell(), insight_node, cell }
        })
    }

    /// Returns the slice of the current map.
    fn map_slice(&self, graph: &Graph) -> OutputSlice {
        let (node, map) = self.map;
        let shape = graph.node(node).shape;
        let (channels, height, width) = shape.chw();
        if shape.is_flat() {
            return OutputSlice::whole(graph, node);
        }
        OutputSlice { node, start: map.min(channels - 1) * height * width, len: height * width }
    }

    /// Returns the slices of the scores, the probabilities, the current map and the current cell.
    fn numbers(&self, graph: &Graph) -> Vec<OutputSlice> {
        let mut slices = vec![
            OutputSlice::whole(graph, graph.logits),
            OutputSlice::whole(graph, graph.probabilities),
            self.map_slice(graph),
        ];
        slices.extend(self.map_cell.iter().flat_map(|map_cell| map_cell.slices(graph)));
        slices
    }

    /// Returns the slices that the insight into the node needs.
    fn insight_slices(&self, graph: &Graph) -> Vec<OutputSlice> {
        Insight::needs(graph, self.insight_node, self.map.1, self.cell)
    }

    /// Returns all slices to read back.
    pub(in crate::app) fn slices(&self, graph: &Graph) -> Vec<OutputSlice> {
        let mut slices = self.numbers(graph);
        slices.extend(self.insight_slices(graph));
        slices
    }

    /// Makes a readout of the values of [`Readback::slices`].
    pub(super) fn readout(&self, graph: &Graph, mut values: Vec<Vec<f32>>, facts: PassFacts) -> Option<Readout> {
        let insight = values.split_off(values.len().checked_sub(self.insight_slices(graph).len())?);
        self.assemble(values, insight, facts)
    }

    /// Makes a readout of outputs by node; `None` if one of them is not there.
    pub(super) fn cut_from(&self, graph: &Graph, outputs: &[Vec<f32>], facts: PassFacts) -> Option<Readout> {
        let cut = |s: OutputSlice| outputs.get(s.node.0)?.get(s.start..s.start + s.len).map(<[f32]>::to_vec);
        let cut_all = |slices: Vec<OutputSlice>| slices.into_iter().map(cut).collect::<Option<Vec<_>>>();
        // An insight whose values are missing is left out. The other numbers are shown all the same.
        let insight = cut_all(self.insight_slices(graph)).unwrap_or_default();
        self.assemble(cut_all(self.numbers(graph))?, insight, facts)
    }

    fn assemble(&self, numbers: Vec<Vec<f32>>, insight: Vec<Vec<f32>>, facts: PassFacts) -> Option<Readout> {
        let mut values = numbers.into_iter();
        let (scores, probabilities, map) = (values.next()?, values.next()?, values.next()?);
        let map_cell = self.map_cell.map(|map_cell| (map_cell, values.flatten().collect()));
        let map = (self.map.0, self.map.1, map);
        let PassFacts { extents, milliseconds, times, blank, source, dispatches } = facts;
        let insight = InsightValues { node: self.insight_node, map: self.map.1, cell: self.cell, values: insight };
        let answer = Arc::new(Answer { scores, probabilities, blank, source });
        Some(Readout { answer, map, map_cell, insight, extents, milliseconds, times, dispatches })
    }
}

impl Job {
    /// The pass that the page wants now.
    pub(super) fn now(page: Page) -> Self {
        untrack(|| {
            let graph = page.network.graph().get();
            let input = page.input.values().get();
            let is_blank = input.is_none();
            Self {
                blank: is_blank,
                input: input.unwrap_or_else(|| Arc::new(blank(&graph))),
                nodes: kept(&graph, &page.view.scene().read()),
                readback: Readback::now(page),
                effects: page.ablation.effects().get(),
                extent_table: page.network.extent_table().get(),
                stale: None,
                graph,
            }
        })
    }
}

/// Returns the nodes whose outputs the page keeps if they come to its memory: the nodes that are shown, their inputs
/// and those of their insights, so that every value can be explained, and the answer.
pub(in crate::app) fn kept(graph: &Graph, scene: &Scene) -> Vec<NodeId> {
    let mut kept = vec![graph.logits, graph.probabilities];
    for tile in &scene.tiles {
        kept.push(tile.node);
        kept.extend(&graph.node(tile.node).inputs);
        kept.extend(&graph.node(scene.described_node(graph, tile.node)).inputs);
    }
    kept.sort_unstable();
    kept.dedup();
    kept
}
