//! First, back, play, next, last, and a tick for every layer.

use leptos_i18n::t_string;
use std::time::Duration;
use words::i18n::use_i18n;

use leptos::prelude::*;

use super::lab::Lab;
use super::said::operations::sentence as sentence_of;
use net::NodeId;

/// With more steps than these the ticks stand close, and only the current one has its name.
const FEW: usize = 14;
/// How long play stays at a step.
const STAY: Duration = Duration::from_millis(1800);

/// Plays, from the start where the end is reached, or pauses.
pub(super) fn toggle(lab: Lab) {
    let play = !lab.playing.get_untracked();
    if play && lab.step.get_untracked() + 1 >= lab.steps.read_untracked().len() {
        lab.go(0);
    }
    lab.playing.set(play);
}

/// The bar under the stage.
#[component]
pub(super) fn Transport() -> impl IntoView {
    let (words, lab) = (use_i18n(), expect_context::<Lab>());
    let last = move || lab.steps.read().len().saturating_sub(1);
    Effect::new(move |_| {
        if !lab.playing.get() {
            return;
        }
        let tick = move || {
            let next = lab.step.get_untracked() + 1;
            lab.go(next);
            if next >= lab.steps.read_untracked().len().saturating_sub(1) {
                lab.playing.set(false);
            }
        };
        if let Ok(handle) = set_interval_with_handle(tick, STAY) {
            on_cleanup(move || handle.clear());
        }
    });
    let at_start = move || lab.step.get() == 0;
    let at_end = move || lab.step.get() >= last();
    let go = move |step: usize| {
        lab.playing.set(false);
        lab.go(step);
    };
    let name = move |id: NodeId| lab.graph.read().nodes.get(id.0).map(|node| node.name.clone());
    let steps = move || lab.steps.get().iter().copied().enumerate().collect::<Vec<_>>();
    let many = move || lab.steps.read().len() > FEW;
    let ticks = move || if many() { "ticks dense" } else { "ticks" };
    // Of many ticks the keyboard meets the current one: arrows lead to the others.
    let tab = move |i: usize| if i == lab.step.get() || !many() { "0" } else { "-1" };
    let sentence = move || sentence_of(words.get_locale(), &lab.scene.read(), &lab.graph.read(), lab.node());
    let play_name = move || {
        if lab.playing.get() { t_string!(words, stage.steps.pause) } else { t_string!(words, stage.steps.play) }
    };
    view! {
        <footer class="transport" aria-label=move || t_string!(words, stage.steps.name)>
            <div class="controls" role="group" aria-label=move || t_string!(words, stage.steps.transport)>
                <button class="icon" aria-label=move || t_string!(words, stage.steps.first) disabled=at_start on:click=move |_| go(0)>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 3h1.6v10H3zM14 3v10L9.6 8zM9.4 3v10L5 8z"/></svg>
                </button>
                <button class="icon" aria-label=move || t_string!(words, stage.steps.previous) disabled=at_start
                    on:click=move |_| go(lab.step.get_untracked().saturating_sub(1))>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M12 3v10L4 8z"/></svg>
                </button>
                <button class="play" aria-label=play_name
                    on:click=move |_| toggle(lab)>
                    <svg viewBox="0 0 16 16" aria-hidden="true">
                        <path d=move || if lab.playing.get() { "M4 3h3v10H4zM9 3h3v10H9z" } else { "M5 3v10l8-5z" }/>
                    </svg>
                </button>
                <button class="icon" aria-label=move || t_string!(words, stage.steps.next) disabled=at_end
                    on:click=move |_| go(lab.step.get_untracked() + 1)>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 3v10l8-5z"/></svg>
                </button>
                <button class="icon" aria-label=move || t_string!(words, stage.steps.last) disabled=at_end on:click=move |_| go(last())>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 3v10l4.4-5zM6.6 3v10L11 8zM11.4 3H13v10h-1.6z"/></svg>
                </button>
            </div>
            <ol class=ticks>
                <For each=steps key=move |(i, id)| (*i, lab.graph.read_untracked().name, id.0) let((i, id))>
                    <li class:past=move || i < lab.step.get() class:now=move || i == lab.step.get()>
                        <button aria-current=move || (i == lab.step.get()).then_some("step") title=move || name(id)
                            tabindex=move || tab(i)
                            on:click=move |_| go(i)>
                            <span class="dot" aria-hidden="true"></span>
                            <span class="tick-name">{move || name(id)}</span>
                        </button>
                    </li>
                </For>
            </ol>
            <p class="sentence" aria-live="polite">{sentence}</p>
        </footer>
    }
}
