//! The window that slides over a map, cell by cell.

use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;

use crate::app::browser::clock::now_ms;
use crate::app::browser::motion;
use crate::app::state::Page;
use logic::slide::filled_cells;
use scene::{MapCell, grid_of};

/// Slides the window over a map, from its first cell to its last: slowly at first, then fast. Selects `cell` at the
/// end.
pub(in crate::app) fn scan(page: Page, cell: MapCell) {
    let (columns, rows) = grid_of(&page.network.graph().read_untracked(), cell.node);
    if motion::is_reduced() || columns * rows < 2 {
        return;
    }
    page.selection.slide(0, (0, 0));
    step(page, cell, columns, columns * rows, now_ms());
}

fn step(page: Page, cell: MapCell, columns: usize, cells: usize, since_ms: f64) {
    // The slide ends when a person points at something else.
    if page.selection.filled().get_untracked().is_none() {
        return;
    }
    if untrack(|| page.selection.node()) != cell.node || page.selection.map().get_untracked() != cell.map {
        return page.selection.end_slide();
    }
    let filled = filled_cells(now_ms() - since_ms, cells);
    if filled >= cells {
        page.selection.end_slide();
        return page.selection.select(cell);
    }
    page.selection.slide(filled, (filled / columns, filled % columns));
    request_animation_frame(move || step(page, cell, columns, cells, since_ms));
}
