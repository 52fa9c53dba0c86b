//! The stages of a network as boxes, with their numbers in a table below.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::controls::ChoiceButtons;
use crate::fact::Fact;
use crate::settings::Settings;
use crate::text::{dash, network_title};
use analysis::lesson::stages::{ResolutionStage, follows, stages};
use layerscope::app::wording::numbers::{compact, count, decimal};
use net::network;

/// The networks by name.
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
/// The most stages of any of them.
const MAX_STAGES: usize = 5;
/// The height of the tallest box, in CSS pixels.
const HEIGHT: f64 = 132.0;

/// Returns the factor from one number to the next.
fn times(before: u64, after: u64) -> f64 {
    after as f64 / before.max(1) as f64
}

/// The chosen network, stage by stage.
#[component]
pub(super) fn Stages(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let name = settings.choice("net", &NETWORKS);
    let chosen = settings.whole("stage", 3, [1, MAX_STAGES]);
    let all = Memo::new(move |_| network(name.get()).map(|graph| stages(&graph)).unwrap_or_default());
    // A network with fewer stages shows its last.
    let place = Memo::new(move |_| (chosen.whole() - 1).min(all.with(Vec::len).saturating_sub(1)));
    let number = move |n: u64| count(words.get_locale(), n);
    let short = move |n: u64| compact(words.get_locale(), n as f64);
    let factor = move |factor: f64| {
        // Two decimals at most, and no trailing zeros.
        let decimals =
            (0_u8..2).find(|&digits| (factor * 10.0_f64.powi(i32::from(digits))).fract() == 0.0).unwrap_or(2);
        format!("×{}", decimal(words.get_locale(), factor, decimals))
    };
    let options = NETWORKS.map(|(name, _)| {
        let title = network_title(name);
        (name, Signal::stored(title.to_owned()))
    });
    let head = move |at: usize, stage: &ResolutionStage| {
        let (tallest, widest) = all.with(|all| {
            let max_of = |figure: fn(&ResolutionStage) -> usize| all.iter().map(figure).max().unwrap_or(1).max(1);
            (max_of(|stage| stage.side), max_of(|stage| stage.channels))
        });
        let (side, channels) = (stage.side, stage.channels);
        let style = format!(
            "height:{:.1}px;width:{:.2}%",
            (side as f64 / tallest as f64 * HEIGHT).max(2.0),
            channels as f64 / widest as f64 * 100.0
        );
        let stage_name = move || {
            let stage = number(at as u64 + 1);
            t_string!(
                words,
                halving.stage_named,
                stage = stage,
                side = number(side as u64),
                maps = number(channels as u64)
            )
        };
        let pressed = move || (place.get() == at).to_string();
        view! {
            <th scope="col">
                <button
                    type="button"
                    class="stage-box"
                    aria-pressed=pressed
                    aria-label=stage_name
                    on:click=move |_| chosen.set(at as f64 + 1.0)
                >
                    <span class="box" style=style></span>
                </button>
            </th>
        }
    };
    let row = move |row_name: AnyView, value_of: fn(&ResolutionStage) -> Option<u64>, small: bool| {
        let cells = move || {
            all.get()
                .iter()
                .enumerate()
                .map(|(at, stage)| {
                    let value = value_of(stage).map_or_else(dash, |n| if small { number(n) } else { short(n) });
                    view! {
                        <td class="mono" class:chosen=move || place.get() == at data-value=value_of(stage)>
                            {value}
                        </td>
                    }
                })
                .collect_view()
        };
        view! {
            <tr>
                <th scope="row">{row_name}</th>
                {cells}
            </tr>
        }
    };
    let rule = move || {
        let all = all.get();
        let steps: Vec<(bool, bool)> = all.windows(2).map(|pair| follows(&pair[0], &pair[1])).collect();
        let count_of =
            |which: fn(&(bool, bool)) -> bool| number(steps.iter().filter(|step| which(step)).count() as u64);
        let (halved, both) = (count_of(|step| step.0), count_of(|step| step.0 && step.1));
        t_string!(words, halving.rule, steps = number(steps.len() as u64), halved = halved, both = both)
    };
    // The factor from the previous stage to the chosen one.
    let change = move |value_of: fn(&ResolutionStage) -> Option<u64>| {
        Signal::derive(move || {
            let place = place.get();
            let all = all.get();
            let before = place.checked_sub(1).and_then(|before| value_of(all.get(before)?));
            let after = all.get(place).and_then(value_of);
            before.zip(after).map_or_else(dash, |(before, after)| factor(times(before, after)))
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
        <ChoiceButtons value=name name=move || t_string!(words, halving.network) options=options.to_vec() />
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
        <h2>
            {move || {
                let stage = number(place.get() as u64 + 1);
                t_string!(words, halving.against, stage = stage)
            }}
        </h2>
        <div class="facts">
            <Fact name=move || t_string!(words, halving.side) value=change(side) />
            <Fact name=move || t_string!(words, halving.maps) value=change(maps) />
            <Fact name=move || t_string!(words, halving.filters) value=change(filters) />
            <Fact name=move || t_string!(words, halving.layer) value=change(layer) />
        </div>
        <p class="mono soft" aria-live="polite">
            {arithmetic}
        </p>
    }
}
