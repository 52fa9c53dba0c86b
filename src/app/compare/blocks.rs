//! Block against block.

use leptos::prelude::*;

use super::{Comparison, Shown, stage};
use crate::compare::{BlockCount, Piece, first_at, units};
use crate::net::{BlockKind, Shape};

/// The size at which blocks are set side by side unless others are chosen: all families that have blocks have one there.
const SIZE: usize = 28;

fn dimensions(shape: Shape) -> String {
    let (channels, rows, columns) = shape.chw();
    format!("{rows} × {columns} × {channels}")
}

fn kind(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Inception => "Inception module",
        BlockKind::Residual => "residual block",
        _ => "stage",
    }
}

/// The block of a network that is shown.
fn chosen<'a>(shown: &'a Shown, pairs: &[(String, String)]) -> Option<&'a BlockCount> {
    let wanted = pairs.iter().find(|(network, _)| network == shown.column.network).map(|(_, block)| block);
    let found = wanted.and_then(|name| shown.blocks.iter().find(|block| block.name == *name));
    found.or_else(|| first_at(&shown.blocks, SIZE))
}

fn piece(network: &'static str) -> impl Fn(&Piece) -> AnyView {
    move |piece| {
        let counts = match piece.parameters {
            0 => String::new(),
            parameters => format!("{} · {}", units::count(parameters), units::macs(piece.macs)),
        };
        view! { <li><a href=stage(network, Some(&piece.name))>{piece.what.clone()}</a><span class="exact">{counts}</span></li> }
            .into_any()
    }
}

/// The chosen block: what it is, of what it is made, and what it costs.
fn told(network: &'static str, block: &BlockCount) -> impl IntoView + use<> {
    let facts = [
        ("reads", dimensions(block.input)),
        ("gives", dimensions(block.output)),
        ("layers deep", block.depth.to_string()),
        ("parameters", units::grouped(block.parameters)),
        ("MACs", units::grouped(block.macs)),
        ("per value", format!("{} MACs", units::grouped(block.macs_per_value().round() as u64))),
    ];
    let fact = |(name, value): (&'static str, String)| view! { <dt>{name}</dt><dd class="mono">{value}</dd> };
    view! {
        <p class="soft">{kind(block.kind)}</p>
        <ul class="pieces">{block.pieces.iter().map(piece(network)).collect_view()}</ul>
        <dl class="facts">{facts.map(fact).into_iter().collect_view()}</dl>
    }
}

/// A network's card.
#[component]
fn Card(
    /// What it goes by.
    key: String,
) -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    let Some(shown) = untrack(|| comparison.find(&key)) else { return ().into_any() };
    let (name, title) = (shown.column.network, shown.column.title.to_string());
    let colour = move || comparison.find(&key).map(|shown| Comparison::colour(shown.place));
    let current = {
        let shown = shown.clone();
        Memo::new(move |_| chosen(&shown, &comparison.blocks.read()).cloned())
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
        view! { <option value=block.clone() selected=selected>{block.clone()}</option> }
    };
    let body = move || current.read().as_ref().map(|block| told(name, block));
    let choice = if shown.blocks.is_empty() {
        view! { <p class="soft">"It is made of single layers, not of blocks."</p> }.into_any()
    } else {
        view! { <select aria-label=format!("Block of {title}") on:change=choose>{shown.blocks.iter().map(option).collect_view()}</select> }
            .into_any()
    };
    view! {
        <article class="block-card">
            <h3><span class="swatch" style=colour aria-hidden="true"></span>{title}</h3>
            {choice}
            {body}
        </article>
    }
    .into_any()
}

/// A card for a block of each network.
#[component]
pub(super) fn Blocks() -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    view! {
        <section aria-labelledby="blocks-title">
            <h2 id="blocks-title">"Block against block"</h2>
            <p class="soft lead">"At first those that read maps of about 28 rows. Per value is what one number of the block's output takes."</p>
            <div class="block-cards"><For each=move || comparison.keys() key=String::clone let:key><Card key/></For></div>
        </section>
    }
}
