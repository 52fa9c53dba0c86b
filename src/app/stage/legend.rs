//! The legend of the colours, and the choice of their range.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::app::maps;
use crate::app::state::{ColourRange, Page};
use crate::app::wording::format::decimal;
use net::NodeId;
use scene::paint::Ramp;
use scene::scores_are_rows;

/// The legend under the stage.
#[component]
pub(super) fn Legend() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let current = move || {
        let (node, map, _) = page.selection.current();
        let graph = page.network.graph().get();
        // Scores that are drawn as bars have no colours: the legend describes the layer before them.
        let bars = node == graph.logits && scores_are_rows(&graph);
        let node = if bars { graph.node(node).inputs.first().copied().unwrap_or(NodeId(0)) } else { node };
        (graph, node, map)
    };
    let ends = move || {
        let (graph, node, map) = current();
        maps::ends(
            &graph,
            &page.network.extent_table().read(),
            page.run.readout().read().as_deref(),
            (node, map),
            page.colour_range(),
        )
    };
    let ramp = move || {
        let (graph, node, _) = current();
        match maps::ramp(&graph, node) {
            Ramp::Signed => "ramp signed",
            Ramp::Rectified => "ramp rectified",
            Ramp::Weight => "ramp weight",
            Ramp::Ink => "ramp ink",
        }
    };
    let what = move || {
        let (graph, node, _) = current();
        let layer = graph.node(node).name.clone();
        match maps::ramp(&graph, node) {
            Ramp::Ink => t_string!(words, stage.legend.ink, layer = layer),
            Ramp::Rectified => t_string!(words, stage.legend.relu, layer = layer),
            Ramp::Signed | Ramp::Weight => t_string!(words, stage.legend.activation, layer = layer),
        }
    };
    let choose = move |event| {
        page.view.choose_range(match event_target_value(&event).as_str() {
            "map" => ColourRange::Map,
            "network" => ColourRange::Network,
            _ => ColourRange::Layer,
        });
    };
    let chosen = move || match page.colour_range() {
        ColourRange::Map => "map",
        ColourRange::Layer => "layer",
        ColourRange::Network => "network",
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
