//! The reader's own checkpoints beside the networks. Only their headers are read, in the browser.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::{t, t_string, td_string};
use web_sys::File;
use words::i18n::use_i18n;

use super::comparison::Comparison;
use super::link::{MAX_NETWORKS, MIN_NETWORKS};
use super::notice::ComparisonNotice;
use analysis::compare::CheckpointCounts;
use layerscope::app::browser::drops;
use weights::{BlobBytes, Checkpoint, WeightsError};

async fn open(file: File) -> Result<CheckpointCounts, WeightsError> {
    let name = file.name();
    let checkpoint = Checkpoint::open(Box::new(BlobBytes(file.into()))).await?;
    CheckpointCounts::of(&name, &checkpoint)
}

/// Adds a checkpoint. It replaces one of the same name.
fn take(comparison: Comparison, opened: CheckpointCounts) {
    comparison.checkpoints.update(|all| {
        all.retain(|one| one.file != opened.file);
        all.push(Arc::new(opened));
    });
}

/// The open checkpoints, and the button that opens one.
#[component]
pub(super) fn Checkpoints(
    /// The notices above the comparison.
    notices: RwSignal<Vec<ComparisonNotice>>,
) -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    let full = move || comparison.count() >= MAX_NETWORKS;
    let bring = move |file: File| {
        notices.set(Vec::new());
        spawn_local(async move {
            let name = file.name();
            match open(file).await {
                Ok(opened) if untrack(full) && !untrack(|| comparison.has_checkpoint(&opened.file)) => {
                    notices.set(vec![ComparisonNotice::Full]);
                }
                Ok(opened) => take(comparison, opened),
                Err(error) => notices.set(vec![ComparisonNotice::Unusable(name, error)]),
            }
        });
    };
    drops::listen(move |file| {
        bring(file);
        true
    });
    let chosen = move |event: leptos::ev::Event| {
        if let Some(file) = drops::take_file(&event) {
            bring(file);
        }
    };
    let one = move |opened: Arc<CheckpointCounts>| {
        let file = opened.file.clone();
        let also = {
            let (title, others) = (opened.graph.title, opened.also.join(", "));
            move || match others.as_str() {
                "" => title.to_owned(),
                others => td_string!(words.get_locale(), compare.own.also, title = title, others = others),
            }
        };
        let types = opened.types.join(", ");
        let take_out = {
            let file = file.clone();
            move || td_string!(words.get_locale(), compare.own.take_out, file = file.as_str())
        };
        let remove = {
            let file = file.clone();
            move |_| {
                comparison.checkpoints.update(|all| all.retain(|one| one.file != file));
                comparison.forget_baseline();
            }
        };
        let few = move || comparison.count() <= MIN_NETWORKS;
        view! {
            <li>
                <b>{file.clone()}</b>
                <span class="soft">{also}" · "{types}</span>
                <button class="small-button" aria-label=take_out disabled=few on:click=remove>
                    "×"
                </button>
            </li>
        }
    };
    view! {
        <div class="own-files">
            <label class="button" class:disabled=full>
                {t!(words, compare.own.open)}
                <input
                    type="file"
                    class="hidden-text"
                    accept=".safetensors,.pth,.pt,.bin,.ckpt,.tar"
                    disabled=full
                    on:change=chosen
                />
            </label>
            <p class="soft small">{t!(words, compare.own.drop)}</p>
            <ul aria-label=move || {
                t_string!(words, compare.own.list)
            }>{move || comparison.checkpoints.get().into_iter().map(one).collect_view()}</ul>
        </div>
    }
}
