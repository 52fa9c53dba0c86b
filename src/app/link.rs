//! The address bar is the state: what is on screen can be sent as a link.

use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use super::lab::{Choice, Lab, Scope};
use crate::input::Drawing;
use crate::net;
use crate::stage::Spot;

/// How long the state must rest before the address follows: browsers limit how often it may change.
const REST: Duration = Duration::from_millis(250);

fn parameters() -> Option<UrlSearchParams> {
    let search = window().location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()
}

/// Takes the state from the address. What cannot be read is said, and the rest is taken.
pub(super) fn open(lab: Lab) {
    let Some(parameters) = parameters() else { return };
    let number = |name: &str| parameters.get(name).and_then(|text| text.parse::<usize>().ok());
    if let Some(name) = parameters.get("net") {
        match net::network(&name).and_then(shown) {
            Ok(graph) => lab.graph.set(graph.into()),
            Err(error) => lab.notice.set(Some(error.to_string())),
        }
    }
    match parameters.get("engine").as_deref() {
        Some("gpu") => lab.choice.set(Choice::Gpu),
        Some("cpu") => lab.choice.set(Choice::Cpu),
        _ => {}
    }
    match parameters.get("scale").as_deref() {
        Some("map") => lab.scope.set(Scope::Map),
        Some("network") => lab.scope.set(Scope::Network),
        _ => {}
    }
    if let Some(name) = parameters.get("layer") {
        let found = lab.graph.read_untracked().find(&name);
        match found {
            Ok(node) => select(lab, node, &number),
            Err(error) => lab.notice.set(Some(error.to_string())),
        }
    }
    let mut drawing = Drawing { digit: number("digit"), strokes: Vec::new() };
    if let Some(ink) = parameters.get("ink") {
        match Drawing::decode(&ink) {
            Ok(strokes) => drawing.strokes = strokes,
            Err(error) => lab.notice.set(Some(error.to_string())),
        }
    }
    lab.drawing.set(drawing);
}

/// The graph, where the page can show it.
fn shown(graph: net::Graph) -> Result<net::Graph, net::NetError> {
    match graph.input.kind {
        net::InputKind::Digit { .. } => Ok(graph),
        net::InputKind::Photo { .. } => Err(net::NetError::NotShown { network: graph.name.to_owned() }),
    }
}

fn select(lab: Lab, node: net::NodeId, number: &dyn Fn(&str) -> Option<usize>) {
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
    out.push(("layer", graph.node(lab.node()).name.clone()));
    out.push(("map", lab.map.get().to_string()));
    if let Some((y, x)) = lab.pixel.get() {
        out.push(("y", y.to_string()));
        out.push(("x", x.to_string()));
    }
    match lab.scope.get() {
        Scope::Layer => {}
        Scope::Map => out.push(("scale", "map".to_owned())),
        Scope::Network => out.push(("scale", "network".to_owned())),
    }
    let drawing = lab.drawing.read();
    if let Some(digit) = drawing.digit {
        out.push(("digit", digit.to_string()));
    }
    if !drawing.strokes.is_empty() {
        out.push(("ink", drawing.encode()));
    }
    out
}

/// Keeps the address true of the state.
pub(super) fn keep(lab: Lab) {
    let waiting = StoredValue::new_local(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let pairs = state(lab);
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        let handle = set_timeout_with_handle(move || write(&pairs), REST);
        waiting.set_value(handle.ok());
    });
}

fn write(pairs: &[(&'static str, String)]) {
    let Ok(parameters) = UrlSearchParams::new() else { return };
    for (name, value) in pairs {
        parameters.set(name, value);
    }
    let address = format!("?{}", String::from(parameters.to_string()));
    if let Ok(history) = window().history() {
        // A browser that refuses (too many changes in a short time) is asked again at the next change.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}
