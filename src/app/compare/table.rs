//! The table: a row for each network, a column for each figure, and the sources of what was published.

use std::sync::Arc;

use leptos::prelude::*;

use super::export::{Saved, Tools};
use super::{Comparison, Shown, stage};
use crate::compare::{self, Mark, Measure};

/// One figure of a network, against the baseline's where there is one, with what side classifiers have of it where they
/// are counted.
fn cell(measure: Measure, shown: &Shown, baseline: Option<&Shown>, with_side: bool) -> impl IntoView + use<> {
    let column = &shown.column;
    let Some(value) = measure.value(column) else {
        return view! { <td><span class="faint" title="None was published.">"—"</span></td> }.into_any();
    };
    let text = match measure {
        Measure::Input => {
            column.input_shape.iter().skip(1).rev().map(ToString::to_string).collect::<Vec<_>>().join(" × ")
        }
        _ => measure.text(value),
    };
    let exact = measure.exact(value).map(|exact| view! { <span class="exact">{exact}</span> });
    let side = match measure {
        Measure::Parameters if column.side.parameters > 0 => Some(measure.text(column.side.parameters as f64)),
        Measure::Macs if column.side.macs > 0 => Some(measure.text(column.side.macs as f64)),
        _ => None,
    };
    let side = side.filter(|_| with_side).map(|side| {
        let title = "Side classifiers are left out once the network is trained.";
        view! { <span class="exact wraps" title=title>{format!("side classifiers {side}")}</span> }
    });
    let against = baseline.and_then(|baseline| compare::against(measure, column, &baseline.column));
    let against = against.map(|against| {
        // It wraps between the difference and the ratio, nowhere else.
        let text = against.text(measure);
        let parts: Vec<_> = text.split_inclusive(", ").map(|part| view! { <span>{part.to_owned()}</span> }).collect();
        view! { <span class="against">{parts}</span> }
    });
    let title = measure.mark(column).map(|mark| format!("{}: {}", mark.source, mark.on));
    view! { <td title=title data-value=measure.plain(value)><b>{text}</b>{exact}{side}{against}</td> }.into_any()
}

/// A row of the table.
#[component]
fn Line(
    /// What it goes by.
    key: String,
) -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    let shown = untrack(|| comparison.find(&key));
    let (title, network) =
        shown.map(|shown| (shown.column.title.to_string(), shown.column.network)).unwrap_or_default();
    let key = StoredValue::new(key);
    let find = move || comparison.find(&key.read_value());
    let pinned = move || comparison.baseline.read().as_deref() == Some(key.read_value().as_str());
    let pin = move |_| comparison.baseline.set((!untrack(pinned)).then(|| key.get_value()));
    let colour = move || find().map(|shown| Comparison::colour(shown.place));
    let cells = move || {
        let (shown, with_side) = (find()?, comparison.side.get());
        let baseline = comparison.baseline.get().filter(|_| !pinned());
        let baseline = baseline.and_then(|baseline| comparison.find(&baseline));
        Some(
            Measure::ALL
                .map(|measure| cell(measure, &shown, baseline.as_deref(), with_side))
                .into_iter()
                .collect_view(),
        )
    };
    view! {
        <tr class:pinned=pinned>
            <th scope="row">
                <span class="swatch" style=colour aria-hidden="true"></span>
                <a href=stage(network, None)>{title.clone()}</a>
                <button class="pin" aria-pressed=move || pinned().to_string() aria-label=format!("Pin {title} as baseline")
                    title="Show the others' differences and ratios to this one" on:click=pin>
                    "pin"
                </button>
            </th>
            {cells}
        </tr>
    }
}

/// The head of a figure's column, which orders by it.
fn head(comparison: Comparison, measure: Measure) -> impl IntoView {
    let order = move || comparison.order.get();
    let sort = move || match (order().by == Some(measure), order().descending) {
        (false, _) => "none",
        (true, true) => "descending",
        (true, false) => "ascending",
    };
    let sign = move || match sort() {
        "descending" => " ↓",
        "ascending" => " ↑",
        _ => "",
    };
    view! {
        <th scope="col" aria-sort=sort>
            <button title=measure.sentence() on:click=move |_| comparison.order.update(|order| *order = order.pressed(measure))>
                {measure.title()}<span aria-hidden="true">{sign}</span>
            </button>
        </th>
    }
}

/// Where a published figure stands, in a sentence.
fn told(shown: &Shown, mark: &Mark) -> String {
    let error = |name: &str, value: Option<f64>| value.map(|value| format!("{name} {value:.2} %"));
    let errors: Vec<String> = [error("top-1", mark.top1), error("top-5", mark.top5)].into_iter().flatten().collect();
    let models = match mark.models {
        1 => "one network".to_owned(),
        count => format!("{count} networks that vote"),
    };
    format!("{}: {}, {models}; {}. {}.", shown.column.title, errors.join(", "), mark.on, mark.source)
}

fn sources(all: &[Arc<Shown>]) -> impl IntoView + use<> {
    let lines: Vec<String> =
        all.iter().flat_map(|shown| shown.column.marks.iter().map(move |mark| told(shown, mark))).collect();
    view! {
        <details>
            <summary>"Where the errors were published"</summary>
            <ul class="sources">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
        </details>
    }
}

/// The table, with what it can be saved as.
#[component]
pub(super) fn Table() -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    let cells = move || {
        let all = comparison.ordered();
        compare::table(&all.iter().map(|shown| &shown.column).collect::<Vec<_>>())
    };
    let json = move || {
        let all = comparison.ordered();
        let columns: Vec<_> = all.iter().map(|shown| &shown.column).collect();
        serde_json::to_string_pretty(&columns).unwrap_or_default()
    };
    view! {
        <section>
            <h2 id="table-title">"Side by side"</h2>
            <div class="table-frame" tabindex="0" role="region" aria-labelledby="table-title">
                <table class="times figures">
                    <thead><tr><th scope="col">"Network"</th>{Measure::ALL.map(|measure| head(comparison, measure)).into_iter().collect_view()}</tr></thead>
                    <tbody><For each=move || comparison.keys() key=String::clone let:key><Line key/></For></tbody>
                </table>
            </div>
            <div class="bench-run"><Tools name="the table" saved=Saved::of_table("compare", cells, json)/></div>
            {move || sources(&comparison.ordered())}
        </section>
    }
}
