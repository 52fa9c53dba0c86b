//! The grids of a cell: the window that it reads, its weights and the products.

use leptos::prelude::*;
use leptos_i18n::td_string;
use words::i18n::Locale;

use super::patches::{MAX_MAPS, SUM_DECIMALS, patch_name};
use crate::app::wording::format::decimal;
use engine::Extent;
use net::Graph;
use net::order::greatest_first;
use scene::paint::{Ramp, Theme, colour};
use scene::{Formula, InputPatch};

/// The decimals of the numbers in the grids.
const GRID_DECIMALS: usize = 2;
/// The most numbers of a window that is shown as a grid. For a larger window, only the largest terms are listed.
const MAX_CELLS: usize = 400;
/// The most columns of a grid that does not scroll.
const WIDE: usize = 5;

/// The luminance above which black text has a higher contrast than white text. At this luminance both have a contrast
/// of at least 4.5 to 1 (WCAG 2.2, relative luminance and contrast ratio).
const BLACK_ABOVE: f32 = 0.179;

/// Returns the CSS colour of text on a background: black or white, whichever has the higher contrast.
pub(in crate::app) fn text_on(rgb: [u8; 3]) -> &'static str {
    let linear = rgb.map(|byte| {
        let value = f32::from(byte) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    let luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    if luminance > BLACK_ABOVE { "#000" } else { "#fff" }
}

/// Renders a grid of coloured numbers, row-major. `marked` is the index of a number that stands out.
fn grid(
    title: &str,
    values: &[f32],
    columns: usize,
    ramp: Ramp,
    extent: Extent,
    dark: bool,
    marked: Option<usize>,
) -> AnyView {
    let theme = if dark { Theme::Dark } else { Theme::Light };
    let rows = values
        .chunks(columns.max(1))
        .enumerate()
        .map(|(row, numbers)| {
            let cells = numbers
                .iter()
                .enumerate()
                .map(|(column, &value)| {
                    let [r, g, b, _] = colour(ramp, theme, value, extent);
                    let style = format!("background:rgb({r} {g} {b});color:{}", text_on([r, g, b]));
                    let chosen = marked == Some(row * columns + column);
                    view! {
                        <td style=style class:chosen=chosen>
                            {decimal(value, GRID_DECIMALS)}
                        </td>
                    }
                })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    // A grid that scrolls must be reachable by keyboard.
    let tab = if columns > WIDE { "0" } else { "-1" };
    let class = if columns > WIDE { "numbers-grid wide" } else { "numbers-grid" };
    view! {
        <div class="grid-frame" tabindex=tab role="group" aria-label=title.to_owned()>
            <table class=class>
                <caption>{title.to_owned()}</caption>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Renders the largest terms of a large window, each with its value and its weight.
fn largest_terms(locale: Locale, graph: &Graph, patch: &InputPatch) -> AnyView {
    let added = if patch.products.is_empty() { &patch.values } else { &patch.products };
    let order = greatest_first(added.len(), |index| added[index].abs());
    let name = patch_name(locale, graph, patch);
    let row = |&place: &usize| {
        let number = |values: &[f32]| values.get(place).map(|&value| decimal(value, SUM_DECIMALS));
        view! {
            <tr>
                <th scope="row">{place + 1}</th>
                <td>{number(&patch.values)}</td>
                <td>{number(&patch.weights)}</td>
                <td>{number(&patch.products)}</td>
            </tr>
        }
    };
    let rows = order.iter().take(MAX_MAPS).map(row).collect_view();
    let caption = td_string!(locale, pixel.most, count = MAX_MAPS, all = added.len(), name = name);
    view! {
        <table class="greatest">
            <caption>{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">{td_string!(locale, pixel.column.unit)}</th>
                    <th scope="col">{td_string!(locale, pixel.column.value)}</th>
                    <th scope="col">{td_string!(locale, pixel.column.weight)}</th>
                    <th scope="col">{td_string!(locale, pixel.column.product)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Renders the grids of one patch: the window, the weights and the products.
pub(super) fn patch_view(locale: Locale, graph: &Graph, patch: &InputPatch, formula: Formula, dark: bool) -> AnyView {
    let reach = |values: &[f32]| {
        let most = values.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        Extent { min: -most, max: most }
    };
    if patch.values.len() > MAX_CELLS {
        return largest_terms(locale, graph, patch);
    }
    let name = patch_name(locale, graph, patch);
    let winner = match formula {
        Formula::Maximum { winner } => Some(winner),
        _ => None,
    };
    let values = grid(
        &td_string!(locale, pixel.grid.window, name = name),
        &patch.values,
        patch.columns,
        Ramp::Signed,
        reach(&patch.values),
        dark,
        winner,
    );
    if patch.weights.is_empty() {
        return values;
    }
    let (met, made) = match formula {
        Formula::Distance => (td_string!(locale, pixel.grid.minus_picture), td_string!(locale, pixel.grid.squares)),
        _ => (td_string!(locale, pixel.grid.weights), td_string!(locale, pixel.grid.products)),
    };
    view! {
        {values}
        {grid(met, &patch.weights, patch.columns, Ramp::Weight, reach(&patch.weights), dark, None)}
        {grid(made, &patch.products, patch.columns, Ramp::Signed, reach(&patch.products), dark, None)}
    }
    .into_any()
}
