//! The network on the stage, its weights, and the parameters of the selected channel.

use std::rc::Rc;
use std::sync::Arc;

use engine::ExtentTable;
use leptos::prelude::*;
use net::{Graph, Node, NodeId};
use scene::ChannelParameters;

use crate::app::supply::{LoadedWeights, WeightsChoice, WeightsLoader};
use logic::Bound;

/// The network on the stage and its weights.
#[derive(Clone, Copy)]
pub(in crate::app) struct NetworkState {
    graph: RwSignal<Arc<Graph>>,
    /// The source of the weights, and the weights that are loaded.
    pub(in crate::app) supply: WeightsLoader,
    /// Weights of another site that a link names. Nothing is fetched before a person agrees.
    offered: RwSignal<Option<WeightsChoice>, LocalStorage>,
    /// The parameters of the selected channel, as they were loaded.
    row: RwSignal<Option<Bound<Arc<ChannelParameters>>>>,
    extent_table: Memo<Arc<ExtentTable>>,
}

impl NetworkState {
    /// Starts with `graph`, without weights.
    pub(in crate::app) fn new(graph: Graph) -> Self {
        let graph = RwSignal::new(Arc::new(graph));
        Self {
            graph,
            extent_table: Memo::new(move |_| Arc::new(ExtentTable::new(&graph.read()))),
            supply: WeightsLoader::new(),
            offered: RwSignal::new_local(None),
            row: RwSignal::new(None),
        }
    }

    /// The graph. Each time a network is opened, this is a new allocation.
    pub(in crate::app) fn graph(self) -> ReadSignal<Arc<Graph>> {
        self.graph.read_only()
    }

    /// The place of each extent of the network, built once for each graph.
    pub(in crate::app) fn extent_table(self) -> Memo<Arc<ExtentTable>> {
        self.extent_table
    }

    /// Returns a copy of a node of the graph.
    pub(in crate::app) fn node(self, id: NodeId) -> Node {
        self.graph.read().node(id).clone()
    }

    /// The weights of this network, if they are loaded. Weights of the network before do not count.
    pub(in crate::app) fn weights(self) -> Option<Rc<LoadedWeights>> {
        let graph = self.graph.get();
        self.supply.opened.get().filter(|opened| opened.is_of(&graph))
    }

    /// The parameters of the selected channel as they were loaded, if they are there.
    pub(in crate::app) fn loaded_row(self) -> Option<Arc<ChannelParameters>> {
        self.row.get().as_ref().and_then(|row| row.get(&self.graph.read()).cloned())
    }

    /// Takes in the parameters of a channel of `graph`.
    pub(in crate::app) fn set_row(self, graph: &Arc<Graph>, row: ChannelParameters) {
        self.row.set(Some(Bound::new(graph, Arc::new(row))));
    }

    /// The weights of another site that a link names, until a person has answered.
    pub(in crate::app) fn offered(self) -> Option<WeightsChoice> {
        self.offered.get()
    }

    /// Asks a person whether to fetch weights of another site.
    pub(in crate::app) fn offer(self, choice: WeightsChoice) {
        self.offered.set(Some(choice));
    }

    /// The person has answered: fetches the offered weights, or leaves them.
    pub(in crate::app) fn answer_offer(self, accept: bool) {
        let Some(choice) = self.offered.get_untracked() else { return };
        self.offered.set(None);
        if accept {
            self.supply.load(self.graph.get_untracked(), choice);
        }
    }

    /// Puts another network in place of this one, without weights.
    pub(super) fn reset(self, graph: Graph) {
        self.supply.forget();
        self.offered.set(None);
        self.row.set(None);
        self.graph.set(Arc::new(graph));
    }

    /// Puts the same network with other options in place of this one. The weights stay.
    pub(super) fn refit(self, graph: Arc<Graph>) {
        self.row.set(None);
        self.graph.set(graph);
    }

    /// Puts another network in place of this one before anything was loaded.
    pub(super) fn replace(self, graph: Graph) {
        self.graph.set(Arc::new(graph));
    }
}
