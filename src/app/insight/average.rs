//! Global average pooling: a map becomes its mean.

use leptos_i18n::{t, t_string, td_string};
use std::sync::Arc;
use words::i18n::{Locale, use_i18n};

use leptos::prelude::*;

use super::parts::{ALONE, Found, cells, extent_of, figure, name_of, number, percent};
use net::Graph;
use scene::{GlobalAverage, Insight};

fn with<R>(found: Found, look: impl FnOnce(&GlobalAverage) -> R) -> Option<R> {
    found.with(|insight| match insight {
        Some(Insight::GlobalAverage(average)) => Some(look(average)),
        _ => None,
    })
}

/// Returns a sentence with the count of the values and their mean.
fn sentence(locale: Locale, average: &GlobalAverage) -> String {
    td_string!(locale, insight.average.says, count = average.values.len(), mean = number(average.mean))
}

/// Returns a sentence on the pixel that contributes most to the mean.
fn largest(locale: Locale, average: &GlobalAverage) -> String {
    let most = average.largest;
    let ((row, column), value) = (most.cell, number(f64::from(most.value)));
    let (row, column, count, part) = (row + 1, column + 1, average.values.len(), number(most.part));
    match most.share {
        Some(share) => td_string!(
            locale,
            insight.average.most_share,
            row = row,
            column = column,
            value = value,
            count = count,
            part = part,
            share = percent(share)
        ),
        None => td_string!(
            locale,
            insight.average.most,
            row = row,
            column = column,
            value = value,
            count = count,
            part = part
        ),
    }
}

/// Renders the insight into global average pooling.
pub(super) fn view(graph: Signal<Arc<Graph>>, found: Found, columns: usize) -> AnyView {
    let words = use_i18n();
    let map = Signal::derive(move || with(found, |a| cells(&a.values, a.columns, extent_of(&[&a.values]))));
    let title = move || {
        with(found, |a| {
            let layer = name_of(&graph.read(), a.input);
            t_string!(words, insight.average.of, layer = layer, map = a.map + 1)
        })
    };
    view! {
        <h3 class="caps">{t!(words, insight.average.title)}" " <span>{title}</span></h3>
        <p>{move || with(found, |a| sentence(words.get_locale(), a))}</p>
        <div class="insight-maps one">
            {figure(map, columns, ALONE, |locale| td_string!(locale, insight.before))} <b aria-hidden="true">"→"</b>
            <b class="mono">{move || with(found, |a| number(a.mean))}</b>
        </div>
        <p class="soft small">{move || with(found, |a| largest(words.get_locale(), a))}</p>
    }
    .into_any()
}
