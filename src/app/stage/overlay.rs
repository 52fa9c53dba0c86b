//! The drawing over the maps: edges between tiles, frames of blocks, ablations, and highlights.

use leptos::prelude::*;

use super::ablation_marks::draw_ablations;
use super::anchored_layer::AnchoredLayer;
use super::branch_class::branch_class;
use super::highlights::{Highlights, find_highlights, read_by_map};
use crate::app::state::Page;
use net::Graph;
use scene::paths::{RISE, arch, band, edge_path, is_padded, plus, projection};
use scene::{Edge, Rect, Scene, SceneTile, Shortcut, Sign};

/// Returns the CSS classes of an edge.
fn edge_class(graph: &Graph, scene: &Scene, edge: &Edge) -> String {
    match (edge.shortcut, edge.branch) {
        (true, _) if is_padded(graph, scene, edge) => "road shortcut padded".to_owned(),
        (true, _) => "road shortcut".to_owned(),
        (false, Some(branch)) => format!("road {}", branch_class(branch)),
        (false, None) => "road".to_owned(),
    }
}

/// Draws what does not depend on the selection: edges, frames and signs, in units of the scene.
fn draw_structure(graph: &Graph, scene: &Scene) -> impl IntoView + use<> {
    let frames = scene.frames.iter().map(|frame| {
        let Rect { x, y, w, h } = frame.rect;
        view! { <rect class="frame" x=x y=y width=w height=h rx="18" /> }
    });
    let edges = scene.edges.iter().map(|edge| {
        view! { <path class=edge_class(graph, scene, edge) d=edge_path(graph, scene, edge, 1.0, RISE) /> }
    });
    let signs = scene.signs(graph).into_iter().map(|(place, sign)| sign_view(graph, &scene.tiles[place], &sign));
    let (frames, edges, signs) = (frames.collect_view(), edges.collect_view(), signs.collect_view());
    view! {
        {frames}
        {edges}
        {signs}
    }
}

fn sign_view(graph: &Graph, item: &SceneTile, sign: &Sign) -> AnyView {
    match sign {
        Sign::Plus => {
            let ((cx, cy), r, cross) = plus(item.rect, 1.0);
            view! {
                <circle class="plus" cx=cx cy=cy r=r />
                <path class="plus-cross" d=cross />
            }
            .into_any()
        }
        Sign::Bands(branches) => (0..branches.len())
            .filter_map(|branch| {
                let Rect { x, y, w, h } = band(graph, item, branch, 1.0)?;
                Some(view! { <rect class=format!("band {}", branch_class(branch)) x=x y=y width=w height=h /> })
            })
            .collect_view()
            .into_any(),
        Sign::Arch(shortcut) => {
            let class =
                if matches!(shortcut, Shortcut::Padded { .. }) { "road shortcut padded" } else { "road shortcut" };
            let mark = matches!(shortcut, Shortcut::Projection { .. }).then(|| {
                let Rect { x, y, w, h } = projection(item.rect, 1.0);
                view! { <rect class="projection" x=x y=y width=w height=h rx="3" /> }
            });
            view! {
                <path class=class d=arch(item.rect, 1.0) />
                {mark}
            }
            .into_any()
        }
    }
}

fn rectangles(rects: &[Rect], class: &'static str, grow: f32) -> impl IntoView + use<> {
    let one = |rect: &Rect| {
        let Rect { x, y, w, h } = rect.grown(grow);
        let round = if grow > 2.0 { 4.0 } else { 0.5 };
        view! { <rect class=class x=x y=y width=w height=h.max(0.0) rx=round /> }
    };
    rects.iter().map(one).collect_view()
}

/// The drawing over the maps. Screen readers get its content from the inspector.
#[component]
pub(super) fn Overlay() -> impl IntoView {
    let page = expect_context::<Page>();
    let anchored = expect_context::<AnchoredLayer>();
    let transform = move || {
        let (view, room) = anchored.camera();
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
    // At a small scale there are many lines, so they are thinner.
    let style = move || {
        let (view, room) = anchored.camera();
        let stroke = (view.scale * 5.0).clamp(0.7, 1.8);
        let Rect { x, y, w, h } = view.place(view.around(room), room);
        format!("--stroke:{stroke:.2}px;left:{x:.1}px;top:{y:.1}px;width:{w:.1}px;height:{h:.1}px")
    };
    let shift = move || {
        let (view, room) = anchored.camera();
        let Rect { x, y, .. } = view.place(view.around(room), room);
        format!("translate({:.1} {:.1})", -x, -y)
    };
    // While a pass runs, a pulse shows on the edges to the nodes that it has reached.
    let pulse = move || {
        let Some(nodes) = page.run.reached().get() else { return String::new() };
        let (graph, scene) = (page.network.graph().get_untracked(), page.view.scene().get_untracked());
        let arrives = |edge: &&Edge| nodes.contains(&scene.tiles[edge.to].node.0);
        scene.edges.iter().filter(arrives).map(|edge| edge_path(&graph, &scene, edge, 1.0, RISE)).collect::<String>()
    };
    let read = Memo::new(move |_| read_by_map(page));
    let seen: Memo<Highlights> = Memo::new(move |_| find_highlights(page, anchored, read));
    view! {
        <div class="board overlays" style=move || anchored.style()>
            <svg class="overlay" aria-hidden="true" style=style>
                <g transform=shift>
                    <g transform=transform>
                        {move || draw_structure(&page.network.graph().read(), &page.view.scene().read())}
                        {draw_ablations(page)} <path class="pulse" d=pulse />
                    </g>
                    <path class="edge" d=move || seen.read().lines.clone() />
                    {move || rectangles(&seen.read().veil, "veil", 0.0)}
                    {move || rectangles(&seen.read().rings, "ring", 3.5)}
                    {move || rectangles(&seen.read().windows, "window-halo", 1.5)}
                    {move || rectangles(&seen.read().windows, "window", 0.5)}
                </g>
            </svg>
        </div>
    }
}
