//! The engine that runs the network, and the numbers of its last pass.

use std::ops::Range;
use std::sync::Arc;

use engine::gpu::GpuError;
use engine::{EngineChoice, Extent};
use leptos::prelude::*;
use net::{Graph, NodeId};
use scene::MapCell;

use super::network::NetworkState;
use logic::{Bound, InputId};

/// The reason why the GPU engine does not run.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) enum NoGpu {
    /// It failed.
    Fails(GpuError),
    /// The adapter of this name is software, and the network is too large to be measured.
    Software(String),
    /// The adapter is software, and slower than the CPU engine.
    Slower {
        /// Milliseconds of a pass on the GPU engine.
        gpu: f64,
        /// Milliseconds of a pass on the CPU engine.
        cpu: f64,
    },
}

impl From<GpuError> for NoGpu {
    fn from(error: GpuError) -> Self {
        Self::Fails(error)
    }
}

/// The engine that runs.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) enum EngineStatus {
    /// No engine yet.
    Starting,
    /// The GPU engine.
    Gpu {
        /// The name of the adapter.
        adapter: String,
        /// True if WebGPU draws the maps. Otherwise they are drawn on a 2D canvas.
        direct: bool,
    },
    /// The CPU engine.
    Cpu {
        /// Why the GPU engine does not run, unless a person chose the CPU.
        why: Option<NoGpu>,
    },
    /// No engine can run.
    Failed,
}

/// The values that the insight into a node is computed from.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct InsightValues {
    /// The node.
    pub(in crate::app) node: NodeId,
    /// The map of it that is shown.
    pub(in crate::app) map: usize,
    /// The cell of that map, as row and column, if one is shown.
    pub(in crate::app) cell: Option<(usize, usize)>,
    /// The values in the order of [`scene::Insight::needs`]; empty if they are not there.
    pub(in crate::app) values: Vec<Vec<f32>>,
}

/// The answer of one pass.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct Answer {
    /// The score of each class.
    pub(in crate::app) scores: Vec<f32>,
    /// The probability of each class.
    pub(in crate::app) probabilities: Vec<f32>,
    /// True if there was no picture.
    pub(in crate::app) blank: bool,
    /// The input that the pass ran on.
    pub(in crate::app) source: InputId,
}

/// The numbers of one pass that the text of the page shows.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct Readout {
    /// The answer of the pass.
    pub(in crate::app) answer: Arc<Answer>,
    /// The current map: its node, its number, and its values in rows.
    pub(in crate::app) map: (NodeId, usize, Vec<f32>),
    /// The current cell, and the values of its slices.
    pub(in crate::app) map_cell: Option<(MapCell, Vec<f32>)>,
    /// The values for the insight.
    pub(in crate::app) insight: InsightValues,
    /// The extents, in the order of the table of maps.
    pub(in crate::app) extents: Arc<Vec<Extent>>,
    /// How long the pass took, in milliseconds.
    pub(in crate::app) milliseconds: f64,
    /// How long each step took, in milliseconds, in running order; empty if that is not known.
    pub(in crate::app) times: Arc<Vec<(NodeId, f64)>>,
    /// How much was run: dispatches on the GPU, steps on the CPU.
    pub(in crate::app) dispatches: usize,
}

/// The engine that runs the network, and its last pass.
#[derive(Clone, Copy)]
pub(in crate::app) struct RunState {
    choice: RwSignal<EngineChoice>,
    status: RwSignal<EngineStatus>,
    latest: RwSignal<Option<Bound<Arc<Readout>>>>,
    readout: Memo<Option<Arc<Readout>>>,
    answer: Memo<Option<Arc<Answer>>>,
    passes: RwSignal<u64>,
    reached: RwSignal<Option<Range<usize>>>,
}

impl RunState {
    /// No engine, and no pass.
    pub(in crate::app) fn new(network: NetworkState) -> Self {
        let latest = RwSignal::new(None::<Bound<Arc<Readout>>>);
        let graph = network.graph();
        // The comparison by address is enough: every readback makes a new readout.
        let same = |a: Option<&Option<Arc<Readout>>>, b: Option<&Option<Arc<Readout>>>| match (a.flatten(), b.flatten())
        {
            (None, None) => a.is_none() != b.is_none(),
            (Some(a), Some(b)) => !Arc::ptr_eq(a, b),
            _ => true,
        };
        let readout = Memo::new_with_compare(
            move |_| latest.read().as_ref().and_then(|latest| latest.get(&graph.read()).cloned()),
            same,
        );
        Self {
            choice: RwSignal::new(EngineChoice::Auto),
            status: RwSignal::new(EngineStatus::Starting),
            latest,
            readout,
            // A readback makes a new readout with an equal answer: what shows the answer is not rendered again.
            answer: Memo::new(move |_| readout.read().as_ref().map(|readout| Arc::clone(&readout.answer))),
            passes: RwSignal::new(0),
            reached: RwSignal::new(None),
        }
    }

    /// The engine that a person asks for.
    pub(in crate::app) fn choice(self) -> ReadSignal<EngineChoice> {
        self.choice.read_only()
    }

    /// The engine that runs.
    pub(in crate::app) fn status(self) -> ReadSignal<EngineStatus> {
        self.status.read_only()
    }

    /// The numbers of the last pass of the network that is shown.
    pub(in crate::app) fn readout(self) -> Memo<Option<Arc<Readout>>> {
        self.readout
    }

    /// The answer of the last pass. It changes only with a pass, not with a readback.
    pub(in crate::app) fn answer(self) -> Memo<Option<Arc<Answer>>> {
        self.answer
    }

    /// How many passes were shown.
    pub(in crate::app) fn passes(self) -> ReadSignal<u64> {
        self.passes.read_only()
    }

    /// The nodes that the pass under way finished last, by their places in the graph, while its progress is shown.
    pub(in crate::app) fn reached(self) -> ReadSignal<Option<Range<usize>>> {
        self.reached.read_only()
    }

    /// Chooses an engine.
    pub(in crate::app) fn choose(self, choice: EngineChoice) {
        self.choice.set(choice);
    }

    /// Says which engine runs.
    pub(in crate::app) fn set_status(self, status: EngineStatus) {
        self.status.set(status);
    }

    /// Shows the numbers of a readback of the last pass.
    pub(in crate::app) fn show(self, graph: &Arc<Graph>, readout: Readout) {
        self.latest.set(Some(Bound::new(graph, Arc::new(readout))));
    }

    /// Shows the numbers of a new pass.
    pub(in crate::app) fn finish_pass(self, graph: &Arc<Graph>, readout: Readout) {
        self.show(graph, readout);
        self.passes.update(|passes| *passes += 1);
    }

    /// Shows how far the pass under way is; `None` if no progress is shown.
    pub(in crate::app) fn set_reached(self, nodes: Option<Range<usize>>) {
        if self.reached.read_untracked().is_some() || nodes.is_some() {
            self.reached.set(nodes);
        }
    }

    /// Another network opens: no engine runs it yet, and nothing of the last pass is of it.
    pub(super) fn reset(self) {
        self.latest.set(None);
        self.set_reached(None);
        self.status.set(EngineStatus::Starting);
    }
}
