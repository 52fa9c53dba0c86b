//! The weights that are offered for a network.

use leptos_i18n::{t, t_string, td_string};
use std::sync::Arc;
use words::i18n::{Locale, use_i18n};

use leptos::prelude::*;
use web_sys::{Event, SubmitEvent};

use super::choice::WeightsChoice;
use super::loaded::LoadState;
use super::loader::{WeightsLoader, accept_file};
use crate::app::browser::drops::take_file;
use crate::app::store::{self, StoredFileInfo};
use crate::app::wording::format::size;
use logic::download::StoreError;
use messages::Explain as _;
use net::{Graph, MemoryNeeds};
use weights::{Published, WeightsSpec, is_bundled, published};

/// The stored share of a published file.
#[derive(Debug, Clone)]
struct StoredShare {
    url: String,
    received: u64,
    is_complete: bool,
}

impl From<StoredFileInfo> for StoredShare {
    fn from(StoredFileInfo { url, received, is_complete, .. }: StoredFileInfo) -> Self {
        Self { url, received, is_complete }
    }
}

/// All weights that can be loaded for the network on the page.
#[component]
pub(super) fn WeightsOffers(
    /// Loads the chosen weights.
    supply: WeightsLoader,
    /// The network on the page.
    graph: Signal<Arc<Graph>>,
    /// True while the list is open. Only then is the browser's storage read.
    open: RwSignal<bool>,
) -> impl IntoView {
    let settled = Memo::new(move |_| !matches!(*supply.state.read(), LoadState::Loading { .. }));
    let stored = LocalResource::new(move || {
        settled.track();
        let is_open = open.get();
        async move {
            // If the storage cannot be read, nothing is shown as stored; loading says why.
            let all = if is_open { store::list().await.unwrap_or_default() } else { Vec::new() };
            all.into_iter().map(StoredShare::from).collect::<Vec<_>>()
        }
    });
    let (words, invalid) = (use_i18n(), RwSignal::new(None::<InvalidEntry>));
    let load = move |choice: WeightsChoice| {
        invalid.set(None);
        supply.load(graph.get_untracked(), choice);
    };
    let name = Memo::new(move |_| graph.read().name);
    let shipped = move || is_bundled(name.get()).then(|| view! { <BundledOffer supply load/> });
    let checkpoints = move || {
        let all = published(name.get()).into_iter();
        all.map(|file| view! { <PublishedOffer file stored supply graph load/> }).collect_view()
    };
    view! {
        <ul class="supply-offers" aria-label=move || t_string!(words, supply.offers)>
            {shipped}
            {checkpoints}
            <FileOffer supply graph invalid/>
            <AddressOffer graph load invalid/>
            <SeedOffer load invalid/>
        </ul>
        {move || invalid.get().map(|why| {
            let text = move || t_string!(words, supply.wrong, reason = why.text(words.get_locale()));
            view! { <p role="alert" class="supply-trouble">{text}</p> }
        })}
    }
}

/// A typed address or seed that cannot be used.
#[derive(Debug, Clone, PartialEq)]
enum InvalidEntry {
    /// The text is not an address.
    Address(StoreError),
    /// The text is not a seed.
    Seed,
}

impl InvalidEntry {
    /// Returns the reason in words.
    fn text(&self, locale: Locale) -> String {
        match self {
            Self::Address(error) => error.text(locale),
            Self::Seed => td_string!(locale, supply.seed.wrong).to_owned(),
        }
    }
}

/// The button that loads one offer. It stays and says so when its weights are loaded, so that the focus stays on it.
#[component]
fn LoadButton(
    supply: WeightsLoader,
    /// The weights to load.
    named: WeightsSpec,
    /// The name of the weights.
    title: Signal<String>,
    /// The label of the button while its weights are not loaded.
    verb: Signal<&'static str>,
    load: impl Fn(WeightsChoice) + Copy + Send + 'static,
) -> impl IntoView {
    let (words, named) = (use_i18n(), StoredValue::new(named));
    let choice = move || WeightsChoice::from(named.get_value());
    let chosen = Memo::new(move |_| *supply.choice.read() == Some(choice()));
    let loading = move || matches!(*supply.state.read(), LoadState::Loading { .. });
    let does = Memo::new(move |_| match (chosen.get(), loading()) {
        (true, true) => t_string!(words, supply.take.on_its_way),
        (true, false) => t_string!(words, supply.take.in_use),
        (false, _) => verb.get(),
    });
    let pressed = move |_| {
        if !chosen.get_untracked() {
            load(choice());
        }
    };
    view! {
        <button aria-disabled=move || chosen.get().to_string()
            aria-label=move || t_string!(words, supply.take.name, verb = does.get(), title = title.get())
            on:click=pressed>{move || does.get()}</button>
    }
}

#[component]
fn BundledOffer(supply: WeightsLoader, load: impl Fn(WeightsChoice) + Copy + Send + 'static) -> impl IntoView {
    let words = use_i18n();
    let title = Signal::derive(move || t_string!(words, supply.shipped.name).to_owned());
    let verb = Signal::derive(move || t_string!(words, supply.take.apply));
    view! {
        <li>
            <p class="supply-what"><b>{t!(words, supply.shipped.title)}</b>
                <span class="soft small">{t!(words, supply.shipped.by)}</span></p>
            <LoadButton supply named=WeightsSpec::Bundled title verb load/>
        </li>
    }
}

#[component]
fn PublishedOffer(
    file: &'static Published,
    stored: LocalResource<Vec<StoredShare>>,
    supply: WeightsLoader,
    graph: Signal<Arc<Graph>>,
    load: impl Fn(WeightsChoice) + Copy + Send + 'static,
) -> impl IntoView {
    let (url, publisher) = (StoredValue::new(file.url()), file.publisher);
    let share =
        move || stored.get().and_then(|all| url.with_value(|url| all.into_iter().find(|share| share.url == *url)));
    let words = use_i18n();
    let bytes = match file.bytes {
        Some(bytes) => Signal::stored(size(bytes)),
        None => {
            // The bytes of the tensors in F32. Published files hold these and little else.
            let about = size(MemoryNeeds::of(&graph.read_untracked()).weight_bytes);
            Signal::derive(move || t_string!(words, supply.published.about, size = about.clone()))
        }
    };
    let state = move || match share() {
        Some(StoredShare { is_complete: true, .. }) => t_string!(words, supply.published.kept).to_owned(),
        Some(StoredShare { received, .. }) if received > 0 => {
            t_string!(words, supply.published.here, size = size(received))
        }
        _ => String::new(),
    };
    let title = Signal::derive(move || {
        t_string!(words, supply.label.published, file = file.file, publisher = publisher.name())
    });
    let action = if file.is_cross_origin() {
        let verb = Signal::derive(move || match share() {
            Some(StoredShare { is_complete: true, .. }) => t_string!(words, supply.take.apply),
            Some(StoredShare { received: 1.., .. }) => t_string!(words, supply.take.go_on),
            _ => t_string!(words, supply.take.download),
        });
        view! { <LoadButton supply named=WeightsSpec::Published(file) title verb load/> }.into_any()
    } else {
        let label = move || t_string!(words, supply.published.get_name, title = title.get());
        view! { <a class="button" href=file.url() target="_blank" rel="noopener" aria-label=label>{t!(words, supply.published.get)}</a> }.into_any()
    };
    let by_hand = (!file.is_cross_origin())
        .then(|| view! { <span class="soft small">{t!(words, supply.published.by_hand)}</span> });
    let terms = move || t_string!(words, supply.published.terms_of, publisher = publisher.name());
    view! {
        <li>
            <p class="supply-what">
                <b>{file.file}</b>
                <span class="soft small">
                    {publisher.name()}" · "{bytes}{state}" · "
                    <a href=publisher.page() target="_blank" rel="noopener" aria-label=terms>{t!(words, supply.published.terms)}</a>
                </span>
                {by_hand}
            </p>
            {action}
        </li>
    }
}

#[component]
fn FileOffer(
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
                <input type="file" class="hidden-text" accept=".safetensors,.pth,.pt,.bin" on:change=chosen/>
            </label>
        </li>
    }
}

#[component]
fn AddressOffer(
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
                    <input type="text" inputmode="url" autocomplete="off" spellcheck="false" placeholder="https://"
                        prop:value=address on:input=move |event| address.set(event_target_value(&event))/>
                </label>
                <button disabled=move || address.read().trim().is_empty() aria-label=move || t_string!(words, supply.url.load_name)>{t!(words, supply.url.load)}</button>
            </form>
        </li>
    }
}

#[component]
fn SeedOffer(
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
                        <input type="number" min="0" step="1" prop:value=seed
                            on:input=move |event| seed.set(event_target_value(&event))/>
                    </label>
                    <span class="soft small">{t!(words, supply.seed.what)}</span>
                </div>
                <button aria-label=move || t_string!(words, supply.seed.use_name)>{t!(words, supply.take.apply)}</button>
            </form>
        </li>
    }
}
