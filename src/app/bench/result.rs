//! What was timed: a table, the layers of each row, and all of it as JSON.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::Report;
use super::times::Failure;
use crate::app::format::percent;
use crate::measure::{LayerTime, Row};

/// Layers with a smaller part of the time are summed up.
const LEAST_SHARE: f64 = 0.01;

/// A time with three digits, or as many as it has.
fn ms(milliseconds: f64) -> String {
    match milliseconds {
        ms if ms >= 100.0 => format!("{ms:.0}"),
        ms if ms >= 10.0 => format!("{ms:.1}"),
        ms => format!("{ms:.2}"),
    }
}

/// The results, where there are any.
#[component]
pub(super) fn Results(report: RwSignal<Report>, running: Signal<bool>) -> impl IntoView {
    let any = move || !report.read().rows.is_empty() || !report.read().failures.is_empty();
    move || any().then(|| view! { <Tables report=report.get()/> <Json report=report.get() running/> })
}

#[component]
fn Tables(report: Report) -> impl IntoView {
    let row = |row: &Row| {
        let spread = row.spread;
        let numbers = [spread.median_ms, spread.p10_ms, spread.p90_ms].map(|time| view! { <td>{ms(time)}</td> });
        view! {
            <tr>
                <th scope="row">{row.network}</th>
                <td>{row.engine}</td>
                <td>{spread.passes}</td>
                {numbers}
                <td>{format!("{:.2}", row.gflops)}</td>
                <td>{format!("{:.2}", row.gbytes_per_second)}</td>
                <td class="words">{row.adapter.clone()}</td>
            </tr>
        }
    };
    let failure = |failure: &Failure| {
        view! {
            <tr>
                <th scope="row">{failure.network.clone()}</th>
                <td>{failure.engine}</td>
                <td class="words" colspan="7">{failure.reason.clone()}</td>
            </tr>
        }
    };
    let heads = ["network", "engine", "passes", "median ms", "p10 ms", "p90 ms", "GFLOP/s", "GB/s", "adapter"];
    view! {
        <section>
            <h2 id="times-title">"Times"</h2>
            <div class="table-frame" tabindex="0" role="region" aria-labelledby="times-title">
                <table class="times">
                    <thead><tr>{heads.map(|head| view! { <th scope="col">{head}</th> })}</tr></thead>
                    <tbody>
                        {report.rows.iter().map(row).collect_view()}
                        {report.failures.iter().map(failure).collect_view()}
                    </tbody>
                </table>
            </div>
            <p class="soft small">
                "A tenth of the passes took no longer than p10, nine tenths no longer than p90. GFLOP/s count two operations "
                "to a multiply-accumulate; GB/s count each weight once, and what layers read and write."
            </p>
            <h2>"Where the time goes"</h2>
            {report.rows.iter().map(layers).collect_view()}
        </section>
    }
}

/// The layers of a row, each run by itself.
fn layers(row: &Row) -> impl IntoView + use<> {
    let (shown, small): (Vec<&LayerTime>, Vec<_>) = row.layers.iter().partition(|layer| layer.share >= LEAST_SHARE);
    let most = row.layers.iter().map(|layer| layer.share).fold(LEAST_SHARE, f64::max);
    let sum: f64 = row.layers.iter().map(|layer| layer.milliseconds).sum();
    let line = |name: String, kernel: &'static str, milliseconds: f64, share: f64| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="words">{kernel}</td>
                <td>{ms(milliseconds)}</td>
                <td>{percent(share as f32)}</td>
                <td class="bar" aria-hidden="true"><i style=format!("width:{:.2}%", (100.0 * share / most).min(100.0))></i></td>
            </tr>
        }
    };
    let lines: Vec<_> = shown
        .iter()
        .map(|layer| line(layer.layer.clone(), layer.kernel.unwrap_or_default(), layer.milliseconds, layer.share))
        .collect();
    let rest = (!small.is_empty()).then(|| {
        let (ms, share) =
            small.iter().fold((0.0, 0.0), |(ms, share), layer| (ms + layer.milliseconds, share + layer.share));
        line(format!("{} smaller", small.len()), "", ms, share)
    });
    let title = format!("{} on the {}", row.network, row.engine.to_uppercase());
    view! {
        <details>
            <summary>{title}" "<span class="soft">{format!("{} steps, {} ms one by one", row.layers.len(), ms(sum))}</span></summary>
            <div class="table-frame">
                <table class="times layers">
                    <thead><tr><th scope="col">"layer"</th><th scope="col">"kernel"</th><th scope="col">"ms"</th><th scope="col">"of the time"</th><td></td></tr></thead>
                    <tbody>{lines}{rest}</tbody>
                </table>
            </div>
        </details>
    }
}

#[component]
fn Json(report: Report, running: Signal<bool>) -> impl IntoView {
    let text = serde_json::to_string_pretty(&report).unwrap_or_default();
    let address = format!("data:application/json,{}", js_sys::encode_uri_component(&text));
    let said = RwSignal::new("");
    let copied = text.clone();
    let copy = move |_| {
        let promise = window().navigator().clipboard().write_text(&copied);
        spawn_local(async move {
            let done = JsFuture::from(promise).await.is_ok();
            said.set(if done {
                "Copied."
            } else {
                "The browser does not let it be copied; save it, or mark the text."
            });
        });
    };
    view! {
        <section>
            <h2>"As JSON"</h2>
            <div class="bench-run">
                <button on:click=copy>"Copy JSON"</button>
                <a class="button" href=address download="layerscope-bench.json">"Save JSON"</a>
                <p role="status" class="soft">{move || if running.get() { "More is being timed." } else { said.get() }}</p>
            </div>
            <details>
                <summary>"Show JSON"</summary>
                <pre aria-label="Result as JSON" tabindex="0">{text}</pre>
            </details>
        </section>
    }
}
