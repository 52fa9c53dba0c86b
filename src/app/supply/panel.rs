//! What a person sees of the weights: which are there, how far others are, and what else there is.

use leptos_i18n::{t, t_string, td_string};
use std::rc::Rc;
use std::sync::Arc;
use words::i18n::{Locale, use_i18n};

use leptos::prelude::*;

use super::curves::{Curves, has_curves};
use super::offers::Offers;
use super::{Opened, State, Supply, Wish};
use crate::app::format::size;
use net::Graph;

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
    let words = use_i18n();
    let label = move || match there() {
        Some(opened) => opened.label(words.get_locale()),
        None => t_string!(words, supply.none).to_owned(),
    };
    // Seen by its name and not by the weights: other weights of the same network leave its curves alone.
    let trained_here = Memo::new(move |_| {
        let opened = there().filter(|opened| opened.wish == Wish::Bundled)?;
        has_curves(opened.network).then_some(opened.network)
    });
    let mark = move || {
        let untrained = there().is_some_and(|opened| !opened.trained);
        untrained.then(|| view! { <span class="supply-mark">{t!(words, supply.untrained)}</span> })
    };
    view! {
        <section class="supply" aria-label=move || t_string!(words, supply.title)>
            <details on:toggle=toggled>
                <summary>
                    <span class="caps">{t!(words, supply.title)}</span>" "
                    <span class="supply-label">{label}</span>" "
                    {mark}
                </summary>
                <div class="supply-body">
                    {move || there().map(|opened| facts(words.get_locale(), &opened))}
                    {move || trained_here.get().map(|name| view! { <Curves name open/> })}
                    <Offers supply graph open/>
                </div>
            </details>
            <Progress supply/>
        </section>
    }
}

/// The test error as our own training writes it, `0.51 % (51 of 10000)`, in words; as it stands where it is written otherwise.
fn error_text(locale: Locale, written: &str) -> String {
    let parts = written.strip_suffix(')').and_then(|rest| rest.split_once(" % (")).and_then(|(share, counts)| {
        let (wrong, all) = counts.split_once(" of ")?;
        Some((share.to_owned(), wrong.to_owned(), all.to_owned()))
    });
    match parts {
        Some((share, wrong, all)) => {
            td_string!(locale, supply.facts.error, share = share, wrong = wrong, all = all)
        }
        None => written.to_owned(),
    }
}

/// What is known of the weights that are there.
fn facts(locale: Locale, opened: &Rc<Opened>) -> impl IntoView + use<> {
    let (origin, label) = (&opened.origin, opened.label(locale));
    let mut facts = vec![(td_string!(locale, supply.facts.loaded), label.clone())];
    if let Some(bytes) = origin.bytes {
        facts.push((td_string!(locale, supply.facts.size), size(bytes)));
    }
    let values =
        if opened.trained { td_string!(locale, supply.facts.trained) } else { td_string!(locale, supply.facts.noise) };
    facts.push((td_string!(locale, supply.facts.values), values.to_owned()));
    if origin.weights != label {
        facts.push((td_string!(locale, supply.facts.source), origin.weights.clone()));
    }
    if let Some(sha256) = &origin.sha256 {
        facts.push(("SHA-256", format!("{}…", sha256.get(..DIGITS).unwrap_or(sha256))));
    }
    // What our own training writes into its files.
    if let Some(error) = opened.source.metadata().get("test_error") {
        facts.push((td_string!(locale, supply.facts.test_error), error_text(locale, error)));
    }
    let rows = facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view();
    view! { <dl class="facts">{rows}</dl> }
}

/// How far the weights are that were asked for, or why they are not there. It stands outside of the disclosure, so that
/// it is seen and heard while that is closed.
#[component]
fn Progress(supply: Supply) -> impl IntoView {
    let (words, state) = (use_i18n(), supply.state);
    let loading = Memo::new(move |_| matches!(*state.read(), State::Loading { .. }));
    // Bytes do not belong here: a screen reader would read each of them out.
    let status = Memo::new(move |_| match &*state.read() {
        State::Loading { what, checking: false, .. } => {
            t_string!(words, supply.state.loading, what = what.text(words.get_locale()))
        }
        State::Loading { what, checking: true, .. } => {
            t_string!(words, supply.state.checking, what = what.text(words.get_locale()))
        }
        State::Ready => t_string!(words, supply.state.ready).to_owned(),
        State::Idle | State::Failed(_) => String::new(),
    });
    let trouble = move || match state.get() {
        State::Failed(why) => {
            let text = move || t_string!(words, supply.state.failed, reason = why.text(words.get_locale()));
            Some(view! { <p role="alert" class="supply-trouble">{text}</p> })
        }
        _ => None,
    };
    view! {
        // Only what takes a while is shown; that it is done is seen above.
        <p role="status" class:soft=move || loading.get() class:hidden-text=move || !loading.get()>{move || status.get()}</p>
        <Show when=move || loading.get()>
            <div class="supply-progress">
                <progress aria-label=move || t_string!(words, supply.state.so_far) max=STEPS value=move || share(&state.read())></progress>
                <button aria-label=move || t_string!(words, supply.state.cancel_name) on:click=move |_| supply.cancel()>{t!(words, supply.state.cancel)}</button>
                <span class="mono">{move || amount(words.get_locale(), &state.read())}</span>
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
fn amount(locale: Locale, state: &State) -> String {
    match state {
        State::Loading { received: 0, total: None, .. } => String::new(),
        State::Loading { received, total: Some(total), .. } => {
            td_string!(locale, supply.state.amount, here = size(*received), all = size(*total))
        }
        State::Loading { received, total: None, .. } => size(*received),
        _ => String::new(),
    }
}
