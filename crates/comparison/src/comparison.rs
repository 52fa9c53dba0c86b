//! The state of a comparison.

use std::sync::Arc;

use leptos::prelude::*;

use super::link::ComparisonLink;
use analysis::compare::chart::{ChartPalette, Scaling};
use analysis::compare::{
    self, BlockCount, CheckpointCounts, Column, Cost, LayerCosts, Measure, SortOrder, profile, sorted,
};
use net::{Graph, network};

/// A network of the comparison with its costs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ComparedNetwork {
    /// The key: the network's name, or a slash and the file name of a checkpoint.
    pub(super) key: String,
    pub(super) column: Column,
    pub(super) layers: Vec<LayerCosts>,
    pub(super) blocks: Vec<BlockCount>,
    /// Its index among the chosen networks, which selects its colour.
    pub(super) place: usize,
}

/// The state of the page.
#[derive(Clone, Copy)]
pub(super) struct Comparison {
    /// The chosen networks, in the order of the declarations.
    pub(super) chosen: RwSignal<Vec<&'static str>>,
    pub(super) order: RwSignal<SortOrder>,
    /// The checkpoints that the reader has opened; a link leaves them out.
    pub(super) checkpoints: RwSignal<Vec<Arc<CheckpointCounts>>>,
    /// The key of the network that the others are compared with.
    pub(super) baseline: RwSignal<Option<String>>,
    /// True if auxiliary classifiers count.
    pub(super) with_auxiliary: RwSignal<bool>,
    pub(super) scaling: RwSignal<Scaling>,
    /// The measure of the bar chart.
    pub(super) measure: RwSignal<Measure>,
    /// The cost in the charts along the depth.
    pub(super) cost: RwSignal<Cost>,
    /// True if the charts along the depth share one scale.
    pub(super) shared_scale: RwSignal<bool>,
    /// The chosen blocks that are not the default: the network's name and the block's.
    pub(super) blocks: RwSignal<Vec<(String, String)>>,
    /// The width of a chart, in CSS pixels; 0 until it is known.
    pub(super) width: RwSignal<u32>,
    pub(super) dark: RwSignal<bool>,
    /// All chosen networks with their costs, in the order of choice.
    pub(super) networks: Memo<Vec<Arc<ComparedNetwork>>>,
}

impl Comparison {
    /// Creates the default comparison.
    pub(super) fn new() -> Self {
        let ComparisonLink { networks, order, baseline, with_auxiliary, scaling, measure, cost, shared_scale, blocks } =
            ComparisonLink::default();
        let (chosen, with_auxiliary) = (RwSignal::new(networks), RwSignal::new(with_auxiliary));
        let checkpoints = RwSignal::new(Vec::new());
        Self {
            chosen,
            checkpoints,
            order: RwSignal::new(order),
            baseline: RwSignal::new(baseline),
            with_auxiliary,
            scaling: RwSignal::new(scaling),
            measure: RwSignal::new(measure),
            cost: RwSignal::new(cost),
            shared_scale: RwSignal::new(shared_scale),
            blocks: RwSignal::new(blocks),
            width: RwSignal::new(0),
            dark: RwSignal::new(false),
            networks: Memo::new(move |_| compared_networks(&chosen.read(), &checkpoints.read(), with_auxiliary.get())),
        }
    }

    /// Applies a link. Blocks that its networks lack are left out.
    pub(super) fn apply(self, link: ComparisonLink) {
        self.chosen.set(link.networks);
        self.order.set(link.order);
        self.baseline.set(link.baseline);
        self.with_auxiliary.set(link.with_auxiliary);
        self.scaling.set(link.scaling);
        self.measure.set(link.measure);
        self.cost.set(link.cost);
        self.shared_scale.set(link.shared_scale);
        let has_block = |(network, block): &(String, String)| {
            let network = untrack(|| self.find(network));
            network.is_some_and(|network| network.blocks.iter().any(|known| known.name == *block))
        };
        self.blocks.set(link.blocks.into_iter().filter(has_block).collect());
    }

    /// Returns the link. It leaves out checkpoints: a file of one device means nothing on another.
    pub(super) fn link(self) -> ComparisonLink {
        let networks = self.chosen.get();
        let is_chosen = |(network, _): &(String, String)| networks.contains(&network.as_str());
        let blocks = self.blocks.get().into_iter().filter(is_chosen).collect();
        ComparisonLink {
            order: self.order.get(),
            baseline: self.baseline.get().filter(|key| !key.starts_with('/')),
            with_auxiliary: self.with_auxiliary.get(),
            scaling: self.scaling.get(),
            measure: self.measure.get(),
            cost: self.cost.get(),
            shared_scale: self.shared_scale.get(),
            blocks,
            networks,
        }
    }

    /// Returns the networks in the order of the table.
    pub(super) fn ordered(self) -> Vec<Arc<ComparedNetwork>> {
        let networks = self.networks.read();
        let columns: Vec<&Column> = networks.iter().map(|one| &one.column).collect();
        sorted(&columns, self.order.get()).into_iter().map(|place| networks[place].clone()).collect()
    }

    /// Returns the keys in the order of the table, which keep rows and cards in place when the order changes.
    pub(super) fn keys(self) -> Vec<String> {
        self.ordered().iter().map(|network| network.key.clone()).collect()
    }

    /// Returns the network with this key.
    pub(super) fn find(self, key: &str) -> Option<Arc<ComparedNetwork>> {
        self.networks.read().iter().find(|network| network.key == key).cloned()
    }

    /// Returns the number of networks and checkpoints.
    pub(super) fn count(self) -> usize {
        self.chosen.read().len() + self.checkpoints.read().len()
    }

    /// Returns whether a checkpoint of this name is open.
    pub(super) fn has_checkpoint(self, file: &str) -> bool {
        self.checkpoints.read().iter().any(|opened| opened.file == file)
    }

    /// Resets the baseline if its network is gone.
    pub(super) fn forget_baseline(self) {
        let gone = untrack(|| self.baseline.get().is_some_and(|key| self.find(&key).is_none()));
        if gone {
            self.baseline.set(None);
        }
    }

    /// Returns the key of a checkpoint. No network's name has a slash.
    fn checkpoint_key(file: &str) -> String {
        format!("/{file}")
    }

    /// Returns the colours of the charts in the current theme.
    pub(super) fn palette(self) -> &'static ChartPalette {
        ChartPalette::of(self.dark.get())
    }
}

/// Counts the costs of every chosen network and checkpoint.
fn compared_networks(
    chosen: &[&'static str],
    checkpoints: &[Arc<CheckpointCounts>],
    with_auxiliary: bool,
) -> Vec<Arc<ComparedNetwork>> {
    // Every chosen name is declared.
    let graphs: Vec<Graph> = chosen.iter().filter_map(|name| network(name).ok()).collect();
    let networks = graphs.iter().map(|graph| {
        let column = if with_auxiliary { Column::of(graph) } else { Column::without_auxiliary(graph) };
        (graph.name.to_owned(), column, graph)
    });
    let files = checkpoints
        .iter()
        .map(|opened| (Comparison::checkpoint_key(&opened.file), opened.column(with_auxiliary), &opened.graph));
    let counted = networks.chain(files).enumerate().map(|(place, (key, column, graph))| ComparedNetwork {
        key,
        column,
        layers: profile(graph, with_auxiliary),
        blocks: compare::blocks(graph),
        place,
    });
    counted.map(Arc::new).collect()
}
