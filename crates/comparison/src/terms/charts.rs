//! The words of the charts.

use leptos_i18n::td_string;
use words::i18n::Locale;

use super::{cost, cost_title, figure, kind, percent, title};
use analysis::compare::chart::ChartPhrase;
use analysis::compare::{Cost, Measure, units};
use layerscope::app::wording::numbers::count;
use layerscope::app::wording::operations::title as operation;

/// Writes a cost in few digits.
fn short(locale: Locale, cost: Cost, value: u64) -> String {
    let measure = match cost {
        Cost::Parameters => Measure::Parameters,
        Cost::Macs => Measure::Macs,
        Cost::Activations => Measure::ActivationBytes,
    };
    figure(locale, measure, value as f64)
}

/// Words a phrase of a chart.
pub(crate) fn say(locale: Locale, phrase: ChartPhrase<'_>) -> String {
    match phrase {
        ChartPhrase::Figure(measure, value) => figure(locale, measure, value),
        ChartPhrase::Cost(cost, value) => short(locale, cost, value),
        ChartPhrase::Percent(value) => format!("{value} %"),
        ChartPhrase::Totals(measure, networks) => {
            let (measure, count) = (title(locale, measure), count(locale, networks as u64));
            td_string!(locale, compare.charts.totals.drawn, measure = measure, count = count)
        }
        ChartPhrase::Total(network, measure, value) => {
            let exact = measure.exact(value).map(|value| count(locale, value));
            let value = exact.unwrap_or_else(|| figure(locale, measure, value));
            let measure = title(locale, measure);
            td_string!(locale, compare.charts.totals.bar, title = network, value = value, measure = measure)
        }
        ChartPhrase::Along(network, cost) => {
            td_string!(locale, compare.charts.along.drawn, title = network, cost = cost_title(locale, cost))
        }
        ChartPhrase::Layer(layer, of) => {
            let (operation, value) = (operation(locale, &layer.op), cost(locale, of, layer.cost(of)));
            let name = layer.name.as_str();
            td_string!(locale, compare.charts.along.bar, layer = name, operation = operation, value = value)
        }
        ChartPhrase::ParametersByKind(networks) => {
            td_string!(locale, compare.charts.homes.drawn, count = count(locale, networks as u64))
        }
        ChartPhrase::Alone(layer, most, all) => {
            let (most, all) = (units::count(most), units::count(all));
            td_string!(locale, compare.charts.homes.alone, layer = layer, most = most, all = all)
        }
        ChartPhrase::Largest(layer, most, all) => {
            let (most, all) = (units::count(most), units::count(all));
            td_string!(locale, compare.charts.homes.largest, layer = layer, most = most, all = all)
        }
        ChartPhrase::Kind(network, of, parameters, all) => {
            let share = percent(locale, 100.0 * parameters as f64 / all.max(1) as f64, 1);
            let (kind, value) = (kind(locale, of), count(locale, parameters));
            td_string!(locale, compare.charts.homes.bar, title = network, kind = kind, value = value, share = share)
        }
        ChartPhrase::Errors => td_string!(locale, compare.charts.errors.drawn).to_owned(),
        ChartPhrase::Across => td_string!(locale, compare.charts.errors.across).to_owned(),
        ChartPhrase::Bubble(bubble) => td_string!(
            locale,
            compare.charts.errors.bubble,
            title = bubble.title.as_str(),
            error = percent(locale, bubble.error, 2),
            macs = count(locale, bubble.macs),
            parameters = count(locale, bubble.parameters)
        ),
    }
}
