//! The answers of the intact network and of the network with ablations, side by side.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use crate::app::answer::ranking;
use crate::app::state::Page;
use crate::app::wording::classes::class_name;
use crate::app::wording::format::percent;

/// How many of the best classes of each answer are listed.
const TOP: usize = 3;

/// The best class and its probability, before the ablations and now, in one line. It is for places from which the table
/// is out of sight.
#[component]
pub(super) fn AnswerLine() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    move || {
        if page.ablation.ablations().read().is_empty() {
            return None;
        }
        let (readout, whole, graph) = (page.run.answer().get()?, page.ablation.intact()?, page.network.graph().get());
        if readout.blank || whole.source != readout.source {
            return None;
        }
        let best = |scores: &[f32], probabilities: &[f32]| {
            let class = *ranking(scores, graph.lowest_wins).first()?;
            let (class_name, share) = (class_name(words.get_locale(), graph.classes, class), probabilities.get(class));
            let share = percent(share.copied().unwrap_or(0.0));
            Some(t_string!(words, ablation.answer.one, class = class_name, share = share))
        };
        let before = best(&whole.scores, &whole.probabilities)?;
        let now = best(&readout.scores, &readout.probabilities)?;
        Some(view! { <p class="small">{t_string!(words, ablation.answer.line, now = now, before = before)}</p> })
    }
}

/// A table of the best classes, before and after the ablations.
#[component]
pub(super) fn AnswerTable() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let table = move || {
        if page.ablation.ablations().read().is_empty() {
            return None;
        }
        let (readout, whole) = (page.run.answer().get()?, page.ablation.intact());
        if readout.blank {
            return None;
        }
        let graph = page.network.graph().get();
        // Ignore the answer of the intact network to another input.
        let whole = whole.filter(|whole| whole.source == readout.source);
        let best = |scores: &[f32]| ranking(scores, graph.lowest_wins).into_iter().take(TOP).collect::<Vec<_>>();
        let (before, after) = (whole.as_ref().map(|whole| best(&whole.scores)), best(&readout.scores));
        let name = |class: usize| class_name(words.get_locale(), graph.classes, class);
        let mut classes = before.clone().unwrap_or_default();
        classes.extend(after.iter().filter(|class| !before.iter().flatten().any(|other| other == *class)));
        let share = |probabilities: Option<&Vec<f32>>, class: usize| {
            probabilities.and_then(|all| all.get(class)).map_or_else(|| "…".to_owned(), |&share| percent(share))
        };
        let rows = classes.into_iter().map(|class| {
            let before_share = share(whole.as_ref().map(|whole| &whole.probabilities), class);
            let after_share = share(Some(&readout.probabilities), class);
            view! {
                <tr class:first=after.first() == Some(&class)>
                    <th scope="row">{name(class)}</th>
                    <td>{before_share}</td>
                    <td>{after_share}</td>
                </tr>
            }
        });
        let same = before.as_ref().map(|before| before.first() == after.first());
        let verdict = match (same, after.first()) {
            (Some(true), Some(&class)) => t_string!(words, ablation.answer.still, class = name(class)),
            (Some(false), Some(&class)) => t_string!(words, ablation.answer.now, class = name(class)),
            _ => "\u{a0}".to_owned(),
        };
        Some(view! {
            <table class="before-after">
                <caption>{t_string!(words, ablation.answer.caption)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t_string!(words, ablation.answer.class)}</th>
                        <th scope="col">{t_string!(words, ablation.answer.before)}</th>
                        <th scope="col">{t_string!(words, ablation.answer.after)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            <p class="ablation-verdict">{verdict}</p>
        })
    };
    view! {
        <div role="status" aria-label=move || t_string!(words, ablation.answer.status)>
            {table}
        </div>
    }
}
