//! The page `/learn`: the top bar, and the list of lessons or one lesson below it.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::index::LessonIndex;
use super::lesson_page::LessonPage;
use super::link::{PATH, Route};
use super::navigation::follow_route;
use layerscope::app::components::picture::{Appearance, watch_restored};
use layerscope::app::header::side_page::page_address;
use layerscope::app::header::theme::{self, ThemeButton};
use layerscope::app::script::api;
use layerscope::app::wording::language::{self, LanguageChoice};
use layerscope::app::wording::lessons::title;

/// The page `/learn`.
#[component]
pub(crate) fn LearnPage() -> impl IntoView {
    let easel = Appearance { dark: RwSignal::new(false), restored: RwSignal::new(0) };
    provide_context(easel);
    watch_restored(easel);
    theme::follow(easel.dark);
    api::expose_counts();
    let words = use_i18n();
    let language = language::follow();
    let route = follow_route();
    Effect::new(move |_| {
        let locale = words.get_locale();
        let name = match route.get() {
            Route::Lesson(lesson) => title(locale, lesson.slug),
            _ => t_string!(words, learn.page),
        };
        document().set_title(&format!("{name} · Layerscope"));
    });
    let body = move || match route.get() {
        Route::Lesson(lesson) => view! { <LessonPage lesson language /> }.into_any(),
        Route::Index => view! { <LessonIndex language unknown=None /> }.into_any(),
        Route::Unknown(slug) => view! { <LessonIndex language unknown=Some(slug) /> }.into_any(),
    };
    view! {
        <header>
            <a class="brand" href=move || page_address("/", language.get().as_deref())>
                "Layerscope"
            </a>
            <a class="family elsewhere" href=move || page_address(PATH, language.get().as_deref())>
                {t!(words, learn.page)}
            </a>
            <span class="spring"></span>
            <LanguageChoice />
            <ThemeButton dark=easel.dark />
        </header>
        <main class="bench learn">{body}</main>
    }
}
