//! The minimap: the whole network, and a frame around the visible part.

use leptos::ev::PointerEvent;
use leptos::html;
use leptos::prelude::*;

use super::flight;
use crate::app::state::Page;
use scene::{Camera, Rect};

/// The largest width and height of the minimap, in CSS pixels.
const MAX_SIZE: (f32, f32) = (220.0, 64.0);
/// The least height of the minimap, in CSS pixels.
const MIN_HEIGHT: f32 = 12.0;

/// Returns how many CSS pixels one unit of the scene takes.
fn scale(bounds: Rect) -> f32 {
    (MAX_SIZE.0 / bounds.w).min(MAX_SIZE.1 / bounds.h)
}

/// The minimap at the lower left of the stage. It is hidden while the whole network is visible.
#[component]
pub(super) fn Minimap() -> impl IntoView {
    let page = expect_context::<Page>();
    let map = NodeRef::<html::Div>::new();
    let partial = Memo::new(move |_| {
        let (bounds, seen) = (page.view.scene().read().bounds, page.view.camera().get().seen(page.view.room().get()));
        let whole = seen.x <= bounds.x + 1.0 && seen.x + seen.w >= bounds.x + bounds.w - 1.0;
        !whole || seen.h < bounds.h * 0.98
    });
    let size = move || {
        let bounds = page.view.scene().read().bounds;
        let scale = scale(bounds);
        format!("width:{:.1}px;height:{:.1}px", bounds.w * scale, (bounds.h * scale).max(MIN_HEIGHT))
    };
    let around = move || {
        let Rect { x, y, w, h } = page.view.scene().read().bounds;
        format!("{x:.1} {y:.1} {w:.1} {h:.1}")
    };
    let tiles = move || {
        let now = page.selection.node();
        let scene = page.view.scene().read();
        let one = |item: &scene::SceneTile| {
            let Rect { x, y, w, h } = item.rect;
            let class = if item.node == now { "now" } else { "" };
            view! { <rect class=class x=x y=y width=w height=h /> }
        };
        scene.tiles.iter().map(one).collect_view()
    };
    let seen = move || page.view.camera().get().seen(page.view.room().get());
    let go = move |event: PointerEvent| {
        event.stop_propagation();
        let Some(element) = map.get_untracked().filter(|_| event.buttons() > 0) else { return };
        let rect = element.get_bounding_client_rect();
        let bounds = page.view.scene().read_untracked().bounds;
        let part = |at: i32, from: f64, length: f64| ((f64::from(at) - from) / length.max(1.0)).clamp(0.0, 1.0) as f32;
        let x = bounds.x + part(event.client_x(), rect.left(), rect.width()) * bounds.w;
        let y = bounds.y + part(event.client_y(), rect.top(), rect.height()) * bounds.h;
        flight::land();
        page.view.set_camera(Camera { centre: (x, y), ..page.view.camera().get_untracked() });
        // If the pointer cannot be captured, the drag ends at the edge of the minimap.
        let _ = element.set_pointer_capture(event.pointer_id());
    };
    view! {
        <div
            class="minimap"
            aria-hidden="true"
            node_ref=map
            style=size
            hidden=move || !partial.get()
            on:pointerdown=go
            on:pointermove=go
            on:click=|event| event.stop_propagation()
        >
            <svg viewBox=around preserveAspectRatio="none">
                {tiles}
                <rect
                    class="seen"
                    x=move || seen().x
                    y=move || seen().y
                    width=move || seen().w
                    height=move || seen().h
                />
            </svg>
        </div>
    }
}
