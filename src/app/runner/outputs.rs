//! The outputs of a pass that are in the memory of the page.

use std::sync::Arc;

use engine::{Extent, ExtentTable};
use net::{Graph, NodeId};

use super::job::Job;
use crate::app::maps::{self, Drawing, LastDrawing, Values};
use crate::app::state::Page;

/// The outputs in the memory of the page, and the nodes that the pass under way has reached.
#[derive(Default)]
pub(super) struct Outputs {
    /// The values by node; empty for a node whose output is not here.
    pub(super) values: Vec<Vec<f32>>,
    table: Option<Arc<ExtentTable>>,
    /// The extents, in the order of the table of maps.
    pub(super) extents: Vec<Extent>,
    /// How long the nodes took, in milliseconds.
    pub(super) times: Vec<(NodeId, f64)>,
    /// For each node, whether its output is of the newest pass.
    fresh: Vec<bool>,
    last: LastDrawing,
}

impl Outputs {
    /// Drops everything: another network or another engine follows.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// A pass begins. Only the outputs that the job does not compute are of it already.
    pub(super) fn begin(&mut self, job: &Job) {
        self.table = Some(Arc::clone(&job.extent_table));
        self.fresh.clear();
        match &job.stale {
            Some(stale) => self.fresh.extend(stale.iter().map(|stale| !stale)),
            None => self.fresh.resize(job.graph.nodes.len(), false),
        }
    }

    /// Returns whether the output of a node is of an earlier pass than the newest.
    pub(super) fn is_of_before(&self, node: NodeId) -> bool {
        self.fresh.get(node.0) == Some(&false)
    }

    /// Returns the drawing of a pass that has finished the first `done` nodes. If its progress is shown, the others are
    /// faded.
    pub(super) fn drawing(&mut self, page: Page, done: usize, shows_progress: bool) -> Drawing {
        self.reach(done);
        Drawing::new(page, |node| shows_progress && self.is_of_before(node))
    }

    /// The engine was given the part of the pass that ends with the first `done` nodes. Later drawings come after it.
    pub(super) fn submitted(&mut self, done: Option<usize>) {
        if let Some(done) = done {
            self.reach(done);
        }
    }

    /// Notes that the outputs of the first `done` nodes are of the newest pass.
    fn reach(&mut self, done: usize) {
        let done = done.min(self.fresh.len());
        self.fresh[..done].fill(true);
    }

    /// The values have changed: the next drawing cannot move the last one.
    pub(super) fn forget(&mut self) {
        self.last.forget();
    }

    /// Draws the maps on the 2D canvas.
    pub(super) fn paint(&mut self, drawing: Drawing) {
        let Self { values, table: Some(table), extents, last, .. } = self else { return };
        maps::paint_flat(drawing, last, &Values { outputs: values, table, extents });
    }

    /// Takes in the output of a node and measures its extents.
    pub(super) fn take(&mut self, graph: &Graph, node: NodeId, values: Vec<f32>) {
        let Some(table) = &self.table else { return };
        if self.values.len() != graph.nodes.len() {
            self.values = vec![Vec::new(); graph.nodes.len()];
            self.extents = vec![Extent::EMPTY; table.extents()];
        }
        table.measure_node(node, &values, &mut self.extents);
        self.values[node.0] = values;
        self.last.forget();
        if let Some(fresh) = self.fresh.get_mut(node.0) {
            *fresh = true;
        }
    }
}
