//! The selection, and the cell under the pointer.

use std::sync::Arc;

use leptos::prelude::*;
use net::{NodeId, TracedPart};
use scene::MapCell;

use super::network::NetworkState;
use super::view::View;

/// The selected step, map and cell, and the cell under the pointer or the keyboard's focus.
#[derive(Clone, Copy)]
pub(in crate::app) struct Selection {
    network: NetworkState,
    view: View,
    /// A place in [`View::steps`].
    step: RwSignal<usize>,
    map: RwSignal<usize>,
    /// Row and column in the selected map.
    cell: RwSignal<Option<(usize, usize)>>,
    pointed: RwSignal<Option<MapCell>>,
    /// How many cells of the selected map the sliding window has filled, while it slides.
    filled: RwSignal<Option<usize>>,
    playing: RwSignal<bool>,
    receptive_fields: Memo<Arc<Vec<TracedPart>>>,
}

impl Selection {
    /// Selects the first layer of the network.
    pub(in crate::app) fn new(network: NetworkState, view: View) -> Self {
        let (step, map, cell) = (RwSignal::new(1), RwSignal::new(0), RwSignal::new(None));
        let pointed = RwSignal::new(None::<MapCell>);
        let (graph, steps) = (network.graph(), view.steps());
        let receptive_fields = Memo::new(move |_| {
            let now = || steps.read().get(step.get()).copied().unwrap_or(NodeId(0));
            let selected = || cell.get().map(|(y, x)| MapCell { node: now(), map: map.get(), y, x });
            let seen = || {
                let (map_cell, graph) = (pointed.get().or_else(selected)?, graph.read());
                let (channel, y, x) = map_cell.locate(&graph)?;
                Some(graph.trace_back(map_cell.node, channel, y, x))
            };
            Arc::new(seen().unwrap_or_default())
        });
        Self {
            network,
            view,
            step,
            map,
            cell,
            pointed,
            filled: RwSignal::new(None),
            playing: RwSignal::new(false),
            receptive_fields,
        }
    }

    /// The current step: a place in [`View::steps`].
    pub(in crate::app) fn step(self) -> ReadSignal<usize> {
        self.step.read_only()
    }

    /// The selected map of the current step.
    pub(in crate::app) fn map(self) -> ReadSignal<usize> {
        self.map.read_only()
    }

    /// The selected cell of the selected map, as row and column.
    pub(in crate::app) fn cell(self) -> ReadSignal<Option<(usize, usize)>> {
        self.cell.read_only()
    }

    /// The cell under the pointer or the keyboard's focus. It takes precedence over what is selected.
    pub(in crate::app) fn pointed(self) -> ReadSignal<Option<MapCell>> {
        self.pointed.read_only()
    }

    /// How many cells of the selected map the sliding window has filled; `None` while it does not slide.
    pub(in crate::app) fn filled(self) -> ReadSignal<Option<usize>> {
        self.filled.read_only()
    }

    /// True while the steps play by themselves.
    pub(in crate::app) fn playing(self) -> ReadSignal<bool> {
        self.playing.read_only()
    }

    /// The region of every earlier node that the current cell depends on.
    pub(in crate::app) fn receptive_fields(self) -> Memo<Arc<Vec<TracedPart>>> {
        self.receptive_fields
    }

    /// Returns the node of the current step.
    pub(in crate::app) fn node(self) -> NodeId {
        let steps = self.view.steps().read();
        steps.get(self.step.get()).or(steps.last()).copied().unwrap_or(NodeId(0))
    }

    /// Returns the node, the map, and the cell if there is one. The pointer takes precedence over the selection.
    pub(in crate::app) fn current(self) -> (NodeId, usize, Option<(usize, usize)>) {
        match self.pointed.get() {
            Some(map_cell) => (map_cell.node, map_cell.map, Some((map_cell.y, map_cell.x))),
            None => (self.node(), self.map.get(), self.cell.get()),
        }
    }

    /// Returns the current cell, if there is one and the network has it.
    pub(in crate::app) fn current_cell(self) -> Option<MapCell> {
        let (node, map, cell) = self.current();
        let (y, x) = cell?;
        let map_cell = MapCell { node, map, y, x };
        map_cell.locate(&self.network.graph().read()).map(|_| map_cell)
    }

    /// Returns the current node and channel: the channel of the current cell, or else of the selected map.
    pub(in crate::app) fn channel(self) -> (NodeId, usize) {
        let (node, map, _) = self.current();
        let graph = self.network.graph().read();
        let node = if node.0 < graph.nodes.len() { node } else { NodeId(0) };
        let channel =
            self.current_cell().and_then(|map_cell| map_cell.locate(&graph)).map_or(map, |(channel, ..)| channel);
        (node, channel.min(graph.node(node).shape.chw().0 - 1))
    }

    /// Goes to a step and selects its first map.
    pub(in crate::app) fn go(self, step: usize) {
        let last = self.view.steps().read_untracked().len().saturating_sub(1);
        let step = step.min(last);
        if step != self.step.get_untracked() {
            self.filled.set(None);
            self.step.set(step);
            self.map.set(0);
            self.cell.set(None);
        }
        self.pointed.set(None);
    }

    /// Goes to the step at `share` of the way, from 0 (the first) to 1 (the last).
    pub(in crate::app) fn go_to_share(self, share: f64) {
        let last = self.view.steps().read_untracked().len().saturating_sub(1);
        self.go((share.clamp(0.0, 1.0) * last as f64).round() as usize);
    }

    /// Goes to the step of a node, or of the folded block around it.
    pub(in crate::app) fn go_to(self, node: NodeId) {
        if let Some(step) = self.step_of(node) {
            self.go(step);
        }
    }

    fn step_of(self, node: NodeId) -> Option<usize> {
        let (scene, graph) = (self.view.scene().get_untracked(), self.network.graph().get_untracked());
        let shown = scene.tile_containing(&graph, node)?.node;
        self.view.steps().read_untracked().iter().position(|&id| id == shown)
    }

    /// Selects a cell, and with it its map and its layer.
    pub(in crate::app) fn select(self, map_cell: MapCell) {
        self.select_map(map_cell.node, map_cell.map, Some((map_cell.y, map_cell.x)));
    }

    /// Selects a map of a layer, and a cell of it if one is given.
    pub(in crate::app) fn select_map(self, node: NodeId, map: usize, cell: Option<(usize, usize)>) {
        if let Some(step) = self.view.steps().read_untracked().iter().position(|&id| id == node) {
            self.step.set(step);
            self.map.set(map);
            self.cell.set(cell);
        }
    }

    /// Points at a cell, or at nothing.
    pub(in crate::app) fn point(self, at: Option<MapCell>) {
        self.pointed.set(at);
    }

    /// Starts or stops playing the steps.
    pub(in crate::app) fn play(self, playing: bool) {
        self.playing.set(playing);
    }

    /// The sliding window has filled so many cells, the last of which is `cell`.
    pub(in crate::app) fn slide(self, filled: usize, cell: (usize, usize)) {
        self.filled.set(Some(filled));
        self.cell.set(Some(cell));
    }

    /// The sliding window stops; the selected cell stays.
    pub(in crate::app) fn end_slide(self) {
        self.filled.set(None);
    }

    /// Folds a block to one tile, or unfolds it. What is selected stays selected if it is still shown.
    pub(in crate::app) fn fold(self, block: usize, fold: bool) {
        let (node, map, cell) = (untrack(|| self.node()), self.map.get_untracked(), self.cell.get_untracked());
        self.pointed.set(None);
        self.filled.set(None);
        self.view.fold(block, fold);
        let step = self.step_of(node).unwrap_or(0);
        self.step.set(step);
        let stays = self.view.steps().read_untracked().get(step) == Some(&node);
        self.map.set(if stays { map } else { 0 });
        self.cell.set(cell.filter(|_| stays));
    }

    /// Selects the first map of the current step and no cell; stops playing and sliding.
    pub(super) fn clear(self) {
        self.playing.set(false);
        self.pointed.set(None);
        self.filled.set(None);
        self.cell.set(None);
        self.map.set(0);
    }

    /// Selects the first layer of the network.
    pub(super) fn reset(self) {
        self.clear();
        self.step.set(1);
    }
}
