//! The offers of weights that a person brings: a file, an address, a seed.

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use std::sync::Arc;
use web_sys::{Event, SubmitEvent};
use words::i18n::{Locale, use_i18n};

use super::load_button::LoadButton;
use crate::app::browser::drops::take_file;
use crate::app::supply::choice::WeightsChoice;
use crate::app::supply::loader::{WeightsLoader, accept_file};
use logic::download::StoreError;
use messages::Explain as _;
use net::Graph;
use weights::WeightsSpec;

#[component]
pub(super) fn BundledOffer(
    supply: WeightsLoader,
    load: impl Fn(WeightsChoice) + Copy + Send + 'static,
) -> impl IntoView {
    let words = use_i18n();
    let title = Signal::derive(move || t_string!(words, supply.shipped.name).to_owned());
    let verb = Signal::derive(move || t_string!(words, supply.take.apply));
    view! {
        <li>
            <p class="supply-what">
                <b>{t!(words, supply.shipped.title)}</b>
                <span class="soft small">{t!(words, supply.shipped.by)}</span>
            </p>
            <LoadButton supply named=WeightsSpec::Bundled title verb load />
        </li>
    }
}

#[component]
pub(super) fn FileOffer(
    supply: WeightsLoader,
    graph: Signal<Arc<Graph>>,
    invalid: RwSignal<Option<InvalidEntry>>,
) -> impl IntoView {
    let words = use_i18n();
    let chosen = move |event: Event| {
        if let Some(file) = take_file(&event) {
            invalid.set(None);
            accept_file(supply, graph.get_untracked(), file);
        }
    };
    view! {
        <li>
            <p class="supply-what">
                <b>{t!(words, supply.file.title)}</b>
                <span class="soft small">{t!(words, supply.file.what)}</span>
            </p>
            <label class="button supply-file">
                {t!(words, supply.file.open)}
                <input
                    type="file"
                    class="hidden-text"
                    accept=".safetensors,.pth,.pt,.bin,.ckpt,.tar"
                    on:change=chosen
                />
            </label>
        </li>
    }
}

#[component]
pub(super) fn AddressOffer(
    graph: Signal<Arc<Graph>>,
    load: impl Fn(WeightsChoice) + Copy + Send + 'static,
    invalid: RwSignal<Option<InvalidEntry>>,
) -> impl IntoView {
    let words = use_i18n();
    let address = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match WeightsChoice::from_address(&address.read_untracked(), &graph.read_untracked()) {
            Ok(choice) => load(choice),
            Err(error) => invalid.set(Some(InvalidEntry::Address(error))),
        }
    };
    view! {
        <li>
            <form on:submit=submit>
                <label class="supply-what">
                    <b>{t!(words, supply.url.title)}</b>
                    // An input of type text: one of type url would refuse addresses that are relative to this site.
                    <input
                        type="text"
                        inputmode="url"
                        autocomplete="off"
                        spellcheck="false"
                        placeholder="https://"
                        prop:value=address
                        on:input=move |event| address.set(event_target_value(&event))
                    />
                </label>
                <button
                    disabled=move || address.read().trim().is_empty()
                    aria-label=move || t_string!(words, supply.url.load_name)
                >
                    {t!(words, supply.url.load)}
                </button>
            </form>
        </li>
    }
}

#[component]
pub(super) fn SeedOffer(
    load: impl Fn(WeightsChoice) + Copy + Send + 'static,
    invalid: RwSignal<Option<InvalidEntry>>,
) -> impl IntoView {
    let words = use_i18n();
    let seed = RwSignal::new("1".to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match seed.read_untracked().trim().parse() {
            Ok(seed) => load(WeightsChoice::Seed(seed)),
            Err(_) => invalid.set(Some(InvalidEntry::Seed)),
        }
    };
    view! {
        <li>
            <form on:submit=submit>
                <div class="supply-what">
                    <label>
                        <b>{t!(words, supply.seed.title)}</b>
                        <input
                            type="number"
                            min="0"
                            step="1"
                            prop:value=seed
                            on:input=move |event| seed.set(event_target_value(&event))
                        />
                    </label>
                    <span class="soft small">{t!(words, supply.seed.what)}</span>
                </div>
                <button aria-label=move || {
                    t_string!(words, supply.seed.use_name)
                }>{t!(words, supply.take.apply)}</button>
            </form>
        </li>
    }
}

/// A typed address or seed that cannot be used.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum InvalidEntry {
    /// The text is not an address.
    Address(StoreError),
    /// The text is not a seed.
    Seed,
}

impl InvalidEntry {
    /// Returns the reason in words.
    pub(super) fn text(&self, locale: Locale) -> String {
        match self {
            Self::Address(error) => error.text(locale),
            Self::Seed => td_string!(locale, supply.seed.wrong).to_owned(),
        }
    }
}
