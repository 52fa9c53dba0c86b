//! The lanes of a module where they meet.

use std::sync::Arc;

use leptos::prelude::*;

use super::parts::{Found, count, name_of, percent};
use crate::net::Graph;
use crate::stage::{Concatenation, Insight, Lane};

/// How many lanes have a colour of their own (`--lane-0` and on); the next begin anew.
pub(in crate::app) const LANE_COLOURS: usize = 4;

fn with<R>(found: Found, look: impl FnOnce(&Concatenation) -> R) -> Option<R> {
    found.with(|insight| match insight {
        Some(Insight::Concatenation(concatenation)) => Some(look(concatenation)),
        _ => None,
    })
}

fn colour(lane: usize) -> String {
    format!("var(--lane-{})", lane % LANE_COLOURS)
}

/// What a lane does, or that it does nothing.
fn path(lane: &Lane) -> String {
    if lane.path.is_empty() { "unchanged".to_owned() } else { lane.path.clone() }
}

/// What the lane that costs most gives.
fn sentence(concatenation: &Concatenation) -> Option<String> {
    let lanes = concatenation.lanes.iter().enumerate();
    let (place, lane) = lanes.max_by(|(_, a), (_, b)| a.macs.cmp(&b.macs).then(a.energy.total_cmp(&b.energy)))?;
    Some(format!(
        "Lane {} ({}) does {} of the work and gives {} of the maps and {} of the energy.",
        place + 1,
        path(lane),
        percent(lane.mac_share),
        percent(lane.channel_share),
        percent(lane.energy_share)
    ))
}

/// One measure of all lanes as a bar in their colours. The table under it has the numbers.
fn stacked(lanes: &[Lane], title: &'static str, share: fn(&Lane) -> f64) -> AnyView {
    let parts = lanes
        .iter()
        .enumerate()
        .map(|(place, lane)| {
            let style = format!("flex-grow:{:.4};background:{}", share(lane).clamp(0.0, 1.0), colour(place));
            (share(lane) > 0.0).then(|| view! { <i style=style></i> })
        })
        .collect_view();
    view! { <span>{title}</span><div class="stack">{parts}</div> }.into_any()
}

fn table(graph: &Graph, concatenation: &Concatenation) -> AnyView {
    let module = format!("{}.", name_of(graph, concatenation.node));
    let rows = concatenation
        .lanes
        .iter()
        .enumerate()
        .map(|(place, lane)| {
            let name = name_of(graph, lane.end);
            let short = name.strip_prefix(&module).unwrap_or(&name).to_owned();
            let own = place == concatenation.lane;
            let swatch = format!("background:{}", colour(place));
            let range = format!("{}–{}", lane.channels.start + 1, lane.channels.end);
            view! {
                <tr class:own=own>
                    <th scope="row">
                        <i class="swatch" style=swatch aria-hidden="true"></i>
                        {place + 1} " · " {short}
                        {own.then(|| view! { <span class="hidden-text">" (this map)"</span> })}
                        <span>{path(lane)}</span>
                    </th>
                    <td>{percent(lane.channel_share)}<span>{range}</span></td>
                    <td>{percent(lane.energy_share)}</td>
                    <td>{percent(lane.mac_share)}<span>{count(lane.macs)}</span></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="insight-table">
            <thead><tr><th scope="col">"Lane"</th><th scope="col">"Maps"</th><th scope="col">"Energy"</th><th scope="col">"MACs"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

pub(super) fn view(graph: Signal<Arc<Graph>>, found: Found) -> AnyView {
    let title = move || with(found, |c| format!("· map {} is of lane {}", c.map + 1, c.lane + 1));
    let stacks = move || {
        with(found, |c| {
            view! {
                {stacked(&c.lanes, "maps", |lane| lane.channel_share)}
                {stacked(&c.lanes, "energy", |lane| lane.energy_share)}
                {stacked(&c.lanes, "MACs", |lane| lane.mac_share)}
            }
        })
    };
    view! {
        <h3 class="caps">"Lanes " <span>{title}</span></h3>
        <p>{move || with(found, sentence)}</p>
        <div class="stacks" aria-hidden="true">{stacks}</div>
        {move || with(found, |c| table(&graph.read(), c))}
        <p class="soft small">"Energy is the sum of the squares of a lane's values in this pass."</p>
    }
    .into_any()
}
