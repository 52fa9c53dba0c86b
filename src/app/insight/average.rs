//! Global average pooling: the map that becomes one number.

use std::sync::Arc;

use leptos::prelude::*;

use super::parts::{ALONE, Found, cells, extent_of, figure, name_of, number, percent};
use crate::net::Graph;
use crate::stage::{GlobalAverage, Insight};

fn with<R>(found: Found, look: impl FnOnce(&GlobalAverage) -> R) -> Option<R> {
    found.with(|insight| match insight {
        Some(Insight::GlobalAverage(average)) => Some(look(average)),
        _ => None,
    })
}

fn sentence(average: &GlobalAverage) -> String {
    format!("{} values become one, their mean: {}.", average.values.len(), number(average.mean))
}

/// What the pixel that counts most brings.
fn largest(average: &GlobalAverage) -> String {
    let most = average.largest;
    let ((row, column), value) = (most.cell, number(f64::from(most.value)));
    let share = most.share.map(|share| format!(", {} of the mean", percent(share))).unwrap_or_default();
    format!(
        "Row {}, column {} counts most: {value} / {} = {}{share}.",
        row + 1,
        column + 1,
        average.values.len(),
        number(most.part)
    )
}

pub(super) fn view(graph: Signal<Arc<Graph>>, found: Found, columns: usize) -> AnyView {
    let map = Signal::derive(move || with(found, |a| cells(&a.values, a.columns, extent_of(&[&a.values]))));
    let title = move || with(found, |a| format!("· {} map {}", name_of(&graph.read(), a.input), a.map + 1));
    view! {
        <h3 class="caps">"A map as one number " <span>{title}</span></h3>
        <p>{move || with(found, sentence)}</p>
        <div class="insight-maps one">
            {figure(map, columns, ALONE, "before")}
            <b aria-hidden="true">"→"</b>
            <b class="mono">{move || with(found, |a| number(a.mean))}</b>
        </div>
        <p class="soft small">{move || with(found, largest)}</p>
    }
    .into_any()
}
