//! The stages of a network as boxes, with their numbers in a table below.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::app::learn::address::Knobs;
use crate::app::learn::control::Choice;
use crate::app::learn::figure::Fact;
use crate::app::learn::numbers::{compact, count, decimal};
use analysis::lesson::stages::{ResolutionStage, follows, stages};
use net::network;

/// Networks, by their names.
const NETWORKS: [(&str, &str); 9] = [
    ("resnet18", "resnet18"),
    ("resnet34", "resnet34"),
    ("resnet50", "resnet50"),
    ("resnet152", "resnet152"),
    ("vgg16", "vgg16"),
    ("vgg19", "vgg19"),
    ("googlenet", "googlenet"),
    ("alexnet", "alexnet"),
    ("lenet5", "lenet5"),
];
/// As many stages as any of them has.
const MOST_STAGES: usize = 5;
/// The height of the greatest side, in CSS pixels.
const HEIGHT: f64 = 132.0;

/// The parts of a number compared with another: as a factor.
fn times(before: u64, after: u64) -> f64 {
    after as f64 / before.max(1) as f64
}

/// The network that is chosen, stage by stage.
#[component]
pub(super) fn Stages(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let name = knobs.choice("net", &NETWORKS);
    let chosen = knobs.whole("stage", 3, [1, MOST_STAGES]);
    let all = Memo::new(move |_| network(name.get()).map(|graph| stages(&graph)).unwrap_or_default());
    // Of a network with fewer stages, the last.
    let place = Memo::new(move |_| (chosen.whole() - 1).min(all.with(Vec::len).saturating_sub(1)));
    let number = move |n: u64| count(words.get_locale(), n);
    let short = move |n: u64| compact(words.get_locale(), n as f64);
    let factor = move |factor: f64| {
        // As many decimals as it takes, two at most.
        let decimals =
            (0_u8..2).find(|&digits| (factor * 10.0_f64.powi(i32::from(digits))).fract() == 0.0).unwrap_or(2);
        format!("×{}", decimal(words.get_locale(), factor, decimals))
    };
    let options = NETWORKS.map(|(name, _)| {
        let title = network(name).map_or(name, |graph| graph.title);
        (name, Signal::stored(title.to_owned()))
    });
    let head = move |at: usize, stage: &ResolutionStage| {
        let (tallest, widest) = all.with(|all| {
            let of = |figure: fn(&ResolutionStage) -> usize| all.iter().map(figure).max().unwrap_or(1).max(1);
            (of(|stage| stage.side), of(|stage| stage.channels))
        });
        let (side, channels) = (stage.side, stage.channels);
        let style = format!(
            "height:{:.1}px;width:{:.2}%",
            (side as f64 / tallest as f64 * HEIGHT).max(2.0),
            channels as f64 / widest as f64 * 100.0
        );
        let named = move || {
            let stage = number(at as u64 + 1);
            t_string!(
                words,
                halving.stage_named,
                stage = stage,
                side = number(side as u64),
                maps = number(channels as u64)
            )
        };
        let pressed = move || if place.get() == at { "true" } else { "false" };
        view! {
            <th scope="col">
                <button type="button" class="stage-box" aria-pressed=pressed aria-label=named on:click=move |_| chosen.set(at as f64 + 1.0)>
                    <span class="box" style=style></span>
                </button>
            </th>
        }
    };
    let row = move |called: AnyView, of: fn(&ResolutionStage) -> Option<u64>, small: bool| {
        let cells =
            move || {
                all.get().iter().enumerate().map(|(at, stage)| {
                let value = of(stage).map_or_else(|| "–".to_owned(), |n| if small { number(n) } else { short(n) });
                view! { <td class="mono" class:chosen=move || place.get() == at data-value=of(stage)>{value}</td> }
            }).collect_view()
            };
        view! { <tr><th scope="row">{called}</th>{cells}</tr> }
    };
    let rule = move || {
        let all = all.get();
        let steps: Vec<(bool, bool)> = all.windows(2).map(|pair| follows(&pair[0], &pair[1])).collect();
        let of = |which: fn(&(bool, bool)) -> bool| number(steps.iter().filter(|step| which(step)).count() as u64);
        let (halved, both) = (of(|step| step.0), of(|step| step.0 && step.1));
        t_string!(words, halving.rule, steps = number(steps.len() as u64), halved = halved, both = both)
    };
    // What becomes of something from the stage before to this one.
    let change = move |of: fn(&ResolutionStage) -> Option<u64>| {
        Signal::derive(move || {
            let place = place.get();
            let all = all.get();
            let before = place.checked_sub(1).and_then(|before| of(all.get(before)?));
            let after = all.get(place).and_then(of);
            before.zip(after).map_or_else(|| "–".to_owned(), |(before, after)| factor(times(before, after)))
        })
    };
    let side: fn(&ResolutionStage) -> Option<u64> = |stage| Some(stage.side as u64);
    let maps: fn(&ResolutionStage) -> Option<u64> = |stage| Some(stage.channels as u64);
    let filters: fn(&ResolutionStage) -> Option<u64> = |stage| Some(stage.typical.as_ref()?.filters as u64);
    let layer: fn(&ResolutionStage) -> Option<u64> = |stage| Some(stage.typical.as_ref()?.macs);
    let arithmetic = move || {
        let typical = all.with(|all| all.get(place.get()).and_then(|stage| stage.typical.clone()));
        typical.map_or_else(
            || t_string!(words, halving.none).to_owned(),
            |typical| {
                let sum = typical.arithmetic.replace('*', "·");
                format!("{}: {sum} = {}", typical.name, number(typical.macs))
            },
        )
    };
    view! {
        <Choice value=name name=Signal::derive(move || t_string!(words, halving.network).to_owned()) options=options.to_vec()/>
        <table class="stages" aria-label=move || t_string!(words, halving.table)>
            <thead>
                <tr>
                    <td></td>
                    {move || all.get().iter().enumerate().map(|(at, stage)| head(at, stage)).collect_view()}
                </tr>
            </thead>
            <tbody>
                {row(t!(words, halving.side).into_any(), side, true)}
                {row(t!(words, halving.maps).into_any(), maps, true)}
                {row(t!(words, halving.filters).into_any(), filters, true)}
                {row(t!(words, halving.convolutions).into_any(), |stage| Some(stage.convolutions as u64), true)}
                {row(t!(words, halving.macs).into_any(), |stage| Some(stage.macs), false)}
                {row(t!(words, halving.layer).into_any(), layer, false)}
            </tbody>
        </table>
        <p aria-live="polite">{rule}</p>
        <h2>{move || {
            let stage = number(place.get() as u64 + 1);
            t_string!(words, halving.against, stage = stage)
        }}</h2>
        <div class="facts">
            <Fact name=Signal::derive(move || t_string!(words, halving.side).to_owned()) value=change(side)/>
            <Fact name=Signal::derive(move || t_string!(words, halving.maps).to_owned()) value=change(maps)/>
            <Fact name=Signal::derive(move || t_string!(words, halving.filters).to_owned()) value=change(filters)/>
            <Fact name=Signal::derive(move || t_string!(words, halving.layer).to_owned()) value=change(layer)/>
        </div>
        <p class="mono soft" aria-live="polite">{arithmetic}</p>
    }
}
