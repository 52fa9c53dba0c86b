//! What the network answers.

use leptos::prelude::*;

use super::format::{decimal, percent};
use super::lab::Lab;

/// Classes in the order of their scores, best first.
pub(super) fn ranking(scores: &[f32], lowest_wins: bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| if lowest_wins { scores[a].total_cmp(&scores[b]) } else { scores[b].total_cmp(&scores[a]) });
    order
}

/// The left column's lower half.
#[component]
pub(super) fn Answer() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let best = Memo::new(move |_| {
        let frame = lab.frame.get()?;
        let order = ranking(&frame.scores, lab.graph.read().lowest_wins);
        (!frame.blank).then(|| (order.first().copied(), order.get(1).copied(), frame))
    });
    let digit = move || best.get().and_then(|(first, ..)| first).map(|digit| digit.to_string());
    let words = move || {
        let Some((Some(first), Some(second), frame)) = best.get() else {
            return vec!["Nothing drawn yet.".to_owned()];
        };
        let (share, score) = (percent(frame.probabilities[first]), |class: usize| decimal(frame.scores[class], 1));
        if lab.graph.read().lowest_wins {
            vec![
                format!("{share} sure"),
                format!("nearest picture, distance {}", score(first)),
                format!("next: {second}, {}", score(second)),
            ]
        } else {
            vec![
                format!("{share} sure"),
                format!("highest score, {}", score(first)),
                format!("next: {second}, {}", score(second)),
            ]
        }
    };
    view! {
        <section class="answer" aria-labelledby="answer-title">
            <h2 id="answer-title" class="caps">"Answer"</h2>
            <div class="answer-row" role="status" aria-label="Answer">
                {move || digit().map(|digit| view! { <span class="big-digit">{digit}</span>" " })}
                <div class="answer-words">{move || words().into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}</div>
            </div>
        </section>
    }
}
