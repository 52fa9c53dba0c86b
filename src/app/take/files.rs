//! The selected map, the architecture and the activations of the last pass, as files.

use std::collections::BTreeMap;
use words::i18n::Locale;

use leptos::prelude::*;
use wasm_bindgen::Clamped;
use web_sys::{Blob, ImageData};

use super::export::{ExportError, Exported};
use crate::app::browser::save::{blob, save, to_blob};
use crate::app::components::picture::{new_canvas, theme};
use crate::app::maps::ramp;
use crate::app::runner;
use crate::app::state::Page;
use analysis::export;
use engine::Extent;
use net::{NodeId, Shape};
use scene::architecture_svg::{ArchitectureOptions, svg};
use scene::grid;
use scene::paint::rasterise;

/// The least side of the picture of a map, in pixels. A cell takes as many whole pixels as that needs.
const MIN_SIDE_PX: usize = 512;

/// The selected map.
struct SelectedMap {
    node: NodeId,
    /// The name of its file, without the extension.
    name: String,
    values: Vec<f32>,
    /// Its rows and columns in the picture.
    sides: (usize, usize),
    shape: Vec<usize>,
}

impl SelectedMap {
    fn of(page: Page) -> Result<Self, ExportError> {
        let frame = page.run.readout().get_untracked().ok_or(ExportError::NoPass)?;
        let (node, map, values) = frame.map.clone();
        let graph = page.network.graph().get_untracked();
        let this = graph.node(node);
        let (network, layer) = (graph.name, &this.name);
        Ok(match this.shape {
            Shape::Maps { height, width, .. } => {
                let name = format!("{network}-{layer}-map{}", map + 1);
                Self { node, name, values, sides: (height, width), shape: vec![height, width] }
            }
            Shape::Vector(n) => {
                let (columns, rows) = grid(this.shape);
                Self { node, name: format!("{network}-{layer}"), values, sides: (rows, columns), shape: vec![n] }
            }
        })
    }
}

fn save_blob(blob: &Blob, file: &str) -> Result<Exported, ExportError> {
    save(blob, file).map_err(|error| ExportError::of_browser(&error))?;
    Ok(Exported::File(file.to_owned()))
}

fn save_bytes(bytes: &[u8], kind: &str, file: &str) -> Result<Exported, ExportError> {
    save_blob(&blob(bytes, kind).map_err(|error| ExportError::of_browser(&error))?, file)
}

/// Saves the selected map as PNG, with colours scaled to its own extent.
pub(super) async fn map_png(page: Page) -> Result<Exported, ExportError> {
    let SelectedMap { node, name, mut values, sides: (rows, columns), .. } = SelectedMap::of(page)?;
    values.resize(rows * columns, 0.0);
    let ramp = ramp(&page.network.graph().get_untracked(), node);
    let extent = Extent::of(&values);
    let rgba = rasterise(&values, (columns, rows), ramp, theme(page.appearance.dark.get_untracked()), extent, 0.0);
    let fault = |error| ExportError::of_browser(&error);
    let image = ImageData::new_with_u8_clamped_array(Clamped(&rgba), columns as u32).map_err(fault)?;
    let cell = MIN_SIDE_PX.div_ceil(rows.max(columns).max(1)) as u32;
    let (small, on_small) = new_canvas(columns as u32, rows as u32).ok_or(ExportError::Canvas)?;
    on_small.put_image_data(&image, 0.0, 0.0).map_err(fault)?;
    let (large, on_large) = new_canvas(columns as u32 * cell, rows as u32 * cell).ok_or(ExportError::Canvas)?;
    on_large.set_image_smoothing_enabled(false);
    let (width, height) = (f64::from(large.width()), f64::from(large.height()));
    on_large.draw_image_with_html_canvas_element_and_dw_and_dh(&small, 0.0, 0.0, width, height).map_err(fault)?;
    let png = to_blob(&large).await.map_err(fault)?;
    save_blob(&png, &format!("{name}.png"))
}

/// Saves the architecture with its current folds and ablations as SVG.
pub(super) async fn architecture(page: Page) -> Result<Exported, ExportError> {
    let (graph, scene, effects) = (
        page.network.graph().get_untracked(),
        page.view.scene().get_untracked(),
        page.ablation.effects().get_untracked(),
    );
    let text = svg(&graph, &scene, &ArchitectureOptions { effects: &effects });
    save_bytes(text.as_bytes(), "image/svg+xml", &format!("{}.svg", graph.name))
}

/// Saves the values of the selected map as CSV.
pub(super) async fn map_csv(page: Page) -> Result<Exported, ExportError> {
    let SelectedMap { name, values, sides: (_, columns), shape, .. } = SelectedMap::of(page)?;
    let columns = if shape.len() == 1 { shape[0] } else { columns };
    save_bytes(export::write_csv(&values, columns).as_bytes(), "text/csv", &format!("{name}.csv"))
}

/// Saves the values of the selected map in the format of NumPy.
pub(super) async fn map_npy(page: Page) -> Result<Exported, ExportError> {
    let SelectedMap { name, values, shape, .. } = SelectedMap::of(page)?;
    save_bytes(&export::write_npy(&values, &shape), "application/octet-stream", &format!("{name}.npy"))
}

/// Saves all outputs of the last pass.
pub(super) async fn activations(page: Page) -> Result<Exported, ExportError> {
    let graph = page.network.graph().get_untracked();
    let outputs = runner::activations(page).await?;
    let ablations = page.ablation.ablations().read_untracked().write(&graph);
    let mut metadata = BTreeMap::new();
    metadata.insert("network".to_owned(), graph.name.to_owned());
    if let Some(weights) = page.network.supply.opened.get_untracked() {
        metadata.insert("weights".to_owned(), weights.label(Locale::en));
    }
    if !ablations.is_empty() {
        metadata.insert("cut".to_owned(), ablations);
    }
    let bytes = export::activations(&graph, &outputs, &metadata);
    let bytes = bytes.map_err(|error| ExportError::Message(error.to_string()))?;
    save_bytes(&bytes, "application/octet-stream", &format!("{}-activations.safetensors", graph.name))
}
