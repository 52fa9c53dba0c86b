//! The charts: totals, costs along the depth, parameters by kind of layer, and error against cost.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::use_i18n;

use super::colours::colour_style;
use super::comparison::{ComparedNetwork, Comparison};
use super::figure::Figure;
use super::link::BAR_MEASURES;
use super::terms;
use analysis::compare::chart::{self, Bar, Bubble, ChartPhrase, NetworkParameters, Scaling, colour_of};
use analysis::compare::{Cost, LayerKind, Measure};
use layerscope::app::wording::numbers::count;

/// The height of the chart of errors, in CSS pixels.
const ERRORS_HEIGHT: u32 = 380;

/// A group of buttons, one of them pressed.
fn one_of<T: Copy + PartialEq + Send + Sync + 'static>(
    label: impl Fn() -> &'static str + Send + Sync + 'static,
    choices: &[T],
    title: impl Fn(T) -> &'static str + Copy + Send + Sync + 'static,
    value: RwSignal<T>,
) -> impl IntoView {
    let button = |&choice: &T| {
        let pressed = move || (value.get() == choice).to_string();
        view! {
            <button aria-pressed=pressed on:click=move |_| value.set(choice)>
                {move || title(choice)}
            </button>
        }
    };
    view! {
        <div class="switch" role="group" aria-label=label>
            {choices.iter().map(button).collect_view()}
        </div>
    }
}

/// The buttons that choose a scale.
#[component]
fn Scales(
    /// The name of the group.
    label: Signal<&'static str>,
) -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    let title = move |scaling| match scaling {
        Scaling::Linear => t_string!(words, compare.charts.linear),
        Scaling::Log => t_string!(words, compare.charts.log),
    };
    one_of(move || label.get(), &[Scaling::Linear, Scaling::Log], title, comparison.scaling)
}

fn bars(all: &[Arc<ComparedNetwork>], measure: Measure) -> Vec<Bar> {
    let bar = |compared: &Arc<ComparedNetwork>| {
        Some(Bar {
            network: compared.column.network.to_owned(),
            title: compared.column.title.to_string(),
            value: measure.value(&compared.column)?,
            colour: compared.place,
        })
    };
    all.iter().filter_map(bar).collect()
}

/// Returns the single models with a published top-5 error.
fn bubbles(all: &[Arc<ComparedNetwork>]) -> Vec<Bubble> {
    let bubble = |compared: &Arc<ComparedNetwork>| {
        Some(Bubble {
            network: compared.column.network.to_owned(),
            title: compared.column.title.to_string(),
            macs: compared.column.totals.macs,
            error: Measure::Top5.value(&compared.column)?,
            parameters: compared.column.totals.parameters,
            colour: compared.place,
        })
    };
    all.iter().filter_map(bubble).collect()
}

/// All charts.
#[component]
pub(super) fn Charts() -> impl IntoView {
    view! {
        <Totals />
        <DepthProfiles />
        <ParametersByKind />
        <Errors />
    }
}

#[component]
fn Totals() -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    let named = move |measure| terms::title(words.get_locale(), measure);
    let drawn = move || {
        let (measure, scaling, locale) = (comparison.measure.get(), comparison.scaling.get(), words.get_locale());
        let say = |phrase: ChartPhrase<'_>| terms::say(locale, phrase);
        let bars = bars(&comparison.ordered(), measure);
        chart::totals(&bars, measure, scaling, comparison.width.get(), (comparison.palette(), &say))
    };
    let title =
        move || td_string!(words.get_locale(), compare.charts.totals.name, measure = named(comparison.measure.get()));
    let hint = move || terms::sentence(words.get_locale(), comparison.measure.get()).to_owned();
    let scale = Signal::derive(move || t_string!(words, compare.charts.totals.scale));
    view! {
        <section aria-labelledby="totals-title">
            <h2 id="totals-title">{t!(words, compare.charts.totals.title)}</h2>
            <div class="bench-run">
                {one_of(move || t_string!(words, compare.charts.totals.what), &BAR_MEASURES, named, comparison.measure)}
                <Scales label=scale />
            </div>
            <Figure file="totals" title=title drawn=drawn hint=hint />
        </section>
    }
}

#[component]
fn DepthProfiles() -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    let named = move |cost| terms::cost_title(words.get_locale(), cost);
    let range = Memo::new(move |_| {
        let (cost, compared) = (comparison.cost.get(), comparison.networks.read());
        let costs =
            || compared.iter().flat_map(|one| &one.layers).map(|layer| layer.cost(cost)).filter(|cost| *cost > 0);
        costs().min().zip(costs().max())
    });
    let one = move |compared: Arc<ComparedNetwork>| {
        let (name, title, operations) =
            (compared.column.network, compared.column.title.to_string(), compared.layers.len());
        let place = compared.place;
        let (network, heading) = (title.clone(), title.clone());
        let drawn = move || {
            let scale = (comparison.scaling.get(), range.get().filter(|_| comparison.shared_scale.get()));
            let (size, locale) = ((comparison.width.get(), place), words.get_locale());
            let say = |phrase: ChartPhrase<'_>| terms::say(locale, phrase);
            chart::depth_profile(
                (name, &title),
                &compared.layers,
                comparison.cost.get(),
                scale,
                size,
                (comparison.palette(), &say),
            )
        };
        let label = move || {
            let (network, cost) = (network.as_str(), named(comparison.cost.get()));
            td_string!(words.get_locale(), compare.charts.along.name, title = network, cost = cost)
        };
        let file = Signal::stored(format!("along-{name}"));
        let operations = move || {
            let locale = words.get_locale();
            td_string!(locale, compare.charts.along.count, count = count(locale, operations as u64))
        };
        view! {
            <h3>
                <span class="swatch" style=colour_style(place) aria-hidden="true"></span>
                {heading}
                " "
                <span class="faint">{operations}</span>
            </h3>
            <Figure file title=label drawn=drawn />
        }
    };
    let scale = Signal::derive(move || t_string!(words, compare.charts.along.scale));
    let height = move |shared| match shared {
        false => t_string!(words, compare.charts.along.own),
        true => t_string!(words, compare.charts.along.shared),
    };
    view! {
        <section aria-labelledby="along-title" class="along">
            <h2 id="along-title">{t!(words, compare.charts.along.title)}</h2>
            <div class="bench-run">
                {one_of(move || t_string!(words, compare.charts.along.what), &Cost::ALL, named, comparison.cost)}
                <Scales label=scale />
                {one_of(
                    move || t_string!(words, compare.charts.along.height),
                    &[false, true],
                    height,
                    comparison.shared_scale,
                )} <p class="soft">{t!(words, compare.charts.along.hint)}</p>
            </div>
            {move || comparison.ordered().into_iter().map(one).collect_view()}
        </section>
    }
}

#[component]
fn ParametersByKind() -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    let drawn = move || {
        let (all, locale) = (comparison.ordered(), words.get_locale());
        let home = |compared| {
            let ComparedNetwork { column, layers, .. }: &ComparedNetwork = compared;
            NetworkParameters {
                network: column.network,
                title: &column.title,
                parameters_by_kind: column.parameters_by_kind,
                layers,
            }
        };
        let all: Vec<NetworkParameters> = all.iter().map(|compared| home(compared)).collect();
        let say = |phrase: ChartPhrase<'_>| terms::say(locale, phrase);
        chart::parameters_by_kind(&all, comparison.width.get(), (comparison.palette(), &say))
    };
    let kind = |kind: LayerKind| {
        let named = move || terms::kind(words.get_locale(), kind);
        view! {
            <li>
                <span class="swatch" style=colour_style(colour_of(kind)) aria-hidden="true"></span>
                {named}
            </li>
        }
    };
    let title = move || t_string!(words, compare.charts.homes.name).to_owned();
    view! {
        <section aria-labelledby="homes-title">
            <h2 id="homes-title">{t!(words, compare.charts.homes.title)}</h2>
            <ul class="key">{LayerKind::ALL.map(kind).into_iter().collect_view()}</ul>
            <Figure file="homes" title=title drawn=drawn />
        </section>
    }
}

#[component]
fn Errors() -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    let drawn = move || {
        let (bubbles, locale) = (bubbles(&comparison.ordered()), words.get_locale());
        let say = |phrase: ChartPhrase<'_>| terms::say(locale, phrase);
        chart::errors(&bubbles, (comparison.width.get(), ERRORS_HEIGHT), (comparison.palette(), &say))
    };
    let any = move || comparison.networks.read().iter().any(|compared| Measure::Top5.value(&compared.column).is_some());
    let missing = move || {
        let compared = comparison.networks.read();
        let without = compared.iter().filter(|compared| Measure::Top5.value(&compared.column).is_none());
        let names = without.map(|compared| compared.column.title.as_ref()).collect::<Vec<_>>().join("; ");
        let some = !names.is_empty();
        some.then(|| td_string!(words.get_locale(), compare.charts.errors.missing, names = names))
    };
    let title = move || t_string!(words, compare.charts.errors.name).to_owned();
    view! {
        <section aria-labelledby="errors-title">
            <h2 id="errors-title">{t!(words, compare.charts.errors.title)}</h2>
            <p class="soft lead">{t!(words, compare.charts.errors.lead)}</p>
            <Show when=any>
                <Figure file="errors" title=title drawn=drawn />
            </Show>
            <p class="soft small">{missing}</p>
        </section>
    }
}
