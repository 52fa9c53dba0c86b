//! The state of the page as a link.

use engine::EngineChoice;
use leptos::prelude::*;
use logic::link::LinkState;
use scene::Scene;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use super::embed;
use crate::app::input_panel::FIRST_PHOTO;
use crate::app::photo::is_shipped;
use crate::app::state::{ColourRange, Medium, Page};
use crate::app::supply::WeightsChoice;

/// Returns the state as names and values, in the order of the link.
pub(in crate::app) fn state(page: Page) -> Vec<(&'static str, String)> {
    describe(page).write()
}

fn describe(page: Page) -> LinkState {
    let graph = page.network.graph().read();
    let photo = linked_photo(page);
    let drawing = page.input.drawing().read();
    let cell = page.selection.cell().get();
    LinkState {
        net: Some(graph.name.to_owned()),
        engine: Some(page.run.choice().get())
            .filter(|choice| *choice != EngineChoice::Auto)
            .map(|choice| choice.name().to_owned()),
        weights: page.network.supply.choice.read().as_ref().and_then(WeightsChoice::to_link),
        transform: page.network.supply.transform.get(),
        input: page.input.chosen_medium().get().map(|medium| medium_name(medium).to_owned()),
        crop: photo.as_ref().and_then(|(_, crop)| *crop),
        photo: photo.and_then(|(name, _)| name),
        cut: Some(page.ablation.text()).filter(|text| !text.is_empty()),
        second: page.second.state().get(),
        stop: page.tour.number(),
        unfolded: unfolded(page),
        view: page.view.moved_camera().get().map(|camera| [camera.centre.0, camera.centre.1, camera.scale]),
        layer: Some(graph.node(page.selection.node()).name.clone()),
        map: Some(page.selection.map().get()),
        y: cell.map(|(y, _)| y),
        x: cell.map(|(_, x)| x),
        scale: page.view.chosen_range().get().map(|range| range_name(range).to_owned()),
        digit: drawing.digit,
        ink: Some(drawing.encode()).filter(|_| !drawing.strokes.is_empty()),
        lang: page.language.get(),
    }
}

/// Subscribes to everything that [`state`] reads, without making the link.
pub(super) fn track(page: Page) {
    page.network.graph().track();
    page.network.supply.choice.track();
    page.network.supply.transform.track();
    page.run.choice().track();
    page.input.chosen_medium().track();
    page.input.photo().track();
    page.input.drawing().track();
    page.ablation.ablations().track();
    page.second.state().track();
    page.tour.number();
    page.view.folds().track();
    page.view.moved_camera().track();
    page.view.chosen_range().track();
    page.view.steps().track();
    page.selection.step().track();
    page.selection.map().track();
    page.selection.cell().track();
    page.language.track();
}

/// The names of the kinds of input in links.
pub(super) fn medium_name(medium: Medium) -> &'static str {
    match medium {
        Medium::Drawing => "drawing",
        Medium::Photo => "photo",
    }
}

/// The names of the ranges of the colours in links.
pub(super) fn range_name(range: ColourRange) -> &'static str {
    match range {
        ColourRange::Map => "map",
        ColourRange::Layer => "layer",
        ColourRange::Network => "network",
    }
}

/// Returns the names of the blocks that are unfolded although they are folded when the network first appears.
fn unfolded(page: Page) -> Vec<String> {
    let (graph, folds) = (page.network.graph().read(), page.view.folds().read());
    let blocks = Scene::initial_folds(&graph).into_iter().filter(|block| !folds.contains(block));
    blocks.map(|block| graph.blocks[block].name.clone()).collect()
}

/// Returns the name of the sample photo that is shown, unless it is the first one as it is, and its square. A photo of
/// the person is in no link.
fn linked_photo(page: Page) -> Option<(Option<String>, Option<[f32; 3]>)> {
    let photo = page.input.photo().read();
    let photo = photo.as_ref().filter(|photo| page.input.medium() == Medium::Photo && is_shipped(&photo.name))?;
    let is_first = photo.name == FIRST_PHOTO && photo.crop.is_none();
    let crop = photo.crop.map(|crop| [crop.left, crop.top, crop.side]);
    Some((Some(photo.name.clone()).filter(|_| !is_first), crop))
}

/// Returns the whole address of the state, or of the stage alone for a frame of another page.
pub(in crate::app) fn address(page: Page, embedded: bool) -> String {
    let mut pairs = state(page);
    if embedded {
        pairs.push((embed::PARAMETER, String::new()));
    }
    let place = window().location();
    let here = |part: Result<String, JsValue>| part.unwrap_or_default();
    format!("{}{}{}", here(place.origin()), here(place.pathname()), query(&pairs))
}

/// Returns names and values as an address has them, from the question mark on.
pub(super) fn query(pairs: &[(&'static str, String)]) -> String {
    let Ok(parameters) = UrlSearchParams::new() else { return String::new() };
    for (name, value) in pairs {
        parameters.set(name, value);
    }
    format!("?{}", String::from(parameters.to_string()))
}
