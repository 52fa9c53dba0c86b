//! The list of ablations, and the answers before and after them.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::answers::AnswerTable;
use crate::app::state::Page;
use crate::app::wording::format::decimal;
use crate::app::wording::parts::part_name;
use net::{Ablation, AblationPart, MAX_SCALE};

/// Renders one ablation: the name of the part, its scale, and a button that restores it.
fn row(page: Page, part: AblationPart) -> AnyView {
    let (words, ablation, graph) = (page.words, page.ablation, page.network.graph().get_untracked());
    let called = part.clone();
    let name = Signal::derive(move || part_name(words.get_locale(), &graph, &called));
    let (asked, slid, restored) = (part.clone(), part.clone(), part);
    let scale = Memo::new(move |_| ablation.ablations().read().scale(&asked).unwrap_or(1.0));
    let slide = move |event| {
        if let Ok(scale) = event_target_value(&event).parse::<f32>() {
            ablation.slide(&slid, scale.clamp(0.0, MAX_SCALE));
        }
    };
    let state = move || match scale.get() {
        0.0 => t_string!(words, ablation.made.off).to_owned(),
        scale => format!("× {}", decimal(scale, 2)),
    };
    view! {
        <li>
            <span class="ablation-words">{name}</span>
            <output class="mono">{state}</output>
            <input
                type="range"
                min="0"
                max="2"
                step="0.05"
                aria-label=move || t_string!(words, ablation.made.scale, part = name.get())
                prop:value=move || scale.get().to_string()
                on:input=slide
                on:change=move |_| ablation.release_slider()
            />
            <button
                class="icon"
                aria-label=move || t_string!(words, ablation.restore, part = name.get())
                on:click=move |_| ablation.restore(&restored)
            >
                "×"
            </button>
        </li>
    }
    .into_any()
}

/// The ablations with buttons to undo and restore them, and the answers before and after. It is hidden while there is
/// no ablation and nothing to undo.
#[component]
pub(in crate::app) fn AblationList() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let ablation = page.ablation;
    let parts = Memo::new(move |_| {
        ablation.ablations().read().iter().map(|ablation: &Ablation| ablation.part.clone()).collect::<Vec<_>>()
    });
    let rows = move || parts.get().into_iter().map(|part| row(page, part)).collect_view();
    let whole = move || {
        let is_whole = parts.read().is_empty();
        is_whole.then(|| view! { <p class="soft">{t!(words, ablation.made.whole)}</p> })
    };
    let nothing_to_undo = move || !ablation.can_undo();
    // Undo stays available after the last ablation is restored.
    let is_shown = Memo::new(move |_| !parts.read().is_empty() || !nothing_to_undo());
    move || {
        is_shown.get().then(|| {
            view! {
                <section class="ablations" aria-labelledby="ablations-title">
                    <h2 id="ablations-title" class="caps">
                        {t!(words, ablation.made.title)}
                    </h2>
                    {whole}
                    <ul>{rows}</ul>
                    <div class="buttons">
                        <button disabled=nothing_to_undo on:click=move |_| ablation.undo()>
                            {t!(words, ablation.made.undo)}
                        </button>
                        <button disabled=move || parts.read().is_empty() on:click=move |_| ablation.restore_all()>
                            {t!(words, ablation.made.restore_all)}
                        </button>
                    </div>
                    <AnswerTable />
                </section>
            }
        })
    }
}
