//! Blocks of the networks, side by side.

use leptos::prelude::*;
use leptos_i18n::{t, td_string};
use words::i18n::{Locale, use_i18n};

use super::colours::colour_style;
use super::comparison::{ComparedNetwork, Comparison};
use super::link::stage_address;
use super::terms;
use analysis::compare::{BlockCount, BlockLayer, first_at, units};
use layerscope::app::wording::numbers::count;
use net::Shape;

/// The default size of the maps of a block: every family with blocks has one of this size.
const SIZE: usize = 28;

fn dimensions(shape: Shape) -> String {
    let (channels, rows, columns) = shape.chw();
    format!("{rows} × {columns} × {channels}")
}

/// Returns the block of a network that is compared.
fn chosen_block<'a>(compared: &'a ComparedNetwork, pairs: &[(String, String)]) -> Option<&'a BlockCount> {
    let wanted = pairs.iter().find(|(network, _)| network == compared.column.network).map(|(_, block)| block);
    let found = wanted.and_then(|name| compared.blocks.iter().find(|block| block.name == *name));
    found.or_else(|| first_at(&compared.blocks, SIZE))
}

fn piece(locale: Locale, network: &'static str) -> impl Fn(&BlockLayer) -> AnyView {
    move |piece| {
        let counts = match piece.parameters {
            0 => String::new(),
            parameters => format!("{} · {}", units::count(parameters), units::macs(piece.macs)),
        };
        view! {
            <li>
                <a href=stage_address(network, Some(&piece.name))>{terms::piece(locale, piece.kind)}</a>
                <span class="exact">{counts}</span>
            </li>
        }
        .into_any()
    }
}

/// The chosen block: its kind, its layers and its costs.
fn block_view(locale: Locale, network: &'static str, block: &BlockCount) -> impl IntoView + use<> {
    let per_value = count(locale, block.macs_per_value().round() as u64);
    let per_value = td_string!(locale, compare.blocks.per_value_macs, count = per_value);
    let facts = [
        (td_string!(locale, compare.blocks.reads), dimensions(block.input)),
        (td_string!(locale, compare.blocks.gives), dimensions(block.output)),
        (td_string!(locale, compare.blocks.depth), count(locale, block.depth as u64)),
        (td_string!(locale, compare.blocks.parameters), count(locale, block.parameters)),
        (td_string!(locale, compare.blocks.macs), count(locale, block.macs)),
        (td_string!(locale, compare.blocks.per_value), per_value),
    ];
    let fact = |(name, value): (&'static str, String)| {
        view! {
            <dt>{name}</dt>
            <dd class="mono">{value}</dd>
        }
    };
    view! {
        <p class="soft">{terms::block(locale, block.kind)}</p>
        <ul class="pieces">{block.layers.iter().map(piece(locale, network)).collect_view()}</ul>
        <dl class="facts">{facts.map(fact).into_iter().collect_view()}</dl>
    }
}

/// The card of a network.
#[component]
fn BlockCard(
    /// The key of the network.
    key: String,
) -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    let Some(compared) = untrack(|| comparison.find(&key)) else { return ().into_any() };
    let (name, title) = (compared.column.network, compared.column.title.to_string());
    let colour = move || comparison.find(&key).map(|compared| colour_style(compared.place));
    let current = {
        let compared = compared.clone();
        Memo::new(move |_| chosen_block(&compared, &comparison.blocks.read()).cloned())
    };
    let choose = move |event| {
        let block = event_target_value(&event);
        comparison.blocks.update(|pairs| {
            pairs.retain(|(known, _)| known != name);
            pairs.push((name.to_owned(), block));
        });
    };
    let option = |one: &BlockCount| {
        let block = one.name.clone();
        let selected = {
            let block = block.clone();
            move || current.read().as_ref().is_some_and(|current| current.name == block)
        };
        view! {
            <option value=block.clone() selected=selected>
                {block.clone()}
            </option>
        }
    };
    let body = move || current.read().as_ref().map(|block| block_view(words.get_locale(), name, block));
    let choice = if compared.blocks.is_empty() {
        view! { <p class="soft">{t!(words, compare.blocks.none)}</p> }.into_any()
    } else {
        let label = {
            let title = title.clone();
            move || td_string!(words.get_locale(), compare.blocks.choose, title = title.as_str())
        };
        view! {
            <select aria-label=label on:change=choose>
                {compared.blocks.iter().map(option).collect_view()}
            </select>
        }
        .into_any()
    };
    view! {
        <article class="block-card">
            <h3>
                <span class="swatch" style=colour aria-hidden="true"></span>
                {title}
            </h3>
            {choice}
            {body}
        </article>
    }
    .into_any()
}

/// A card with a block of each network.
#[component]
pub(super) fn Blocks() -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    view! {
        <section aria-labelledby="blocks-title">
            <h2 id="blocks-title">{t!(words, compare.blocks.title)}</h2>
            <p class="soft lead">{t!(words, compare.blocks.lead)}</p>
            <div class="block-cards">
                <For each=move || comparison.keys() key=String::clone let:key>
                    <BlockCard key />
                </For>
            </div>
        </section>
    }
}
