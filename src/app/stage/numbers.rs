//! The values of the current map, written into its cells if these are large enough.

use leptos::prelude::*;

use super::anchored_layer::AnchoredLayer;
use crate::app::components::picture::theme;
use crate::app::inspector::pixel::text_on;
use crate::app::maps;
use crate::app::state::Page;
use crate::app::wording::format::decimal;
use scene::Rect;
use scene::paint::colour;

/// The least side of a cell that shows its number, in CSS pixels.
const MIN_CELL: f32 = 34.0;
/// The largest count of numbers. Fewer than half of them are visible at once.
const MAX_NUMBERS: usize = 2700;

/// The number of a cell. Coordinates are CSS pixels of the anchored layer.
#[derive(Debug, Clone, PartialEq)]
struct Number {
    x: f32,
    y: f32,
    text: String,
    fill: &'static str,
}

fn numbers(page: Page, anchored: AnchoredLayer) -> Vec<Number> {
    let (graph, scene) = (page.network.graph().get(), page.view.scene().get());
    let (anchor, room) = anchored.camera();
    let readout = page.run.readout().read();
    let Some(readout) = readout.as_ref() else { return Vec::new() };
    let (node, map, values) = &readout.map;
    let Some(item) = scene.tile_of(*node) else { return Vec::new() };
    let Some(place) = item.mosaic.at_scale(anchor.scale).place(item.rect, *map) else { return Vec::new() };
    let Rect { x, y, w, h } = anchor.place(place, room);
    let (columns, rows) = (item.mosaic.columns, item.mosaic.rows);
    let cell = (w / columns as f32, h / rows as f32);
    if cell.0.min(cell.1) < MIN_CELL || *node == graph.logits {
        return Vec::new();
    }
    let extent =
        maps::ends(&graph, &page.network.extent_table().read(), Some(readout), (*node, *map), page.colour_range());
    let (ramp, theme) = (maps::ramp(&graph, *node), theme(page.appearance.dark.get()));
    let seen = anchor.place(anchor.around(room), room);
    let range = |start: f32, cell: f32, cells: usize, first: f32, length: f32| {
        let clip = |at: f32| (at.max(0.0) as usize).min(cells);
        clip(((first - start) / cell).floor())..clip(((first + length - start) / cell).ceil())
    };
    let across = range(x, cell.0, columns, seen.x, seen.w);
    let down = range(y, cell.1, rows, seen.y, seen.h);
    let number = |row: usize, column: usize| {
        let value = *values.get(row * columns + column)?;
        let [r, g, b, _] = colour(ramp, theme, value, extent);
        let (x, y) = (x + (column as f32 + 0.5) * cell.0, y + (row as f32 + 0.5) * cell.1);
        Some(Number { x, y, text: decimal(value, 2), fill: text_on([r, g, b]) })
    };
    down.flat_map(|row| across.clone().filter_map(move |column| number(row, column))).take(MAX_NUMBERS).collect()
}

/// The numbers in the cells. Screen readers get them from the inspector.
#[component]
pub(super) fn Numbers() -> impl IntoView {
    let page = expect_context::<Page>();
    let anchored = expect_context::<AnchoredLayer>();
    let all = Memo::new(move |_| numbers(page, anchored));
    let texts = move || {
        let one = |number: Number| {
            view! {
                <text x=number.x y=number.y fill=number.fill>
                    {number.text}
                </text>
            }
        };
        all.get().into_iter().map(one).collect_view()
    };
    view! {
        <div class="board numbers" style=move || anchored.style()>
            <svg class="cell-numbers" width="1" height="1" aria-hidden="true">
                {texts}
            </svg>
        </div>
    }
}
