//! Which networks are compared.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;

use super::{Comparison, FEWEST, MOST};
use crate::net::{LINEAGES, Lineage, names, network};

/// What is searched of a network, in small letters.
fn searched(name: &str, words: &str) -> String {
    let title = network(name).map(|graph| graph.title).unwrap_or_default();
    format!("{name} {title} {words}").to_lowercase()
}

/// Takes a network in or out, or says why not.
fn toggle(comparison: Comparison, name: &'static str) -> Result<(), String> {
    let count = untrack(|| comparison.count());
    let was = comparison.chosen.read_untracked().contains(&name);
    match was {
        true if count <= FEWEST => return Err(format!("{name} stays: there are {FEWEST} at least.")),
        false if count >= MOST => return Err(format!("There are {MOST} at most: take one out before {name}.")),
        _ => {}
    }
    comparison.chosen.update(|chosen| {
        // In the order of the declarations, whatever the order of the clicks.
        *chosen = names().filter(|&known| chosen.contains(&known) != (known == name)).collect();
    });
    comparison.forget_baseline();
    Ok(())
}

/// All networks by family, with a field that finds them.
#[component]
pub(super) fn Chooser() -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    let typed = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let all = LINEAGES.iter().flat_map(|lineage| lineage.variants);
    let all: Vec<(&'static str, String)> = all.map(|(name, words)| (*name, searched(name, words))).collect();
    let all = StoredValue::new(all);
    // Every word that was typed is in what is searched.
    let found = Memo::new(move |_| {
        let typed = typed.read().to_lowercase();
        let fits = |searched: &String| typed.split_whitespace().all(|word| searched.contains(word));
        all.read_value().iter().filter(|(_, searched)| fits(searched)).map(|(name, _)| *name).collect::<Vec<_>>()
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = typed.get_untracked();
        if text.trim().is_empty() {
            return;
        }
        let Some(name) = found.read_untracked().first().copied() else {
            said.set(format!("No network is called '{}'.", text.trim()));
            return;
        };
        match toggle(comparison, name) {
            Ok(()) => {
                said.set(String::new());
                typed.set(String::new());
            }
            Err(reason) => said.set(reason),
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
                let count = comparison.count();
                if chosen() { count <= FEWEST } else { count >= MOST }
            };
            let change = move |_| said.set(toggle(comparison, name).err().unwrap_or_default());
            view! {
                <label hidden=move || !found.read().contains(&name) title=words>
                    <input type="checkbox" prop:checked=chosen disabled=fixed on:change=change/>
                    {name}
                </label>
            }
        };
        let none = move || !lineage.variants.iter().any(|(name, _)| found.read().contains(name));
        view! {
            <fieldset hidden=none><legend>{lineage.title}" "<span class="faint">{lineage.year}</span></legend>{lineage.variants.iter().map(one).collect_view()}</fieldset>
        }
    };
    let is_open = move || open.get() || !typed.read().is_empty();
    let show = move |_| {
        open.set(!untrack(is_open));
        typed.set(String::new());
    };
    let count = move || {
        let count = comparison.count();
        let rest = match count {
            FEWEST => "as few as there can be".to_owned(),
            MOST => "as many as there can be".to_owned(),
            _ => format!("of at most {MOST}"),
        };
        let said = said.get();
        if said.is_empty() { format!("{count} side by side, {rest}.") } else { said }
    };
    view! {
        <form class="bench-run" role="search" on:submit=submit>
            <input type="search" class="find" aria-label="Find a network" placeholder="Find a network" autocomplete="off"
                prop:value=typed on:input=move |event| typed.set(event_target_value(&event)) on:keydown=escape/>
            <button type="button" aria-expanded=move || is_open().to_string() aria-controls="choices"
                on:click=show>"Choose networks"</button>
            <label class="check">
                <input type="checkbox" prop:checked=comparison.side on:change=move |event| comparison.side.set(event_target_checked(&event))/>
                "count side classifiers"
            </label>
            <p class="soft" role="status">{count}</p>
        </form>
        <div class="choices" id="choices" hidden=move || !is_open()>{LINEAGES.iter().map(family).collect_view()}</div>
    }
}
