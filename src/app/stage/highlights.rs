//! What is drawn for the focus: rings around maps, lines to what is read, windows and receptive fields.

use std::sync::Arc;

use leptos::prelude::*;

use super::anchored_layer::AnchoredLayer;
use crate::app::state::Page;
use net::Seen;
use scene::paths::curve;
use scene::{Camera, MapCell, Mosaic, Rect, SceneTile, Viewport};

/// The most maps of what is read directly that have a line and a window each; of more, the whole layer has one line.
const MAX_READ: usize = 48;
/// The most maps of layers further back that show the receptive field.
const MAX_FAR: usize = 16;

/// What is drawn for the focus, in CSS pixels of the layer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Highlights {
    /// Around maps that are in focus or read by it.
    pub(super) rings: Vec<Rect>,
    /// Windows and receptive fields.
    pub(super) windows: Vec<Rect>,
    /// Lines from what is read.
    pub(super) lines: String,
    /// What the sliding window has not filled yet.
    pub(super) veil: Vec<Rect>,
}

/// The part of a map that rows and columns of cells take.
fn cells(place: Rect, mosaic: &Mosaic, rows: &std::ops::Range<usize>, columns: &std::ops::Range<usize>) -> Rect {
    let (w, h) = (place.w / mosaic.columns as f32, place.h / mosaic.rows as f32);
    Rect {
        x: place.x + columns.start as f32 * w,
        y: place.y + rows.start as f32 * h,
        w: columns.len() as f32 * w,
        h: rows.len() as f32 * h,
    }
}

/// How an item stands on the screen.
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

    /// A layer of which something is seen.
    fn add(&mut self, placed: &Placed<'_>, part: &Seen, own: Rect, direct: bool, flat: bool, windows: bool) {
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

/// What the map in focus reads, whatever the cell; it does not change while the camera moves.
pub(super) fn read_by_map(page: Page) -> Arc<Vec<Seen>> {
    let graph = page.network.graph().get();
    let (node, map, _) = page.selection.current();
    let channel = MapCell { node, map, y: 0, x: 0 }.locate(&graph).map_or(0, |(channel, ..)| channel);
    let seen = if node.0 < graph.nodes.len() { graph.seen_from(node, channel, 0, 0) } else { Vec::new() };
    Arc::new(seen)
}

/// What is drawn for what the page looks at now; `read` is what the map in focus reads.
pub(super) fn find_highlights(page: Page, anchored: AnchoredLayer, read: Memo<Arc<Vec<Seen>>>) -> Highlights {
    let (graph, scene) = (page.network.graph().get(), page.view.scene().get());
    let (view, room) = anchored.camera();
    let (node, map, cell) = page.selection.current();
    let mut out = Highlights::default();
    let placed = |item| Placed { item, mosaic: item_mosaic(item, view), view, room };
    let Some(item) = scene.tile_of(node) else { return out };
    let current = placed(item);
    let Some(own) = current.map(map) else {
        // Too far away for this map to be shown: the layer is.
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
        // Without a cell, the channel alone says which maps are read; of a vector it is any.
        None => read.get(),
    };
    let inputs = &graph.node(node).inputs;
    for part in seen.iter() {
        let Some(item) = scene.tile_of(part.node) else { continue };
        let direct = inputs.contains(&part.node);
        // Of what is not looked at by a cell, only what is read directly is told.
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
