//! The tours of `static/tours`, and the one that a person takes.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use messages::Language;
use net::Family;
use serde::Deserialize;
use words::i18n::Locale;

/// A text in every language, by the code of the language.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct ByLanguage<T>(BTreeMap<String, T>);

impl<T: Clone + Default> ByLanguage<T> {
    /// Returns the text in a language, or in English if that language has none.
    pub(super) fn of(&self, locale: Locale) -> T {
        let in_language = |language: Language| self.0.get(language.code());
        in_language(locale.into()).or_else(|| in_language(Language::default())).cloned().unwrap_or_default()
    }
}

/// A stop as the files in `static/tours` write it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Stop {
    pub(super) title: ByLanguage<String>,
    /// The sentences.
    pub(super) text: ByLanguage<Vec<String>>,
    /// The state of the page, as in a link.
    pub(super) state: String,
}

/// A tour.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Stops {
    pub(super) title: ByLanguage<String>,
    pub(super) stops: Vec<Stop>,
}

/// The tour that a person takes, and the current stop.
#[derive(Clone, Copy)]
pub(in crate::app) struct TourState {
    /// The loaded tour and its family.
    stops: RwSignal<Option<(Family, Arc<Stops>)>>,
    /// The number of the stop, from 0. It stays when the person leaves the tour.
    at: RwSignal<usize>,
    open: RwSignal<bool>,
}

impl TourState {
    /// No loaded and no open tour.
    pub(in crate::app) fn new() -> Self {
        Self { stops: RwSignal::new(None), at: RwSignal::new(0), open: RwSignal::new(false) }
    }

    /// The loaded tour and its family.
    pub(super) fn stops(self) -> ReadSignal<Option<(Family, Arc<Stops>)>> {
        self.stops.read_only()
    }

    /// The number of the stop, from 0.
    pub(super) fn at(self) -> ReadSignal<usize> {
        self.at.read_only()
    }

    /// True while a tour is open.
    pub(super) fn is_open(self) -> ReadSignal<bool> {
        self.open.read_only()
    }

    /// Opens the tour of a family at a stop, or at its last one if it has fewer.
    pub(super) fn open(self, family: Family, stops: Arc<Stops>, at: usize) {
        self.at.set(at.min(stops.stops.len().saturating_sub(1)));
        self.stops.set(Some((family, stops)));
        self.open.set(true);
    }

    /// Goes to the next stop, or to the one before.
    pub(super) fn step(self, forward: bool) {
        self.at.update(|at| *at = if forward { *at + 1 } else { at.saturating_sub(1) });
    }

    /// Leaves the tour. Its stop stays for a person who rejoins it.
    pub(super) fn leave(self) {
        self.open.set(false);
    }

    /// Returns the number of the stop in a link, counted from 1; `None` if no tour is open.
    pub(in crate::app) fn number(self) -> Option<usize> {
        self.open.get().then(|| self.at.get() + 1)
    }

    /// Returns the tour of a family, if it is loaded.
    pub(super) fn of(self, family: Family) -> Option<Arc<Stops>> {
        self.stops.get().filter(|(of, _)| *of == family).map(|(_, stops)| stops)
    }
}
