//! What can be saved: text as it is, and a chart as SVG or, redrawn by the browser, as PNG.

use std::sync::Arc;

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement, Url};

use crate::app::picture::new_canvas;
use crate::compare::chart::{Chart, Hit};
use crate::compare::{Cells, TableFormat};

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
        cells: impl Fn() -> Cells + Clone + Send + Sync + 'static,
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
            let row = |hit: &Hit| {
                vec![
                    hit.network.clone(),
                    hit.part.clone().unwrap_or_default(),
                    format!("{}", hit.value),
                    hit.title.clone(),
                ]
            };
            let cells = Cells::new(&["network", "part", "value", "what"], &[2], hits.iter().map(row).collect());
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
        if self.raster { png(&text).await } else { blob(&text, self.kind) }
    }
}

fn blob(text: &str, kind: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)
}

/// An SVG, drawn on a canvas.
async fn png(svg: &str) -> Result<Blob, JsValue> {
    let url = Url::create_object_url_with_blob(&blob(svg, "image/svg+xml")?)?;
    let image = HtmlImageElement::new()?;
    image.set_src(&url);
    let decoded = JsFuture::from(image.decode()).await;
    let drawn = decoded.and_then(|_| {
        let (width, height) =
            (f64::from(image.natural_width()) * SHARPNESS, f64::from(image.natural_height()) * SHARPNESS);
        let fresh = new_canvas(width as u32, height as u32);
        let (canvas, context) = fresh.ok_or_else(|| JsValue::from_str("there is no canvas"))?;
        context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
        Ok(canvas)
    });
    Url::revoke_object_url(&url)?;
    to_blob(&drawn?).await
}

async fn to_blob(canvas: &HtmlCanvasElement) -> Result<Blob, JsValue> {
    let promise = js_sys::Promise::new(&mut |resolve, reject| {
        if let Err(error) = canvas.to_blob(&resolve) {
            // Nothing waits for what a rejection gives.
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    JsFuture::from(promise).await?.dyn_into().map_err(|_| JsValue::from_str("the canvas gives no picture"))
}

/// Has the browser save a blob under a name.
fn save(blob: &Blob, file: &str) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(file);
    link.click();
    // The browser has taken it by then.
    set_timeout(
        move || {
            // An address that stays costs memory until the page is left.
            let _ = Url::revoke_object_url(&url);
        },
        std::time::Duration::from_secs(60),
    );
    Ok(())
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
    let said = RwSignal::new(String::new());
    let button = |one: Saved| {
        let title = one.title;
        let label = move || format!("Save {} as {title}", name.read());
        let press = move |_| {
            let one = one.clone();
            spawn_local(async move {
                let done = match one.blob().await {
                    Ok(blob) => save(&blob, &one.file),
                    Err(error) => Err(error),
                };
                said.set(match done {
                    Ok(()) => String::new(),
                    Err(_) => format!("The browser could not make a {title} of it; the other formats hold the same."),
                });
            });
        };
        view! { <button class="small-button" aria-label=label on:click=press>{title}</button> }
    };
    view! {
        <span class="tools">{saved.into_iter().map(button).collect_view()}</span>
        <span role="status" class="soft small">{move || said.get()}</span>
    }
}
