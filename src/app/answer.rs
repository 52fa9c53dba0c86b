//! What the network answers.

use leptos::prelude::*;

use super::format::{decimal, percent};
use super::lab::{Frame, Lab};
use crate::net::{Classes, Graph};

/// The most classes that are listed.
const TOP: usize = 5;

/// Classes in the order of their scores, best first.
pub(super) fn ranking(scores: &[f32], lowest_wins: bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| if lowest_wins { scores[a].total_cmp(&scores[b]) } else { scores[b].total_cmp(&scores[a]) });
    order
}

/// What is said of a digit: how sure the network is, its score, and the next one.
fn words(graph: &Graph, frame: &Frame, first: usize, second: usize) -> [String; 3] {
    let score = |class: usize| frame.scores.get(class).map_or_else(String::new, |&score| decimal(score, 1));
    let share = frame.probabilities.get(first).map_or_else(String::new, |&share| percent(share));
    let what = if graph.lowest_wins { "nearest picture, distance" } else { "highest score," };
    [format!("{share} sure"), format!("{what} {}", score(first)), format!("next: {second}, {}", score(second))]
}

/// The best classes with their probabilities.
fn list(graph: &Graph, frame: &Frame, order: &[usize]) -> AnyView {
    let row = |&class: &usize| {
        let name = graph.classes.name(class).unwrap_or("?");
        let share = frame.probabilities.get(class).copied().unwrap_or(0.0);
        let width = format!("width:{:.1}%", share * 100.0);
        view! {
            <li><span class="class-name">{name}</span><span class="share mono">{percent(share)}</span>
                <span class="bar" aria-hidden="true"><i style=width></i></span></li>
        }
    };
    view! { <ol class="top">{order.iter().take(TOP).map(row).collect_view()}</ol> }.into_any()
}

/// The left column's lower half.
#[component]
pub(super) fn Answer() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let answer = move || {
        let (frame, graph) = (lab.frame.get(), lab.graph.get());
        let Some(frame) = frame.filter(|frame| !frame.blank) else {
            let nothing = match lab.medium() {
                super::medium::Medium::Drawing => "Nothing drawn yet.",
                super::medium::Medium::Photo => "No photo yet.",
            };
            return view! { <div class="answer-words"><p>{nothing}</p></div> }.into_any();
        };
        let order = ranking(&frame.scores, graph.lowest_wins);
        match (graph.classes, order.as_slice()) {
            (Classes::Digits, &[first, second, ..]) => view! {
                <span class="big-digit">{first.to_string()}</span>" "
                <div class="answer-words">{words(&graph, &frame, first, second).map(|line| view! { <p>{line}</p> })}</div>
            }
            .into_any(),
            (_, order) => list(&graph, &frame, order),
        }
    };
    // Weights that have learned nothing answer all the same: it is said wherever they do.
    let untrained = move || {
        let opened = lab.supply.opened.get()?;
        (!opened.trained).then(|| {
            view! { <p class="untrained">"Untrained weights (" {opened.label.clone()} "): this answer means nothing."</p> }
        })
    };
    view! {
        <section class="answer" aria-labelledby="answer-title">
            <h2 id="answer-title" class="caps">"Answer"</h2>
            <div class="answer-row" role="status" aria-label="Answer">{answer}</div>
            {untrained}
        </section>
    }
}
