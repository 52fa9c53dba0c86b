//! The choice of the networks to compare.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use super::comparison::Comparison;
use super::link::{MAX_NETWORKS, MIN_NETWORKS};
use layerscope::app::wording::families::variant;
use net::{FAMILIES, FamilyInfo, names, network};

/// Returns the text that the search looks at, in lower case.
fn searched(name: &str, words: &str) -> String {
    let title = network(name).map(|graph| graph.title).unwrap_or_default();
    format!("{name} {title} {words}").to_lowercase()
}

/// A reason why a network was not added or removed.
#[derive(Clone)]
enum Refusal {
    /// The comparison needs this one.
    Needed(&'static str),
    /// The comparison is full.
    Full(&'static str),
    /// No network has this name.
    NotFound(String),
}

impl Refusal {
    fn text(&self, locale: Locale) -> String {
        match self {
            Self::Needed(name) => td_string!(locale, compare.chooser.stays, name = *name, fewest = MIN_NETWORKS),
            Self::Full(name) => td_string!(locale, compare.chooser.no_room, name = *name, most = MAX_NETWORKS),
            Self::NotFound(typed) => td_string!(locale, compare.chooser.not_found, typed = typed.as_str()),
        }
    }
}

/// Adds or removes a network.
fn toggle(comparison: Comparison, name: &'static str) -> Result<(), Refusal> {
    let count = untrack(|| comparison.count());
    let was = comparison.chosen.read_untracked().contains(&name);
    match was {
        true if count <= MIN_NETWORKS => return Err(Refusal::Needed(name)),
        false if count >= MAX_NETWORKS => return Err(Refusal::Full(name)),
        _ => {}
    }
    comparison.chosen.update(|chosen| {
        // The networks keep the order of the declarations, whatever the order of the clicks.
        *chosen = names().filter(|&known| chosen.contains(&known) != (known == name)).collect();
    });
    comparison.forget_baseline();
    Ok(())
}

/// All networks by family, with a search field.
#[component]
pub(super) fn NetworkChooser() -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    let typed = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let refused = RwSignal::new(None::<Refusal>);
    let all = FAMILIES.iter().flat_map(|info| info.variants);
    let all: Vec<(&'static str, String)> = all.map(|(name, words)| (*name, searched(name, words))).collect();
    let all = StoredValue::new(all);
    // Every word of the search must occur, in English or in the language of the page.
    let found = Memo::new(move |_| {
        let (typed, locale) = (typed.read().to_lowercase(), words.get_locale());
        let matches = |(name, searched): &&(&'static str, String)| {
            let here = variant(locale, name).unwrap_or_default().to_lowercase();
            typed.split_whitespace().all(|word| searched.contains(word) || here.contains(word))
        };
        all.read_value().iter().filter(matches).map(|(name, _)| *name).collect::<Vec<_>>()
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = typed.get_untracked();
        if text.trim().is_empty() {
            return;
        }
        let Some(name) = found.read_untracked().first().copied() else {
            refused.set(Some(Refusal::NotFound(text.trim().to_owned())));
            return;
        };
        let done = toggle(comparison, name);
        if done.is_ok() {
            typed.set(String::new());
        }
        refused.set(done.err());
    };
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            typed.set(String::new());
        }
    };
    let family = move |info: &'static FamilyInfo| {
        let one = move |(name, english): &'static (&'static str, &'static str)| {
            let (name, english) = (*name, *english);
            let description = move || variant(words.get_locale(), name).unwrap_or(english);
            let chosen = move || comparison.chosen.read().contains(&name);
            let is_fixed = move || {
                let count = comparison.count();
                if chosen() { count <= MIN_NETWORKS } else { count >= MAX_NETWORKS }
            };
            let change = move |_| refused.set(toggle(comparison, name).err());
            view! {
                <label hidden=move || !found.read().contains(&name) title=description>
                    <input type="checkbox" prop:checked=chosen disabled=is_fixed on:change=change />
                    {name}
                </label>
            }
        };
        let none = move || !info.variants.iter().any(|(name, _)| found.read().contains(name));
        view! {
            <fieldset hidden=none>
                <legend>{info.title}" "<span class="faint">{info.year}</span></legend>
                {info.variants.iter().map(one).collect_view()}
            </fieldset>
        }
    };
    let is_open = move || open.get() || !typed.read().is_empty();
    let show = move |_| {
        open.set(!untrack(is_open));
        typed.set(String::new());
    };
    let count = move || {
        let (count, locale) = (comparison.count(), words.get_locale());
        match (refused.get(), count) {
            (Some(refused), _) => refused.text(locale),
            (None, MIN_NETWORKS) => td_string!(locale, compare.chooser.as_few, count = count),
            (None, MAX_NETWORKS) => td_string!(locale, compare.chooser.as_many, count = count),
            (None, _) => td_string!(locale, compare.chooser.so_many, count = count, most = MAX_NETWORKS),
        }
    };
    let find = move || t_string!(words, compare.chooser.find);
    view! {
        <form class="bench-run" role="search" on:submit=submit>
            <input
                type="search"
                class="find"
                aria-label=find
                placeholder=find
                autocomplete="off"
                prop:value=typed
                on:input=move |event| typed.set(event_target_value(&event))
                on:keydown=escape
            />
            <button type="button" aria-expanded=move || is_open().to_string() aria-controls="choices" on:click=show>
                {t!(words, compare.chooser.choose)}
            </button>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=comparison.with_auxiliary
                    on:change=move |event| comparison.with_auxiliary.set(event_target_checked(&event))
                />
                {t!(words, compare.chooser.count_side)}
            </label>
            <p class="soft" role="status">
                {count}
            </p>
        </form>
        <div class="choices" id="choices" hidden=move || !is_open()>
            {FAMILIES.iter().map(family).collect_view()}
        </div>
    }
}
