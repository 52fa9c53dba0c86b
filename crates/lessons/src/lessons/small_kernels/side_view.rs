//! The receptive fields from the side, layer by layer.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use analysis::lesson::stacks::SIDE;

/// The height of a row of pixels and of all rows, seen from the side.
const ROW: f64 = 12.0;
const DEPTH: f64 = 196.0;
/// The width of one of the two drawings, and of a pixel in it.
const HALF: f64 = 172.0;
const PIXEL: f64 = 12.0;

/// Draws a stack from the side: the output above, the input below, and the receptive field in each row between.
fn stack(fields: &[usize], left: f64) -> AnyView {
    let layers = fields.len().saturating_sub(1).max(1);
    let kernel = fields.windows(2).map(|pair| pair[1] - pair[0] + 1).next().unwrap_or(1);
    let y = move |row: usize| 16.0 + row as f64 * (DEPTH - ROW - 16.0) / layers as f64;
    let middle = left + HALF / 2.0 - 8.0;
    let span = move |field: usize| (middle - field as f64 * PIXEL / 2.0, field as f64 * PIXEL);
    let rows = fields.iter().enumerate().map(|(row, &field)| {
        let from = middle - SIDE as f64 * PIXEL / 2.0;
        let cells = (0..SIDE).map(|cell| {
            let is_inside = cell.abs_diff(SIDE / 2) <= field / 2;
            let x = from + cell as f64 * PIXEL;
            let (width, height) = (PIXEL - 1.0, ROW - 1.0);
            view! { <rect class="pixel" class:seen=is_inside x=x y=y(row) width=width height=height rx="1.5" /> }
        });
        view! {
            <g>
                {cells.collect_view()} <text x=from + SIDE as f64 * PIXEL + 5.0 y=y(row) + ROW - 2.0>
                    {field}
                </text>
            </g>
        }
    });
    let between = fields.windows(2).enumerate().map(|(row, pair)| {
        let ((top, wide), (bottom, wider)) = (span(pair[0]), span(pair[1]));
        let (above, below) = (y(row) + ROW, y(row + 1) - 1.0);
        let points = format!("{top},{above} {},{above} {},{below} {bottom},{below}", top + wide, bottom + wider);
        let centre = f64::midpoint(above, below) + 4.0;
        view! {
            <polygon class="cone" points=points />
            <text class="label" x=middle y=centre text-anchor="middle">
                {format!("{kernel}×{kernel} · ReLU")}
            </text>
        }
    });
    view! {
        {between.collect_view()}
        {rows.collect_view()}
    }
    .into_any()
}

/// The stack and the single layer from the side.
#[component]
pub(super) fn SideView(
    /// The receptive fields of the stack, after 0, 1, 2, ... layers.
    fields: Signal<Vec<usize>>,
    /// The receptive fields of the single layer.
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
            <text class="label" x="0" y="10">
                {move || t_string!(words, small_kernels.output)}
            </text>
            <text class="label" x="0" y=DEPTH + 14.0>
                {move || t_string!(words, small_kernels.input)}
            </text>
        </svg>
    }
}
