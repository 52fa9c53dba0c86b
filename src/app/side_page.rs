//! What pages beside the stage share: where they are, and their heads.

use leptos::prelude::*;
use leptos_i18n::t;
use words::i18n::use_i18n;

use super::language::{LanguageChoice, PARAMETER};
use super::theme::ThemeButton;

/// Whether the address asks for the page at `path`.
pub(super) fn is_at(path: &str) -> bool {
    let asked = window().location().pathname().unwrap_or_default();
    asked.trim_end_matches('/').ends_with(path)
}

/// The address of another page, in the language that this one's address says.
pub(super) fn elsewhere(path: &str, language: Option<&str>) -> String {
    match language {
        Some(language) => format!("{path}?{PARAMETER}={language}"),
        None => path.to_owned(),
    }
}

/// The top bar.
#[component]
pub(super) fn SideHeader(
    /// What the page is called.
    #[prop(into)]
    name: Signal<String>,
    /// Whether it is dark.
    dark: RwSignal<bool>,
    /// What addresses are to say of the language (`language::follow`).
    language: Signal<Option<String>>,
) -> impl IntoView {
    let words = use_i18n();
    view! {
        <header>
            <a class="brand" href=move || elsewhere("/", language.get().as_deref())>"Layerscope"</a>
            <p class="family">{name}</p>
            <span class="spring"></span>
            <a class="elsewhere" href=move || elsewhere("/learn", language.get().as_deref())>{t!(words, compare.learn)}</a>
            <LanguageChoice/>
            <ThemeButton dark/>
        </header>
    }
}
