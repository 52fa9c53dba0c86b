//! On the stage, what is cut: maps crossed out, roads and bands broken.

use std::fmt::Write as _;

use leptos::prelude::*;

use super::overlay::{arch, band, road};
use crate::app::lab::Lab;
use crate::net::{Effects, Graph, NodeId, Op};
use crate::stage::{Item, Rect, Scene, Sign, Subject};

/// The most maps of a tile that are crossed out one by one.
const MOST_MAPS: usize = 64;

/// A rectangle and its diagonals.
fn cross(out: &mut String, Rect { x, y, w, h }: Rect) {
    // A string takes all that is written to it.
    let _ = write!(out, "M{x:.1} {y:.1}h{w:.1}v{h:.1}h{:.1}zl{w:.1} {h:.1}m{:.1} 0l{w:.1} {:.1}", -w, -w, -h);
}

/// Crosses out the maps of a tile that are cut, and the bands of its lanes.
fn cross_tile(out: &mut String, graph: &Graph, effects: &Effects, item: &Item) {
    let channels = graph.node(item.node).shape.chw().0;
    let cut: Vec<usize> = (0..channels).filter(|&map| effects.factor(item.node, map) < 1.0).collect();
    if cut.len() > MOST_MAPS {
        cross(out, item.rect);
    } else {
        cut.into_iter().filter_map(|map| item.mosaic.place(item.rect, map)).for_each(|place| cross(out, place));
    }
    if matches!(graph.node(item.node).op, Op::Concat(_)) {
        for (lane, &input) in graph.node(item.node).inputs.iter().enumerate() {
            let is_cut = (0..graph.node(input).shape.chw().0).all(|map| effects.factor(input, map) < 1.0);
            is_cut.then(|| band(graph, item, lane)).flatten().into_iter().for_each(|band| cross(out, band));
        }
    }
}

/// What a road with such a factor looks like; none where it is whole.
fn class(factor: Option<&f32>) -> Option<&'static str> {
    match factor {
        Some(0.0) => Some("road is-cut"),
        Some(factor) if factor.to_bits() != 1.0_f32.to_bits() => Some("road is-scaled"),
        _ => None,
    }
}

/// The roads to additions whose summands are multiplied.
fn roads(graph: &Graph, effects: &Effects, scene: &Scene) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    for edge in &scene.edges {
        let factors = effects.summands(scene.items[edge.to].node);
        // The branch is the first of what an addition reads, the shortcut the second.
        out.extend(class(factors.get(usize::from(edge.shortcut))).map(|class| (class, road(graph, scene, edge))));
    }
    for (place, sign) in scene.signs(graph) {
        let item = &scene.items[place];
        if let (Sign::Arch(_), Subject::Block(block)) = (sign, item.subject) {
            let added = graph.blocks[block].nodes.clone().map(NodeId).find(|&node| !effects.summands(node).is_empty());
            let factor = added.and_then(|node| effects.summands(node).get(1));
            out.extend(class(factor).map(|class| (class, arch(item))));
        }
    }
    out
}

/// The marks, in the scene's units.
pub(super) fn marks(lab: Lab) -> impl IntoView {
    move || {
        let effects = lab.cutting.effects.get();
        if effects.is_empty() {
            return None;
        }
        let (graph, scene) = (lab.graph.get(), lab.scene.get());
        let mut crossed = String::new();
        scene.items.iter().for_each(|item| cross_tile(&mut crossed, &graph, &effects, item));
        let roads = roads(&graph, &effects, &scene);
        let roads = roads.into_iter().map(|(class, path)| {
            view! { <path class="road cut-under" d=path.clone()/><path class=class d=path/> }
        });
        let roads = roads.collect_view();
        Some(view! { {roads}<path class="cut-mark" d=crossed/> })
    }
}
