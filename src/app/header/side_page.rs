//! The parts that the pages beside the stage share: addresses and the top bar.

use leptos::prelude::*;
use leptos_i18n::t;
use words::i18n::use_i18n;

use super::theme::ThemeButton;
use crate::app::wording::language::{LanguageChoice, PARAMETER};

/// Returns whether the address of the window is the page at `path`.
pub(in crate::app) fn is_at(path: &str) -> bool {
    let asked = window().location().pathname().unwrap_or_default();
    asked.trim_end_matches('/').ends_with(path)
}

/// Returns the address of another page, in the given language.
pub fn page_address(path: &str, language: Option<&str>) -> String {
    match language {
        Some(language) => format!("{path}?{PARAMETER}={language}"),
        None => path.to_owned(),
    }
}

/// The top bar of a page beside the stage.
#[component]
pub fn SideHeader(
    /// The name of the page.
    #[prop(into)]
    name: Signal<String>,
    /// The theme: true if it is dark.
    dark: RwSignal<bool>,
    /// The language that links carry (`language::follow`).
    language: Signal<Option<String>>,
) -> impl IntoView {
    let words = use_i18n();
    view! {
        <header>
            <a class="brand" href=move || page_address("/", language.get().as_deref())>
                "Layerscope"
            </a>
            <p class="family">{name}</p>
            <span class="spring"></span>
            <a class="elsewhere" href=move || page_address("/learn", language.get().as_deref())>
                {t!(words, compare.learn)}
            </a>
            <LanguageChoice />
            <ThemeButton dark />
        </header>
    }
}
