//! The highlights of the selected or pointed-at cell: rings around maps, lines to the maps that it reads, windows and
//! receptive fields.

use std::sync::Arc;

use leptos::prelude::*;

use super::anchored_layer::AnchoredLayer;
use crate::app::state::Page;
use net::TracedPart;
use scene::paths::curve;
use scene::{Camera, MapCell, Mosaic, Rect, SceneTile, Viewport};

/// The most input maps with their own line and ring. If there are more, the whole layer has one line and one ring.
const MAX_READ: usize = 48;
/// The most maps of an earlier layer that show the receptive field.
const MAX_FAR: usize = 16;

/// The highlights, in CSS pixels of the anchored layer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Highlights {
    /// Rings around the current map and the maps that it reads.
    pub(super) rings: Vec<Rect>,
    /// Windows and receptive fields.
    pub(super) windows: Vec<Rect>,
    /// Lines from the maps that are read, as SVG path data.
    pub(super) lines: String,
    /// The cells that the sliding window has not filled yet.
    pub(super) veil: Vec<Rect>,
}

/// Returns the rectangle of some rows and columns of a map at `place`.
fn cells(place: Rect, mosaic: &Mosaic, rows: &std::ops::Range<usize>, columns: &std::ops::Range<usize>) -> Rect {
    let (w, h) = (place.w / mosaic.columns as f32, place.h / mosaic.rows as f32);
    Rect {
        x: place.x + columns.start as f32 * w,
        y: place.y + rows.start as f32 * h,
        w: columns.len() as f32 * w,
        h: rows.len() as f32 * h,
    }
}

/// A tile with the camera that shows it.
struct Placed<'a> {
    item: &'a SceneTile,
    mosaic: Mosaic,
    view: Camera,
    room: Viewport,
}

impl Placed<'_> {
    fn map(&self, map: usize) -> Option<Rect> {
        Some(self.view.place(self.mosaic.place(self.item.rect, map)?, self.room))
    }
}

impl Highlights {
    fn line(&mut self, from: Rect, to: Rect) {
        curve(&mut self.lines, from.right(), to.left());
    }

    /// Adds the highlights of a layer that the current cell depends on. `own` is the rectangle of the current map.
    fn add(&mut self, placed: &Placed<'_>, part: &TracedPart, own: Rect, direct: bool, flat: bool, windows: bool) {
        let maps: Vec<usize> = if flat { vec![0] } else { part.channels.clone() };
        let most = if direct { MAX_READ } else { MAX_FAR };
        let one_by_one = direct && maps.len() <= most;
        for &map in maps.iter().take(most) {
            let Some(place) = placed.map(map) else { continue };
            if one_by_one {
                self.rings.push(place);
                self.line(place, own);
            }
            if windows && !flat {
                self.windows.push(cells(place, &placed.mosaic, &part.rows, &part.columns));
            }
        }
        if direct && !one_by_one {
            let whole = placed.view.place(placed.item.rect, placed.room);
            self.rings.push(whole);
            self.line(whole, own);
        }
    }
}

fn item_mosaic(item: &SceneTile, view: Camera) -> Mosaic {
    item.mosaic.at_scale(view.scale)
}

/// Returns the parts of earlier layers that the current map reads, for any cell. They do not depend on the camera.
pub(super) fn read_by_map(page: Page) -> Arc<Vec<TracedPart>> {
    let graph = page.network.graph().get();
    let (node, map, _) = page.selection.current();
    let channel = MapCell { node, map, y: 0, x: 0 }.locate(&graph).map_or(0, |(channel, ..)| channel);
    let seen = if node.0 < graph.nodes.len() { graph.trace_back(node, channel, 0, 0) } else { Vec::new() };
    Arc::new(seen)
}

/// Returns the current highlights. `read` comes from [`read_by_map`].
pub(super) fn find_highlights(page: Page, anchored: AnchoredLayer, read: Memo<Arc<Vec<TracedPart>>>) -> Highlights {
    let (graph, scene) = (page.network.graph().get(), page.view.scene().get());
    let (view, room) = anchored.camera();
    let (node, map, cell) = page.selection.current();
    let mut out = Highlights::default();
    let placed = |item| Placed { item, mosaic: item_mosaic(item, view), view, room };
    let Some(item) = scene.tile_of(node) else { return out };
    let current = placed(item);
    let Some(own) = current.map(map) else {
        // The camera is too far away to show this map: highlight the layer.
        out.rings.push(view.place(item.rect, room));
        return out;
    };
    let pinned = cell.is_some() || map > 0;
    out.rings.push(if pinned || item.mosaic.maps == 1 { own } else { view.place(item.rect, room) });
    if let Some((y, x)) = cell {
        out.windows.push(cells(own, &current.mosaic, &(y..y + 1), &(x..x + 1)));
    }
    let seen = match cell {
        Some(_) => page.selection.receptive_fields().get(),
        // Without a cell, the channel alone determines which maps are read.
        None => read.get(),
    };
    let inputs = &graph.node(node).inputs;
    for part in seen.iter() {
        let Some(item) = scene.tile_of(part.node) else { continue };
        let direct = inputs.contains(&part.node);
        // Without a cell, only the direct inputs are highlighted.
        if direct || cell.is_some() {
            out.add(&placed(item), part, own, direct, graph.node(part.node).shape.is_flat(), cell.is_some());
        }
    }
    if let Some(filled) = page.selection.filled().get() {
        let (row, column) = (filled / current.mosaic.columns, filled % current.mosaic.columns);
        if row < current.mosaic.rows {
            out.veil.push(cells(own, &current.mosaic, &(row..row + 1), &(column..current.mosaic.columns)));
            out.veil.push(cells(own, &current.mosaic, &(row + 1..current.mosaic.rows), &(0..current.mosaic.columns)));
        }
    }
    out
}
