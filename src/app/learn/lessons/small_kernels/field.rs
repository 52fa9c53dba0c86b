//! Receptive fields, drawn: from above, pixel by pixel, and from the side, layer by layer.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::square;
use crate::app::learn::numbers::count;
use analysis::lesson::stacks::{ReceptiveFieldGrowth, SIDE};

/// The side of a pixel, in units of the drawing.
const CELL: usize = 20;

/// The input from above: by which layer each pixel is reached, the window followed now, and the larger kernel's edge.
#[component]
pub(super) fn FieldGrid(
    /// What is seen.
    grown: Memo<Option<ReceptiveFieldGrowth>>,
    /// How many layers the stack has.
    layers: Signal<usize>,
    /// The larger kernel.
    large: Signal<usize>,
) -> impl IntoView {
    let words = use_i18n();
    let cells = (0..SIDE * SIDE).map(|pixel| {
        let (x, y) = (pixel % SIDE * CELL, pixel / SIDE * CELL);
        let reached = Memo::new(move |_| grown.with(|grown| grown.as_ref().and_then(|grown| grown.reached[pixel])));
        let fill = move || match (reached.get(), layers.get()) {
            (None, _) => "var(--paper)".to_owned(),
            // The later a pixel is reached, the paler.
            (Some(layer), layers) => {
                let share = 100 - layer * 75 / layers.max(1);
                format!("color-mix(in srgb, var(--accent) {share}%, var(--raised))")
            }
        };
        view! { <rect class="pixel" x=x y=y width=CELL - 1 height=CELL - 1 rx="2" style:fill=fill/> }
    });
    let window = move || {
        let (at, [row, column, side]) = grown.with(|grown| grown.as_ref().and_then(|grown| grown.now))?;
        Some(view! {
            <rect class="window" x=column * CELL y=row * CELL width=side * CELL - 1 height=side * CELL - 1 rx="3"/>
            <rect class="window at" x=at[1] * CELL + 4 y=at[0] * CELL + 4 width=CELL - 9 height=CELL - 9 rx="2"/>
        })
    };
    let edge = move || (SIDE - large.get()) / 2 * CELL;
    let name = move || {
        let seen = grown.with(|grown| grown.as_ref().map_or(0, ReceptiveFieldGrowth::seen));
        t_string!(words, small_kernels.grid, seen = count(words.get_locale(), seen as u64), other = square(large.get()))
    };
    view! {
        <svg class="plot field-grid" viewBox=format!("-2 -2 {0} {0}", SIDE * CELL + 3) role="img" aria-label=name>
            {cells.collect_view()}
            <rect class="large" x=edge y=edge width=move || large.get() * CELL - 1 height=move || large.get() * CELL - 1 rx="3"/>
            {window}
        </svg>
    }
}

/// The height of a row of pixels and of the room for all rows, from the side.
const ROW: f64 = 12.0;
const DEPTH: f64 = 196.0;
/// The width of one of the two drawings, and of a pixel there.
const HALF: f64 = 172.0;
const PIXEL: f64 = 12.0;

/// A stack from the side: the output's pixel above, the input below, what is seen in each row, ReLU after each layer.
fn stack(fields: &[usize], left: f64) -> AnyView {
    let layers = fields.len().saturating_sub(1).max(1);
    let kernel = fields.windows(2).map(|pair| pair[1] - pair[0] + 1).next().unwrap_or(1);
    let y = move |row: usize| 16.0 + row as f64 * (DEPTH - ROW - 16.0) / layers as f64;
    let middle = left + HALF / 2.0 - 8.0;
    let span = move |field: usize| (middle - field as f64 * PIXEL / 2.0, field as f64 * PIXEL);
    let rows = fields.iter().enumerate().map(|(row, &field)| {
        let from = middle - SIDE as f64 * PIXEL / 2.0;
        let cells = (0..SIDE).map(|cell| {
            let seen = cell.abs_diff(SIDE / 2) <= field / 2;
            let x = from + cell as f64 * PIXEL;
            view! { <rect class="pixel" class:seen=seen x=x y=y(row) width=PIXEL - 1.0 height=ROW - 1.0 rx="1.5"/> }
        });
        view! {
            <g>
                {cells.collect_view()}
                <text x=from + SIDE as f64 * PIXEL + 5.0 y=y(row) + ROW - 2.0>{field}</text>
            </g>
        }
    });
    let between = fields.windows(2).enumerate().map(|(row, pair)| {
        let ((top, wide), (bottom, wider)) = (span(pair[0]), span(pair[1]));
        let (above, below) = (y(row) + ROW, y(row + 1) - 1.0);
        let points = format!("{top},{above} {},{above} {},{below} {bottom},{below}", top + wide, bottom + wider);
        let centre = f64::midpoint(above, below) + 4.0;
        view! {
            <polygon class="cone" points=points/>
            <text class="label" x=middle y=centre text-anchor="middle">{format!("{kernel}×{kernel} · ReLU")}</text>
        }
    });
    view! { {between.collect_view()} {rows.collect_view()} }.into_any()
}

/// The stack and the single layer from the side.
#[component]
pub(super) fn Fan(
    /// The fields of the stack, after no layer, after one, and so on.
    fields: Signal<Vec<usize>>,
    /// Those of the single layer.
    single: Signal<Vec<usize>>,
) -> impl IntoView {
    let words = use_i18n();
    let name = move || {
        let sides = |fields: Vec<usize>| fields.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        t_string!(words, small_kernels.fan, stack = sides(fields.get()), single = sides(single.get()))
    };
    view! {
        <svg class="plot fan" viewBox=format!("0 0 {} {}", HALF * 2.0 + 10.0, DEPTH + 22.0) role="img" aria-label=name>
            {move || stack(&fields.get(), 0.0)}
            {move || stack(&single.get(), HALF + 10.0)}
            <text class="label" x="0" y="10">{move || t_string!(words, small_kernels.output)}</text>
            <text class="label" x="0" y=DEPTH + 14.0>{move || t_string!(words, small_kernels.input)}</text>
        </svg>
    }
}
