//! The answer of the network.

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use super::photo::{class_of, picture_number};
use super::state::Medium;
use super::state::{Answer, Page};
use super::wording::classes::{cifar10, class_name, listed};
use super::wording::format::{decimal, percent};
use logic::InputId;
use net::order::greatest_first;
use net::{Classes, Graph};

/// The most classes that are listed.
const TOP: usize = 5;

/// Returns the classes in the order of their scores, best first. `lowest_wins` is true if scores are distances. There is
/// no order if a score is not finite.
pub(super) fn ranking(scores: &[f32], lowest_wins: bool) -> Vec<usize> {
    if scores.iter().any(|score| !score.is_finite()) {
        return Vec::new();
    }
    greatest_first(scores.len(), |class| if lowest_wins { -scores[class] } else { scores[class] })
}

/// Returns three sentences on a digit: how sure the network is, the score, and the second-best class.
fn sentences(locale: Locale, graph: &Graph, readout: &Answer, first: usize, second: usize) -> [String; 3] {
    let score = |class: usize| readout.scores.get(class).map_or_else(String::new, |&score| decimal(score, 1));
    let share = readout.probabilities.get(first).map_or_else(String::new, |&share| percent(share));
    let what = if graph.lowest_wins {
        td_string!(locale, answer.distance, score = score(first))
    } else {
        td_string!(locale, answer.score, score = score(first))
    };
    let next = td_string!(locale, answer.next, class = second, score = score(second));
    [td_string!(locale, answer.sure, share = share), what, next]
}

/// Renders the best classes with their probabilities.
fn list(locale: Locale, graph: &Graph, readout: &Answer, order: &[usize]) -> AnyView {
    let row = |&class: &usize| {
        let name = class_name(locale, graph.classes, class);
        let share = readout.probabilities.get(class).copied().unwrap_or(0.0);
        let width = format!("width:{:.1}%", share * 100.0);
        view! {
            <li>
                <span class="class-name">{name}</span>
                <span class="share mono">{percent(share)}</span>
                <span class="bar" aria-hidden="true">
                    <i style=width></i>
                </span>
            </li>
        }
    };
    view! { <ol class="top">{order.iter().take(TOP).map(row).collect_view()}</ol> }.into_any()
}

/// The answer in the left column.
#[component]
pub(super) fn Answer() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let answer = move || {
        let locale = words.get_locale();
        let (readout, graph) = (page.run.answer().get(), page.network.graph().get());
        let Some(readout) = readout.filter(|readout| !readout.blank) else {
            let nothing = match page.input.medium() {
                Medium::Drawing => td_string!(locale, answer.nothing_drawn),
                Medium::Photo => td_string!(locale, answer.no_photo),
            };
            return view! {
                <div class="answer-words">
                    <p>{nothing}</p>
                </div>
            }
            .into_any();
        };
        let order = ranking(&readout.scores, graph.lowest_wins);
        match (graph.classes, order.as_slice()) {
            (_, []) => view! {
                <div class="answer-words">
                    <p>{td_string!(locale, answer.not_numbers)}</p>
                </div>
            }
            .into_any(),
            (Classes::Digits, &[first, second, ..]) => view! {
                <span class="big-digit">{first.to_string()}</span>
                " "
                <div class="answer-words">
                    {sentences(locale, &graph, &readout, first, second).map(|line| view! { <p>{line}</p> })}
                </div>
            }
            .into_any(),
            // A single score has no rivals, so it has no probability.
            (_, &[only]) => {
                let number = |values: &[f32]| values.get(only).copied().unwrap_or(f32::NAN);
                let (score, share) = (decimal(number(&readout.scores), 4), percent(number(&readout.probabilities)));
                view! {
                    <div class="answer-words">
                        <p>{td_string!(locale, answer.single, score = score)}</p>
                        <p>{td_string!(locale, answer.single_share, share = share)}</p>
                    </div>
                }
                .into_any()
            }
            (_, order) => list(locale, &graph, &readout, order),
        }
    };
    // Untrained weights give an answer, too, so a note says that they are untrained.
    let untrained = move || {
        let opened = page.network.supply.opened.get()?;
        (!opened.trained).then(|| {
            let label = opened.choice.label();
            let text = move || t_string!(words, answer.untrained, label = label.text(words.get_locale()));
            view! { <p class="untrained">{text}</p> }
        })
    };
    // A network can only answer with a class that it was trained on, so a note lists the ten classes.
    let known = move || {
        let graph = page.network.graph().read();
        (graph.classes == Classes::Cifar10).then(|| {
            let names = listed(words.get_locale(), graph.classes);
            let text = t_string!(words, answer.ten, names = names);
            view! { <p class="soft small">{text}</p> }
        })
    };
    // The true class of a test picture, once the answer belongs to that picture.
    let truth = move || {
        let (cropped, graph) = (page.input.photo().get()?, page.network.graph().get());
        let (Classes::Cifar10, Medium::Photo) = (graph.classes, page.input.medium()) else { return None };
        let class = class_of(picture_number(&cropped.name)?)?;
        let (readout, input) = (page.run.answer().get()?, page.input.values().get()?);
        if readout.source != InputId::of(&input) {
            // An empty line keeps the space.
            return Some(view! { <p class="truth">"\u{a0}"</p> }.into_any());
        }
        let wrong = *ranking(&readout.scores, graph.lowest_wins).first()? != class;
        let class = cifar10(words.get_locale(), class);
        let text = if wrong {
            t_string!(words, answer.wrong, class = class)
        } else {
            t_string!(words, answer.right, class = class)
        };
        Some(
            view! {
                <p class="truth" class:wrong=wrong>
                    {text}
                </p>
            }
            .into_any(),
        )
    };
    view! {
        <section class="answer" aria-labelledby="answer-title">
            <h2 id="answer-title" class="caps">
                {t!(words, answer.title)}
            </h2>
            <div class="answer-row" role="status" aria-label=move || t_string!(words, answer.title)>
                {answer}
            </div>
            {truth}
            {known}
            {untrained}
        </section>
    }
}
