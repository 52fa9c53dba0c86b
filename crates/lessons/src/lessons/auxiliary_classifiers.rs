//! Auxiliary classifiers: GoogLeNet's predictions half-way, their weight in training, and the network without them.

mod accuracy;
mod classifiers;
mod diagram;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::controls::Slider;
use crate::examples::{CIFAR10_CLASSES, example};
use crate::fact::Fact;
use crate::latest::LatestResult;
use crate::network::TrainedNetwork;
use crate::notices::error_notice;
use crate::picture_chooser::{PictureChooser, picture_setting};
use crate::settings::Settings;
use crate::text::dash;
use accuracy::AccuracyTest;
use analysis::compare::Column;
use analysis::lesson::auxiliary::{AUXILIARY_WEIGHT, best, cross_entropy, loss};
use classifiers::{CLASSIFIERS, NETWORK, classifier_name, probabilities, scores};
use diagram::diagram;
use layerscope::app::wording::classes::cifar10;
use layerscope::app::wording::numbers::{count, decimal, percent};
use net::network;

/// The body of the lesson.
#[component]
pub(super) fn AuxiliaryClassifiers(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_setting(settings, 83);
    let weight = settings.number("weight", AUXILIARY_WEIGHT, [0.0, 1.0], 0.05);
    let predictions = LatestResult::new(move || {
        let index = picture.whole();
        async move {
            let network = TrainedNetwork::open(NETWORK).await?;
            let graph = &network.graph;
            let example = example(graph, index).await?;
            let mut asked = probabilities(graph);
            asked.extend(scores(graph));
            let mut values = network.pass(&example.input, &asked, "").await?;
            let all_scores = values.split_off(CLASSIFIERS.min(values.len()));
            let losses: Vec<f64> =
                all_scores.iter().filter_map(|scores| cross_entropy(scores, example.class)).collect();
            Ok((example, values, losses))
        }
    });
    let example = Signal::derive(move || predictions.with(|(example, ..)| example.clone()));
    let truth = Memo::new(move |_| example.with(|example| example.as_ref().map(|example| example.class)));
    let probability = move |classifier: usize, class: usize| {
        Signal::derive(move || predictions.with(|(_, values, _)| values.get(classifier)?.get(class).copied()).flatten())
    };
    let losses = Memo::new(move |_| predictions.with(|(.., losses)| losses.clone()).unwrap_or_default());
    let one_loss = move |classifier: usize| {
        losses
            .with(|losses| losses.get(classifier).copied())
            .map_or_else(dash, |loss| decimal(words.get_locale(), loss, 3))
    };
    let row = move |class: usize| {
        let right = move || truth.get() == Some(class);
        let cell = move |classifier: usize| {
            let value = probability(classifier, class);
            let width = move || format!("width:{}%", 100.0 * value.get().unwrap_or(0.0));
            let text = move || value.get().map_or_else(dash, |value| percent(words.get_locale(), f64::from(value), 1));
            view! {
                <td>
                    <span class="side-bar" class:right=right>
                        <i style=width></i>
                    </span>
                    <span class="mono">{text}</span>
                </td>
            }
        };
        view! {
            <tr class:right=right>
                <th scope="row">{move || cifar10(words.get_locale(), class)}{move || right().then_some(" ✓")}</th>
                {(0..CLASSIFIERS).map(cell).collect_view()}
            </tr>
        }
    };
    let predicted = move |classifier: usize| {
        let text = move || {
            let found =
                predictions.with(|(_, values, _)| values.get(classifier).and_then(|values| best(values))).flatten();
            let mark = if found == truth.get() { "✓" } else { "✗" };
            found.map_or_else(dash, |class| format!("{mark} {}", cifar10(words.get_locale(), class)))
        };
        view! { <td aria-live="polite">{text}</td> }
    };
    let entropy = move |classifier: usize| view! { <td class="mono">{move || one_loss(classifier)}</td> };
    let head = move |classifier: usize| {
        let name = move || classifier_name(words.get_locale(), classifier);
        view! { <th scope="col">{name}</th> }
    };
    let total = move || {
        let locale = words.get_locale();
        losses.with(|losses| match losses.as_slice() {
            [sides @ .., main] if !sides.is_empty() => decimal(locale, loss(*main, sides, weight.get()), 3),
            _ => dash(),
        })
    };
    let total_how = move || {
        let w = decimal(words.get_locale(), weight.get(), 2);
        if losses.with(|losses| losses.len() != CLASSIFIERS) {
            return String::new();
        }
        format!("{} + {w} × ({} + {})", one_loss(2), one_loss(0), one_loss(1))
    };
    // Parameters of the published GoogLeNet with its auxiliary classifiers, and without.
    let counted = network("googlenet").ok().map(|graph| {
        let (all, without) = (Column::of(&graph).totals, Column::without_auxiliary(&graph).totals);
        (all.parameters, without.parameters)
    });
    let number = move |n: Option<u64>| Signal::derive(move || n.map_or_else(dash, |n| count(words.get_locale(), n)));
    let diagram = network(NETWORK).ok().map(|graph| diagram(&graph));
    view! {
        <div class="lesson-text">
            <p>{t!(words, side_classifiers.what)}</p>
            <p>{t!(words, side_classifiers.paper_says)}</p>
            <div class="facts">
                <Fact
                    name=move || t_string!(words, side_classifiers.training)
                    value=number(counted.map(|both| both.0))
                />
                <Fact
                    name=move || t_string!(words, side_classifiers.inference)
                    value=number(counted.map(|both| both.1))
                />
            </div>
            <p>{t!(words, side_classifiers.gone)}</p>
            <p class="small soft">{t!(words, side_classifiers.honest)}</p>
        </div>
        <div class="lesson-figure side">
            {diagram} <div class="side-answers">
                <PictureChooser setting=picture example />
                <table class="side-table">
                    <caption class="hidden-text">{t!(words, side_classifiers.table)}</caption>
                    <thead>
                        <tr>
                            <td></td>
                            {(0..CLASSIFIERS).map(head).collect_view()}
                        </tr>
                    </thead>
                    <tbody>{(0..CIFAR10_CLASSES).map(row).collect_view()}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">{t!(words, side_classifiers.says)}</th>
                            {(0..CLASSIFIERS).map(predicted).collect_view()}
                        </tr>
                        <tr>
                            <th scope="row">{t!(words, side_classifiers.entropy)}</th>
                            {(0..CLASSIFIERS).map(entropy).collect_view()}
                        </tr>
                    </tfoot>
                </table>
            </div> <div class="side-loss">
                <Slider
                    setting=weight
                    name=move || t_string!(words, side_classifiers.weight)
                    text=move || decimal(words.get_locale(), weight.get(), 2)
                />
                <Fact name=move || t_string!(words, side_classifiers.loss) value=total how=total_how />
            </div> <AccuracyTest settings /> {error_notice(predictions.error())}
        </div>
    }
}
