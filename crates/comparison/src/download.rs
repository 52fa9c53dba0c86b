//! DownloadButtons: text as it is, and a chart as SVG or, drawn by the browser, as PNG.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::td_string;
use wasm_bindgen::JsValue;
use web_sys::Blob;
use words::i18n::use_i18n;

use analysis::compare::chart::{Chart, HitArea};
use analysis::compare::{TableFormat, TextTable};
use layerscope::app::browser::save::{blob, png, save};

/// Pixels of a PNG per pixel of the chart.
const PNG_SCALE: f64 = 2.0;

/// Something that can be downloaded as a file.
#[derive(Clone)]
pub(super) struct FileDownload {
    /// The name of the format: `CSV`.
    title: &'static str,
    file: String,
    kind: &'static str,
    text: Arc<dyn Fn() -> String + Send + Sync>,
    /// True if the text is an SVG that is downloads as PNG.
    is_raster: bool,
}

impl FileDownload {
    fn new(
        title: &'static str,
        file: impl Into<String>,
        kind: &'static str,
        text: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self {
        Self { title, file: file.into(), kind, text: Arc::new(text), is_raster: false }
    }

    /// Returns a table as CSV, JSON and Markdown.
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

    /// Returns a chart as SVG and PNG, and its values as CSV.
    pub(super) fn of_chart(name: &str, chart: Signal<Chart>) -> Vec<Self> {
        let file = |ending: &str| format!("layerscope-{name}.{ending}");
        let svg = move || chart.read_untracked().svg.clone();
        let mut png = Self::new("PNG", file("png"), "image/png", svg);
        png.is_raster = true;
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
        if self.is_raster { png(&text, PNG_SCALE).await } else { blob(text.as_bytes(), self.kind) }
    }
}

/// A button for each format.
#[component]
pub(super) fn DownloadButtons(
    /// The name of the table or chart.
    #[prop(into)]
    name: Signal<String>,
    /// The formats.
    downloads: Vec<FileDownload>,
) -> impl IntoView {
    let words = use_i18n();
    // The format that could not be downloads.
    let failed = RwSignal::new(None::<&'static str>);
    let button = |one: FileDownload| {
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
        view! {
            <button class="small-button" aria-label=label on:click=press>
                {title}
            </button>
        }
    };
    let status = move || failed.get().map(|title| td_string!(words.get_locale(), compare.save.failed, format = title));
    view! {
        <span class="tools">{downloads.into_iter().map(button).collect_view()}</span>
        <span role="status" class="soft small">
            {status}
        </span>
    }
}
