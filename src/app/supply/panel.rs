//! The panel of the weights: the loaded ones, the progress of others, and the offers.

use leptos_i18n::{t, t_string, td_string};
use std::rc::Rc;
use std::sync::Arc;
use words::i18n::{Locale, use_i18n};

use leptos::prelude::*;

use super::choice::WeightsChoice;
use super::curves::{TrainingCurves, has_curves};
use super::loaded::{LoadState, LoadedWeights};
use super::loader::WeightsLoader;
use super::offers::WeightsOffers;
use crate::app::wording::format::size;
use messages::Explain as _;
use net::Graph;

/// The digits of a SHA-256 that are shown. The names of published files contain fewer.
const DIGITS: usize = 12;
/// The steps of a progress bar.
const STEPS: u64 = 1000;

/// The disclosure named "Weights", and below it the progress of loading and its errors.
#[component]
pub(in crate::app) fn WeightsPanel(
    /// Loads the weights.
    supply: WeightsLoader,
    /// The network on the page.
    #[prop(into)]
    graph: Signal<Arc<Graph>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let toggled = move |event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    let there = move || supply.opened.get().filter(|opened| opened.is_of(&graph.read()));
    let words = use_i18n();
    let label = move || match there() {
        Some(opened) => opened.label(words.get_locale()),
        None => t_string!(words, supply.none).to_owned(),
    };
    // Compared by name, so that other weights of the same network do not rebuild the curves.
    let trained_here = Memo::new(move |_| {
        let opened = there().filter(|opened| opened.choice == WeightsChoice::Bundled)?;
        has_curves(opened.graph.name).then_some(opened.graph.name)
    });
    let mark = move || {
        let untrained = there().is_some_and(|opened| !opened.trained);
        untrained.then(|| view! { <span class="supply-mark">{t!(words, supply.untrained)}</span> })
    };
    view! {
        <section class="supply" aria-label=move || t_string!(words, supply.title)>
            <details on:toggle=toggled>
                <summary>
                    <span class="caps">{t!(words, supply.title)}</span>
                    " "
                    <span class="supply-label">{label}</span>
                    " "
                    {mark}
                </summary>
                <div class="supply-body">
                    {move || there().map(|opened| facts(words.get_locale(), &opened))}
                    {move || trained_here.get().map(|name| view! { <TrainingCurves name open /> })}
                    <TransformChoice supply graph /> <WeightsOffers supply graph open />
                </div>
            </details>
            <LoadProgress supply />
        </section>
    }
}

/// The choice whether the network begins with the step that transforms its input, for the network that has one.
#[component]
fn TransformChoice(supply: WeightsLoader, graph: Signal<Arc<Graph>>) -> impl IntoView {
    let words = use_i18n();
    let can = Memo::new(move |_| graph.read().can_transform_input());
    let chosen = move |event| supply.choose_transform(graph.get_untracked(), Some(event_target_checked(&event)));
    move || {
        can.get().then(|| {
            view! {
                <label class="supply-transform">
                    <input type="checkbox" prop:checked=move || graph.read().options.transform_input on:change=chosen />
                    <span>{t!(words, supply.transform.title)}</span>
                </label>
                <p class="soft small">{t!(words, supply.transform.what)}</p>
            }
        })
    }
}

/// Returns a test error in words. Our own training writes it as `0.51 % (51 of 10000)`; other texts stay as they are.
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

/// The facts about the loaded weights.
fn facts(locale: Locale, opened: &Rc<LoadedWeights>) -> impl IntoView + use<> {
    let (origin, label) = (&opened.origin, opened.label(locale));
    let mut facts = vec![(td_string!(locale, supply.facts.loaded), label.clone())];
    if let Some(bytes) = origin.bytes {
        facts.push((td_string!(locale, supply.facts.size), size(bytes)));
    }
    let values =
        if opened.trained { td_string!(locale, supply.facts.trained) } else { td_string!(locale, supply.facts.noise) };
    facts.push((td_string!(locale, supply.facts.values), values.to_owned()));
    let said = opened.source.reading().sentences();
    let mut read: Vec<String> = said.iter().map(|sentence| sentence.text(locale.into())).collect();
    if origin.only_named_so {
        read.push(td_string!(locale, supply.facts.only_named_so).to_owned());
    }
    if !read.is_empty() {
        facts.push((td_string!(locale, supply.facts.read), read.join(" ")));
    }
    if origin.weights != label {
        facts.push((td_string!(locale, supply.facts.source), origin.weights.clone()));
    }
    if let Some(sha256) = &origin.sha256 {
        facts.push(("SHA-256", format!("{}…", sha256.get(..DIGITS).unwrap_or(sha256))));
    }
    // Our own training writes this entry into its files.
    if let Some(error) = opened.source.metadata().get("test_error") {
        facts.push((td_string!(locale, supply.facts.test_error), error_text(locale, error)));
    }
    let rows = facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <dt>{name}</dt>
                <dd>{value}</dd>
            }
        })
        .collect_view();
    view! { <dl class="facts">{rows}</dl> }
}

/// The progress of loading, or the reason why it failed. It lies outside of the disclosure, so that it is announced
/// while that is closed.
#[component]
fn LoadProgress(supply: WeightsLoader) -> impl IntoView {
    let (words, state) = (use_i18n(), supply.state);
    let loading = Memo::new(move |_| matches!(*state.read(), LoadState::Loading { .. }));
    // Without the number of bytes: a screen reader would announce every change of it.
    let status = Memo::new(move |_| match &*state.read() {
        LoadState::Loading { what, checking: false, .. } => {
            t_string!(words, supply.state.loading, what = what.text(words.get_locale()))
        }
        LoadState::Loading { what, checking: true, .. } => {
            t_string!(words, supply.state.checking, what = what.text(words.get_locale()))
        }
        LoadState::Ready => t_string!(words, supply.state.ready).to_owned(),
        LoadState::Idle | LoadState::Failed(_) => String::new(),
    });
    let trouble = move || match state.get() {
        LoadState::Failed(why) => {
            let text = move || t_string!(words, supply.state.failed, reason = (why.error()).text(words.get_locale()));
            Some(view! {
                <p role="alert" class="supply-trouble">
                    {text}
                </p>
            })
        }
        _ => None,
    };
    view! {
        // Only loading is shown. The summary above shows the loaded weights.
        <p role="status" class:soft=move || loading.get() class:hidden-text=move || !loading.get()>
            {move || status.get()}
        </p>
        <Show when=move || loading.get()>
            <div class="supply-progress">
                <progress
                    aria-label=move || t_string!(words, supply.state.so_far)
                    max=STEPS
                    value=move || share(&state.read())
                ></progress>
                <button aria-label=move || t_string!(words, supply.state.cancel_name) on:click=move |_| supply.cancel()>
                    {t!(words, supply.state.cancel)}
                </button>
                <span class="mono">{move || amount(words.get_locale(), &state.read())}</span>
            </div>
        </Show>
        {trouble}
    }
}

/// Returns the received share of a file in [`STEPS`]; none if its length is not known.
fn share(state: &LoadState) -> Option<u64> {
    match state {
        LoadState::Loading { received, total: Some(total), .. } if *total > 0 => {
            // The product may exceed 64 bits.
            Some((u128::from(*received) * u128::from(STEPS) / u128::from(*total)).min(STEPS.into()) as u64)
        }
        _ => None,
    }
}

/// Returns the received bytes in words.
fn amount(locale: Locale, state: &LoadState) -> String {
    match state {
        LoadState::Loading { received: 0, total: None, .. } => String::new(),
        LoadState::Loading { received, total: Some(total), .. } => {
            td_string!(locale, supply.state.amount, here = size(*received), all = size(*total))
        }
        LoadState::Loading { received, total: None, .. } => size(*received),
        _ => String::new(),
    }
}
