//! Side classifiers: what GoogLeNet would answer half-way, what that weighs in training, and what is left of it.

mod road;
mod tally;

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use crate::app::learn::address::Knobs;
use crate::app::learn::control::Slider;
use crate::app::learn::figure::Fact;
use crate::app::learn::network::{Trained, example};
use crate::app::learn::numbers::{count, decimal, percent};
use crate::app::learn::picture::{PictureChooser, picture_knob};
use crate::app::learn::shown::{Shown, failure};
use crate::app::said::classes::cifar10;
use analysis::compare::Column;
use analysis::lesson::auxiliary::{AUXILIARY_WEIGHT, best, classifier_nodes, cross_entropy, loss};
use net::{Graph, NodeId, network};
use road::road;
use tally::Tally;

/// The network: its shipped weights have trained side classifiers (`training/run.py`).
const NETWORK: &str = "googlenet-cifar10";
/// Its answers: two half-way, and its own.
const ANSWERS: usize = 3;
const CLASSES: usize = 10;

/// What an answer is called.
fn answer_name(locale: Locale, place: usize) -> &'static str {
    match place {
        0 => td_string!(locale, side_classifiers.first),
        1 => td_string!(locale, side_classifiers.second),
        _ => td_string!(locale, side_classifiers.main),
    }
}

fn names(graph: &Graph, look: fn(&analysis::lesson::auxiliary::ClassifierNodes) -> NodeId) -> Vec<&str> {
    classifier_nodes(graph).iter().map(|answer| graph.node(look(answer)).name.as_str()).collect()
}

/// The layers that give the answers' probabilities.
fn probabilities(graph: &Graph) -> Vec<&str> {
    names(graph, |answer| answer.probabilities)
}

/// The lesson.
#[component]
pub(super) fn SideClassifiers(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_knob(knobs, 83);
    let weight = knobs.number("weight", AUXILIARY_WEIGHT, [0.0, 1.0], 0.05);
    let seen = Shown::new(move || {
        let index = picture.whole();
        async move {
            let network = Trained::open(NETWORK).await?;
            let graph = &network.graph;
            let example = example(graph, index).await?;
            let mut asked = probabilities(graph);
            asked.extend(names(graph, |answer| answer.scores));
            let mut values = network.pass(&example.input, &asked, "").await?;
            let scores = values.split_off(ANSWERS.min(values.len()));
            let losses: Vec<f64> = scores.iter().filter_map(|scores| cross_entropy(scores, example.class)).collect();
            Ok((example, values, losses))
        }
    });
    let example = Signal::derive(move || seen.with(|(example, ..)| example.clone()));
    let truth = Memo::new(move |_| example.with(|example| example.as_ref().map(|example| example.class)));
    let probability = move |answer: usize, class: usize| {
        Signal::derive(move || seen.with(|(_, values, _)| values.get(answer)?.get(class).copied()).flatten())
    };
    let losses = Memo::new(move |_| seen.with(|(.., losses)| losses.clone()).unwrap_or_default());
    let one_loss = move |answer: usize| {
        losses
            .with(|losses| losses.get(answer).copied())
            .map_or_else(|| "–".to_owned(), |loss| decimal(words.get_locale(), loss, 3))
    };
    let row = move |class: usize| {
        let right = move || truth.get() == Some(class);
        let cell = move |answer: usize| {
            let value = probability(answer, class);
            let width = move || format!("width:{}%", 100.0 * value.get().unwrap_or(0.0));
            let text = move || {
                value.get().map_or_else(|| "–".to_owned(), |value| percent(words.get_locale(), f64::from(value), 1))
            };
            view! {
                <td><span class="side-bar" class:right=right><i style=width></i></span><span class="mono">{text}</span></td>
            }
        };
        view! {
            <tr class:right=right>
                <th scope="row">{move || cifar10(words.get_locale(), class)}{move || right().then_some(" ✓")}</th>
                {(0..ANSWERS).map(cell).collect_view()}
            </tr>
        }
    };
    let says = move |answer: usize| {
        let said = move || {
            let found = seen.with(|(_, values, _)| values.get(answer).and_then(|values| best(values))).flatten();
            let mark = if found == truth.get() { "✓" } else { "✗" };
            found.map_or_else(|| "–".to_owned(), |class| format!("{mark} {}", cifar10(words.get_locale(), class)))
        };
        view! { <td aria-live="polite">{said}</td> }
    };
    let entropy = move |answer: usize| view! { <td class="mono">{move || one_loss(answer)}</td> };
    let head = move |answer: usize| view! { <th scope="col">{move || answer_name(words.get_locale(), answer)}</th> };
    let total = move || {
        let locale = words.get_locale();
        losses.with(|losses| match losses.as_slice() {
            [sides @ .., main] if !sides.is_empty() => decimal(locale, loss(*main, sides, weight.get()), 3),
            _ => "–".to_owned(),
        })
    };
    let total_how = move || {
        let w = decimal(words.get_locale(), weight.get(), 2);
        if losses.with(|losses| losses.len() != ANSWERS) {
            return String::new();
        }
        format!("{} + {w} × ({} + {})", one_loss(2), one_loss(0), one_loss(1))
    };
    // What they weigh as published: GoogLeNet with its side classifiers, and without.
    let counted = network("googlenet").ok().map(|graph| {
        let (all, without) = (Column::of(&graph).totals, Column::without_auxiliary(&graph).totals);
        (all.parameters, without.parameters)
    });
    let number = move |n: Option<u64>| {
        Signal::derive(move || n.map_or_else(|| "–".to_owned(), |n| count(words.get_locale(), n)))
    };
    let road = network(NETWORK).ok().map(|graph| road(&graph));
    view! {
        <div class="lesson-text">
            <p>{t!(words, side_classifiers.what)}</p>
            <p>{t!(words, side_classifiers.paper_says)}</p>
            <div class="facts">
                <Fact name=Signal::derive(move || t_string!(words, side_classifiers.training).to_owned()) value=number(counted.map(|both| both.0))/>
                <Fact name=Signal::derive(move || t_string!(words, side_classifiers.inference).to_owned()) value=number(counted.map(|both| both.1))/>
            </div>
            <p>{t!(words, side_classifiers.gone)}</p>
            <p class="small soft">{t!(words, side_classifiers.honest)}</p>
        </div>
        <div class="lesson-figure side">
            {road}
            <div class="side-answers">
                <PictureChooser knob=picture example/>
                <table class="side-table">
                    <caption class="hidden-text">{t!(words, side_classifiers.table)}</caption>
                    <thead><tr><td></td>{(0..ANSWERS).map(head).collect_view()}</tr></thead>
                    <tbody>{(0..CLASSES).map(row).collect_view()}</tbody>
                    <tfoot>
                        <tr><th scope="row">{t!(words, side_classifiers.says)}</th>{(0..ANSWERS).map(says).collect_view()}</tr>
                        <tr><th scope="row">{t!(words, side_classifiers.entropy)}</th>{(0..ANSWERS).map(entropy).collect_view()}</tr>
                    </tfoot>
                </table>
            </div>
            <div class="side-loss">
                <Slider knob=weight name=Signal::derive(move || t_string!(words, side_classifiers.weight).to_owned())
                    shown=Signal::derive(move || decimal(words.get_locale(), weight.get(), 2))/>
                <Fact name=Signal::derive(move || t_string!(words, side_classifiers.loss).to_owned())
                    value=Signal::derive(total) how=Signal::derive(total_how)/>
            </div>
            <Tally knobs/>
            {failure(seen.error())}
        </div>
    }
}
