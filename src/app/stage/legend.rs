//! What the colours mean, and over what they are scaled.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::app::format::decimal;
use crate::app::lab::{Lab, Scope};
use crate::app::tiles;
use net::NodeId;
use scene::paint::Ramp;
use scene::scores_are_rows;

/// The line under the stage.
#[component]
pub(super) fn Legend() -> impl IntoView {
    let (words, lab) = (use_i18n(), expect_context::<Lab>());
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
    let what = move || {
        let (graph, node, _) = looked_at();
        let layer = graph.node(node).name.clone();
        match tiles::ramp(&graph, node) {
            Ramp::Ink => t_string!(words, stage.legend.ink, layer = layer),
            Ramp::Rectified => t_string!(words, stage.legend.relu, layer = layer),
            Ramp::Signed | Ramp::Weight => t_string!(words, stage.legend.activation, layer = layer),
        }
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
        <div class="legend" role="group" aria-label=move || t_string!(words, stage.legend.name)>
            <span class="mono">{move || decimal(ends().min, 2)}</span>
            <span class=ramp aria-hidden="true"></span>
            <span class="mono">{move || decimal(ends().max, 2)}</span>
            <span class="soft">{what}</span>
            <select aria-label=move || t_string!(words, stage.legend.scale) prop:value=chosen on:change=choose>
                <option value="map">{t!(words, stage.legend.map)}</option>
                <option value="layer">{t!(words, stage.legend.layer)}</option>
                <option value="network">{t!(words, stage.legend.network)}</option>
            </select>
        </div>
    }
}
