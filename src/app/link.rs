//! The address bar is the state: what is on screen can be sent as a link.

use leptos_i18n::td_string;
use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use super::lab::{Choice, Lab, Scope};
use super::language::PARAMETER;
use super::medium::Medium;
use super::photo::is_shipped;
use super::picture_input::{self, FIRST_PHOTO};
use super::said::net::net_fault;
use super::said::photo::input_fault;
use super::start;
use super::supply::Wish;
use super::tour;
use input::{Crop, Drawing};
use net::{self, Cuts};
use scene::{Camera, Scene, Spot};

/// How long the state must rest before the address follows: browsers limit how often it may change.
const REST: Duration = Duration::from_millis(250);

fn parameters() -> Option<UrlSearchParams> {
    let search = window().location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()
}

/// Takes the state from the address. What cannot be read is said, and the rest is taken.
pub(super) fn open(lab: Lab) {
    let Some(parameters) = parameters() else { return };
    if let Some(name) = parameters.get("net") {
        match start::find_network(&name) {
            Ok(graph) => start::show(lab, graph),
            Err(unopened) => lab.notify(|locale| unopened.text(locale)),
        }
    }
    if let Some(name) = parameters.get("photo") {
        lab.first_photo.set(Some((name, parameters.get("crop").and_then(|text| read_crop(&text)))));
    }
    take(lab, &parameters);
    // A page in a frame of its own kind has no second one.
    lab.second.state.set(parameters.get("second").filter(|_| !is_embedded()));
    if let Some(stop) = parameters.get("stop").and_then(|text| text.parse().ok()) {
        tour::join(lab, Some(stop));
    }
}

/// Brings the page that is open to a state: what the state does not name is as it is first met.
pub(super) fn go(lab: Lab, state: &UrlSearchParams) {
    if let Some(name) = state.get("net")
        && let Err(unopened) = start::open_network(lab, &name)
    {
        return lab.notify(|locale| unopened.text(locale));
    }
    // Weights of one's own stay; others are those that the state says, or that the network opens with.
    let graph = lab.graph.get_untracked();
    let changes = |wish: &Wish| matches!(wish, Wish::Bundled | Wish::Seed(_));
    let named = state.get("weights").and_then(|text| Wish::from_link(&text, &graph)).filter(changes);
    let wish = named.unwrap_or_else(|| Wish::default_for(&graph));
    if lab.supply.wish.get_untracked().is_some_and(|there| changes(&there) && there != wish) {
        lab.supply.load(graph, wish);
    }
    lab.playing.set(false);
    lab.hover.set(None);
    lab.scan.set(None);
    lab.pixel.set(None);
    lab.camera.set(None);
    lab.wished_medium.set(None);
    lab.wished_scope.set(None);
    lab.given.set(None);
    lab.map.set(0);
    let folds = Scene::first_folds(&lab.graph.read_untracked());
    if *lab.folds.read_untracked() != folds {
        lab.folds.set(folds);
    }
    if state.get("cut").is_none() {
        lab.cutting.restore_all();
    }
    take(lab, state);
    if let Some(name) = state.get("photo") {
        picture_input::show_sample(lab, name, state.get("crop").and_then(|text| read_crop(&text)));
    }
}

/// Takes what the parameters of a state say of the network that is there.
fn take(lab: Lab, parameters: &UrlSearchParams) {
    let number = |name: &str| parameters.get(name).and_then(|text| text.parse::<usize>().ok());
    unfold(lab, &parameters.get("unfolded").unwrap_or_default());
    if let Some(weights) = parameters.get("weights") {
        match Wish::from_link(&weights, &lab.graph.read_untracked()) {
            Some(wish @ (Wish::Bundled | Wish::Seed(_))) => lab.supply.wish.set(Some(wish)),
            Some(wish) => lab.offered.set(Some(wish)),
            None => lab.notify(|locale| td_string!(locale, supply.unknown_wish, name = weights)),
        }
    }
    match parameters.get("input").as_deref() {
        Some("drawing") => lab.wished_medium.set(Some(Medium::Drawing)),
        Some("photo") => lab.wished_medium.set(Some(Medium::Photo)),
        _ => {}
    }
    if let Some(text) = parameters.get("cut") {
        let cuts = Cuts::read(&lab.graph.read_untracked(), &text);
        match cuts {
            Ok(cuts) => lab.cutting.open(cuts),
            Err(error) => lab.notify(|locale| net_fault(locale, &error)),
        }
    }
    if let Some(camera) = parameters.get("view").and_then(|text| read_camera(&text)) {
        lab.camera.set(Some(camera));
    }
    match parameters.get("engine").as_deref() {
        Some("gpu") => lab.choice.set(Choice::Gpu),
        Some("cpu") => lab.choice.set(Choice::Cpu),
        _ => {}
    }
    match parameters.get("scale").as_deref() {
        Some("layer") => lab.wished_scope.set(Some(Scope::Layer)),
        Some("map") => lab.wished_scope.set(Some(Scope::Map)),
        Some("network") => lab.wished_scope.set(Some(Scope::Network)),
        _ => {}
    }
    if let Some(name) = parameters.get("layer") {
        let found = lab.graph.read_untracked().find(&name);
        match found {
            Ok(node) => {
                select(lab, node, &number);
                lab.aim.set(Some(node).filter(|_| lab.camera.read_untracked().is_none()));
            }
            Err(error) => lab.notify(|locale| net_fault(locale, &error)),
        }
    }
    let mut drawing = Drawing { digit: number("digit"), strokes: Vec::new() };
    if let Some(ink) = parameters.get("ink") {
        match Drawing::decode(&ink) {
            Ok(strokes) => drawing.strokes = strokes,
            Err(error) => lab.notify(|locale| input_fault(locale, &error)),
        }
    }
    lab.drawing.set(drawing);
}

/// Unfolds the blocks of these names, one after the other with commas between.
fn unfold(lab: Lab, names: &str) {
    let graph = lab.graph.get_untracked();
    for name in names.split(',').filter(|name| !name.is_empty()) {
        match graph.blocks.iter().position(|block| block.name == name) {
            Some(block) => lab.folds.update(|folds| {
                folds.remove(&block);
            }),
            None => lab.notify(|locale| td_string!(locale, stage.no_block, network = graph.name, name = name)),
        }
    }
}

/// The names of what is unfolded though it is folded when it is first met.
fn unfolded(lab: Lab) -> String {
    let (graph, folds) = (lab.graph.read(), lab.folds.read());
    let names = Scene::first_folds(&graph).into_iter().filter(|block| !folds.contains(block));
    names.map(|block| graph.blocks[block].name.as_str()).collect::<Vec<_>>().join(",")
}

/// So many numbers with commas between.
fn read_numbers<const N: usize>(text: &str) -> Option<[f32; N]> {
    let numbers: Option<Vec<f32>> =
        text.split(',').map(|part| part.parse().ok().filter(|n: &f32| n.is_finite())).collect();
    numbers?.try_into().ok()
}

/// A camera as a link has it: the scene's point in the middle, and the scale.
fn read_camera(text: &str) -> Option<Camera> {
    let [x, y, scale] = read_numbers(text)?;
    (scale > 0.0).then_some(Camera { centre: (x, y), scale })
}

/// The square of a photo as a link has it, in parts of the photo's shorter side.
fn read_crop(text: &str) -> Option<Crop> {
    let [left, top, side] = read_numbers(text)?;
    Some(Crop { left, top, side })
}

/// The sample that is shown and the square of it; a photo of one's own is in no link.
fn photo(lab: Lab, out: &mut Vec<(&'static str, String)>) {
    let shot = lab.shot.read();
    let Some(shot) = shot.as_ref().filter(|shot| lab.medium() == Medium::Photo && is_shipped(&shot.name)) else {
        return;
    };
    if shot.name != FIRST_PHOTO || shot.crop.is_some() {
        out.push(("photo", shot.name.clone()));
    }
    if let Some(Crop { left, top, side }) = shot.crop {
        out.push(("crop", format!("{left:.4},{top:.4},{side:.4}")));
    }
}

fn write_camera(camera: Camera) -> String {
    format!("{:.1},{:.1},{:.4}", camera.centre.0, camera.centre.1, camera.scale)
}

/// Unfolds what hides a node: the folded blocks around it of which it is not the output.
fn unfold_around(lab: Lab, node: net::NodeId) {
    let graph = lab.graph.get_untracked();
    if lab.steps.read_untracked().contains(&node) {
        return;
    }
    let around: Vec<usize> = graph.blocks_around(node).map(|block| block.0).collect();
    lab.folds.update(|folds| folds.retain(|block| !around.contains(block)));
}

fn select(lab: Lab, node: net::NodeId, number: &dyn Fn(&str) -> Option<usize>) {
    unfold_around(lab, node);
    let Some(step) = lab.steps.read_untracked().iter().position(|&id| id == node) else { return };
    lab.step.set(step);
    let spot = Spot { node, map: number("map").unwrap_or(0), y: number("y").unwrap_or(0), x: number("x").unwrap_or(0) };
    if spot.locate(&lab.graph.read_untracked()).is_some() {
        lab.map.set(spot.map);
        if number("y").is_some() && number("x").is_some() {
            lab.pixel.set(Some((spot.y, spot.x)));
        }
    }
}

/// The state as names and values, in the order of the link.
pub(super) fn state(lab: Lab) -> Vec<(&'static str, String)> {
    let graph = lab.graph.read();
    let mut out = vec![("net", graph.name.to_owned())];
    match lab.choice.get() {
        Choice::Auto => {}
        Choice::Gpu => out.push(("engine", "gpu".to_owned())),
        Choice::Cpu => out.push(("engine", "cpu".to_owned())),
    }
    if let Some(weights) = lab.supply.wish.read().as_ref().and_then(Wish::to_link) {
        out.push(("weights", weights));
    }
    match lab.wished_medium.get() {
        Some(Medium::Drawing) => out.push(("input", "drawing".to_owned())),
        Some(Medium::Photo) => out.push(("input", "photo".to_owned())),
        None => {}
    }
    photo(lab, &mut out);
    let cuts = lab.cutting.cuts.read().write(&graph);
    if !cuts.is_empty() {
        out.push(("cut", cuts));
    }
    if let Some(second) = lab.second.state.get() {
        out.push(("second", second));
    }
    if let Some(stop) = lab.tour.number() {
        out.push(("stop", stop.to_string()));
    }
    let unfolded = unfolded(lab);
    if !unfolded.is_empty() {
        out.push(("unfolded", unfolded));
    }
    if let Some(camera) = lab.camera.get() {
        out.push(("view", write_camera(camera)));
    }
    out.push(("layer", graph.node(lab.node()).name.clone()));
    out.push(("map", lab.map.get().to_string()));
    if let Some((y, x)) = lab.pixel.get() {
        out.push(("y", y.to_string()));
        out.push(("x", x.to_string()));
    }
    match lab.wished_scope.get() {
        None => {}
        Some(Scope::Layer) => out.push(("scale", "layer".to_owned())),
        Some(Scope::Map) => out.push(("scale", "map".to_owned())),
        Some(Scope::Network) => out.push(("scale", "network".to_owned())),
    }
    let drawing = lab.drawing.read();
    if let Some(digit) = drawing.digit {
        out.push(("digit", digit.to_string()));
    }
    if !drawing.strokes.is_empty() {
        out.push(("ink", drawing.encode()));
    }
    if let Some(language) = lab.language.get() {
        out.push((PARAMETER, language));
    }
    out
}

/// Whether the page is shown in a frame of another page, without what is beside the stage.
pub(super) fn is_embedded() -> bool {
    embedding().is_some()
}

/// How it is shown in a frame, as the address says; none where it is not.
fn embedding() -> Option<String> {
    parameters()?.get("embed")
}

/// Has the style sheet leave out what is beside the stage, where the page is embedded.
pub(super) fn mark_embedded() {
    if let (Some(how), Some(root)) = (embedding(), document().document_element()) {
        // Without the mark the whole page is there.
        let _ = root.set_attribute("data-embed", &how);
    }
}

/// The whole address of the state, or of the stage alone for a frame of another page.
pub(super) fn address(lab: Lab, embedded: bool) -> String {
    let mut pairs = state(lab);
    if embedded {
        pairs.push(("embed", String::new()));
    }
    let place = window().location();
    let here = |part: Result<String, JsValue>| part.unwrap_or_default();
    format!("{}{}{}", here(place.origin()), here(place.pathname()), query(&pairs))
}

/// Keeps the address true of the state.
pub(super) fn keep(lab: Lab) {
    let waiting = StoredValue::new_local(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let mut pairs = state(lab);
        if let Some(how) = embedding() {
            pairs.push(("embed", how));
        }
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        let handle = set_timeout_with_handle(move || write(&pairs), REST);
        waiting.set_value(handle.ok());
    });
}

/// Names and values as an address has them, from the question mark on.
fn query(pairs: &[(&'static str, String)]) -> String {
    let Ok(parameters) = UrlSearchParams::new() else { return String::new() };
    for (name, value) in pairs {
        parameters.set(name, value);
    }
    format!("?{}", String::from(parameters.to_string()))
}

fn write(pairs: &[(&'static str, String)]) {
    let address = query(pairs);
    if let Ok(history) = window().history() {
        // A browser that refuses (too many changes in a short time) is asked again at the next change.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}
