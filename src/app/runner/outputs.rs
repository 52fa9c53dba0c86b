//! What the page holds of passes.

use crate::app::canvases::{self, Drawing, Last};
use crate::app::engines::Engine;
use crate::app::lab::Lab;
use crate::app::screen2d::Values;
use engine::{Extent, MapTable};
use net::{Graph, NodeId};

/// The values of a pass that are in the page's memory, and which nodes the pass has reached.
#[derive(Default)]
pub(super) struct Outputs {
    /// By node; empty where there is none.
    pub(super) values: Vec<Vec<f32>>,
    table: Option<MapTable>,
    pub(super) extents: Vec<Extent>,
    /// What nodes took, in milliseconds.
    pub(super) times: Vec<(NodeId, f64)>,
    /// Which are of the pass that is under way, or of the last.
    fresh: Vec<bool>,
    last: Last,
}

impl Outputs {
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// A pass begins: nothing is of it yet, but what is not `stale`.
    pub(super) fn begin(&mut self, graph: &Graph, stale: Option<&[bool]>) {
        self.fresh.clear();
        match stale {
            Some(stale) => self.fresh.extend(stale.iter().map(|stale| !stale)),
            None => self.fresh.resize(graph.nodes.len(), false),
        }
    }

    /// Whether what is there of a node is of an earlier pass than the one under way.
    pub(super) fn is_of_before(&self, node: NodeId) -> bool {
        self.fresh.get(node.0) == Some(&false)
    }

    /// The drawing of a pass as it is when the nodes before `done` are of it; where it is watched, the others are faded.
    pub(super) fn drawing(&mut self, lab: Lab, done: usize, watched: bool) -> Drawing {
        self.reach(done);
        Drawing::new(lab, |node| watched && self.is_of_before(node))
    }

    /// An engine has been given a part of the pass: what is drawn from now on is drawn after it.
    pub(super) fn submitted(&mut self, engine: &Engine) {
        if let Some(done) = engine.submitted() {
            self.reach(done);
        }
    }

    /// The nodes before `done` are of the pass that is under way.
    fn reach(&mut self, done: usize) {
        let done = done.min(self.fresh.len());
        self.fresh[..done].fill(true);
    }

    /// What was drawn last is not drawn any more.
    pub(super) fn forget(&mut self) {
        self.last.forget();
    }

    /// Draws them.
    pub(super) fn paint(&mut self, drawing: Drawing) {
        let Self { values, table: Some(table), extents, last, .. } = self else { return };
        canvases::paint_flat(drawing, last, &Values { outputs: values, table, extents });
    }

    /// Takes the output of a node in, with its extents.
    pub(super) fn take(&mut self, graph: &Graph, node: NodeId, values: Vec<f32>) {
        let table = self.table.get_or_insert_with(|| MapTable::new(graph));
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
