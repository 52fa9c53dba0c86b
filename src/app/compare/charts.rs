//! The charts: totals, costs along the depth, where parameters live, and error against cost.

use std::sync::Arc;

use leptos::prelude::*;

use super::figure::Figure;
use super::{Comparison, Shown};
use crate::compare::chart::{self, Bar, Bubble, Home, Scaling, colour_of};
use crate::compare::{Cost, Kind, Measure};

/// The figures that bars can show.
pub(super) const BARS: [Measure; 5] =
    [Measure::Parameters, Measure::Macs, Measure::WeightBytes, Measure::ActivationBytes, Measure::Depth];
/// The height of the chart of errors, in CSS pixels.
const ERRORS_HEIGHT: u32 = 380;

/// A group of buttons of which one is pressed.
fn one_of<T: Copy + PartialEq + Send + Sync + 'static>(
    label: &'static str,
    choices: &[(T, &'static str)],
    value: RwSignal<T>,
) -> impl IntoView + use<T> {
    let button = |&(choice, title): &(T, &'static str)| {
        let pressed = move || (value.get() == choice).to_string();
        view! { <button aria-pressed=pressed on:click=move |_| value.set(choice)>{title}</button> }
    };
    view! { <div class="switch" role="group" aria-label=label>{choices.iter().map(button).collect_view()}</div> }
}

fn bars(all: &[Arc<Shown>], measure: Measure) -> Vec<Bar> {
    let bar = |shown: &Arc<Shown>| {
        Some(Bar {
            network: shown.column.network.to_owned(),
            title: shown.column.title.to_string(),
            value: measure.value(&shown.column)?,
            colour: shown.place,
        })
    };
    all.iter().filter_map(bar).collect()
}

/// The single models with a published top-5 error.
fn bubbles(all: &[Arc<Shown>]) -> Vec<Bubble> {
    let bubble = |shown: &Arc<Shown>| {
        Some(Bubble {
            network: shown.column.network.to_owned(),
            title: shown.column.title.to_string(),
            macs: shown.column.totals.macs,
            error: Measure::Top5.value(&shown.column)?,
            parameters: shown.column.totals.parameters,
            colour: shown.place,
        })
    };
    all.iter().filter_map(bubble).collect()
}

/// All charts.
#[component]
pub(super) fn Charts() -> impl IntoView {
    view! { <Totals/><Along/><Homes/><Errors/> }
}

#[component]
fn Totals() -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    let measures = BARS.map(|measure| (measure, measure.title()));
    let drawn = move || {
        let (measure, scaling) = (comparison.measure.get(), comparison.scaling.get());
        let bars = bars(&comparison.ordered(), measure);
        chart::totals(&bars, measure, scaling, comparison.width.get(), comparison.palette())
    };
    let title = move || format!("{} in total", comparison.measure.get().title());
    view! {
        <section aria-labelledby="totals-title">
            <h2 id="totals-title">"In total"</h2>
            <div class="bench-run">
                {one_of("What is shown in total", &measures, comparison.measure)}
                {one_of("Scale", &[(Scaling::Linear, "linear"), (Scaling::Log, "log")], comparison.scaling)}
            </div>
            <Figure file="totals" title=Signal::derive(title) drawn=Signal::derive(drawn)
                hint=Signal::derive(move || comparison.measure.get().sentence().to_owned())/>
        </section>
    }
}

#[component]
fn Along() -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    let costs = Cost::ALL.map(|cost| (cost, cost.title()));
    let range = Memo::new(move |_| {
        let (cost, shown) = (comparison.cost.get(), comparison.shown.read());
        let costs = || shown.iter().flat_map(|one| &one.layers).map(|layer| layer.cost(cost)).filter(|cost| *cost > 0);
        costs().min().zip(costs().max())
    });
    let one = move |shown: Arc<Shown>| {
        let (name, title, count) = (shown.column.network, shown.column.title.to_string(), shown.layers.len());
        let place = shown.place;
        let (named, heading) = (title.clone(), title.clone());
        let drawn = move || {
            let scale = (comparison.scaling.get(), range.get().filter(|_| comparison.shared.get()));
            let size = (comparison.width.get(), place);
            chart::along((name, &title), &shown.layers, comparison.cost.get(), scale, size, comparison.palette())
        };
        let label = move || format!("{named}, {} layer by layer", comparison.cost.get().title());
        view! {
            <h3><span class="swatch" style=Comparison::colour(place) aria-hidden="true"></span>{heading}" "<span class="faint">{format!("{count} operations")}</span></h3>
            <Figure file=Signal::stored(format!("along-{name}")) title=Signal::derive(label) drawn=Signal::derive(drawn)/>
        }
    };
    view! {
        <section aria-labelledby="along-title" class="along">
            <h2 id="along-title">"Along the depth"</h2>
            <div class="bench-run">
                {one_of("What is shown along the depth", &costs, comparison.cost)}
                {one_of("Scale along the depth", &[(Scaling::Linear, "linear"), (Scaling::Log, "log")], comparison.scaling)}
                {one_of("Height along the depth", &[(false, "each its own"), (true, "one scale")], comparison.shared)}
                <p class="soft">"From the picture on the left to the answer on the right."</p>
            </div>
            {move || comparison.ordered().into_iter().map(one).collect_view()}
        </section>
    }
}

#[component]
fn Homes() -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    let drawn = move || {
        let all = comparison.ordered();
        let home = |shown| {
            let Shown { column, layers, .. }: &Shown = shown;
            Home { network: column.network, title: &column.title, homes: column.homes, layers }
        };
        let all: Vec<Home> = all.iter().map(|shown| home(shown)).collect();
        chart::homes(&all, comparison.width.get(), comparison.palette())
    };
    let kind = |kind: Kind| {
        view! { <li><span class="swatch" style=Comparison::colour(colour_of(kind)) aria-hidden="true"></span>{kind.title()}</li> }
    };
    view! {
        <section aria-labelledby="homes-title">
            <h2 id="homes-title">"Where the parameters live"</h2>
            <ul class="key">{Kind::ALL.map(kind).into_iter().collect_view()}</ul>
            <Figure file="homes" title=Signal::derive(|| "Parameters by kind of layer".to_owned()) drawn=Signal::derive(drawn)/>
        </section>
    }
}

#[component]
fn Errors() -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    let drawn = move || {
        let bubbles = bubbles(&comparison.ordered());
        chart::errors(&bubbles, (comparison.width.get(), ERRORS_HEIGHT), comparison.palette())
    };
    let any = move || comparison.shown.read().iter().any(|shown| Measure::Top5.value(&shown.column).is_some());
    let missing = move || {
        let shown = comparison.shown.read();
        let without = shown.iter().filter(|shown| Measure::Top5.value(&shown.column).is_none());
        let names: Vec<&str> = without.map(|shown| shown.column.title.as_ref()).collect();
        match names.is_empty() {
            true => String::new(),
            false => format!("Without a published top-5 error of a single model: {}.", names.join("; ")),
        }
    };
    view! {
        <section aria-labelledby="errors-title">
            <h2 id="errors-title">"Error against cost"</h2>
            <p class="soft lead">"Top-5 error of a single model on ImageNet, as published; how pictures were cropped differs and stands with the sources under the table. The area of a circle is its parameters."</p>
            <Show when=any>
                <Figure file="errors" title=Signal::derive(|| "Top-5 error against MACs".to_owned()) drawn=Signal::derive(drawn)/>
            </Show>
            <p class="soft small">{missing}</p>
        </section>
    }
}
