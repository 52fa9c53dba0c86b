//! The feature maps as buttons for the keyboard and for screen readers. The canvas shows their values.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_i18n::td_string;
use words::i18n::Locale;

use super::anchored_layer::AnchoredLayer;
use super::scan;
use crate::app::state::Page;
use net::{GraphOptions, NodeId, order};
use scene::{MapCell, Mosaic, Rect, grid_of};

/// The least distance of maps that have buttons, in CSS pixels (WCAG 2.2, success criterion 2.5.8).
const MIN_PITCH: f32 = 24.0;
/// The largest count of buttons. The maps of the current step come first.
const MAX_BUTTONS: usize = 400;

/// The button of a map.
#[derive(Debug, Clone, Copy, PartialEq)]
struct MapButton {
    /// The language of its name. In another language it is another button.
    locale: Locale,
    network: &'static str,
    options: GraphOptions,
    node: NodeId,
    map: usize,
    /// The rectangle of the tile in the scene.
    whole: Rect,
    mosaic: Mosaic,
}

impl MapButton {
    /// Returns a key that identifies the element of this button.
    fn key(&self) -> (Locale, (&'static str, GraphOptions), usize, usize, u32, u32, u32) {
        let Rect { x, y, .. } = self.whole;
        (
            self.locale,
            (self.network, self.options),
            self.node.0,
            self.map,
            x.to_bits(),
            y.to_bits(),
            self.mosaic.map.0.to_bits(),
        )
    }
}

/// Returns the buttons of the maps that are visible and large enough.
fn map_buttons(page: Page, anchored: AnchoredLayer) -> Vec<MapButton> {
    let (graph, scene) = (page.network.graph().get(), page.view.scene().get());
    let (locale, now) = (page.words.get_locale(), page.selection.node());
    let (scale, seen) = anchored.visible();
    let large = |item: &&scene::SceneTile| {
        let (w, h) = item.mosaic.pitch();
        w.min(h) * scale >= MIN_PITCH
    };
    let mut items: Vec<_> = scene.seen(seen).filter(large).collect();
    // The current step comes first, so that it always has buttons. The tiles nearest to the middle follow.
    let middle = seen.middle().0;
    let off = |item: &scene::SceneTile| (item.rect.x - middle).max(middle - item.rect.x - item.rect.w).max(0.0);
    order::sort_by(&mut items, |a, b| (a.node != now).cmp(&(b.node != now)).then(off(a).total_cmp(&off(b))));
    let mut out = Vec::new();
    for item in items {
        let button = |map| MapButton {
            locale,
            network: graph.name,
            options: graph.options,
            node: item.node,
            map,
            whole: item.rect,
            mosaic: item.mosaic,
        };
        let room_left = MAX_BUTTONS.saturating_sub(out.len());
        if item.node == now || item.mosaic.maps <= room_left {
            out.extend(item.mosaic.all().take(room_left).map(button));
        }
    }
    // In running order, the tab key goes from left to right.
    order::sort_by_key(&mut out, |button: &MapButton| (button.node, button.map));
    out
}

/// The buttons of all maps.
#[component]
pub(super) fn MapButtons() -> impl IntoView {
    let page = expect_context::<Page>();
    let anchored = expect_context::<AnchoredLayer>();
    let all = Memo::new(move |_| map_buttons(page, anchored));
    view! {
        <div class="board" style=move || anchored.style()>
            <For each=move || all.get() key=MapButton::key let(button)>
                <MapButtonView button anchored />
            </For>
        </div>
    }
}

/// The button of one map. Arrow keys move over the cells of the map.
#[component]
fn MapButtonView(button: MapButton, anchored: AnchoredLayer) -> impl IntoView {
    let page = expect_context::<Page>();
    let MapButton { locale, node, map, whole, mosaic, .. } = button;
    let graph = page.network.graph().get_untracked();
    let Some(this) = graph.nodes.get(node.0) else { return ().into_any() };
    let name = this.name.clone();
    let label = if this.shape.is_flat() {
        td_string!(locale, stage.all_values, layer = name.as_str())
    } else {
        td_string!(locale, stage.map, layer = name.as_str(), map = map + 1)
    };
    // The scores are drawn as rows, so their button has no outline.
    let class = if node == graph.logits { "map bare" } else { "map" };
    let (columns, rows) = grid_of(&graph, node);
    let style = move || {
        let Some(place) = mosaic.place(whole, map) else { return "display:none".to_owned() };
        let Rect { x, y, w, h } = anchored.place(place);
        format!("left:{x:.1}px;top:{y:.1}px;width:{w:.1}px;height:{h:.1}px")
    };
    let key = move |event: KeyboardEvent| {
        // With the shift key, arrows move the camera.
        if event.shift_key() {
            return;
        }
        let (_, _, cell) = untrack(|| page.selection.current());
        let (y, x) = cell.unwrap_or((0, 0));
        let (y, x) = match event.key().as_str() {
            "ArrowUp" => (y.saturating_sub(1), x),
            "ArrowDown" => (y + 1, x),
            "ArrowLeft" => (y, x.saturating_sub(1)),
            "ArrowRight" => (y, x + 1),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let map_cell = MapCell { node, map, y: y.min(rows - 1), x: x.min(columns - 1) };
        if map_cell.locate(&page.network.graph().read_untracked()).is_some() {
            page.selection.point(Some(map_cell));
        }
    };
    let focus = move |_| {
        let already = untrack(|| page.selection.current());
        if (already.0, already.1) != (node, map) || already.2.is_none() {
            page.selection.point(Some(MapCell { node, map, y: 0, x: 0 }));
        }
    };
    let blur = move |_| {
        if page.selection.pointed().get_untracked().is_some_and(|map_cell| (map_cell.node, map_cell.map) == (node, map))
        {
            page.selection.point(None);
        }
    };
    let click = move |event: leptos::ev::MouseEvent| {
        // The stage itself handles clicks of a pointer.
        if event.detail() == 0
            && let Some(map_cell) = untrack(|| page.selection.current_cell())
                .filter(|map_cell| (map_cell.node, map_cell.map) == (node, map))
        {
            page.selection.select(map_cell);
            page.selection.point(None);
            scan::scan(page, map_cell);
        }
    };
    let tab = move || if page.selection.node() == node { "0" } else { "-1" };
    view! {
        <button
            class=class
            style=style
            tabindex=tab
            aria-label=label
            data-layer=name
            data-map=map.to_string()
            on:keydown=key
            on:focus=focus
            on:blur=blur
            on:click=click
        ></button>
    }
    .into_any()
}
