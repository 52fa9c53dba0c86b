//! The transport: buttons for the first, previous, next and last step, a play button, and a tick for every step.

pub(super) mod keyboard;

use leptos_i18n::t_string;
use std::time::Duration;
use words::i18n::use_i18n;

use leptos::prelude::*;

use super::state::Page;
use super::wording::operations::sentence as sentence_of;
use net::NodeId;

/// The most steps with a name at every tick. With more steps, only the current tick has its name.
const FEW: usize = 14;
/// How long each step is shown while the steps play.
const STAY: Duration = Duration::from_millis(1800);

/// Plays the steps, or pauses. At the last step, it plays from the first.
pub(super) fn toggle(page: Page) {
    let play = !page.selection.playing().get_untracked();
    if play && page.selection.step().get_untracked() + 1 >= page.view.steps().read_untracked().len() {
        page.selection.go(0);
    }
    page.selection.play(play);
}

/// Renders a button that leads to another step. `picture` is the path of its icon.
fn step_button(
    name: impl Fn() -> &'static str + Send + Sync + 'static,
    picture: &'static str,
    is_disabled: impl Fn() -> bool + Send + Sync + 'static,
    go: impl Fn() + 'static,
) -> AnyView {
    view! {
        <button class="icon" aria-label=name disabled=is_disabled on:click=move |_| go()>
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d=picture />
            </svg>
        </button>
    }
    .into_any()
}

/// The transport under the stage.
#[component]
pub(super) fn Transport() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let last = move || page.view.steps().read().len().saturating_sub(1);
    Effect::new(move |_| {
        if !page.selection.playing().get() {
            return;
        }
        let tick = move || {
            let next = page.selection.step().get_untracked() + 1;
            page.selection.go(next);
            if next >= page.view.steps().read_untracked().len().saturating_sub(1) {
                page.selection.play(false);
            }
        };
        if let Ok(handle) = set_interval_with_handle(tick, STAY) {
            on_cleanup(move || handle.clear());
        }
    });
    let at_start = move || page.selection.step().get() == 0;
    let at_end = move || page.selection.step().get() >= last();
    let go = move |step: usize| {
        page.selection.play(false);
        page.selection.go(step);
    };
    let name = move |id: NodeId| page.network.graph().read().nodes.get(id.0).map(|node| node.name.clone());
    let steps = move || page.view.steps().get().iter().copied().enumerate().collect::<Vec<_>>();
    let many = move || page.view.steps().read().len() > FEW;
    let ticks = move || if many() { "ticks dense" } else { "ticks" };
    // With many ticks, the tab key reaches only the current one, and arrows lead to the others.
    let tab = move |i: usize| if i == page.selection.step().get() || !many() { "0" } else { "-1" };
    let sentence = move || {
        sentence_of(words.get_locale(), &page.view.scene().read(), &page.network.graph().read(), page.selection.node())
    };
    let play_name = move || {
        if page.selection.playing().get() {
            t_string!(words, stage.steps.pause)
        } else {
            t_string!(words, stage.steps.play)
        }
    };
    let step = move || page.selection.step().get_untracked();
    let first = step_button(
        move || t_string!(words, stage.steps.first),
        "M3 3h1.6v10H3zM14 3v10L9.6 8zM9.4 3v10L5 8z",
        at_start,
        move || go(0),
    );
    let previous = step_button(
        move || t_string!(words, stage.steps.previous),
        "M12 3v10L4 8z",
        at_start,
        move || go(step().saturating_sub(1)),
    );
    let next = step_button(move || t_string!(words, stage.steps.next), "M4 3v10l8-5z", at_end, move || go(step() + 1));
    let end = step_button(
        move || t_string!(words, stage.steps.last),
        "M2 3v10l4.4-5zM6.6 3v10L11 8zM11.4 3H13v10h-1.6z",
        at_end,
        move || go(last()),
    );
    view! {
        <footer class="transport" aria-label=move || t_string!(words, stage.steps.name)>
            <div class="controls" role="group" aria-label=move || t_string!(words, stage.steps.transport)>
                {first}
                {previous}
                <button class="play" aria-label=play_name on:click=move |_| toggle(page)>
                    <svg viewBox="0 0 16 16" aria-hidden="true">
                        <path d=move || {
                            if page.selection.playing().get() { "M4 3h3v10H4zM9 3h3v10H9z" } else { "M5 3v10l8-5z" }
                        } />
                    </svg>
                </button>
                {next}
                {end}
            </div>
            <ol class=ticks>
                <For each=steps key=move |(i, id)| (*i, page.network.graph().read_untracked().name, id.0) let((i, id))>
                    <li
                        class:past=move || i < page.selection.step().get()
                        class:now=move || i == page.selection.step().get()
                    >
                        <button
                            aria-current=move || (i == page.selection.step().get()).then_some("step")
                            title=move || name(id)
                            tabindex=move || tab(i)
                            on:click=move |_| go(i)
                        >
                            <span class="dot" aria-hidden="true"></span>
                            <span class="tick-name">{move || name(id)}</span>
                        </button>
                    </li>
                </For>
            </ol>
            <p class="sentence" aria-live="polite">
                {sentence}
            </p>
        </footer>
    }
}
