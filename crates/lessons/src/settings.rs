//! The settings of a lesson: signals that the link carries.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use super::link::{self, NumberRange};
use layerscope::app::wording::language::PARAMETER;

/// How long the settings rest before the link is updated: browsers limit how often a page may change its address.
const REST: Duration = Duration::from_millis(250);

/// The value of a setting in the link; `None` while the setting has its default.
type LinkValue = Signal<Option<String>>;

/// All settings of a lesson, each with its link parameter.
#[derive(Clone, Copy)]
pub(super) struct Settings {
    all: StoredValue<Vec<(&'static str, LinkValue)>>,
    /// The number of settings: the memo that writes the link depends on it and so notices new ones.
    count: RwSignal<usize>,
}

impl Settings {
    /// Creates an empty list whose link follows every change. `language` is part of every link.
    pub(super) fn new(language: LinkValue) -> Self {
        let settings = Self { all: StoredValue::new(vec![(PARAMETER, language)]), count: RwSignal::new(1) };
        let query = Memo::new(move |_| {
            settings.count.track();
            let all = settings.all.get_value();
            link::query(&all.into_iter().filter_map(|(name, value)| Some((name, value.get()?))).collect::<Vec<_>>())
        });
        let mut write = debounce(REST, move |query: String| {
            let path = window().location().pathname().unwrap_or_default();
            let Ok(history) = window().history() else { return };
            // If the history refuses the address, the link keeps its previous settings.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("{path}{query}")));
        });
        let path = window().location().pathname();
        Effect::new(move |first: Option<()>| {
            let query = query.get();
            // A navigation to another lesson may have come first.
            if first.is_some() && window().location().pathname() == path {
                write(query);
            }
        });
        settings
    }

    /// Returns the value of a parameter in the address of the window.
    fn linked(name: &str) -> Option<String> {
        let search = window().location().search().ok()?;
        UrlSearchParams::new_with_str(&search).ok()?.get(name)
    }

    fn add(self, name: &'static str, value: impl Fn() -> Option<String> + Send + Sync + 'static) {
        self.all.update_value(|all| all.push((name, Signal::derive(value))));
        self.count.update(|count| *count += 1);
    }

    /// Adds a number from `min` to `max` in steps of `step`.
    pub(super) fn number(self, name: &'static str, default: f64, [min, max]: [f64; 2], step: f64) -> NumberSetting {
        let range = NumberRange { default, min, max, step };
        let linked = Self::linked(name).and_then(|text| range.parse(&text));
        let value = RwSignal::new(linked.unwrap_or(default));
        self.add(name, move || range.write(value.get()));
        NumberSetting { value, range }
    }

    /// Adds a whole number.
    pub(super) fn whole(self, name: &'static str, default: usize, [min, max]: [usize; 2]) -> NumberSetting {
        self.number(name, default as f64, [min as f64, max as f64], 1.0)
    }

    /// Adds a choice by its name in the link; the default is the first.
    pub(super) fn choice<T: Copy + PartialEq + Send + Sync + 'static>(
        self,
        name: &'static str,
        choices: &'static [(&'static str, T)],
    ) -> RwSignal<T> {
        let linked = Self::linked(name).and_then(|text| link::parse_choice(&text, choices));
        let value = RwSignal::new(linked.unwrap_or(choices[0].1));
        self.add(name, move || link::write_choice(&value.get(), choices));
        value
    }

    /// Adds a switch.
    pub(super) fn flag(self, name: &'static str, default: bool) -> RwSignal<bool> {
        let linked = Self::linked(name).map(|text| link::parse_flag(&text));
        let value = RwSignal::new(linked.unwrap_or(default));
        self.add(name, move || link::write_flag(value.get(), default));
        value
    }
}

/// A number that the reader sets.
#[derive(Clone, Copy)]
pub(super) struct NumberSetting {
    /// The current value.
    pub(super) value: RwSignal<f64>,
    pub(super) range: NumberRange,
}

impl NumberSetting {
    /// Returns the value.
    pub(super) fn get(self) -> f64 {
        self.value.get()
    }

    /// Returns the value, rounded to a whole number.
    pub(super) fn whole(self) -> usize {
        self.value.get().round().max(0.0) as usize
    }

    /// Sets the value, limited to the range.
    pub(super) fn set(self, value: f64) {
        self.value.set(value.clamp(self.range.min, self.range.max));
    }

    /// Returns the same setting with another upper limit.
    pub(super) fn up_to(self, max: f64) -> Self {
        Self { range: NumberRange { max, ..self.range }, ..self }
    }
}
