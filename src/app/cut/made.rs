//! What is cut, and what that makes of the answer.

use leptos::prelude::*;

use super::answers::Answers;
use crate::app::format::decimal;
use crate::app::lab::Lab;
use crate::net::{Cut, MOST_SCALE, Part};

/// One cut: what it is, its scale, and the way back.
fn row(lab: Lab, part: Part, words: &str) -> AnyView {
    let cutting = lab.cutting;
    let (asked, slid, restored) = (part.clone(), part.clone(), part);
    let scale = Memo::new(move |_| cutting.cuts.read().scale(&asked).unwrap_or(1.0));
    let slide = move |event| {
        if let Ok(scale) = event_target_value(&event).parse::<f32>() {
            cutting.slide(&slid, scale.clamp(0.0, MOST_SCALE));
        }
    };
    let state = move || match scale.get() {
        0.0 => "off".to_owned(),
        scale => format!("× {}", decimal(scale, 2)),
    };
    view! {
        <li>
            <span class="cut-words">{words.to_owned()}</span>
            <output class="mono">{state}</output>
            <input type="range" min="0" max="2" step="0.05" aria-label=format!("Scale of {words}")
                prop:value=move || scale.get().to_string() on:input=slide on:change=move |_| cutting.let_go()/>
            <button class="icon" aria-label=format!("Restore {words}") on:click=move |_| cutting.restore(&restored)>"×"</button>
        </li>
    }
    .into_any()
}

/// The cuts, what is gone back to, and the answers before and after. Nothing where nothing is cut.
#[component]
pub(in crate::app) fn Made() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let cutting = lab.cutting;
    let parts = Memo::new(move |_| cutting.cuts.read().iter().map(|cut: &Cut| cut.part.clone()).collect::<Vec<_>>());
    let rows = move || {
        let graph = lab.graph.read_untracked();
        parts
            .get()
            .into_iter()
            .map(|part| (part.words(&graph), part))
            .map(|(words, part)| row(lab, part, &words))
            .collect_view()
    };
    let nothing_to_undo = move || cutting.past.read().is_empty();
    // What one can go back to stays, when nothing is cut any more.
    let is_shown = Memo::new(move |_| !parts.read().is_empty() || !nothing_to_undo());
    move || {
        is_shown.get().then(|| view! {
            <section class="cuts" aria-labelledby="cuts-title">
                <h2 id="cuts-title" class="caps">"Cuts"</h2>
                {move || parts.read().is_empty().then(|| view! { <p class="soft">"The network is whole."</p> })}
                <ul>{rows}</ul>
                <div class="buttons">
                    <button disabled=nothing_to_undo on:click=move |_| cutting.undo()>"Undo the last cut"</button>
                    <button disabled=move || parts.read().is_empty() on:click=move |_| cutting.restore_all()>"Restore all"</button>
                </div>
                <Answers/>
            </section>
        })
    }
}
