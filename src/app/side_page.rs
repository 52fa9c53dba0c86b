//! What pages beside the stage share: where they are, and their head.

use leptos::prelude::*;

use super::theme::ThemeButton;

/// Whether the address asks for the page at `path`.
pub(super) fn is_at(path: &str) -> bool {
    let asked = window().location().pathname().unwrap_or_default();
    asked.trim_end_matches('/').ends_with(path)
}

/// The top bar.
#[component]
pub(super) fn SideHeader(
    /// What the page is called.
    name: &'static str,
    /// Whether it is dark.
    dark: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <header>
            <a class="brand" href="/">"Layerscope"</a>
            <p class="family">{name}</p>
            <span class="spring"></span>
            <ThemeButton dark/>
        </header>
    }
}
