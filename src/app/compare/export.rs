//! What can be saved: text as it is, and a chart as SVG or, redrawn by the browser, as PNG.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::td_string;
use wasm_bindgen::JsValue;
use web_sys::Blob;
use words::i18n::use_i18n;

use crate::app::save::{blob, png, save};
use analysis::compare::chart::{Chart, HitArea};
use analysis::compare::{TableFormat, TextTable};

/// Pixels of a PNG for a pixel of the chart.
const SHARPNESS: f64 = 2.0;

/// Something that can be saved as a file.
#[derive(Clone)]
pub(super) struct Saved {
    /// What it is: `CSV`.
    title: &'static str,
    file: String,
    kind: &'static str,
    text: Arc<dyn Fn() -> String + Send + Sync>,
    /// Whether its text is an SVG that is saved as PNG.
    raster: bool,
}

impl Saved {
    fn new(
        title: &'static str,
        file: impl Into<String>,
        kind: &'static str,
        text: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self {
        Self { title, file: file.into(), kind, text: Arc::new(text), raster: false }
    }

    /// A table as CSV, JSON and Markdown.
    pub(super) fn of_table(
        name: &str,
        cells: impl Fn() -> TextTable + Clone + Send + Sync + 'static,
        json: impl Fn() -> String + Send + Sync + 'static,
    ) -> Vec<Self> {
        let file = |ending: &str| format!("layerscope-{name}.{ending}");
        let markdown = cells.clone();
        vec![
            Self::new("CSV", file("csv"), "text/csv", move || cells().text(TableFormat::Csv)),
            Self::new("JSON", file("json"), "application/json", json),
            Self::new("Markdown", file("md"), "text/markdown", move || markdown().text(TableFormat::Markdown)),
        ]
    }

    /// A chart as SVG, as PNG, and its values as CSV.
    pub(super) fn of_chart(name: &str, chart: Signal<Chart>) -> Vec<Self> {
        let file = |ending: &str| format!("layerscope-{name}.{ending}");
        let svg = move || chart.read_untracked().svg.clone();
        let mut png = Self::new("PNG", file("png"), "image/png", svg);
        png.raster = true;
        let values = move || {
            let hits = &chart.read_untracked().hits;
            let row = |hit: &HitArea| {
                vec![
                    hit.network.clone(),
                    hit.part.clone().unwrap_or_default(),
                    format!("{}", hit.value),
                    hit.title.clone(),
                ]
            };
            let cells = TextTable::new(&["network", "part", "value", "what"], &[2], hits.iter().map(row).collect());
            cells.text(TableFormat::Csv)
        };
        vec![
            Self::new("SVG", file("svg"), "image/svg+xml", svg),
            png,
            Self::new("CSV", file("csv"), "text/csv", values),
        ]
    }

    async fn blob(&self) -> Result<Blob, JsValue> {
        let text = (self.text)();
        if self.raster { png(&text, SHARPNESS).await } else { blob(text.as_bytes(), self.kind) }
    }
}

/// A button for each kind of file.
#[component]
pub(super) fn Tools(
    /// What is saved.
    #[prop(into)]
    name: Signal<String>,
    /// As what.
    saved: Vec<Saved>,
) -> impl IntoView {
    let words = use_i18n();
    // As what it could not be saved.
    let failed = RwSignal::new(None::<&'static str>);
    let button = |one: Saved| {
        let title = one.title;
        let label = move || {
            let name = name.read();
            td_string!(words.get_locale(), compare.save.format, name = name.as_str(), format = title)
        };
        let press = move |_| {
            let one = one.clone();
            spawn_local(async move {
                let done = match one.blob().await {
                    Ok(blob) => save(&blob, &one.file),
                    Err(error) => Err(error),
                };
                failed.set(done.is_err().then_some(title));
            });
        };
        view! { <button class="small-button" aria-label=label on:click=press>{title}</button> }
    };
    let said = move || failed.get().map(|title| td_string!(words.get_locale(), compare.save.failed, format = title));
    view! {
        <span class="tools">{saved.into_iter().map(button).collect_view()}</span>
        <span role="status" class="soft small">{said}</span>
    }
}
