//! The window that slides over a map, cell by cell.

use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;

use super::clock::now_ms;
use super::lab::Lab;
use super::runner::reduced_motion;
use scene::{Spot, grid_of};

/// How long the sliding window stays at its first cells, in milliseconds; then it hurries.
const SLOW_MS: f64 = 420.0;
/// How many cells are shown slowly.
const SLOW_CELLS: usize = 5;
/// Frames that the rest takes.
const FAST_FRAMES: usize = 90;

/// Slides the window over a map from its first cell, slowly and then fast, and ends at `spot`.
pub(super) fn scan(lab: Lab, spot: Spot) {
    let (columns, rows) = grid_of(&lab.graph.read_untracked(), spot.node);
    if reduced_motion() || columns * rows < 2 {
        return;
    }
    lab.scan.set(Some(0));
    step(lab, spot, columns * rows, now_ms());
}

fn step(lab: Lab, spot: Spot, cells: usize, since: f64) {
    // Whoever points at something else takes over.
    let Some(at) = lab.scan.get_untracked() else { return };
    if untrack(|| lab.node()) != spot.node || lab.map.get_untracked() != spot.map {
        return lab.scan.set(None);
    }
    let columns = grid_of(&lab.graph.read_untracked(), spot.node).0;
    let cell = at.min(cells - 1);
    lab.pixel.set(Some((cell / columns, cell % columns)));
    let stride = cells.div_ceil(FAST_FRAMES);
    let (next, since) = if at < SLOW_CELLS {
        let rested = now_ms() - since >= SLOW_MS;
        if rested { (at + 1, now_ms()) } else { (at, since) }
    } else {
        (at + stride, since)
    };
    if next > cells {
        lab.scan.set(None);
        lab.pixel.set(Some((spot.y, spot.x)));
        return;
    }
    lab.scan.set(Some(next));
    request_animation_frame(move || step(lab, spot, cells, since));
}
