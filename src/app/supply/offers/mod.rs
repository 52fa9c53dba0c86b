//! The weights that are offered for a network.

mod entries;
mod load_button;
mod published;

use leptos::prelude::*;
use leptos_i18n::t_string;
use std::sync::Arc;
use words::i18n::use_i18n;

use super::choice::WeightsChoice;
use super::loaded::LoadState;
use super::loader::WeightsLoader;
use crate::app::store;
use entries::{AddressOffer, BundledOffer, FileOffer, InvalidEntry, SeedOffer};
use net::Graph;
use published::{PublishedOffer, StoredShare};
use weights::{is_bundled, published as published_files};

/// All weights that can be loaded for the network on the page.
#[component]
pub(in crate::app::supply) fn WeightsOffers(
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
        supply.load_chosen(graph.get_untracked(), choice);
    };
    let name = Memo::new(move |_| graph.read().name);
    let shipped = move || is_bundled(name.get()).then(|| view! { <BundledOffer supply load /> });
    let checkpoints = move || {
        let all = published_files(name.get()).into_iter();
        all.map(|file| view! { <PublishedOffer file stored supply graph load /> }).collect_view()
    };
    view! {
        <ul class="supply-offers" aria-label=move || t_string!(words, supply.offers)>
            {shipped}
            {checkpoints}
            <FileOffer supply graph invalid />
            <AddressOffer graph load invalid />
            <SeedOffer load invalid />
        </ul>
        {move || {
            invalid
                .get()
                .map(|why| {
                    let text = move || t_string!(words, supply.wrong, reason = why.text(words.get_locale()));
                    view! {
                        <p role="alert" class="supply-trouble">
                            {text}
                        </p>
                    }
                })
        }}
    }
}
