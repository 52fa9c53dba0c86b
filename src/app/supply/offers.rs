//! What weights there are for a network, each with what loads it.

use leptos_i18n::{t, t_string, td_string};
use std::sync::Arc;
use words::i18n::{Locale, use_i18n};

use leptos::prelude::*;
use web_sys::{Event, SubmitEvent};

use super::{State, Supply, Wish, accept_file};
use crate::app::drops::take_file;
use crate::app::format::size;
use crate::app::store::{self, Listed, StoreError};
use messages::Explain as _;
use net::{Graph, MemoryNeeds};
use weights::{Published, WeightsSpec, is_bundled, published};

/// How much of a published file the browser keeps from before.
#[derive(Debug, Clone)]
struct Part {
    url: String,
    received: u64,
    whole: bool,
}

impl From<Listed> for Part {
    fn from(Listed { url, received, whole, .. }: Listed) -> Self {
        Self { url, received, whole }
    }
}

/// Everything that can be loaded for the network on the page.
#[component]
pub(super) fn Offers(
    /// What loads it.
    supply: Supply,
    /// The network.
    graph: Signal<Arc<Graph>>,
    /// Whether the list is seen: the browser is asked only then what it keeps.
    open: RwSignal<bool>,
) -> impl IntoView {
    let settled = Memo::new(move |_| !matches!(*supply.state.read(), State::Loading { .. }));
    let parts = LocalResource::new(move || {
        settled.track();
        let asked = open.get();
        async move {
            // Where the browser cannot say what it keeps, nothing is said of it; loading says why.
            let all = if asked { store::list().await.unwrap_or_default() } else { Vec::new() };
            all.into_iter().map(Part::from).collect::<Vec<_>>()
        }
    });
    // What was typed and cannot be used, and why.
    let (words, wrong) = (use_i18n(), RwSignal::new(None::<Wrong>));
    let load = move |wish: Wish| {
        wrong.set(None);
        supply.load(graph.get_untracked(), wish);
    };
    let name = Memo::new(move |_| graph.read().name);
    let shipped = move || is_bundled(name.get()).then(|| view! { <Shipped supply load/> });
    let checkpoints = move || {
        let all = published(name.get()).into_iter();
        all.map(|file| view! { <Checkpoint file parts supply graph load/> }).collect_view()
    };
    view! {
        <ul class="supply-offers" aria-label=move || t_string!(words, supply.offers)>
            {shipped}
            {checkpoints}
            <OpenFile supply graph wrong/>
            <FromAddress graph load wrong/>
            <Seeded load wrong/>
        </ul>
        {move || wrong.get().map(|why| {
            let text = move || t_string!(words, supply.wrong, reason = why.text(words.get_locale()));
            view! { <p role="alert" class="supply-trouble">{text}</p> }
        })}
    }
}

/// What was typed and cannot be used.
#[derive(Debug, Clone, PartialEq)]
enum Wrong {
    /// No address.
    Address(StoreError),
    /// No seed.
    Seed,
}

impl Wrong {
    /// Why not.
    fn text(&self, locale: Locale) -> String {
        match self {
            Self::Address(error) => error.text(locale),
            Self::Seed => td_string!(locale, supply.seed.wrong).to_owned(),
        }
    }
}

/// The button that loads what a text can name. It stays when there is nothing more to ask for, and says so: who pressed
/// it keeps their place.
#[component]
fn Take(
    supply: Supply,
    /// What is loaded.
    named: WeightsSpec,
    /// What it is called.
    title: Signal<String>,
    /// What the button says while it has something to do.
    verb: Signal<&'static str>,
    load: impl Fn(Wish) + Copy + Send + 'static,
) -> impl IntoView {
    let (words, named) = (use_i18n(), StoredValue::new(named));
    let wish = move || Wish::from(named.get_value());
    let chosen = Memo::new(move |_| *supply.wish.read() == Some(wish()));
    let loading = move || matches!(*supply.state.read(), State::Loading { .. });
    let does = Memo::new(move |_| match (chosen.get(), loading()) {
        (true, true) => t_string!(words, supply.take.on_its_way),
        (true, false) => t_string!(words, supply.take.in_use),
        (false, _) => verb.get(),
    });
    let pressed = move |_| {
        if !chosen.get_untracked() {
            load(wish());
        }
    };
    view! {
        <button aria-disabled=move || chosen.get().to_string()
            aria-label=move || t_string!(words, supply.take.name, verb = does.get(), title = title.get())
            on:click=pressed>{move || does.get()}</button>
    }
}

#[component]
fn Shipped(supply: Supply, load: impl Fn(Wish) + Copy + Send + 'static) -> impl IntoView {
    let words = use_i18n();
    let title = Signal::derive(move || t_string!(words, supply.shipped.name).to_owned());
    let verb = Signal::derive(move || t_string!(words, supply.take.apply));
    view! {
        <li>
            <p class="supply-what"><b>{t!(words, supply.shipped.title)}</b>
                <span class="soft small">{t!(words, supply.shipped.by)}</span></p>
            <Take supply named=WeightsSpec::Bundled title verb load/>
        </li>
    }
}

#[component]
fn Checkpoint(
    file: &'static Published,
    parts: LocalResource<Vec<Part>>,
    supply: Supply,
    graph: Signal<Arc<Graph>>,
    load: impl Fn(Wish) + Copy + Send + 'static,
) -> impl IntoView {
    let (url, publisher) = (StoredValue::new(file.url()), file.publisher);
    let part = move || parts.get().and_then(|all| url.with_value(|url| all.into_iter().find(|part| part.url == *url)));
    let words = use_i18n();
    let bytes = match file.bytes {
        Some(bytes) => Signal::stored(size(bytes)),
        None => {
            // What the tensors have in F32: published files hold them so, and little else.
            let about = size(MemoryNeeds::of(&graph.read_untracked()).weight_bytes);
            Signal::derive(move || t_string!(words, supply.published.about, size = about.clone()))
        }
    };
    let state = move || match part() {
        Some(Part { whole: true, .. }) => t_string!(words, supply.published.kept).to_owned(),
        Some(Part { received, .. }) if received > 0 => t_string!(words, supply.published.here, size = size(received)),
        _ => String::new(),
    };
    let title = Signal::derive(move || {
        t_string!(words, supply.label.published, file = file.file, publisher = publisher.name())
    });
    let action = if file.is_cross_origin() {
        let verb = Signal::derive(move || match part() {
            Some(Part { whole: true, .. }) => t_string!(words, supply.take.apply),
            Some(Part { received: 1.., .. }) => t_string!(words, supply.take.go_on),
            _ => t_string!(words, supply.take.download),
        });
        view! { <Take supply named=WeightsSpec::Published(file) title verb load/> }.into_any()
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
fn OpenFile(supply: Supply, graph: Signal<Arc<Graph>>, wrong: RwSignal<Option<Wrong>>) -> impl IntoView {
    let words = use_i18n();
    let chosen = move |event: Event| {
        if let Some(file) = take_file(&event) {
            wrong.set(None);
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
fn FromAddress(
    graph: Signal<Arc<Graph>>,
    load: impl Fn(Wish) + Copy + Send + 'static,
    wrong: RwSignal<Option<Wrong>>,
) -> impl IntoView {
    let words = use_i18n();
    let address = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match Wish::at(&address.read_untracked(), &graph.read_untracked()) {
            Ok(wish) => load(wish),
            Err(error) => wrong.set(Some(Wrong::Address(error))),
        }
    };
    view! {
        <li>
            <form on:submit=submit>
                <label class="supply-what">
                    <b>{t!(words, supply.url.title)}</b>
                    // As text: a browser's own check of addresses would refuse those of this site that are short.
                    <input type="text" inputmode="url" autocomplete="off" spellcheck="false" placeholder="https://"
                        prop:value=address on:input=move |event| address.set(event_target_value(&event))/>
                </label>
                <button disabled=move || address.read().trim().is_empty() aria-label=move || t_string!(words, supply.url.load_name)>{t!(words, supply.url.load)}</button>
            </form>
        </li>
    }
}

#[component]
fn Seeded(load: impl Fn(Wish) + Copy + Send + 'static, wrong: RwSignal<Option<Wrong>>) -> impl IntoView {
    let words = use_i18n();
    let seed = RwSignal::new("1".to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match seed.read_untracked().trim().parse() {
            Ok(seed) => load(Wish::Seed(seed)),
            Err(_) => wrong.set(Some(Wrong::Seed)),
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
