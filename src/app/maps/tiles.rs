//! The tiles to paint: the maps of the page with their places and colours.

use leptos::prelude::*;

use crate::app::state::{ColourRange, Page, Readout};
use engine::{Extent, ExtentTable};
use net::{Graph, InputKind, NodeId, Op};
use scene::paint::{ColourScale, Ramp, Tile, TileGrid};
use scene::{Camera, Mosaic, Rect, scores_are_rows};

/// How far the maps that the current cell does not depend on fade into the background, from 0 to 1.
const DIM: f32 = 0.62;
/// The most maps of a layer that are highlighted one by one.
const MAX_LIT: usize = 64;

/// Returns whether the values of a node can be negative.
fn is_signed(graph: &Graph, node: NodeId) -> bool {
    let this = graph.node(node);
    match &this.op {
        Op::Conv2d(op) => op.activation.is_signed(),
        Op::Subsample(op) => op.activation.is_signed(),
        Op::Linear(op) => op.activation.is_signed(),
        Op::Activation(op) => op.function.is_signed(),
        Op::BatchNorm2d(_) | Op::ChannelAffine(_) => true,
        Op::LocalResponseNorm(_)
        | Op::MaxPool2d(_)
        | Op::AvgPool2d(_)
        | Op::AdaptiveAvgPool2d(_)
        | Op::Concat(_)
        | Op::Add(_)
        | Op::PadShortcut(_)
        | Op::Dropout(_) => this.inputs.iter().any(|&input| is_signed(graph, input)),
        Op::Rbf(_) | Op::Softmax(_) => false,
        Op::Input => true,
    }
}

/// Returns the colours of the maps of a node.
pub(in crate::app) fn ramp(graph: &Graph, node: NodeId) -> Ramp {
    match (&graph.node(node).op, is_signed(graph, node)) {
        (Op::Input, _) => Ramp::Ink,
        (_, true) => Ramp::Signed,
        (_, false) => Ramp::Rectified,
    }
}

/// Returns the least and the greatest value that an input can have.
fn input_extent(kind: InputKind) -> Extent {
    match kind {
        InputKind::Digit { scale, offset } => Extent { min: offset, max: offset + scale },
        InputKind::Photo { mean, deviation } => {
            let ends = mean.iter().zip(deviation);
            ends.fold(Extent { min: 0.0, max: 0.0 }, |extent, (mean, deviation)| Extent {
                min: extent.min.min(-mean / deviation),
                max: extent.max.max((1.0 - mean) / deviation),
            })
        }
    }
}

/// Returns the range of values that the colours of a node's maps stand for.
fn scale(graph: &Graph, node: NodeId, scope: ColourRange) -> ColourScale {
    match (&graph.node(node).op, scope) {
        (Op::Input, _) => ColourScale::Fixed(input_extent(graph.input.kind)),
        (_, ColourRange::Map) => ColourScale::Map,
        (_, ColourRange::Layer) => ColourScale::Layer,
        (_, ColourRange::Network) => ColourScale::Network,
    }
}

/// Returns the values at the ends of the legend for a map.
pub(in crate::app) fn ends(
    graph: &Graph,
    table: &ExtentTable,
    readout: Option<&Readout>,
    (node, map): (NodeId, usize),
    scope: ColourRange,
) -> Extent {
    let place = match scale(graph, node, scope) {
        ColourScale::Fixed(extent) => return extent,
        ColourScale::Map => table.map(node, map),
        ColourScale::Layer => table.layer(node),
        ColourScale::Network => table.network(),
    };
    let found = readout.and_then(|readout| readout.extents.get(place)).copied().filter(|e| !e.is_empty());
    let extent = found.unwrap_or(Extent { min: 0.0, max: 0.0 });
    match ramp(graph, node) {
        Ramp::Signed | Ramp::Weight => {
            let reach = extent.min.abs().max(extent.max.abs());
            Extent { min: -reach, max: reach }
        }
        Ramp::Rectified => Extent { min: 0.0, max: extent.max },
        Ramp::Ink => extent,
    }
}

/// Returns the towers of a mosaic at `whole`. For each: its first map, its rectangle in the scene, and the layout of
/// its maps in device pixels.
fn towers(mosaic: &Mosaic, whole: Rect, view: Camera, pixel_ratio: f32) -> Vec<(usize, Rect, TileGrid)> {
    let (pitch, scaled) = (mosaic.pitch(), |length: f32| length * view.scale * pixel_ratio);
    let rows = TileGrid {
        maps: mosaic.shown,
        across: mosaic.across,
        map: [scaled(mosaic.map.0), scaled(mosaic.map.1)],
        pitch: [scaled(pitch.0), scaled(pitch.1)],
    };
    let w = mosaic.across as f32 * pitch.0 - mosaic.seam.0;
    let h = mosaic.down as f32 * pitch.1 - mosaic.seam.1;
    let tower = |tower: usize| {
        let first = tower * (mosaic.maps / mosaic.towers);
        let corner = mosaic.place(whole, first)?;
        Some((first, Rect { x: corner.x, y: corner.y, w, h }, rows))
    };
    (0..mosaic.towers).filter_map(tower).collect()
}

/// Returns all visible tiles, in device pixels. `stale` returns whether the values of a node are from an earlier pass.
pub(in crate::app) fn tiles(page: Page, pixel_ratio: f32, stale: impl Fn(NodeId) -> bool) -> Vec<Tile> {
    untrack(|| {
        let (graph, scene, scope) = (page.network.graph().get(), page.view.scene().get(), page.colour_range());
        let (view, room, lit) =
            (page.view.camera().get(), page.view.room().get(), page.selection.receptive_fields().get());
        let (current, now) = (page.selection.current(), page.selection.node());
        let mut out = Vec::new();
        for item in scene.seen(view.seen(room)) {
            let node = item.node;
            if node == graph.logits && scores_are_rows(&graph) {
                continue;
            }
            let mosaic = item.mosaic.at_scale(view.scale);
            let flat = graph.node(node).shape.is_flat();
            let area = if flat { graph.node(node).shape.elements() } else { mosaic.columns * mosaic.rows };
            let tile = |first: usize, rect: Rect, rows: TileGrid, dim: f32, opacity: f32| Tile {
                node,
                first: first * area,
                columns: mosaic.columns,
                rows: mosaic.rows,
                rect: [rect.x, rect.y, rect.w, rect.h].map(|v| v * pixel_ratio),
                mosaic: rows,
                ramp: ramp(&graph, node),
                scale: scale(&graph, node, scope),
                dim,
                opacity,
            };
            // The maps that the current cell depends on stay bright, and the others fade.
            let seen = lit.iter().find(|seen| seen.node == node);
            let whole = node == now || node == current.0 || flat && seen.is_some();
            let whole = whole || seen.is_some_and(|seen| seen.channels.len() == mosaic.maps);
            let faded = !lit.is_empty() && !whole || stale(node);
            let dim = if faded { DIM } else { 0.0 };
            for (mosaic, opacity) in item.mosaic.fading(view.scale) {
                for (first, around, rows) in towers(&mosaic, item.rect, view, pixel_ratio) {
                    out.push(tile(first, view.place(around, room), rows, dim, opacity));
                }
            }
            let some = seen.filter(|seen| faded && seen.channels.len() <= MAX_LIT);
            for &map in some.iter().flat_map(|seen| &seen.channels) {
                if let Some(rect) = mosaic.place(item.rect, map) {
                    let placed = view.place(rect, room);
                    let rows = TileGrid::one([placed.x, placed.y, placed.w, placed.h].map(|v| v * pixel_ratio));
                    out.push(tile(map, placed, rows, 0.0, 1.0));
                }
            }
        }
        out
    })
}
