//! Cut and see: what is switched off or scaled on the page, and what the network answered before.

mod answers;
mod made;
mod offers;

use std::borrow::Cow;
use std::sync::Arc;

use leptos::prelude::*;

use super::job::Source;
pub(super) use made::Made;
use net::{Cut, Cuts, Effects, Graph, NodeId, Op, Part};
pub(super) use offers::Offers;

/// What the whole network answers to an input.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Whole {
    /// Which input.
    pub(super) source: Source,
    pub(super) scores: Vec<f32>,
    pub(super) probabilities: Vec<f32>,
}

/// The cuts of the network on the page.
#[derive(Clone, Copy)]
pub(super) struct Cutting {
    pub(super) cuts: RwSignal<Cuts>,
    /// What they were before, the last at the end.
    past: RwSignal<Vec<Cuts>>,
    /// What is being scaled by hand: of a slide, the start alone is gone back to.
    sliding: RwSignal<Option<Part>>,
    /// What engines do for them.
    pub(super) effects: Memo<Arc<Effects>>,
    /// The answer of the whole network, where it is known.
    pub(super) whole: RwSignal<Option<Arc<Whole>>>,
}

impl Cutting {
    pub(super) fn new(graph: RwSignal<Arc<Graph>>) -> Self {
        let cuts = RwSignal::new(Cuts::default());
        let effects = Memo::new(move |_| Arc::new(cuts.read().effects(&graph.read())));
        let (past, sliding) = (RwSignal::new(Vec::new()), RwSignal::new(None));
        Self { cuts, past, sliding, effects, whole: RwSignal::new(None) }
    }

    /// What `change` makes of the cuts, and a step back from there.
    fn change(self, change: impl FnOnce(&mut Cuts)) {
        let old = self.cuts.get_untracked();
        let mut new = old.clone();
        change(&mut new);
        if new != old {
            self.past.update(|past| past.push(old));
            self.cuts.set(new);
        }
    }

    /// Cuts a part.
    pub(super) fn set(self, part: Part, scale: f32) {
        self.sliding.set(None);
        self.change(|cuts| cuts.set(Cut { part, scale }));
    }

    /// Scales a part that is cut, while a hand is at it.
    fn slide(self, part: &Part, scale: f32) {
        if self.sliding.read_untracked().as_ref() == Some(part) {
            self.cuts.update(|cuts| cuts.set(Cut { part: part.clone(), scale }));
        } else {
            self.set(part.clone(), scale);
            self.sliding.set(Some(part.clone()));
        }
    }

    /// The hand lets go.
    fn let_go(self) {
        self.sliding.set(None);
    }

    /// Restores a part.
    pub(super) fn restore(self, part: &Part) {
        self.sliding.set(None);
        self.change(|cuts| cuts.restore(part));
    }

    /// Restores the whole network.
    pub(super) fn restore_all(self) {
        self.change(|cuts| *cuts = Cuts::default());
    }

    /// Cuts as a link has them; where there are others already, a step back leads to those.
    pub(super) fn open(self, cuts: Cuts) {
        if self.cuts.read_untracked().is_empty() {
            self.cuts.set(cuts);
        } else {
            self.change(|old| *old = cuts);
        }
    }

    /// Goes a step back.
    pub(super) fn undo(self) {
        self.sliding.set(None);
        if let Some(before) = self.past.try_update(Vec::pop).flatten() {
            self.cuts.set(before);
        }
    }

    /// Another network: what was cut of the last is nothing to it.
    pub(super) fn forget(self) {
        self.sliding.set(None);
        self.past.set(Vec::new());
        self.cuts.set(Cuts::default());
        self.whole.set(None);
    }
}

/// The numbers that something is told from, as they meet at a node: the summands of an addition times their factors.
pub(super) fn told<'a>(graph: &Graph, effects: &Effects, node: NodeId, values: &'a [Vec<f32>]) -> Cow<'a, [Vec<f32>]> {
    let factors = effects.summands(node);
    // x, then F(x): the shortcut is the second of what an addition reads.
    let (Op::Add(_), [branch, shortcut], [x, f]) = (&graph.node(node).op, factors, values) else {
        return Cow::Borrowed(values);
    };
    let times = |values: &[f32], factor: f32| values.iter().map(|value| value * factor).collect();
    Cow::Owned(vec![times(x, *shortcut), times(f, *branch)])
}
