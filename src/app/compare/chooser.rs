//! Which networks are compared.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;

use super::{Comparison, FEWEST, MOST};
use crate::net::{LINEAGES, Lineage, names, network};

/// Whether a network is one that a person who typed this may mean: every word is in its name, title or description.
fn fits(typed: &str, name: &str, title: &str, words: &str) -> bool {
    let all = format!("{name} {title} {words}").to_lowercase();
    typed.to_lowercase().split_whitespace().all(|word| all.contains(word))
}

/// Takes a network in or out, as long as there are neither too few nor too many.
fn toggle(comparison: Comparison, name: &'static str) {
    comparison.chosen.update(|chosen| {
        let was = chosen.contains(&name);
        if (was && chosen.len() <= FEWEST) || (!was && chosen.len() >= MOST) {
            return;
        }
        // In the order of the declarations, whatever the order of the clicks.
        let now: Vec<&'static str> = names().filter(|&known| chosen.contains(&known) != (known == name)).collect();
        *chosen = now;
    });
    let chosen = comparison.chosen.get_untracked();
    if comparison.baseline.get_untracked().is_some_and(|baseline| !chosen.contains(&baseline)) {
        comparison.baseline.set(None);
    }
}

/// All networks by family, with a field that finds them.
#[component]
pub(super) fn Chooser() -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    let typed = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let found = move |name: &str, words: &str| {
        let title = network(name).map(|graph| graph.title).unwrap_or_default();
        fits(&typed.read(), name, title, words)
    };
    let first = move || {
        let all = LINEAGES.iter().flat_map(|lineage| lineage.variants);
        all.filter(|(name, words)| found(name, words)).map(|(name, _)| *name).next()
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !typed.read_untracked().trim().is_empty()
            && let Some(name) = untrack(first)
        {
            toggle(comparison, name);
            typed.set(String::new());
        }
    };
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            typed.set(String::new());
        }
    };
    let family = move |lineage: &'static Lineage| {
        let one = move |(name, words): &'static (&'static str, &'static str)| {
            let (name, words) = (*name, *words);
            let chosen = move || comparison.chosen.read().contains(&name);
            let fixed = move || {
                let count = comparison.chosen.read().len();
                if chosen() { count <= FEWEST } else { count >= MOST }
            };
            view! {
                <label hidden=move || !found(name, words) title=words>
                    <input type="checkbox" prop:checked=chosen disabled=fixed on:change=move |_| toggle(comparison, name)/>
                    {name}
                </label>
            }
        };
        let none = move || !lineage.variants.iter().any(|(name, words)| found(name, words));
        view! {
            <fieldset hidden=none><legend>{lineage.title}" "<span class="faint">{lineage.year}</span></legend>{lineage.variants.iter().map(one).collect_view()}</fieldset>
        }
    };
    let is_open = move || open.get() || !typed.read().is_empty();
    let count = move || {
        let count = comparison.chosen.read().len();
        let rest = match count {
            FEWEST => "as few as there can be",
            MOST => "as many as there can be",
            _ => "of at most 8",
        };
        format!("{count} networks, {rest}.")
    };
    view! {
        <form class="bench-run" role="search" on:submit=submit>
            <input type="search" class="find" aria-label="Find a network" placeholder="Find a network" autocomplete="off"
                prop:value=typed on:input=move |event| typed.set(event_target_value(&event)) on:keydown=escape/>
            <button type="button" aria-expanded=move || is_open().to_string() aria-controls="choices"
                on:click=move |_| open.update(|open| *open = !*open)>"Choose networks"</button>
            <label class="check">
                <input type="checkbox" prop:checked=comparison.side on:change=move |event| comparison.side.set(event_target_checked(&event))/>
                "count side classifiers"
            </label>
            <p class="soft" role="status">{count}</p>
        </form>
        <div class="choices" id="choices" hidden=move || !is_open()>{LINEAGES.iter().map(family).collect_view()}</div>
    }
}
