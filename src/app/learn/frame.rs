//! What is around a lesson: the head, its place among the others, its paper, the way to the stage.

use leptos::prelude::*;
use leptos_i18n::{Locale as _, t, t_string};
use words::i18n::{Locale, use_i18n};

use super::address::{Knobs, Place, address, follow};
use super::lessons::{body, lead, title};
use super::numbers::count;
use crate::app::language::{self, LanguageChoice, PARAMETER};
use crate::app::picture::Appearance;
use crate::app::side_page::elsewhere;
use crate::app::theme::ThemeButton;
use analysis::lesson::{LESSONS, Lesson};

/// The page.
#[component]
pub(super) fn Frame() -> impl IntoView {
    let (words, easel) = (use_i18n(), expect_context::<Appearance>());
    let language = language::follow();
    let place = follow();
    let link = move |slug: &'static str| move || address(slug, language.get().as_deref());
    Effect::new(move |_| {
        let locale = words.get_locale();
        let name = match place.get() {
            Place::Lesson(lesson) => title(locale, lesson.slug),
            _ => t_string!(words, learn.page),
        };
        document().set_title(&format!("{name} · Layerscope"));
    });
    let shown = move || match place.get() {
        Place::Lesson(lesson) => view! { <One lesson language/> }.into_any(),
        Place::Index => view! { <Index language unknown=None/> }.into_any(),
        Place::Unknown(slug) => view! { <Index language unknown=Some(slug)/> }.into_any(),
    };
    view! {
        <header>
            <a class="brand" href=move || elsewhere("/", language.get().as_deref())>"Layerscope"</a>
            <a class="family elsewhere" href=link("")>{t!(words, learn.page)}</a>
            <span class="spring"></span>
            <LanguageChoice/>
            <ThemeButton dark=easel.dark/>
        </header>
        <main class="bench learn">{shown}</main>
    }
}

/// All lessons.
#[component]
fn Index(
    /// What the address says of the language.
    language: Signal<Option<String>>,
    /// The lesson that was asked for, where there is none of that name.
    unknown: Option<String>,
) -> impl IntoView {
    let words = use_i18n();
    let _keep = Knobs::new(language);
    let one = |lesson: &'static Lesson| {
        let slug = lesson.slug;
        let year = lesson.paper.citation.rsplit(' ').next().unwrap_or_default();
        view! {
            <li>
                <a href=move || address(slug, language.get().as_deref())>
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
            {unknown.map(|slug| {
                let text = move || t_string!(words, learn.unknown, slug = slug.clone());
                view! { <p role="alert" class="bench-notice">{text}</p> }
            })}
            <ol class="lessons">{LESSONS.iter().map(one).collect_view()}</ol>
        </section>
    }
}

/// The lesson so many places away, if there is one.
fn beside(lesson: &Lesson, by: isize) -> Option<&'static Lesson> {
    let place = LESSONS.iter().position(|other| other.slug == lesson.slug)?;
    LESSONS.get(place.checked_add_signed(by)?)
}

/// The address of a lesson's layer on the stage, which leads back.
fn stage(lesson: &Lesson, language: Option<&str>) -> String {
    let language = language.map(|language| format!("&{PARAMETER}={language}")).unwrap_or_default();
    format!("/?net={}&layer={}{language}", lesson.network, lesson.layer)
}

/// One lesson.
#[component]
fn One(
    /// Which.
    lesson: &'static Lesson,
    /// What the address says of the language.
    language: Signal<Option<String>>,
) -> impl IntoView {
    let words = use_i18n();
    let slug = lesson.slug;
    let number = LESSONS.iter().position(|other| other.slug == slug).map_or(0, |place| place + 1);
    let place = move || {
        let locale: Locale = words.get_locale();
        let (number, all) = (count(locale, number as u64), count(locale, LESSONS.len() as u64));
        t_string!(words, learn.number, number = number, count = all)
    };
    let way = |other: Option<&'static Lesson>, forth: bool| {
        other.map(|other| {
            let slug = other.slug;
            let name = move || if forth { t_string!(words, learn.next) } else { t_string!(words, learn.previous) };
            let words_of = move || {
                let title = title(words.get_locale(), slug);
                if forth { format!("{title} →") } else { format!("← {title}") }
            };
            view! {
                <a class="button" rel=if forth { "next" } else { "prev" } href=move || address(slug, language.get().as_deref())
                    title=name>{words_of}</a>
            }
        })
    };
    view! {
        <section class="lesson" aria-labelledby="learn-title">
            <div class="lesson-head">
                <p class="caps">{place}</p>
                <h1 id="learn-title">{move || title(words.get_locale(), slug)}</h1>
                <p class="lead">{move || lead(words.get_locale(), slug)}</p>
            </div>
            <div class="lesson-body">{body(slug, Knobs::new(language))}</div>
            <footer class="lesson-foot">
                <p class="small soft">
                    <span class="caps">{t!(words, learn.paper)}</span>" "
                    <cite lang=Locale::en.as_str()>{lesson.paper.citation}</cite>
                    {format!(" · {}", lesson.paper.place)}
                </p>
                <nav aria-label=move || t_string!(words, learn.index)>
                    {way(beside(lesson, -1), false)}
                    <a class="button" href=move || stage(lesson, language.get().as_deref())>{t!(words, learn.on_stage)}</a>
                    {way(beside(lesson, 1), true)}
                </nav>
            </footer>
        </section>
    }
}
