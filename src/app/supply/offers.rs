//! What weights there are for a network, each with what loads it.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::{Event, SubmitEvent};

use super::{State, Supply, Wish, accept_file};
use crate::app::drops::take_file;
use crate::app::format::size;
use crate::app::store::{self, Listed};
use crate::net::{Graph, Needs};
use crate::weights::{Named, Published, is_bundled, published};

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
    let wrong = RwSignal::new(None::<String>);
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
        <ul class="supply-offers" aria-label="Other weights">
            {shipped}
            {checkpoints}
            <OpenFile supply graph wrong/>
            <FromAddress graph load wrong/>
            <Seeded load wrong/>
        </ul>
        {move || wrong.get().map(|why| view! { <p role="alert" class="supply-trouble">{why}"."</p> })}
    }
}

/// The button that loads what a text can name. It stays when there is nothing more to ask for, and says so: who pressed
/// it keeps their place.
#[component]
fn Take(
    supply: Supply,
    /// What is loaded.
    named: Named,
    /// What it is called.
    title: String,
    /// What the button says while it has something to do.
    verb: Signal<&'static str>,
    load: impl Fn(Wish) + Copy + Send + 'static,
) -> impl IntoView {
    let named = StoredValue::new(named);
    let wish = move || Wish::from(named.get_value());
    let chosen = Memo::new(move |_| *supply.wish.read() == Some(wish()));
    let loading = move || matches!(*supply.state.read(), State::Loading { .. });
    let words = Memo::new(move |_| match (chosen.get(), loading()) {
        (true, true) => "On its way",
        (true, false) => "In use",
        (false, _) => verb.get(),
    });
    let pressed = move |_| {
        if !chosen.get_untracked() {
            load(wish());
        }
    };
    view! {
        <button aria-disabled=move || chosen.get().to_string()
            aria-label=move || format!("{}: {title}", words.get()) on:click=pressed>{move || words.get()}</button>
    }
}

#[component]
fn Shipped(supply: Supply, load: impl Fn(Wish) + Copy + Send + 'static) -> impl IntoView {
    let (title, verb) = ("the weights shipped with the page".to_owned(), Signal::stored("Use"));
    view! {
        <li>
            <p class="supply-what"><b>"Shipped with the page"</b><span class="soft small">"Trained by this project."</span></p>
            <Take supply named=Named::Bundled title verb load/>
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
    let bytes = match file.bytes {
        Some(bytes) => size(bytes),
        // What the tensors have in F32: published files hold them so, and little else.
        None => format!("about {}", size(Needs::of(&graph.read_untracked()).weight_bytes)),
    };
    let state = move || match part() {
        Some(Part { whole: true, .. }) => " · kept in this browser".to_owned(),
        Some(Part { received, .. }) if received > 0 => format!(" · {} are here", size(received)),
        _ => String::new(),
    };
    let title = format!("{} of {}", file.file, publisher.name());
    let action = if file.cross_origin() {
        let verb = Signal::derive(move || match part() {
            Some(Part { whole: true, .. }) => "Use",
            Some(Part { received: 1.., .. }) => "Go on",
            _ => "Download",
        });
        view! { <Take supply named=Named::Published(file) title verb load/> }.into_any()
    } else {
        let label = format!("Get {title} (opens a new tab)");
        view! { <a class="button" href=file.url() target="_blank" rel="noopener" aria-label=label>"Get"</a> }.into_any()
    };
    let by_hand =
        (!file.cross_origin()).then_some("Its publisher lets no page read it: get it, then open the file here.");
    let terms = format!("Terms of {}", publisher.name());
    view! {
        <li>
            <p class="supply-what">
                <b>{file.file}</b>
                <span class="soft small">
                    {publisher.name()}" · "{bytes}{state}" · "
                    <a href=publisher.page() target="_blank" rel="noopener" aria-label=terms>"Terms"</a>
                </span>
                {by_hand.map(|text| view! { <span class="soft small">{text}</span> })}
            </p>
            {action}
        </li>
    }
}

#[component]
fn OpenFile(supply: Supply, graph: Signal<Arc<Graph>>, wrong: RwSignal<Option<String>>) -> impl IntoView {
    let chosen = move |event: Event| {
        if let Some(file) = take_file(&event) {
            wrong.set(None);
            accept_file(supply, graph.get_untracked(), file);
        }
    };
    view! {
        <li>
            <p class="supply-what">
                <b>"A file of yours"</b>
                <span class="soft small">"safetensors, or what torch.save writes. It stays in this browser."</span>
            </p>
            <label class="button supply-file">
                "Open a file"
                <input type="file" class="hidden-text" accept=".safetensors,.pth,.pt,.bin" on:change=chosen/>
            </label>
        </li>
    }
}

#[component]
fn FromAddress(
    graph: Signal<Arc<Graph>>,
    load: impl Fn(Wish) + Copy + Send + 'static,
    wrong: RwSignal<Option<String>>,
) -> impl IntoView {
    let address = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match Wish::at(&address.read_untracked(), &graph.read_untracked()) {
            Ok(wish) => load(wish),
            Err(error) => wrong.set(Some(error.to_string())),
        }
    };
    view! {
        <li>
            <form on:submit=submit>
                <label class="supply-what">
                    <b>"From a URL"</b>
                    // As text: a browser's own check of addresses would refuse those of this site that are short.
                    <input type="text" inputmode="url" autocomplete="off" spellcheck="false" placeholder="https://"
                        prop:value=address on:input=move |event| address.set(event_target_value(&event))/>
                </label>
                <button disabled=move || address.read().trim().is_empty() aria-label="Load the URL">"Load"</button>
            </form>
        </li>
    }
}

#[component]
fn Seeded(load: impl Fn(Wish) + Copy + Send + 'static, wrong: RwSignal<Option<String>>) -> impl IntoView {
    let seed = RwSignal::new("1".to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match seed.read_untracked().trim().parse() {
            Ok(seed) => load(Wish::Seed(seed)),
            Err(_) => wrong.set(Some("A seed is a whole number from 0 to 18,446,744,073,709,551,615".to_owned())),
        }
    };
    view! {
        <li>
            <form on:submit=submit>
                <div class="supply-what">
                    <label>
                        <b>"From a seed"</b>
                        <input type="number" min="0" step="1" prop:value=seed
                            on:input=move |event| seed.set(event_target_value(&event))/>
                    </label>
                    <span class="soft small">"Noise from a formula: everything runs, and nothing has been learned."</span>
                </div>
                <button aria-label="Use the seed">"Use"</button>
            </form>
        </li>
    }
}
