//! The arithmetic of one cell: its window, the weights, the products and the sum, with the numbers of the last pass.

mod grids;
mod patches;
mod sums;

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use crate::app::state::Page;
use grids::patch_view;
use net::Graph;
use patches::{MAX_MAPS, patch_name, strongest_patches};
use scene::{Arithmetic, MapCell};
use sums::sums;

pub(in crate::app) use grids::text_on;

/// The arithmetic of the current cell.
#[component]
pub(in crate::app) fn Pixel() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let arithmetic = Memo::new(move |_| {
        let readout = page.run.readout().get()?;
        let (map_cell, values) = readout.map_cell.as_ref()?;
        let row = page.ablation.row().get()?;
        let found =
            Arithmetic::of(&page.network.graph().read(), &page.ablation.effects().read(), &row, *map_cell, values)?;
        Some((*map_cell, found))
    });
    let chosen = RwSignal::new(0_usize);
    let title = move || {
        let graph = page.network.graph().read();
        arithmetic.read().as_ref().map(|(map_cell, _)| describe_cell(words.get_locale(), &graph, *map_cell))
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
                view! {
                    <button aria-pressed=pressed aria-label=name on:click=move |_| chosen.set(i)>
                        {patch.map + 1}
                    </button>
                }
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
                <span class="soft">{named}</span>
                {buttons}
            </div>
        })
    };
    // The tabs are built again only if the cell's map or its inputs change, not if only numbers change.
    let shape = Memo::new(move |_| {
        arithmetic
            .read()
            .as_ref()
            .map(|(map_cell, a)| (map_cell.node, map_cell.map, a.patches.iter().map(|p| p.map).collect::<Vec<_>>()))
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
            <h3 class="caps">
                {t!(words, pixel.heading)} {move || title().map(|t| view! { <span>" · " {t}</span> })}
            </h3>
            {move || arithmetic.read().is_none().then(|| view! { <p class="soft">{t!(words, pixel.invite)}</p> })}
            {move || {
                shape.with(|_| ());
                words.get_locale();
                untrack(tabs)
            }}
            {below}
            {grids}
        </section>
    }
}

/// Returns the name of a cell: its layer, its map, its row and its column.
fn describe_cell(locale: Locale, graph: &Graph, map_cell: MapCell) -> String {
    let node = graph.node(map_cell.node);
    let layer = node.name.as_str();
    match (map_cell.locate(graph), node.shape.is_flat()) {
        (Some((channel, ..)), true) if map_cell.node == graph.logits => {
            td_string!(locale, pixel.at.class, layer = layer, class = channel)
        }
        (Some((channel, ..)), true) => td_string!(locale, pixel.at.unit, layer = layer, unit = channel + 1),
        _ => {
            let (map, row, column) = (map_cell.map + 1, map_cell.y + 1, map_cell.x + 1);
            td_string!(locale, pixel.at.pixel, layer = layer, map = map, row = row, column = column)
        }
    }
}
