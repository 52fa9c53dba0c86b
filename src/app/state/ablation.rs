//! The parts of the network that are switched off or scaled.

use std::sync::Arc;

use leptos::prelude::*;
use logic::Bound;
use net::{Ablation, AblationFactors, AblationPart, Ablations};
use scene::ChannelParameters;

use super::network::NetworkState;
use super::run::Answer;

/// The ablations of the network on the stage.
#[derive(Clone, Copy)]
pub(in crate::app) struct AblationState {
    network: NetworkState,
    ablations: RwSignal<Ablations>,
    /// Earlier ablations, the latest last.
    past: RwSignal<Vec<Ablations>>,
    /// The part that a slider is scaling. Undo returns to the value before the slider was touched.
    sliding: RwSignal<Option<AblationPart>>,
    effects: Memo<Arc<AblationFactors>>,
    row: Memo<Option<Arc<ChannelParameters>>>,
    intact: RwSignal<Option<Bound<Arc<Answer>>>>,
}

impl AblationState {
    /// Nothing is switched off.
    pub(in crate::app) fn new(network: NetworkState) -> Self {
        let ablations = RwSignal::new(Ablations::default());
        let graph = network.graph();
        let effects = Memo::new(move |_| Arc::new(ablations.read().effects(&graph.read())));
        let row = Memo::new(move |_| {
            let row = network.loaded_row()?;
            let effects = effects.read();
            let is_changed = !effects.kernels(row.node).is_empty();
            Some(if is_changed { Arc::new(row.ablated(&graph.read(), &effects)) } else { row })
        });
        let (past, sliding) = (RwSignal::new(Vec::new()), RwSignal::new(None));
        Self { network, ablations, past, sliding, effects, row, intact: RwSignal::new(None) }
    }

    /// The parts that are switched off or scaled.
    pub(in crate::app) fn ablations(self) -> ReadSignal<Ablations> {
        self.ablations.read_only()
    }

    /// The factors that the engines multiply by.
    pub(in crate::app) fn effects(self) -> Memo<Arc<AblationFactors>> {
        self.effects
    }

    /// The parameters of the selected channel, with the ablated kernels multiplied by their factors.
    pub(in crate::app) fn row(self) -> Memo<Option<Arc<ChannelParameters>>> {
        self.row
    }

    /// Returns the ablations as links and the command line write them.
    pub(in crate::app) fn text(self) -> String {
        self.ablations.read().write(&self.network.graph().read())
    }

    /// Returns whether there is something to undo.
    pub(in crate::app) fn can_undo(self) -> bool {
        !self.past.read().is_empty()
    }

    /// The answer of the network without any ablation, if it is known.
    pub(in crate::app) fn intact(self) -> Option<Arc<Answer>> {
        self.intact.get().as_ref().and_then(|intact| intact.get(&self.network.graph().read()).cloned())
    }

    /// Notes the answer of the network without any ablation.
    pub(in crate::app) fn set_intact(self, intact: Arc<Answer>) {
        self.intact.set(Some(Bound::new(&self.network.graph().read_untracked(), intact)));
    }

    /// Changes the ablations, and notes the state before for undo.
    fn change(self, change: impl FnOnce(&mut Ablations)) {
        let old = self.ablations.get_untracked();
        let mut new = old.clone();
        change(&mut new);
        if new != old {
            self.past.update(|past| past.push(old));
            self.ablations.set(new);
        }
    }

    /// Scales a part; 0 switches it off.
    pub(in crate::app) fn set(self, part: AblationPart, scale: f32) {
        self.sliding.set(None);
        self.change(|ablations| ablations.set(Ablation { part, scale }));
    }

    /// Scales a part while its slider is held.
    pub(in crate::app) fn slide(self, part: &AblationPart, scale: f32) {
        if self.sliding.read_untracked().as_ref() == Some(part) {
            self.ablations.update(|ablations| ablations.set(Ablation { part: part.clone(), scale }));
        } else {
            self.set(part.clone(), scale);
            self.sliding.set(Some(part.clone()));
        }
    }

    /// The slider is released.
    pub(in crate::app) fn release_slider(self) {
        self.sliding.set(None);
    }

    /// Restores a part.
    pub(in crate::app) fn restore(self, part: &AblationPart) {
        self.sliding.set(None);
        self.change(|ablations| ablations.restore(part));
    }

    /// Restores every part.
    pub(in crate::app) fn restore_all(self) {
        self.change(|ablations| *ablations = Ablations::default());
    }

    /// Takes the ablations of a link. If there are others already, undo returns to those.
    pub(in crate::app) fn open(self, ablations: Ablations) {
        if self.ablations.read_untracked().is_empty() {
            self.ablations.set(ablations);
        } else {
            self.change(|old| *old = ablations);
        }
    }

    /// Returns to the state before the last change.
    pub(in crate::app) fn undo(self) {
        self.sliding.set(None);
        if let Some(before) = self.past.try_update(Vec::pop).flatten() {
            self.ablations.set(before);
        }
    }

    /// Another network opens: the ablations of the last one do not apply to it.
    pub(super) fn reset(self) {
        self.sliding.set(None);
        self.past.set(Vec::new());
        self.ablations.set(Ablations::default());
    }
}
