//! What pages beside the stage share: where they are, and their heads.

use layerscope_words::i18n::use_i18n;
use leptos::prelude::*;
use leptos_i18n::{t, t_string};

use super::language::LanguageChoice;
use super::theme::ThemeButton;

/// Whether the address asks for the page at `path`.
pub(super) fn is_at(path: &str) -> bool {
    let asked = window().location().pathname().unwrap_or_default();
    asked.trim_end_matches('/').ends_with(path)
}

/// The top bar of a page that speaks English alone.
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
            <a class="elsewhere" href="/learn">"Learn"</a>
            <ThemeButton dark/>
        </header>
    }
}

/// The top bar of a page that is there in every language.
#[component]
pub(super) fn SpokenHeader(
    /// What the page is called.
    #[prop(into)]
    name: Signal<String>,
    /// Whether it is dark.
    dark: RwSignal<bool>,
    /// What addresses are to say of the language (`language::follow`).
    language: Signal<Option<String>>,
) -> impl IntoView {
    let words = use_i18n();
    let learn = move || match language.get() {
        Some(language) => format!("/learn?{}={language}", super::language::PARAMETER),
        None => "/learn".to_owned(),
    };
    view! {
        <header>
            <a class="brand" href="/">"Layerscope"</a>
            <p class="family">{name}</p>
            <span class="spring"></span>
            <a class="elsewhere" href=learn>{t!(words, compare.learn)}</a>
            <LanguageChoice/>
            <ThemeButton dark to_light=Signal::derive(move || t_string!(words, learn.light).to_owned())
                to_dark=Signal::derive(move || t_string!(words, learn.dark).to_owned())/>
        </header>
    }
}
