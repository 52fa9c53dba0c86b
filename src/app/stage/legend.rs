//! What the colours mean, and over what they are scaled.

use leptos::prelude::*;

use crate::app::format::decimal;
use crate::app::lab::{Lab, Scope};
use crate::app::tiles;
use crate::net::NodeId;
use crate::paint::Ramp;
use crate::stage::scores_are_rows;

/// The line under the stage.
#[component]
pub(super) fn Legend() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let looked_at = move || {
        let (node, map, _) = lab.focus();
        let graph = lab.graph.get();
        // Scores that are bars have no colours: those of what they read are told.
        let bars = node == graph.logits && scores_are_rows(&graph);
        let node = if bars { graph.node(node).inputs.first().copied().unwrap_or(NodeId(0)) } else { node };
        (graph, node, map)
    };
    let ends = move || {
        let (graph, node, map) = looked_at();
        tiles::ends(&graph, lab.frame.read().as_deref(), node, map, lab.scope())
    };
    let ramp = move || {
        let (graph, node, _) = looked_at();
        match tiles::ramp(&graph, node) {
            Ramp::Signed => "ramp signed",
            Ramp::Rectified => "ramp rectified",
            Ramp::Weight => "ramp weight",
            Ramp::Ink => "ramp ink",
        }
    };
    let words = move || {
        let (graph, node, _) = looked_at();
        let what = match tiles::ramp(&graph, node) {
            Ramp::Ink => "ink",
            Ramp::Rectified => "after ReLU",
            Ramp::Signed | Ramp::Weight => "activation",
        };
        format!("{}, {what}; one scale for", graph.node(node).name)
    };
    let choose = move |event| {
        lab.wished_scope.set(Some(match event_target_value(&event).as_str() {
            "map" => Scope::Map,
            "network" => Scope::Network,
            _ => Scope::Layer,
        }));
    };
    let chosen = move || match lab.scope() {
        Scope::Map => "map",
        Scope::Layer => "layer",
        Scope::Network => "network",
    };
    view! {
        <div class="legend" role="group" aria-label="Legend">
            <span class="mono">{move || decimal(ends().min, 2)}</span>
            <span class=ramp aria-hidden="true"></span>
            <span class="mono">{move || decimal(ends().max, 2)}</span>
            <span class="soft">{words}</span>
            <select aria-label="Scale of the colours" prop:value=chosen on:change=choose>
                <option value="map">"this map"</option>
                <option value="layer">"this layer"</option>
                <option value="network">"the network"</option>
            </select>
        </div>
    }
}
