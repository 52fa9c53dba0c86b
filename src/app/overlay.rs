//! Over the maps: what is in focus, the lines to what it reads, its window and its receptive field.

use leptos::prelude::*;

use super::lab::Lab;
use crate::net::{Graph, NodeId};
use crate::stage::{Place, Rect, Spot, Stage};

/// Bends a line between two maps.
fn curve(from: (f32, f32), to: (f32, f32)) -> String {
    let middle = (to.0 - from.0) / 2.0;
    format!(
        "M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
        from.0,
        from.1,
        from.0 + middle,
        from.1,
        to.0 - middle,
        to.1,
        to.0,
        to.1
    )
}

/// Lines that always stand: maps that answer one to one to those before them.
fn quiet_lines(graph: &Graph, stage: &Stage) -> String {
    let mut out = String::new();
    for column in &stage.columns {
        let Some(&input) = graph.node(column.node).inputs.first() else { continue };
        let Some(before) = stage.column(input) else { continue };
        let alike = before.places.len() == column.places.len();
        let mosaics = column.places.len() > 1 && column.places.windows(2).any(|two| two[0].rect.y == two[1].rect.y);
        let single = graph
            .node(column.node)
            .op
            .operation()
            .is_some_and(|op| op.channels_read(&[graph.node(input).shape], 0, 0).len() == 1);
        if alike && single && !mosaics {
            for (from, to) in before.places.iter().zip(&column.places) {
                out += &curve(from.rect.right(), to.rect.left());
            }
        }
    }
    out
}

/// The part of a map that rows and columns of cells take.
fn cells(place: &Place, rows: &std::ops::Range<usize>, columns: &std::ops::Range<usize>) -> Rect {
    let (w, h) = (place.rect.w / place.columns as f32, place.rect.h / place.rows as f32);
    Rect {
        x: place.rect.x + columns.start as f32 * w,
        y: place.rect.y + rows.start as f32 * h,
        w: columns.len() as f32 * w,
        h: rows.len() as f32 * h,
    }
}

/// What is drawn for the focus.
#[derive(Debug, Clone, Default, PartialEq)]
struct Sight {
    /// Around maps that are in focus or read by it.
    rings: Vec<Rect>,
    /// Windows and receptive fields.
    windows: Vec<Rect>,
    /// Lines from what is read.
    lines: String,
    /// What the sliding window has not filled yet.
    veil: Vec<Rect>,
}

fn sight(graph: &Graph, stage: &Stage, focus: (NodeId, usize, Option<(usize, usize)>), scan: Option<usize>) -> Sight {
    let (node, map, cell) = focus;
    let mut out = Sight::default();
    let Some(own) = stage.place(node, map) else { return out };
    out.rings.push(own.rect);
    let spot = cell.map(|(y, x)| Spot { node, map, y, x });
    // Without a cell, the channel alone says which maps are read; of a vector it is any.
    let (channel, y, x) = spot.and_then(|s| s.locate(graph)).unwrap_or((map, 0, 0));
    if let Some(spot) = spot {
        out.windows.push(cells(own, &(spot.y..spot.y + 1), &(spot.x..spot.x + 1)));
    }
    let seen = graph.seen_from(node, channel, y, x);
    let inputs = &graph.node(node).inputs;
    for part in &seen {
        let Some(column) = stage.column(part.node) else { continue };
        let flat = graph.node(part.node).shape.is_flat();
        for place in &column.places {
            if !flat && !part.channels.contains(&place.map) {
                continue;
            }
            if inputs.contains(&part.node) {
                out.rings.push(place.rect);
                out.lines += &curve(place.rect.right(), own.rect.left());
            }
            if spot.is_some() && !flat {
                out.windows.push(cells(place, &part.rows, &part.columns));
            }
        }
    }
    if let Some(filled) = scan {
        let (row, column) = (filled / own.columns, filled % own.columns);
        if row < own.rows {
            out.veil.push(cells(own, &(row..row + 1), &(column..own.columns)));
            out.veil.push(cells(own, &(row + 1..own.rows), &(0..own.columns)));
        }
    }
    out
}

fn rectangles(rects: Vec<Rect>, class: &'static str, grow: f32) -> impl IntoView {
    rects
        .into_iter()
        .map(|r| {
            let (x, y, w, h) = (r.x - grow, r.y - grow, r.w + 2.0 * grow, (r.h + 2.0 * grow).max(0.0));
            let round = if grow > 2.0 { 4.0 } else { 0.5 };
            view! { <rect class=class x=x y=y width=w height=h rx=round/> }
        })
        .collect_view()
}

/// The drawing over the maps; the table and the sentences beside the stage say the same in words.
#[component]
pub(super) fn Overlay() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let quiet = Memo::new(move |_| quiet_lines(&lab.graph.read(), &lab.layout.read()));
    let seen = Memo::new(move |_| sight(&lab.graph.read(), &lab.layout.read(), lab.focus(), lab.scan.get()));
    view! {
        <svg class="overlay" aria-hidden="true">
            <path class="quiet" d=quiet/>
            <path class="edge" d=move || seen.read().lines.clone()/>
            {move || rectangles(seen.read().veil.clone(), "veil", 0.0)}
            {move || rectangles(seen.read().rings.clone(), "ring", 4.0)}
            {move || rectangles(seen.read().windows.clone(), "window-halo", 1.5)}
            {move || rectangles(seen.read().windows.clone(), "window", 0.5)}
        </svg>
    }
}
