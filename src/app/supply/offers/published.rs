//! The offer of a checkpoint that its authors publish.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use std::sync::Arc;
use words::i18n::use_i18n;

use super::load_button::LoadButton;
use crate::app::store::StoredFileInfo;
use crate::app::supply::choice::WeightsChoice;
use crate::app::supply::loader::WeightsLoader;
use crate::app::wording::format::size;
use net::{Graph, MemoryNeeds};
use weights::{Published, WeightsSpec};

/// The stored share of a published file.
#[derive(Debug, Clone)]
pub(super) struct StoredShare {
    url: String,
    received: u64,
    is_complete: bool,
}

impl From<StoredFileInfo> for StoredShare {
    fn from(StoredFileInfo { url, received, is_complete, .. }: StoredFileInfo) -> Self {
        Self { url, received, is_complete }
    }
}

#[component]
pub(super) fn PublishedOffer(
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
        view! { <LoadButton supply named=WeightsSpec::Published(file) title verb load /> }.into_any()
    } else {
        let label = move || t_string!(words, supply.published.get_name, title = title.get());
        view! {
            <a class="button" href=file.url() target="_blank" rel="noopener" aria-label=label>
                {t!(words, supply.published.get)}
            </a>
        }
        .into_any()
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
                    <a href=publisher.page() target="_blank" rel="noopener" aria-label=terms>
                        {t!(words, supply.published.terms)}
                    </a>
                </span>
                {by_hand}
            </p>
            {action}
        </li>
    }
}
