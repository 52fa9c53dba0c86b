//! Over the maps: what leads from tile to tile, the frames of blocks, and what is in focus.

use std::fmt::Write as _;

use leptos::prelude::*;

use super::board::Board;
use super::cut_marks::marks;
use super::lane_class;
use super::sight::{Sight, curve, read_by_map, sight};
use crate::app::lab::Lab;
use crate::net::{Graph, Op};
use crate::stage::{Edge, Item, Rect, Road, Scene, Shortcut, Sign, Subject, lane_channels};

/// From a tile's left edge to the middle of its plus sign, and the sign's radius, in units.
const PLUS: (f32, f32) = (24.0, 13.0);
/// From a tile's left edge to its bands, and their width, in units.
const BANDS: (f32, f32) = (16.0, 9.0);
/// How far above a folded block its arch is, and how far beside it it comes down, in units.
const ARCH: (f32, f32) = (26.0, 14.0);

/// Where what an item reads arrives.
fn arrival(graph: &Graph, item: &Item) -> (f32, f32) {
    let (x, y) = item.rect.left();
    match item.subject {
        Subject::Node(node) if matches!(graph.node(node).op, Op::Add(_)) => (x - PLUS.0 - PLUS.1, y),
        Subject::Node(node) if matches!(graph.node(node).op, Op::Concat(_)) => (x - BANDS.0, y),
        Subject::Node(_) | Subject::Block(_) => (x, y),
    }
}

pub(super) fn road(graph: &Graph, scene: &Scene, edge: &Edge) -> String {
    let (from, to) = (&scene.items[edge.from], &scene.items[edge.to]);
    let (start, mut end) = (from.rect.right(), arrival(graph, to));
    let mut out = String::new();
    match edge.road {
        Road::Direct => {
            // Each lane arrives at its own band.
            if let (Some(lane), Subject::Node(_)) = (from.lane, to.subject) {
                end.1 = band(graph, to, lane).map_or(end.1, |band| band.middle().1);
            }
            curve(&mut out, start, end);
        }
        Road::Arch { top } => {
            let (x0, y0) = (start.0 + 10.0, start.1);
            let (x1, y1) = (to.rect.x - PLUS.0, end.1 - PLUS.1);
            let bend = 24.0;
            let _ = write!(
                out,
                "M{:.1} {y0:.1}H{x0:.1}V{:.1}Q{x0:.1} {top:.1} {:.1} {top:.1}H{:.1}Q{x1:.1} {top:.1} {x1:.1} {:.1}V{y1:.1}",
                start.0,
                top + bend,
                x0 + bend,
                x1 - bend,
                top + bend
            );
        }
    }
    out
}

/// The band of a lane at the left edge of a concatenation.
pub(super) fn band(graph: &Graph, item: &Item, lane: usize) -> Option<Rect> {
    let channels = lane_channels(graph, item.node)?;
    let all: usize = channels.iter().sum();
    let before: usize = channels.iter().take(lane).sum();
    let unit = item.rect.h / all as f32;
    let own = *channels.get(lane)?;
    let (y, h) = (item.rect.y + before as f32 * unit, own as f32 * unit);
    Some(Rect { x: item.rect.x - BANDS.0, y, w: BANDS.1, h })
}

/// What an edge looks like.
fn kind(graph: &Graph, scene: &Scene, edge: &Edge) -> String {
    let padded = |place: usize| matches!(graph.node(scene.items[place].node).op, Op::PadShortcut(_));
    match (edge.shortcut, edge.lane) {
        (true, _) if padded(edge.from) || padded(edge.to) => "road shortcut padded".to_owned(),
        (true, _) => "road shortcut".to_owned(),
        (false, Some(lane)) => format!("road {}", lane_class(lane)),
        (false, None) => "road".to_owned(),
    }
}

/// What stands whatever is looked at: edges, frames, signs, in the scene's units.
fn standing(graph: &Graph, scene: &Scene) -> impl IntoView + use<> {
    let frames = scene.frames.iter().map(|frame| {
        let Rect { x, y, w, h } = frame.rect;
        view! { <rect class="frame" x=x y=y width=w height=h rx="18"/> }
    });
    let edges = scene.edges.iter().map(|edge| {
        view! { <path class=kind(graph, scene, edge) d=road(graph, scene, edge)/> }
    });
    let signs = scene.signs(graph).into_iter().map(|(place, sign)| sign_view(graph, &scene.items[place], &sign));
    let (frames, edges, signs) = (frames.collect_view(), edges.collect_view(), signs.collect_view());
    view! { {frames} {edges} {signs} }
}

/// The arch over a folded residual block.
pub(super) fn arch(item: &Item) -> String {
    let Rect { x, y, w, h } = item.rect;
    let (middle, top) = (y + h / 2.0, y - ARCH.0);
    let (left, right) = (x - ARCH.1, x + w + ARCH.1);
    format!(
        "M{left:.1} {middle:.1}V{:.1}Q{left:.1} {top:.1} {:.1} {top:.1}H{:.1}Q{right:.1} {top:.1} {right:.1} {:.1}V{middle:.1}",
        top + 12.0,
        left + 12.0,
        right - 12.0,
        top + 12.0
    )
}

fn sign_view(graph: &Graph, item: &Item, sign: &Sign) -> AnyView {
    let Rect { x, y, w, h } = item.rect;
    match sign {
        Sign::Plus => {
            let (cx, cy, r) = (x - PLUS.0, y + h / 2.0, PLUS.1);
            let cross = format!(
                "M{:.1} {cy:.1}H{:.1}M{cx:.1} {:.1}V{:.1}",
                cx - r / 2.0,
                cx + r / 2.0,
                cy - r / 2.0,
                cy + r / 2.0
            );
            view! { <circle class="plus" cx=cx cy=cy r=r/><path class="plus-cross" d=cross/> }.into_any()
        }
        Sign::Bands(lanes) => (0..lanes.len())
            .filter_map(|lane| {
                let Rect { x, y, w, h } = band(graph, item, lane)?;
                Some(view! { <rect class=format!("band {}", lane_class(lane)) x=x y=y width=w height=h/> })
            })
            .collect_view()
            .into_any(),
        Sign::Arch(shortcut) => {
            let top = y - ARCH.0;
            let class =
                if matches!(shortcut, Shortcut::Padded { .. }) { "road shortcut padded" } else { "road shortcut" };
            let mark = matches!(shortcut, Shortcut::Projection { .. }).then(|| {
                view! { <rect class="projection" x=x + w / 2.0 - 9.0 y=top - 9.0 width="18" height="18" rx="3"/> }
            });
            view! { <path class=class d=arch(item)/> {mark} }.into_any()
        }
    }
}

fn rectangles(rects: &[Rect], class: &'static str, grow: f32) -> impl IntoView + use<> {
    let one = |rect: &Rect| {
        let Rect { x, y, w, h } = rect.grown(grow);
        let round = if grow > 2.0 { 4.0 } else { 0.5 };
        view! { <rect class=class x=x y=y width=w height=h.max(0.0) rx=round/> }
    };
    rects.iter().map(one).collect_view()
}

/// The drawing over the maps; the table and the sentences beside the stage say the same in words.
#[component]
pub(super) fn Overlay() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let board = expect_context::<Board>();
    let transform = move || {
        let (view, room) = board.camera();
        let (x, y) = view.centre;
        format!(
            "translate({:.2} {:.2}) scale({}) translate({:.3} {:.3})",
            room.width / 2.0,
            room.height / 2.0,
            view.scale,
            -x,
            -y
        )
    };
    // From afar lines are finer: there are many.
    let style = move || {
        let (view, room) = board.camera();
        let stroke = (view.scale * 5.0).clamp(0.7, 1.8);
        let Rect { x, y, w, h } = view.place(view.around(room), room);
        format!("--stroke:{stroke:.2}px;left:{x:.1}px;top:{y:.1}px;width:{w:.1}px;height:{h:.1}px")
    };
    let shift = move || {
        let (view, room) = board.camera();
        let Rect { x, y, .. } = view.place(view.around(room), room);
        format!("translate({:.1} {:.1})", -x, -y)
    };
    // Where a pass under way has got to, the roads that led there carry a pulse.
    let pulse = move || {
        let Some(nodes) = lab.reached.get() else { return String::new() };
        let (graph, scene) = (lab.graph.get_untracked(), lab.scene.get_untracked());
        let arrives = |edge: &&Edge| nodes.contains(&scene.items[edge.to].node.0);
        scene.edges.iter().filter(arrives).map(|edge| road(&graph, &scene, edge)).collect::<String>()
    };
    let read = Memo::new(move |_| read_by_map(lab));
    let seen: Memo<Sight> = Memo::new(move |_| sight(lab, board, read));
    view! {
        <div class="board overlays" style=move || board.moved()>
        <svg class="overlay" aria-hidden="true" style=style>
            <g transform=shift>
            <g transform=transform>{move || standing(&lab.graph.read(), &lab.scene.read())}{marks(lab)}<path class="pulse" d=pulse/></g>
            <path class="edge" d=move || seen.read().lines.clone()/>
            {move || rectangles(&seen.read().veil, "veil", 0.0)}
            {move || rectangles(&seen.read().rings, "ring", 3.5)}
            {move || rectangles(&seen.read().windows, "window-halo", 1.5)}
            {move || rectangles(&seen.read().windows, "window", 0.5)}
            </g>
        </svg>
        </div>
    }
}
