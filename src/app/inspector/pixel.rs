//! The arithmetic of one cell: its window, the weights, the products and the sum, with the numbers of the last pass.

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use crate::app::state::Page;
use crate::app::wording::format::decimal;
use engine::Extent;
use net::{Activation, Graph};
use scene::paint::{Ramp, Theme, colour};
use scene::{Arithmetic, Formula, InputPatch, MapCell};

/// The decimals of the numbers in the grids.
const GRID_DECIMALS: usize = 2;
/// The decimals of the sums.
const SUM_DECIMALS: usize = 3;
/// The most input maps with a button. If there are more, those with the largest terms have one.
const MAX_MAPS: usize = 12;
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
                    view! { <td style=style class:chosen=chosen>{decimal(value, GRID_DECIMALS)}</td> }
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
            <table class=class><caption>{title.to_owned()}</caption><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

/// Returns the name of a patch: its layer and its map.
fn patch_name(locale: Locale, graph: &Graph, patch: &InputPatch) -> String {
    let node = graph.node(patch.node);
    match (patch.node.0, node.shape.is_flat()) {
        (0, _) => td_string!(locale, pixel.input).to_owned(),
        (_, true) => node.name.clone(),
        (_, false) => td_string!(locale, pixel.map, layer = node.name.as_str(), map = patch.map + 1),
    }
}

/// Renders the line that applies the activation function to the sum.
fn activation_line(locale: Locale, activation: Activation, total: f32, output: f32) -> AnyView {
    let total = decimal(total, SUM_DECIMALS);
    let result = view! { <b data-pixel="output">{decimal(output, SUM_DECIMALS)}</b> };
    match activation {
        Activation::ScaledTanh => view! { <p class="mono">"1.7159 tanh(⅔ · " {total} ") = " {result}</p> }.into_any(),
        Activation::Sigmoid => view! { <p class="mono">"1 / (1 + exp(−" {total} ")) = " {result}</p> }.into_any(),
        Activation::Relu => view! { <p class="mono">"max(0, " {total} ") = " {result}</p> }.into_any(),
        Activation::Identity => {
            view! { <p class="mono">{td_string!(locale, pixel.sum.output)}" " {result}</p> }.into_any()
        }
    }
}

/// Renders the lines under the grids: the sum, the bias and the activation function.
fn sums(locale: Locale, arithmetic: &Arithmetic) -> AnyView {
    let Arithmetic { patches, formula, sum, total, output, ablation } = arithmetic;
    let number = |value: f32| decimal(value, SUM_DECIMALS);
    let count: usize = patches.iter().map(|patch| patch.values.len()).sum();
    let parts = (2..=MAX_MAPS).contains(&patches.len()).then(|| {
        let parts: Vec<String> = patches.iter().map(|patch| decimal(patch.sum(), 2)).collect();
        view! { <p class="mono parts">{td_string!(locale, pixel.sum.by_map)}" " {parts.join(" + ").replace("+ −", "− ")}</p> }
    });
    let signed = |value: f32| format!("{} {}", if value < 0.0 { "−" } else { "+" }, number(value.abs()));
    // The total is for screen readers and scripts: on the screen it equals the output.
    let result = || {
        view! {
            <span data-pixel="sum" class="hidden-text">{number(*total)}</span>
            <b data-pixel="output">{number(*output)}</b>
        }
    };
    let lines = match *formula {
        Formula::WeightedSum { bias, activation } => view! {
            <p class="mono">
                "Σ " {number(*sum)} " " {signed(bias)} " " {td_string!(locale, pixel.sum.bias)} " = "
                <span data-pixel="sum">{number(*total)}</span>
            </p>
            {activation_line(locale, activation, *total, *output)}
        }
        .into_any(),
        Formula::Subsampled { coefficient, bias, activation } => view! {
            <p class="mono">
                "Σ " {number(*sum)} " · " {number(coefficient)} " " {signed(bias)} " = "
                <span data-pixel="sum">{number(*total)}</span>
            </p>
            {activation_line(locale, activation, *total, *output)}
        }
        .into_any(),
        Formula::Maximum { .. } => view! {
            <p class="mono">{td_string!(locale, pixel.sum.greatest)} " " {result()}</p>
        }
        .into_any(),
        Formula::Distance => view! {
            <p class="mono">{td_string!(locale, pixel.sum.distance)} " " {result()}</p>
        }
        .into_any(),
        Formula::Mean => view! {
            <p class="mono">{td_string!(locale, pixel.sum.mean, count = count)} " " {result()}</p>
        }
        .into_any(),
        Formula::BatchNormalized { mean, deviation, scale, shift } => view! {
            <p class="mono">
                "(" {number(*sum)} " " {td_string!(locale, pixel.sum.minus_mean)} " " {number(mean)} ") / "
                {number(deviation)} " · " {number(scale)} " " {signed(shift)} " = " {result()}
            </p>
        }
        .into_any(),
        Formula::ResponseNormalized { value, squares, divisor } => view! {
            <p class="mono">
                {number(value)} " / (k + α · " {number(squares)} ")^β = "
                {number(value)} " / " {number(divisor)} " = " {result()}
            </p>
        }
        .into_any(),
        Formula::Added => view! {
            <p class="mono">{td_string!(locale, pixel.sum.sum)} " " {result()}</p>
        }
        .into_any(),
        Formula::Unchanged => view! {
            <p class="mono">{td_string!(locale, pixel.sum.unchanged)} " " {result()}</p>
        }
        .into_any(),
        Formula::Activated(activation) => view! {
            <p class="mono hidden-text"><span data-pixel="sum">{number(*total)}</span></p>
            {activation_line(locale, activation, *total, *output)}
        }
        .into_any(),
    };
    let ablation = ablation.map(|(factor, left)| {
        view! {
            <p class="mono cut-note">
                "× " {decimal(factor, 2)} " " {td_string!(locale, pixel.sum.cut)} " " <b data-pixel="left">{number(left)}</b>
            </p>
        }
    });
    view! { <div class="sums">{parts}{lines}{ablation}</div> }.into_any()
}

/// Returns the indices of the patches with the largest sums, largest first. If there are at most [`MAX_MAPS`] patches,
/// returns all in order.
fn strongest_patches(patches: &[InputPatch]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..patches.len()).collect();
    if patches.len() > MAX_MAPS {
        order.sort_by(|&a, &b| patches[b].sum().abs().total_cmp(&patches[a].sum().abs()));
        order.truncate(MAX_MAPS);
    }
    order
}

/// Renders the largest terms of a large window, each with its value and its weight.
fn largest_terms(locale: Locale, graph: &Graph, patch: &InputPatch) -> AnyView {
    let added = if patch.products.is_empty() { &patch.values } else { &patch.products };
    let mut order: Vec<usize> = (0..added.len()).collect();
    order.sort_by(|&a, &b| added[b].abs().total_cmp(&added[a].abs()));
    let name = patch_name(locale, graph, patch);
    let row = |&place: &usize| {
        let number = |values: &[f32]| values.get(place).map(|&value| decimal(value, SUM_DECIMALS));
        view! {
            <tr><th scope="row">{place + 1}</th><td>{number(&patch.values)}</td><td>{number(&patch.weights)}</td>
                <td>{number(&patch.products)}</td></tr>
        }
    };
    let rows = order.iter().take(MAX_MAPS).map(row).collect_view();
    let caption = td_string!(locale, pixel.most, count = MAX_MAPS, all = added.len(), name = name);
    view! {
        <table class="greatest">
            <caption>{caption}</caption>
            <thead><tr>
                <th scope="col">{td_string!(locale, pixel.column.unit)}</th>
                <th scope="col">{td_string!(locale, pixel.column.value)}</th>
                <th scope="col">{td_string!(locale, pixel.column.weight)}</th>
                <th scope="col">{td_string!(locale, pixel.column.product)}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Renders the grids of one patch: the window, the weights and the products.
fn patch_view(locale: Locale, graph: &Graph, patch: &InputPatch, formula: Formula, dark: bool) -> AnyView {
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

/// The arithmetic of the current cell.
#[component]
pub(in crate::app) fn Pixel() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let arithmetic = Memo::new(move |_| {
        let readout = page.run.readout().get()?;
        let (spot, values) = readout.spot.as_ref()?;
        let row = page.ablation.row().get()?;
        let found = Arithmetic::of(&page.network.graph().read(), &page.ablation.effects().read(), &row, *spot, values)?;
        Some((*spot, found))
    });
    let chosen = RwSignal::new(0_usize);
    let title = move || {
        let graph = page.network.graph().read();
        arithmetic.read().as_ref().map(|(spot, _)| describe_cell(words.get_locale(), &graph, *spot))
    };
    let tabs = move || {
        let read = arithmetic.read();
        let (_, found) = read.as_ref()?;
        if found.patches.len() < 2 {
            return None;
        }
        let (locale, graph) = (words.get_locale(), page.network.graph().read());
        let buttons = strongest_patches(&found.patches)
            .into_iter()
            .map(|i| (i, &found.patches[i]))
            .map(|(i, patch)| {
                let pressed = move || (chosen.get() == i).to_string();
                let name = patch_name(locale, &graph, patch);
                view! { <button aria-pressed=pressed aria-label=name on:click=move |_| chosen.set(i)>{patch.map + 1}</button> }
            })
            .collect_view();
        let of = found.patches.first().map(|patch| graph.node(patch.node).name.clone()).unwrap_or_default();
        let count = found.patches.len();
        let named = if count > MAX_MAPS {
            td_string!(locale, pixel.tabs_most, layer = of, count = count)
        } else {
            td_string!(locale, pixel.tabs_of, layer = of)
        };
        Some(view! {
            <div class="tabs" role="group" aria-label=td_string!(locale, pixel.tabs)>
                <span class="soft">{named}</span>{buttons}
            </div>
        })
    };
    // The tabs are built again only if the cell's map or its inputs change, not if only numbers change.
    let shape = Memo::new(move |_| {
        arithmetic
            .read()
            .as_ref()
            .map(|(spot, a)| (spot.node, spot.map, a.patches.iter().map(|p| p.map).collect::<Vec<_>>()))
    });
    Effect::new(move |_| {
        shape.with(|_| ());
        let first = arithmetic
            .read_untracked()
            .as_ref()
            .and_then(|(_, found)| strongest_patches(&found.patches).first().copied());
        chosen.set(first.unwrap_or(0));
    });
    let grids = move || {
        let read = arithmetic.read();
        let (_, found) = read.as_ref()?;
        let patch = found.patches.get(chosen.get()).or(found.patches.first())?;
        Some(patch_view(
            words.get_locale(),
            &page.network.graph().read(),
            patch,
            found.formula,
            page.appearance.dark.get(),
        ))
    };
    let below = move || arithmetic.read().as_ref().map(|(_, found)| sums(words.get_locale(), found));
    view! {
        <section class="pixel" aria-label=move || t_string!(words, pixel.title)>
            <h3 class="caps">{t!(words, pixel.heading)} {move || title().map(|t| view! { <span>" · " {t}</span> })}</h3>
            {move || arithmetic.read().is_none().then(|| view! {
                <p class="soft">{t!(words, pixel.invite)}</p>
            })}
            {move || { shape.with(|_| ()); words.get_locale(); untrack(tabs) }}
            {below}
            {grids}
        </section>
    }
}

/// Returns the name of a cell: its layer, its map, its row and its column.
fn describe_cell(locale: Locale, graph: &Graph, spot: MapCell) -> String {
    let node = graph.node(spot.node);
    let layer = node.name.as_str();
    match (spot.locate(graph), node.shape.is_flat()) {
        (Some((channel, ..)), true) if spot.node == graph.logits => {
            td_string!(locale, pixel.at.class, layer = layer, class = channel)
        }
        (Some((channel, ..)), true) => td_string!(locale, pixel.at.unit, layer = layer, unit = channel + 1),
        _ => {
            let (map, row, column) = (spot.map + 1, spot.y + 1, spot.x + 1);
            td_string!(locale, pixel.at.pixel, layer = layer, map = map, row = row, column = column)
        }
    }
}
