//! The results: a table of times, the layers of each row, and everything as JSON.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::report::{TimingFailure, TimingReport};
use crate::app::browser::clipboard;
use crate::app::wording::format::percent;
use crate::app::wording::language::Words;
use analysis::timing::{BenchRow, LayerTime};
use messages::Explain as _;

/// Layers with a smaller share of the time are summed up.
const MIN_SHARE: f64 = 0.01;

/// Writes a time with at least three digits.
fn ms(milliseconds: f64) -> String {
    match milliseconds {
        ms if ms >= 100.0 => format!("{ms:.0}"),
        ms if ms >= 10.0 => format!("{ms:.1}"),
        ms => format!("{ms:.2}"),
    }
}

/// The results, once there are some.
#[component]
pub(super) fn Results(report: RwSignal<TimingReport>, running: Signal<bool>) -> impl IntoView {
    let any = move || !report.read().rows.is_empty() || !report.read().failures.is_empty();
    move || {
        any().then(|| {
            view! {
                <Tables report=report.get() />
                <Json report=report.get() running />
            }
        })
    }
}

#[component]
fn Tables(report: TimingReport) -> impl IntoView {
    let words = use_i18n();
    let row = |row: &BenchRow| {
        let times = row.times;
        let numbers = [times.median_ms, times.p10_ms, times.p90_ms].map(|time| view! { <td>{ms(time)}</td> });
        view! {
            <tr>
                <th scope="row">{row.network}</th>
                <td>{row.engine}</td>
                <td>{times.passes}</td>
                {numbers}
                <td>{format!("{:.2}", row.gflops)}</td>
                <td>{format!("{:.2}", row.gbytes_per_second)}</td>
                <td class="words">{row.adapter.clone()}</td>
            </tr>
        }
    };
    let failure = |failure: &TimingFailure| {
        let error = Arc::clone(&failure.error);
        view! {
            <tr>
                <th scope="row">{failure.network.clone()}</th>
                <td>{failure.engine}</td>
                <td class="words" colspan="7">
                    {move || error.text(words.get_locale())}
                </td>
            </tr>
        }
    };
    let heads = move || {
        [
            t_string!(words, bench.times.network),
            t_string!(words, bench.times.engine),
            t_string!(words, bench.times.passes),
            t_string!(words, bench.times.median),
            t_string!(words, bench.times.p10),
            t_string!(words, bench.times.p90),
            "GFLOP/s",
            "GB/s",
            t_string!(words, bench.times.adapter),
        ]
        .map(|head| view! { <th scope="col">{head}</th> })
    };
    view! {
        <section>
            <h2 id="times-title">{t!(words, bench.times.title)}</h2>
            <div class="table-frame" tabindex="0" role="region" aria-labelledby="times-title">
                <table class="times">
                    <thead>
                        <tr>{heads}</tr>
                    </thead>
                    <tbody>
                        {report.rows.iter().map(row).collect_view()}
                        {report.failures.iter().map(failure).collect_view()}
                    </tbody>
                </table>
            </div>
            <p class="soft small">{t!(words, bench.times.hint)}</p>
            <h2>{t!(words, bench.layers.title)}</h2>
            {report.rows.iter().map(|row| layers(words, row)).collect_view()}
        </section>
    }
}

/// The layers of a row, each timed by itself.
fn layers(words: Words, row: &BenchRow) -> impl IntoView + use<> {
    let (shown, small): (Vec<&LayerTime>, Vec<_>) = row.layers.iter().partition(|layer| layer.share >= MIN_SHARE);
    let most = row.layers.iter().map(|layer| layer.share).fold(MIN_SHARE, f64::max);
    let sum: f64 = row.layers.iter().map(|layer| layer.milliseconds).sum();
    let line = |name: Signal<String>, kernel: &'static str, milliseconds: f64, share: f64| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="words">{kernel}</td>
                <td>{ms(milliseconds)}</td>
                <td>{percent(share as f32)}</td>
                <td class="bar" aria-hidden="true">
                    <i style=format!("width:{:.2}%", (100.0 * share / most).min(100.0))></i>
                </td>
            </tr>
        }
    };
    let lines: Vec<_> = shown
        .iter()
        .map(|layer| {
            line(Signal::stored(layer.layer.clone()), layer.kernel.unwrap_or_default(), layer.milliseconds, layer.share)
        })
        .collect();
    let rest = (!small.is_empty()).then(|| {
        let (ms, share) =
            small.iter().fold((0.0, 0.0), |(ms, share), layer| (ms + layer.milliseconds, share + layer.share));
        let count = small.len();
        line(Signal::derive(move || t_string!(words, bench.layers.smaller, count = count)), "", ms, share)
    });
    let (network, engine) = (row.network, row.engine.to_uppercase());
    let title = move || t_string!(words, bench.layers.of, network = network, engine = engine.clone());
    let (count, time) = (row.layers.len(), ms(sum));
    let steps = move || t_string!(words, bench.layers.steps, count = count, time = time.clone());
    view! {
        <details>
            <summary>{title}" "<span class="soft">{steps}</span></summary>
            <div class="table-frame">
                <table class="times layers">
                    <thead>
                        <tr>
                            <th scope="col">{t!(words, bench.layers.layer)}</th>
                            <th scope="col">{t!(words, bench.layers.kernel)}</th>
                            <th scope="col">"ms"</th>
                            <th scope="col">{t!(words, bench.layers.share)}</th>
                            <td></td>
                        </tr>
                    </thead>
                    <tbody>{lines}{rest}</tbody>
                </table>
            </div>
        </details>
    }
}

#[component]
fn Json(report: TimingReport, running: Signal<bool>) -> impl IntoView {
    let text = serde_json::to_string_pretty(&report).unwrap_or_default();
    let address = format!("data:application/json,{}", js_sys::encode_uri_component(&text));
    let (words, has_copied) = (use_i18n(), RwSignal::new(None::<bool>));
    let copied = text.clone();
    let copy = move |_| {
        let copied = copied.clone();
        spawn_local(async move { has_copied.set(Some(clipboard::copy(&copied).await.is_ok())) });
    };
    let status = move || match (running.get(), has_copied.get()) {
        (true, _) => t_string!(words, bench.json.more),
        (false, Some(true)) => t_string!(words, bench.json.copied),
        (false, Some(false)) => t_string!(words, bench.json.refused),
        (false, None) => "",
    };
    view! {
        <section>
            <h2>{t!(words, bench.json.title)}</h2>
            <div class="bench-run">
                <button on:click=copy>{t!(words, bench.json.copy)}</button>
                <a class="button" href=address download="layerscope-bench.json">
                    {t!(words, bench.json.save)}
                </a>
                <p role="status" class="soft">
                    {status}
                </p>
            </div>
            <details>
                <summary>{t!(words, bench.json.show)}</summary>
                <pre aria-label=move || t_string!(words, bench.json.name) tabindex="0">
                    {text}
                </pre>
            </details>
        </section>
    }
}
