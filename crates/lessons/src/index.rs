//! The list of lessons.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::link::path;
use super::settings::Settings;
use analysis::lesson::{LESSONS, Lesson};
use layerscope::app::header::side_page::page_address;
use layerscope::app::wording::lessons::{lead, title};

/// The list of all lessons.
#[component]
pub(super) fn LessonIndex(
    /// The language that links carry.
    language: Signal<Option<String>>,
    /// The slug that the address asks for, if no lesson has it.
    unknown: Option<String>,
) -> impl IntoView {
    let words = use_i18n();
    let _keep = Settings::new(language);
    let one = |lesson: &'static Lesson| {
        let slug = lesson.slug;
        let year = lesson.paper.citation.rsplit(' ').next().unwrap_or_default();
        view! {
            <li>
                <a href=move || page_address(&path(slug), language.get().as_deref())>
                    <b>{move || title(words.get_locale(), slug)}</b>
                    <span class="faint mono">{year}</span>
                    <span class="soft">{move || lead(words.get_locale(), slug)}</span>
                </a>
            </li>
        }
    };
    view! {
        <section aria-labelledby="learn-title">
            <h1 id="learn-title">{t!(words, learn.heading)}</h1>
            <p class="soft lead">{t!(words, learn.intro)}</p>
            {unknown
                .map(|slug| {
                    let text = move || t_string!(words, learn.unknown, slug = slug.clone());
                    view! {
                        <p role="alert" class="bench-notice">
                            {text}
                        </p>
                    }
                })}
            <ol class="lessons">{LESSONS.iter().map(one).collect_view()}</ol>
        </section>
    }
}
