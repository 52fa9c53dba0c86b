//! The receptive field from above, pixel by pixel.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use crate::text::square;
use analysis::lesson::stacks::{ReceptiveFieldGrowth, SIDE};
use layerscope::app::wording::numbers::count;

/// The side of a pixel, in units of the drawing.
const CELL: usize = 20;

/// The input from above: the layer that first reaches each pixel, the window just followed, and the edge of the larger
/// kernel.
#[component]
pub(super) fn FieldGrid(
    /// The receptive field so far.
    grown: Memo<Option<ReceptiveFieldGrowth>>,
    /// The number of layers of the stack.
    layers: Signal<usize>,
    /// The side of the larger kernel.
    large: Signal<usize>,
) -> impl IntoView {
    let words = use_i18n();
    let cells = (0..SIDE * SIDE).map(|pixel| {
        let (x, y) = (pixel % SIDE * CELL, pixel / SIDE * CELL);
        let reached = Memo::new(move |_| grown.with(|grown| grown.as_ref().and_then(|grown| grown.reached[pixel])));
        let fill = move || match (reached.get(), layers.get()) {
            (None, _) => "var(--paper)".to_owned(),
            // A pixel is paler the later it is reached.
            (Some(layer), layers) => {
                let share = 100 - layer * 75 / layers.max(1);
                format!("color-mix(in srgb, var(--accent) {share}%, var(--raised))")
            }
        };
        view! { <rect class="pixel" x=x y=y width=CELL - 1 height=CELL - 1 rx="2" style:fill=fill /> }
    });
    let window = move || {
        let (at, [row, column, side]) = grown.with(|grown| grown.as_ref().and_then(|grown| grown.now))?;
        Some(view! {
            <rect class="window" x=column * CELL y=row * CELL width=side * CELL - 1 height=side * CELL - 1 rx="3" />
            <rect class="window at" x=at[1] * CELL + 4 y=at[0] * CELL + 4 width=CELL - 9 height=CELL - 9 rx="2" />
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
            <rect
                class="large"
                x=edge
                y=edge
                width=move || large.get() * CELL - 1
                height=move || large.get() * CELL - 1
                rx="3"
            />
            {window}
        </svg>
    }
}
