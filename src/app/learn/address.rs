//! The address: which lesson is open, and what has been moved in it.

use std::time::Duration;

use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, UrlSearchParams};

use super::PATH;
use crate::app::language::PARAMETER;
use analysis::lesson::{Lesson, lesson};

/// Milliseconds of rest after which the address says what is on the page: browsers limit how often it may change.
const REST: Duration = Duration::from_millis(250);

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// The list of lessons.
    Index,
    /// A lesson.
    Lesson(&'static Lesson),
    /// One that there is not.
    Unknown(String),
}

impl Place {
    /// What the address of the window asks for.
    fn here() -> Self {
        let path = window().location().pathname().unwrap_or_default();
        let asked = path.split(PATH).nth(1).unwrap_or_default().trim_matches('/');
        match lesson(asked) {
            _ if asked.is_empty() => Self::Index,
            Some(lesson) => Self::Lesson(lesson),
            None => Self::Unknown(asked.to_owned()),
        }
    }
}

/// The part of an address with the parameters of `parts`.
fn query(parts: &[(&str, String)]) -> String {
    let Ok(search) = UrlSearchParams::new() else { return String::new() };
    parts.iter().for_each(|(name, value)| search.append(name, value));
    let text = String::from(search.to_string());
    if text.is_empty() { text } else { format!("?{text}") }
}

/// The address of a lesson as it is at first; the list's without one.
pub(super) fn address(slug: &str, language: Option<&str>) -> String {
    let path = if slug.is_empty() { PATH.to_owned() } else { format!("{PATH}/{slug}") };
    let parts: Vec<(&str, String)> = language.map(|language| (PARAMETER, language.to_owned())).into_iter().collect();
    format!("{path}{}", query(&parts))
}

/// The place that is shown. Links to lessons are followed without loading the page anew.
pub(super) fn follow() -> RwSignal<Place> {
    let place = RwSignal::new(Place::here());
    let back = window_event_listener(ev::popstate, move |_| place.set(Place::here()));
    let press = window_event_listener(ev::click, move |event| {
        if let Some(path) = followed(&event) {
            event.prevent_default();
            let history = window().history();
            // Where the address cannot change the browser follows the link itself.
            if history.and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(&path))).is_err() {
                let _ = window().location().set_href(&path);
                return;
            }
            place.set(Place::here());
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
    on_cleanup(move || {
        back.remove();
        press.remove();
    });
    place
}

/// The address of the lesson that a press on a link is for, where nothing says that it is to open elsewhere.
fn followed(event: &MouseEvent) -> Option<String> {
    if event.button() != 0 || event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
        return None;
    }
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let link = target.closest("a[href]").ok()??;
    let path = link.get_attribute("href")?;
    (path == PATH || path.starts_with(&format!("{PATH}/")) || path.starts_with(&format!("{PATH}?"))).then_some(path)
}

/// What a knob says in the address; nothing where it is as it was at first.
type Said = Signal<Option<String>>;

/// All that can be moved in a lesson, each with its part of the address.
#[derive(Clone, Copy)]
pub(super) struct Knobs {
    all: StoredValue<Vec<(&'static str, Said)>>,
    /// Counts them, so that who writes the address hears of new ones.
    count: RwSignal<usize>,
}

impl Knobs {
    /// None yet; the address is written as they change. `language` stands in every address.
    pub(super) fn new(language: Said) -> Self {
        let knobs = Self { all: StoredValue::new(vec![(PARAMETER, language)]), count: RwSignal::new(1) };
        let text = Memo::new(move |_| {
            knobs.count.track();
            let all = knobs.all.get_value();
            query(&all.into_iter().filter_map(|(name, said)| Some((name, said.get()?))).collect::<Vec<_>>())
        });
        let mut write = debounce(REST, move |text: String| {
            let path = window().location().pathname().unwrap_or_default();
            let Ok(history) = window().history() else { return };
            // An address that cannot be written says what was there before.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("{path}{text}")));
        });
        let path = window().location().pathname();
        Effect::new(move |first: Option<()>| {
            let text = text.get();
            // Another lesson may have been opened meanwhile.
            if first.is_some() && window().location().pathname() == path {
                write(text);
            }
        });
        knobs
    }

    fn asked(name: &str) -> Option<String> {
        let search = window().location().search().ok()?;
        UrlSearchParams::new_with_str(&search).ok()?.get(name)
    }

    fn add(self, name: &'static str, said: Said) {
        self.all.update_value(|all| all.push((name, said)));
        self.count.update(|count| *count += 1);
    }

    /// A number from `least` to `most` in steps of `step`, which is `first` where the address does not say another.
    pub(super) fn number(self, name: &'static str, first: f64, [least, most]: [f64; 2], step: f64) -> Knob {
        let fit = move |value: f64| {
            let steps = ((value.clamp(least, most) - least) / step).round();
            (least + steps * step).min(most)
        };
        let asked = Self::asked(name).and_then(|text| text.parse().ok()).filter(|value: &f64| value.is_finite());
        let value = RwSignal::new(asked.map_or(first, fit));
        let said = Signal::derive(move || {
            let value = value.get();
            // What no step can tell apart is the same.
            ((value - first).abs() > step / 4.0).then(|| plain(value))
        });
        self.add(name, said);
        Knob { value, least, most, step }
    }

    /// A whole number.
    pub(super) fn whole(self, name: &'static str, first: usize, [least, most]: [usize; 2]) -> Knob {
        self.number(name, first as f64, [least as f64, most as f64], 1.0)
    }

    /// One of some choices by its name in the address; the first where it does not say another.
    pub(super) fn choice<T: Copy + PartialEq + Send + Sync + 'static>(
        self,
        name: &'static str,
        all: &'static [(&'static str, T)],
    ) -> RwSignal<T> {
        let first = all[0].1;
        let asked = Self::asked(name).and_then(|text| all.iter().find(|(name, _)| *name == text)).map(|(_, one)| *one);
        let value = RwSignal::new(asked.unwrap_or(first));
        let said = Signal::derive(move || {
            let value = value.get();
            let named = all.iter().find(|(_, one)| *one == value).map(|(name, _)| (*name).to_owned());
            named.filter(|_| value != first)
        });
        self.add(name, said);
        value
    }

    /// Whether something is on; at first it is as `first` says.
    pub(super) fn flag(self, name: &'static str, first: bool) -> RwSignal<bool> {
        let asked = Self::asked(name).map(|text| text == "1");
        let value = RwSignal::new(asked.unwrap_or(first));
        let said = move || (value.get() != first).then(|| u8::from(value.get()).to_string());
        self.add(name, Signal::derive(said));
        value
    }
}

/// A number without the digits that binary fractions add.
fn plain(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A number that a person moves.
#[derive(Clone, Copy)]
pub(super) struct Knob {
    /// Its value.
    pub(super) value: RwSignal<f64>,
    pub(super) least: f64,
    pub(super) most: f64,
    pub(super) step: f64,
}

impl Knob {
    /// Its value.
    pub(super) fn get(self) -> f64 {
        self.value.get()
    }

    /// Its value as a whole number.
    pub(super) fn whole(self) -> usize {
        self.value.get().round().max(0.0) as usize
    }

    /// Sets it, within its ends.
    pub(super) fn set(self, value: f64) {
        self.value.set(value.clamp(self.least, self.most));
    }
}
