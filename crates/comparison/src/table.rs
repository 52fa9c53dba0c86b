//! The table: a row for each network, a column for each measure, and the sources of the published errors.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_i18n::{I18nContext, t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use super::colours::colour_style;
use super::comparison::{ComparedNetwork, Comparison};
use super::download::{DownloadButtons, FileDownload};
use super::link::stage_address;
use super::terms;
use analysis::compare::{self, Measure, PublishedResult};
use layerscope::app::wording::numbers::count;

/// One value of a network: against the baseline if there is one, and with the share of the auxiliary classifiers if
/// they count.
fn cell(
    locale: Locale,
    measure: Measure,
    compared: &ComparedNetwork,
    baseline: Option<&ComparedNetwork>,
    with_auxiliary: bool,
) -> impl IntoView + use<> {
    let column = &compared.column;
    let Some(value) = measure.value(column) else {
        let none = td_string!(locale, compare.table.none);
        return view! {
            <td>
                <span class="faint" title=none>
                    "—"
                </span>
            </td>
        }
        .into_any();
    };
    let text = match measure {
        Measure::Input => {
            column.input_shape.iter().skip(1).rev().map(ToString::to_string).collect::<Vec<_>>().join(" × ")
        }
        _ => terms::figure(locale, measure, value),
    };
    let exact = measure.exact(value).map(|exact| view! { <span class="exact">{count(locale, exact)}</span> });
    let side = match measure {
        Measure::Parameters if column.auxiliary.parameters > 0 => Some(column.auxiliary.parameters),
        Measure::Macs if column.auxiliary.macs > 0 => Some(column.auxiliary.macs),
        _ => None,
    };
    let side = side.filter(|_| with_auxiliary).map(|side| {
        let text = td_string!(locale, compare.table.side, value = terms::figure(locale, measure, side as f64));
        view! {
            <span class="exact wraps" title=td_string!(locale, compare.table.side_hint)>
                {text}
            </span>
        }
    });
    let against = baseline.and_then(|baseline| compare::compare_with_baseline(measure, column, &baseline.column));
    let against = against.map(|against| {
        // The text wraps between the difference and the ratio only.
        let text = terms::against(locale, measure, against);
        let parts: Vec<_> = text.split_inclusive(", ").map(|part| view! { <span>{part.to_owned()}</span> }).collect();
        view! { <span class="against">{parts}</span> }
    });
    let title = measure.result(column).map(|mark| {
        let pictures = terms::pictures(locale, mark.on);
        td_string!(locale, compare.table.hint, source = mark.source, pictures = pictures)
    });
    view! {
        <td title=title data-value=measure.plain(value)>
            <b>{text}</b>
            {exact}
            {side}
            {against}
        </td>
    }
    .into_any()
}

/// A row of the table.
#[component]
fn NetworkRow(
    /// The key of the network.
    key: String,
) -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    let compared = untrack(|| comparison.find(&key));
    let (title, network) =
        compared.map(|compared| (compared.column.title.to_string(), compared.column.network)).unwrap_or_default();
    let key = StoredValue::new(key);
    let find = move || comparison.find(&key.read_value());
    let pinned = move || comparison.baseline.read().as_deref() == Some(key.read_value().as_str());
    let pin = move |_| comparison.baseline.set((!untrack(pinned)).then(|| key.get_value()));
    let colour = move || find().map(|compared| colour_style(compared.place));
    let cells = move || {
        let (compared, with_auxiliary, locale) = (find()?, comparison.with_auxiliary.get(), words.get_locale());
        let baseline = comparison.baseline.get().filter(|_| !pinned());
        let baseline = baseline.and_then(|baseline| comparison.find(&baseline));
        Some(
            Measure::ALL
                .map(|measure| cell(locale, measure, &compared, baseline.as_deref(), with_auxiliary))
                .into_iter()
                .collect_view(),
        )
    };
    let label = {
        let title = title.clone();
        move || td_string!(words.get_locale(), compare.table.pin_as, title = title.as_str())
    };
    view! {
        <tr class:pinned=pinned>
            <th scope="row">
                <span class="swatch" style=colour aria-hidden="true"></span>
                <a href=stage_address(network, None)>{title.clone()}</a>
                <button
                    class="pin"
                    aria-pressed=move || pinned().to_string()
                    aria-label=label
                    title=move || t_string!(words, compare.table.pin_hint)
                    on:click=pin
                >
                    {t!(words, compare.table.pin)}
                </button>
            </th>
            {cells}
        </tr>
    }
}

/// The head of a column, which sorts by it.
fn head(words: I18nContext<Locale>, comparison: Comparison, measure: Measure) -> impl IntoView {
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
            <button
                title=move || terms::sentence(words.get_locale(), measure)
                on:click=move |_| comparison.order.update(|order| *order = order.after_click(measure))
            >
                {move || terms::title(words.get_locale(), measure)}
                <span aria-hidden="true">{sign}</span>
            </button>
        </th>
    }
}

/// Describes a published error in a sentence.
fn description(locale: Locale, compared: &ComparedNetwork, mark: &PublishedResult) -> String {
    let percent = |value: f64| terms::percent(locale, value, 2);
    let errors = match (mark.top1.map(percent), mark.top5.map(percent)) {
        (Some(top1), Some(top5)) => td_string!(locale, compare.table.both, top1 = top1, top5 = top5),
        (Some(top1), None) => td_string!(locale, compare.table.top1, value = top1),
        (None, Some(top5)) => td_string!(locale, compare.table.top5, value = top5),
        (None, None) => String::new(),
    };
    let models = match mark.models {
        1 => td_string!(locale, compare.table.single).to_owned(),
        many => td_string!(locale, compare.table.voting, count = count(locale, many.into())),
    };
    td_string!(
        locale,
        compare.table.source,
        title = compared.column.title.as_ref(),
        errors = errors,
        models = models,
        pictures = terms::pictures(locale, mark.on)
    )
}

fn sources(locale: Locale, all: &[Arc<ComparedNetwork>]) -> impl IntoView + use<> {
    let lines = all.iter().flat_map(|compared| {
        compared.column.published_results.iter().map(move |mark| (description(locale, compared, mark), mark.source))
    });
    lines.map(|(line, source)| view! { <li>{line}" "<cite lang="en">{source}</cite></li> }).collect_view()
}

/// The table with its downloads.
#[component]
pub(super) fn CostTable() -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    let cells = move || {
        let all = comparison.ordered();
        compare::table(&all.iter().map(|compared| &compared.column).collect::<Vec<_>>())
    };
    let json = move || {
        let all = comparison.ordered();
        let columns: Vec<_> = all.iter().map(|compared| &compared.column).collect();
        serde_json::to_string_pretty(&columns).unwrap_or_default()
    };
    let downloads = FileDownload::of_table("compare", cells, json);
    view! {
        <section>
            <h2 id="table-title">{t!(words, compare.table.title)}</h2>
            <div class="table-frame" tabindex="0" role="region" aria-labelledby="table-title">
                <table class="times figures">
                    <thead>
                        <tr>
                            <th scope="col">{t!(words, compare.table.network)}</th>
                            {Measure::ALL.map(|measure| head(words, comparison, measure)).into_iter().collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || comparison.keys() key=String::clone let:key>
                            <NetworkRow key />
                        </For>
                    </tbody>
                </table>
            </div>
            <div class="bench-run">
                <DownloadButtons name=move || t_string!(words, compare.save.table) downloads />
            </div>
            <details>
                <summary>{t!(words, compare.table.sources)}</summary>
                <ul class="sources">{move || sources(words.get_locale(), &comparison.ordered())}</ul>
            </details>
        </section>
    }
}
