//! The theme: the one that a person chose, or else the one of the system.

use leptos::ev;
use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

/// The key of the chosen theme in the local storage. index.html reads it, too.
const KEY: &str = "layerscope.theme";

/// Returns whether the page is dark. index.html decides this before anything is painted.
pub fn is_dark() -> bool {
    document().document_element().is_some_and(|root| root.get_attribute("data-theme").as_deref() == Some("dark"))
}

/// Keeps the theme of the page up to date with `dark`, and `dark` with choices in other pages.
pub fn follow(dark: RwSignal<bool>) {
    dark.set(is_dark());
    // A choice in another page of this origin, or in the page around this frame, holds here, too.
    let handle = window_event_listener(ev::storage, move |event| {
        if let (Some(KEY), Some(chosen)) = (event.key().as_deref(), event.new_value()) {
            dark.set(chosen == "dark");
        }
    });
    on_cleanup(move || handle.remove());
    Effect::new(move |_| {
        let name = if dark.get() { "dark" } else { "light" };
        if let Some(root) = document().document_element() {
            // If the attribute cannot be set, the old colours stay.
            let _ = root.set_attribute("data-theme", name);
        }
    });
}

/// The button that switches the theme. It stores the choice for the next visit, if the browser allows it.
#[component]
pub fn ThemeButton(
    /// True if the page is dark.
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
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <circle cx="8" cy="8" r="6" fill="none" stroke="currentcolor" stroke-width="1.5" />
                <path d="M8 2a6 6 0 010 12z" />
            </svg>
        </button>
    }
}
