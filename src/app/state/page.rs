//! All state of the stage page.

use std::sync::Arc;

use leptos::prelude::*;
use net::Graph;
use scene::Scene;
use words::i18n::use_i18n;

use super::{AblationState, ColourRange, InputState, Medium, NetworkState, Notices, RunState, Selection, View};
use crate::app::components::picture::Appearance;
use crate::app::second::SecondState;
use crate::app::tour::TourState;
use crate::app::why::WhyState;
use crate::app::wording::language::{self, Words};

/// All state of the stage page. It is given to components through the context.
#[derive(Clone, Copy)]
pub(in crate::app) struct Page {
    /// The words in the language of the page.
    pub(in crate::app) words: Words,
    /// The language for links; `None` if nobody has chosen one.
    pub(in crate::app) language: Signal<Option<String>>,
    pub(in crate::app) notices: Notices,
    pub(in crate::app) appearance: Appearance,
    pub(in crate::app) network: NetworkState,
    pub(in crate::app) view: View,
    pub(in crate::app) selection: Selection,
    pub(in crate::app) input: InputState,
    pub(in crate::app) run: RunState,
    pub(in crate::app) ablation: AblationState,
    pub(in crate::app) why: WhyState,
    pub(in crate::app) second: SecondState,
    pub(in crate::app) tour: TourState,
}

impl Page {
    /// The page as it first appears: LeNet-5, without weights and engine.
    pub(in crate::app) fn new() -> Self {
        let words = use_i18n();
        let network = NetworkState::new(net::network("lenet5").expect("should be declared"));
        let view = View::new(network);
        Self {
            words,
            language: language::follow(),
            notices: Notices::new(words),
            appearance: Appearance::new(),
            network,
            view,
            selection: Selection::new(network, view),
            input: InputState::new(network),
            run: RunState::new(network),
            ablation: AblationState::new(network),
            why: WhyState::new(),
            second: SecondState::new(),
            tour: TourState::new(),
        }
    }

    /// Returns the range of the colours: the chosen one, or else each layer for networks with few maps, which are
    /// compared, and each map for networks with many.
    pub(in crate::app) fn colour_range(self) -> ColourRange {
        let own = || match Medium::of(&self.network.graph().read()) {
            Medium::Drawing => ColourRange::Layer,
            Medium::Photo => ColourRange::Map,
        };
        self.view.chosen_range().get().unwrap_or_else(own)
    }

    /// Puts another network in place of the one that is shown. The picture stays; everything else starts again.
    pub(in crate::app) fn open(self, graph: Graph) {
        self.run.reset();
        self.ablation.reset();
        self.why.reset();
        self.input.reset();
        self.selection.reset();
        self.view.reset(Scene::initial_folds(&graph));
        self.network.reset(graph);
    }

    /// Puts the network of the loaded weights in place of the one that is shown, if it has other options: a step before
    /// it, or another number of classes. The picture and the weights stay, and the layer that was selected.
    pub(in crate::app) fn refit(self) {
        let graph = self.network.graph().get_untracked();
        let opened = self.network.supply.opened.get_untracked();
        let Some(opened) = opened.filter(|opened| opened.graph.name == graph.name && !opened.is_of(&graph)) else {
            return;
        };
        let selected = graph.node(untrack(|| self.selection.node())).name.clone();
        self.run.reset();
        self.ablation.reset();
        self.why.reset();
        self.selection.reset();
        self.view.reset(Scene::initial_folds(&opened.graph));
        self.network.refit(Arc::clone(&opened.graph));
        if let Ok(node) = opened.graph.find(&selected) {
            self.selection.go_to(node);
        }
    }

    /// Shows the network of a link before anything was loaded.
    pub(in crate::app) fn begin_with(self, graph: Graph) {
        self.view.reset(Scene::initial_folds(&graph));
        self.network.replace(graph);
    }

    /// Returns to the state in which the network first appears, for a link that says what differs from it. Weights,
    /// engine and the current step stay.
    pub(in crate::app) fn restart(self) {
        self.selection.clear();
        self.view.reset(Scene::initial_folds(&self.network.graph().read_untracked()));
        self.view.reset_range();
        self.input.reset();
        self.input.drop_given();
    }
}
