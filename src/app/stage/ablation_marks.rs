//! The marks of ablations on the stage: crossed-out maps, and interrupted edges.

use leptos::prelude::*;

use crate::app::state::Page;
use scene::paths::{RISE, SummandPath, ablated_summands, arch, cross_out_ablated, edge_path};

/// Draws the marks of the ablations, in units of the scene. Draws nothing if there is no ablation.
pub(super) fn draw_ablations(page: Page) -> impl IntoView {
    move || {
        let effects = page.ablation.effects().get();
        if effects.is_empty() {
            return None;
        }
        let (graph, scene) = (page.network.graph().get(), page.view.scene().get());
        let mut crossed = String::new();
        scene.tiles.iter().for_each(|item| cross_out_ablated(&mut crossed, &graph, &effects, item, 1.0));
        let roads = ablated_summands(&graph, &effects, &scene).into_iter().map(|(way, factor)| {
            let path = match way {
                SummandPath::Edge(place) => edge_path(&graph, &scene, &scene.edges[place], 1.0, RISE),
                SummandPath::Arch(place) => arch(scene.tiles[place].rect, 1.0),
            };
            let class = if factor == 0.0 { "road is-ablated" } else { "road is-scaled" };
            view! {
                <path class="road ablation-under" d=path.clone() />
                <path class=class d=path />
            }
        });
        let roads = roads.collect_view();
        Some(view! {
            {roads}
            <path class="ablation-mark" d=crossed />
        })
    }
}
