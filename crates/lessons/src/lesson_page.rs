//! The frame around a lesson: its title, its paper, and the links to its neighbours and to the stage.

use leptos::prelude::*;
use leptos_i18n::{Locale as _, t, t_string};
use words::i18n::{Locale, use_i18n};

use super::lessons::body;
use super::link::path;
use super::settings::Settings;
use analysis::lesson::{LESSONS, Lesson};
use layerscope::app::header::side_page::page_address;
use layerscope::app::wording::language::PARAMETER;
use layerscope::app::wording::lessons::{lead, title};
use layerscope::app::wording::numbers::count;

/// Returns the lesson `by` places after this one.
fn neighbour(lesson: &Lesson, by: isize) -> Option<&'static Lesson> {
    let place = LESSONS.iter().position(|other| other.slug == lesson.slug)?;
    LESSONS.get(place.checked_add_signed(by)?)
}

/// Returns the address of a lesson's layer on the stage.
fn stage_address(lesson: &Lesson, language: Option<&str>) -> String {
    let language = language.map(|language| format!("&{PARAMETER}={language}")).unwrap_or_default();
    format!("/?net={}&layer={}{language}", lesson.network, lesson.layer)
}

/// One lesson: its head, its body, its paper and the links to its neighbours.
#[component]
pub(super) fn LessonPage(
    /// The lesson.
    lesson: &'static Lesson,
    /// The language that links carry.
    language: Signal<Option<String>>,
) -> impl IntoView {
    let words = use_i18n();
    let slug = lesson.slug;
    let number = LESSONS.iter().position(|other| other.slug == slug).map_or(0, |place| place + 1);
    let position = move || {
        let locale: Locale = words.get_locale();
        let (number, all) = (count(locale, number as u64), count(locale, LESSONS.len() as u64));
        t_string!(words, learn.number, number = number, count = all)
    };
    let link_to = |other: Option<&'static Lesson>, forth: bool| {
        other.map(|other| {
            let slug = other.slug;
            let name = move || if forth { t_string!(words, learn.next) } else { t_string!(words, learn.previous) };
            let text = move || {
                let title = title(words.get_locale(), slug);
                if forth { format!("{title} →") } else { format!("← {title}") }
            };
            view! {
                <a
                    class="button"
                    rel=if forth { "next" } else { "prev" }
                    href=move || page_address(&path(slug), language.get().as_deref())
                    title=name
                >
                    {text}
                </a>
            }
        })
    };
    view! {
        <section class="lesson" aria-labelledby="learn-title">
            <div class="lesson-head">
                <p class="caps">{position}</p>
                <h1 id="learn-title">{move || title(words.get_locale(), slug)}</h1>
                <p class="lead">{move || lead(words.get_locale(), slug)}</p>
            </div>
            <div class="lesson-body">{body(slug, Settings::new(language))}</div>
            <footer class="lesson-foot">
                <p class="small soft">
                    <span class="caps">{t!(words, learn.paper)}</span>
                    " "
                    <cite lang=Locale::en.as_str()>{lesson.paper.citation}</cite>
                    {format!(" · {}", lesson.paper.place)}
                </p>
                <nav aria-label=move || {
                    t_string!(words, learn.index)
                }>
                    {link_to(neighbour(lesson, -1), false)}
                    <a class="button" href=move || stage_address(lesson, language.get().as_deref())>
                        {t!(words, learn.on_stage)}
                    </a> {link_to(neighbour(lesson, 1), true)}
                </nav>
            </footer>
        </section>
    }
}
