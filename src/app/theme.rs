//! Light and dark: what the system says, what a person chose.

use leptos::ev;
use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

/// Where the theme that a person chose is remembered; index.html reads it.
const KEY: &str = "layerscope.theme";

/// Whether the page is dark, which index.html has decided before anything was painted.
pub(super) fn is_dark() -> bool {
    document().document_element().is_some_and(|root| root.get_attribute("data-theme").as_deref() == Some("dark"))
}

/// Has the page wear what `dark` says.
pub(super) fn follow(dark: RwSignal<bool>) {
    dark.set(is_dark());
    // What is chosen in another page of this origin, or in the page around this one's frame, is chosen here too.
    let handle = window_event_listener(ev::storage, move |event| {
        if let (Some(KEY), Some(chosen)) = (event.key().as_deref(), event.new_value()) {
            dark.set(chosen == "dark");
        }
    });
    on_cleanup(move || handle.remove());
    Effect::new(move |_| {
        let name = if dark.get() { "dark" } else { "light" };
        if let Some(root) = document().document_element() {
            // An attribute that cannot be set leaves the colours that are there.
            let _ = root.set_attribute("data-theme", name);
        }
    });
}

/// The button that changes between the two, and remembers it for the next visit where the browser lets us.
#[component]
pub(super) fn ThemeButton(
    /// Whether the page is dark.
    dark: RwSignal<bool>,
) -> impl IntoView {
    let words = use_i18n();
    let name = move || if dark.get() { t_string!(words, learn.light) } else { t_string!(words, learn.dark) };
    let change = move |_| {
        dark.update(|dark| *dark = !*dark);
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = storage.set_item(KEY, if dark.get_untracked() { "dark" } else { "light" });
        }
    };
    view! {
        <button class="icon" aria-label=name on:click=change>
            <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6" fill="none" stroke="currentcolor" stroke-width="1.5"/><path d="M8 2a6 6 0 010 12z"/></svg>
        </button>
    }
}
