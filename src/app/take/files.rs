//! The map in focus, and the activations of the last pass, as files.

use std::collections::BTreeMap;
use words::i18n::Locale;

use leptos::prelude::*;
use wasm_bindgen::Clamped;
use web_sys::{Blob, ImageData};

use super::{TakeError, Taken};
use crate::app::maps::ramp;
use crate::app::picture::{new_canvas, theme};
use crate::app::runner;
use crate::app::save::{blob, save, to_blob};
use crate::app::state::Page;
use analysis::export;
use engine::Extent;
use net::{NodeId, Shape};
use scene::architecture_svg::{ArchitectureOptions, svg};
use scene::grid;
use scene::paint::rasterise;

/// The least side of a map's picture, in pixels: a cell takes as many whole pixels as that needs.
const LEAST_SIDE: usize = 512;

/// The map in focus: what it is called, its values, and its rows and columns.
struct Map {
    node: NodeId,
    name: String,
    values: Vec<f32>,
    sides: (usize, usize),
    shape: Vec<usize>,
}

impl Map {
    fn of(page: Page) -> Result<Self, TakeError> {
        let frame = page.run.readout().get_untracked().ok_or(TakeError::Nothing)?;
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

fn keep(blob: &Blob, file: &str) -> Result<Taken, TakeError> {
    save(blob, file).map_err(|error| TakeError::said(&error))?;
    Ok(Taken::File(file.to_owned()))
}

fn keep_bytes(bytes: &[u8], kind: &str, file: &str) -> Result<Taken, TakeError> {
    keep(&blob(bytes, kind).map_err(|error| TakeError::said(&error))?, file)
}

/// The map as the page colours it by itself, a cell as many pixels as can be seen.
pub(super) async fn map_png(page: Page) -> Result<Taken, TakeError> {
    let Map { node, name, mut values, sides: (rows, columns), .. } = Map::of(page)?;
    values.resize(rows * columns, 0.0);
    let ramp = ramp(&page.network.graph().get_untracked(), node);
    let extent = Extent::of(&values);
    let rgba = rasterise(&values, (columns, rows), ramp, theme(page.appearance.dark.get_untracked()), extent, 0.0);
    let fault = |error| TakeError::said(&error);
    let image = ImageData::new_with_u8_clamped_array(Clamped(&rgba), columns as u32).map_err(fault)?;
    let cell = LEAST_SIDE.div_ceil(rows.max(columns).max(1)) as u32;
    let (small, on_small) = new_canvas(columns as u32, rows as u32).ok_or(TakeError::Canvas)?;
    on_small.put_image_data(&image, 0.0, 0.0).map_err(fault)?;
    let (large, on_large) = new_canvas(columns as u32 * cell, rows as u32 * cell).ok_or(TakeError::Canvas)?;
    on_large.set_image_smoothing_enabled(false);
    let (width, height) = (f64::from(large.width()), f64::from(large.height()));
    on_large.draw_image_with_html_canvas_element_and_dw_and_dh(&small, 0.0, 0.0, width, height).map_err(fault)?;
    let png = to_blob(&large).await.map_err(fault)?;
    keep(&png, &format!("{name}.png"))
}

/// The network as it is folded and cut now, as a drawing.
pub(super) async fn architecture(page: Page) -> Result<Taken, TakeError> {
    let (graph, scene, effects) = (
        page.network.graph().get_untracked(),
        page.view.scene().get_untracked(),
        page.ablation.effects().get_untracked(),
    );
    let text = svg(&graph, &scene, &ArchitectureOptions { effects: &effects });
    keep_bytes(text.as_bytes(), "image/svg+xml", &format!("{}.svg", graph.name))
}

/// The map's values as text.
pub(super) async fn map_csv(page: Page) -> Result<Taken, TakeError> {
    let Map { name, values, sides: (_, columns), shape, .. } = Map::of(page)?;
    let columns = if shape.len() == 1 { shape[0] } else { columns };
    keep_bytes(export::write_csv(&values, columns).as_bytes(), "text/csv", &format!("{name}.csv"))
}

/// The map's values for NumPy.
pub(super) async fn map_npy(page: Page) -> Result<Taken, TakeError> {
    let Map { name, values, shape, .. } = Map::of(page)?;
    keep_bytes(&export::write_npy(&values, &shape), "application/octet-stream", &format!("{name}.npy"))
}

/// Every output of the last pass.
pub(super) async fn activations(page: Page) -> Result<Taken, TakeError> {
    let graph = page.network.graph().get_untracked();
    let outputs = runner::activations(page).await?;
    let cuts = page.ablation.ablations().read_untracked().write(&graph);
    let mut metadata = BTreeMap::from([("network".to_owned(), graph.name.to_owned())]);
    if let Some(weights) = page.network.supply.opened.get_untracked() {
        metadata.insert("weights".to_owned(), weights.label(Locale::en));
    }
    if !cuts.is_empty() {
        metadata.insert("cut".to_owned(), cuts);
    }
    let bytes = export::activations(&graph, &outputs, &metadata);
    let bytes = bytes.map_err(|error| TakeError::Said(error.to_string()))?;
    keep_bytes(&bytes, "application/octet-stream", &format!("{}-activations.safetensors", graph.name))
}
