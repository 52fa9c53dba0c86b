//! Checkpoints of one's own beside the networks: their headers are read, nothing of them leaves the browser.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use super::{Comparison, FEWEST, MOST};
use crate::app::drops;
use crate::compare::Opened;
use crate::weights::{BlobBytes, Checkpoint, WeightsError};

async fn open(file: File) -> Result<Opened, WeightsError> {
    let name = file.name();
    let checkpoint = Checkpoint::open(Box::new(BlobBytes(file.into()))).await?;
    Opened::of(&name, &checkpoint)
}

/// Takes a checkpoint in; one of the same name takes the place of the former.
fn take(comparison: Comparison, opened: Opened) {
    comparison.opened.update(|all| {
        all.retain(|one| one.file != opened.file);
        all.push(Arc::new(opened));
    });
}

/// The checkpoints that are open, and the button that opens one.
#[component]
pub(super) fn Own(
    /// What could not be done.
    notice: RwSignal<Option<String>>,
) -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    let full = move || comparison.count() >= MOST;
    let bring = move |file: File| {
        notice.set(None);
        spawn_local(async move {
            let name = file.name();
            match open(file).await {
                Ok(opened) if untrack(full) && !untrack(|| comparison.has(&opened.file)) => {
                    notice.set(Some(format!("At most {MOST} stand side by side: take one out first.")));
                }
                Ok(opened) => take(comparison, opened),
                Err(error) => notice.set(Some(format!("{name}: {error}."))),
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
    let one = move |opened: Arc<Opened>| {
        let (file, title) = (opened.file.clone(), opened.graph.title);
        let also = match opened.also.is_empty() {
            true => String::new(),
            false => format!(" (or {}: nothing in the file tells them apart)", opened.also.join(", ")),
        };
        let remove = {
            let file = file.clone();
            move |_| {
                comparison.opened.update(|all| all.retain(|one| one.file != file));
                comparison.forget_baseline();
            }
        };
        let few = move || comparison.count() <= FEWEST;
        view! {
            <li>
                <b>{file.clone()}</b><span class="soft">{format!("{title}{also}, {}", opened.types)}</span>
                <button class="small-button" aria-label=format!("Take {file} out") disabled=few on:click=remove>"×"</button>
            </li>
        }
    };
    view! {
        <div class="own-files">
            <label class="button" class:disabled=full>
                "Open a checkpoint"
                <input type="file" class="hidden-text" accept=".safetensors,.pth,.pt,.bin" disabled=full on:change=chosen/>
            </label>
            <p class="soft small">"or drop one on the page"</p>
            <ul aria-label="Checkpoints">{move || comparison.opened.get().into_iter().map(one).collect_view()}</ul>
        </div>
    }
}
