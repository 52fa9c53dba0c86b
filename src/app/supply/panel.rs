//! What a person sees of the weights: which are there, how far others are, and what else there is.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::curves::{Curves, has_curves};
use super::offers::Offers;
use super::{Opened, State, Supply, Wish};
use crate::app::format::size;
use crate::net::Graph;

/// Digits of a SHA-256 that are shown: more than the names of published files hold.
const DIGITS: usize = 12;
/// The steps of a progress bar.
const STEPS: u64 = 1000;

/// The disclosure named "Weights", and under it what is being loaded and what went wrong.
#[component]
pub(in crate::app) fn WeightsPanel(
    /// Where the weights come from.
    supply: Supply,
    /// The network on the page.
    #[prop(into)]
    graph: Signal<Arc<Graph>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let toggled = move |event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    let there = move || supply.opened.get().filter(|opened| opened.network == graph.read().name);
    let label = move || there().map_or_else(|| "none yet".to_owned(), |opened| opened.label.clone());
    // Seen by its name and not by the weights: other weights of the same network leave its curves alone.
    let trained_here = Memo::new(move |_| {
        let opened = there().filter(|opened| opened.wish == Wish::Bundled)?;
        has_curves(opened.network).then_some(opened.network)
    });
    let mark = move || {
        let untrained = there().is_some_and(|opened| !opened.trained);
        untrained.then(|| view! { <span class="supply-mark">"untrained"</span> })
    };
    view! {
        <section class="supply" aria-label="Weights">
            <details on:toggle=toggled>
                <summary>
                    <span class="caps">"Weights"</span>" "
                    <span class="supply-label">{label}</span>" "
                    {mark}
                </summary>
                <div class="supply-body">
                    {move || there().map(|opened| facts(&opened))}
                    {move || trained_here.get().map(|name| view! { <Curves name open/> })}
                    <Offers supply graph open/>
                </div>
            </details>
            <Progress supply/>
        </section>
    }
}

/// What is known of the weights that are there.
fn facts(opened: &Rc<Opened>) -> impl IntoView + use<> {
    let origin = &opened.origin;
    let mut facts = vec![("Loaded", opened.label.clone())];
    if let Some(bytes) = origin.bytes {
        facts.push(("Size", size(bytes)));
    }
    let values = if opened.trained { "trained" } else { "untrained: noise from a formula" };
    facts.push(("Values", values.to_owned()));
    if origin.weights != opened.label {
        facts.push(("Source", origin.weights.clone()));
    }
    if let Some(sha256) = &origin.sha256 {
        facts.push(("SHA-256", format!("{}…", sha256.get(..DIGITS).unwrap_or(sha256))));
    }
    // What our own training writes into its files.
    if let Some(error) = opened.source.metadata().get("test_error") {
        facts.push(("Test error", error.clone()));
    }
    let rows = facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view();
    view! { <dl class="facts">{rows}</dl> }
}

/// How far the weights are that were asked for, or why they are not there. It stands outside of the disclosure, so that
/// it is seen and heard while that is closed.
#[component]
fn Progress(supply: Supply) -> impl IntoView {
    let state = supply.state;
    let loading = Memo::new(move |_| matches!(*state.read(), State::Loading { .. }));
    // Bytes do not belong here: a screen reader would read each of them out.
    let status = Memo::new(move |_| match &*state.read() {
        State::Loading { what, checking: false, .. } => format!("Loading weights: {what}."),
        State::Loading { what, checking: true, .. } => format!("Checking weights: {what}."),
        State::Ready => "The weights are loaded.".to_owned(),
        State::Idle | State::Failed(_) => String::new(),
    });
    let trouble = move || match state.get() {
        State::Failed(why) => {
            Some(view! { <p role="alert" class="supply-trouble">"These weights were not loaded: "{why}"."</p> })
        }
        _ => None,
    };
    view! {
        // Only what takes a while is shown; that it is done is seen above.
        <p role="status" class:soft=move || loading.get() class:hidden-text=move || !loading.get()>{move || status.get()}</p>
        <Show when=move || loading.get()>
            <div class="supply-progress">
                <progress aria-label="Loaded so far" max=STEPS value=move || share(&state.read())></progress>
                <button aria-label="Cancel loading weights" on:click=move |_| supply.cancel()>"Cancel"</button>
                <span class="mono">{move || amount(&state.read())}</span>
            </div>
        </Show>
        {trouble}
    }
}

/// How much of a file is here, of [`STEPS`]; `None` where its length is not known.
fn share(state: &State) -> Option<u64> {
    match state {
        State::Loading { received, total: Some(total), .. } if *total > 0 => {
            // Together they may be more than 64 bits hold.
            Some((u128::from(*received) * u128::from(STEPS) / u128::from(*total)).min(STEPS.into()) as u64)
        }
        _ => None,
    }
}

/// The same in words.
fn amount(state: &State) -> String {
    match state {
        State::Loading { received: 0, total: None, .. } => String::new(),
        State::Loading { received, total: Some(total), .. } => format!("{} of {}", size(*received), size(*total)),
        State::Loading { received, total: None, .. } => size(*received),
        _ => String::new(),
    }
}
