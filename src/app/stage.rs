//! The stage: the network as it is, layers from left to right, its maps drawn live.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{ResizeObserver, ResizeObserverEntry};

use super::format::{decimal, percent};
use super::lab::{Lab, Scope};
use super::overlay::Overlay;
use super::picture::{Cells, Picture};
use super::runner::{self, CANVAS_2D, CANVAS_GPU};
use super::{answer, tiles};
use crate::engine::Extent;
use crate::net::{BITMAP_WIDTH, NodeId, Op};
use crate::paint::Ramp;
use crate::stage::{Column, Place, Room, Spot};

/// The least size of the stage on a wide page, in CSS pixels.
const LEAST: Room = Room { width: 320.0, height: 420.0 };

/// The middle of the page.
#[component]
pub(super) fn StageView() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let frame = NodeRef::<html::Div>::new();
    observe(lab, frame);
    follow(lab, frame);
    let size = move || {
        let size = lab.layout.read().size;
        format!("width:{}px;height:{}px", size.width, size.height)
    };
    let columns = move || lab.layout.read().columns.clone();
    let key = move |column: &Column| {
        let rect = column.rect;
        (
            lab.graph.read_untracked().name,
            column.node.0,
            rect.x.to_bits(),
            rect.y.to_bits(),
            rect.h.to_bits(),
            rect.w.to_bits(),
        )
    };
    view! {
        <section class="stage" aria-label="Stage">
            <div class="stage-scroll" node_ref=frame>
                <div class="stage-area" style=size on:pointerleave=move |_| lab.hover.set(None)>
                    <canvas id=CANVAS_GPU class="stage-canvas" aria-hidden="true"></canvas>
                    <canvas id=CANVAS_2D class="stage-canvas" aria-hidden="true"></canvas>
                    <Overlay/>
                    <For each=columns key=key let(column)>
                        <ColumnView column/>
                    </For>
                </div>
            </div>
            <Legend/>
        </section>
    }
}

/// Keeps the room that the stage has.
fn observe(lab: Lab, frame: NodeRef<html::Div>) {
    Effect::new(move |_| {
        let Some(element) = frame.get() else { return };
        let seen = move |entries: js_sys::Array| {
            let Ok(entry) = entries.get(0).dyn_into::<ResizeObserverEntry>() else { return };
            let rect = entry.content_rect();
            let room = Room {
                width: (rect.width() as f32).floor().max(LEAST.width),
                height: (rect.height() as f32).floor().max(LEAST.height),
            };
            if lab.room.get_untracked() != room {
                lab.room.set(room);
            }
        };
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(seen);
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&element);
            // It lives as long as the page: the stage is never taken off it.
            callback.forget();
        }
    });
}

/// Where the stage is wider than its frame, brings the current step into sight.
fn follow(lab: Lab, frame: NodeRef<html::Div>) {
    Effect::new(move |_| {
        let node = lab.node();
        let layout = lab.layout.get();
        let (Some(element), Some(column)) = (frame.get(), layout.column(node)) else { return };
        let width = f64::from(element.client_width());
        let middle = f64::from(column.rect.x + column.rect.w / 2.0);
        if f64::from(element.scroll_width()) > width {
            let options = web_sys::ScrollToOptions::new();
            options.set_left(middle - width / 2.0);
            options.set_behavior(if runner::reduced_motion() {
                web_sys::ScrollBehavior::Instant
            } else {
                web_sys::ScrollBehavior::Smooth
            });
            element.scroll_to_with_scroll_to_options(&options);
        }
    });
}

/// One layer: its name, its shape, its maps.
#[component]
fn ColumnView(column: Column) -> impl IntoView {
    let lab = expect_context::<Lab>();
    let Column { node, rect, places } = column;
    let graph = lab.graph.get_untracked();
    let Some(this) = graph.nodes.get(node.0).cloned() else { return ().into_any() };
    let step = graph.steps().iter().position(|&id| id == node).unwrap_or(0);
    let is_now = move || lab.node() == node;
    let shape = match this.shape {
        crate::net::Shape::Maps { channels, height: 1, width: 1 } => channels.to_string(),
        crate::net::Shape::Maps { channels, height, width } => format!("{channels} @ {height}×{width}"),
        crate::net::Shape::Vector(n) => n.to_string(),
    };
    let style = format!("left:{}px;width:{}px;top:{}px", rect.x + rect.w / 2.0 - 60.0, 120.0, rect.y - 46.0);
    let name = this.name.clone();
    let scores = (node == graph.logits).then(|| view! { <Scores place=places[0]/> });
    view! {
        <button class="layer" style=style aria-pressed=move || is_now().to_string() tabindex="-1"
            aria-label=format!("{name}, {}, {shape}", this.op.title())
            on:click=move |_| lab.go(step)>
            <b>{this.name.clone()}</b>
            <span>{shape.clone()}</span>
        </button>
        {places.into_iter().map(|place| view! { <MapView place name=name.clone()/> }).collect_view()}
        {scores}
    }
    .into_any()
}

/// One map: what is pointed at, focused and clicked. Its picture is on the canvas below it.
#[component]
fn MapView(place: Place, name: String) -> impl IntoView {
    let lab = expect_context::<Lab>();
    let Place { node, map, rect, columns, rows } = place;
    let style = format!("left:{}px;top:{}px;width:{}px;height:{}px", rect.x, rect.y, rect.w, rect.h);
    let cell_at = move |event: &PointerEvent| {
        let element = event.current_target()?.dyn_into::<web_sys::Element>().ok()?;
        let box_ = element.get_bounding_client_rect();
        let along = |at: i32, from: f64, length: f64, cells: usize| {
            (((f64::from(at) - from) / length.max(1.0) * cells as f64).max(0.0) as usize).min(cells - 1)
        };
        let spot = Spot {
            node,
            map,
            y: along(event.client_y(), box_.top(), box_.height(), rows),
            x: along(event.client_x(), box_.left(), box_.width(), columns),
        };
        spot.locate(&lab.graph.read_untracked()).map(|_| spot)
    };
    let point = move |event: PointerEvent| {
        let spot = cell_at(&event);
        if spot.is_some() && spot != lab.hover.get_untracked() {
            lab.scan.set(None);
            lab.hover.set(spot);
        }
    };
    let leave = move || {
        if lab.hover.get_untracked().is_some_and(|s| (s.node, s.map) == (node, map)) {
            lab.hover.set(None);
        }
    };
    let pinned = move || lab.focus();
    let key = move |event: KeyboardEvent| {
        let (_, _, cell) = pinned();
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
        let spot = Spot { node, map, y: y.min(rows - 1), x: x.min(columns - 1) };
        if spot.locate(&lab.graph.read_untracked()).is_some() {
            lab.hover.set(Some(spot));
        }
    };
    let focus = move |_| {
        let already = lab.focus();
        if (already.0, already.1) != (node, map) || already.2.is_none() {
            lab.hover.set(Some(Spot { node, map, y: 0, x: 0 }));
        }
    };
    let click = move |_| {
        if let Some(spot) = lab.spot().filter(|s| (s.node, s.map) == (node, map)) {
            lab.select(spot);
            lab.hover.set(None);
            runner::scan(lab, spot, rows * columns);
        }
    };
    let tab = move || if lab.node() == node { "0" } else { "-1" };
    let label = if lab.graph.read_untracked().node(node).shape.is_flat() {
        format!("{name}, all values")
    } else {
        format!("{name} map {}", map + 1)
    };
    let layer = name.clone();
    // The scores show themselves.
    let class = if node == lab.graph.read_untracked().logits { "map bare" } else { "map" };
    view! {
        <button class=class style=style tabindex=tab aria-label=label data-layer=layer data-map=map.to_string()
            on:pointermove=point on:pointerdown=point on:pointerleave=move |_| leave() on:keydown=key on:focus=focus on:blur=move |_| leave()
            on:click=click></button>
    }
}

/// The output as people read it: each class with its picture, its score and its probability.
#[component]
fn Scores(place: Place) -> impl IntoView {
    let lab = expect_context::<Lab>();
    let graph = lab.graph.get_untracked();
    let lowest = graph.lowest_wins;
    let pictures = match &graph.node(graph.logits).op {
        Op::Rbf(_) => Some(format!("{}.weight", graph.node(graph.logits).name)),
        _ => None,
    };
    let pitch = place.rect.h / place.rows as f32;
    let ranking = Memo::new(move |_| {
        lab.frame.get().filter(|f| !f.blank).map(|f| answer::ranking(&f.scores, lowest)).unwrap_or_default()
    });
    let score = move |class: usize| lab.frame.read().as_ref().and_then(|f| f.scores.get(class).copied());
    let share = move |class: usize| lab.frame.read().as_ref().and_then(|f| f.probabilities.get(class).copied());
    let rows = (0..place.rows).map(|class| {
        let picture = pictures.clone().map(|name| {
            let cells = Signal::derive(move || {
                let weights = lab.weights.get()?;
                let array = weights.get(&name)?;
                let values = array.values.chunks(*array.dims.get(1)?).nth(class)?.to_vec();
                Some(Cells { values, columns: BITMAP_WIDTH, ramp: Ramp::Signed, extent: Extent { min: -1.6, max: 1.6 } })
            });
            let scale = ((pitch - 8.0) / 12.0).clamp(1.5, 3.2);
            view! { <Picture cells name=format!("The picture of {class}") scale/> }
        });
        let width = move || {
            let frame = lab.frame.get();
            let Some(frame) = frame else { return String::new() };
            // Distances count from zero; scores, which can be negative, from the lowest.
            let low = if lowest { 0.0 } else { frame.scores.iter().copied().fold(f32::MAX, f32::min) };
            let high = frame.scores.iter().copied().fold(f32::MIN, f32::max);
            let part = (frame.scores.get(class).copied().unwrap_or(low) - low) / (high - low).max(1e-6);
            format!("width:{:.1}%", part * 100.0)
        };
        view! {
            <div class="score" class:winner=move || ranking.read().first() == Some(&class) style=format!("height:{pitch}px")>
                <b>{class}</b>
                {picture}
                <span class="bar"><i style=width></i></span>
                <span class="numbers">
                    <span>{move || score(class).map(|s| decimal(s, 1))}</span>
                    <span class="share">{move || share(class).map(percent)}</span>
                </span>
            </div>
        }
    });
    let style = format!("left:{}px;top:{}px;width:{}px", place.rect.x, place.rect.y, place.rect.w);
    let dim = move || if lab.node() == graph.logits || lab.focus().0 == graph.logits { "scores" } else { "scores dim" };
    view! { <div class=dim style=style>{rows.collect_view()}</div> }
}

/// What the colours mean, and over what they are scaled.
#[component]
fn Legend() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let looked_at = move || {
        let (node, map, _) = lab.focus();
        let graph = lab.graph.get();
        // The scores are bars; their colours are F6's.
        let node =
            if node == graph.logits { graph.node(node).inputs.first().copied().unwrap_or(NodeId(0)) } else { node };
        (graph, node, map)
    };
    let ends = move || {
        let (graph, node, map) = looked_at();
        tiles::ends(&graph, lab.frame.read().as_deref(), node, map, lab.scope.get())
    };
    let ramp = move || {
        let (graph, node, _) = looked_at();
        match tiles::ramp(&graph, node) {
            Ramp::Signed => "ramp signed",
            Ramp::Rectified => "ramp rectified",
            Ramp::Weight => "ramp weight",
            Ramp::Ink => "ramp ink",
        }
    };
    let words = move || {
        let (graph, node, _) = looked_at();
        let what = match tiles::ramp(&graph, node) {
            Ramp::Ink => "ink",
            Ramp::Rectified => "after ReLU",
            Ramp::Signed | Ramp::Weight => "activation",
        };
        format!("{}, {what}; one scale for", graph.node(node).name)
    };
    let choose = move |event| {
        lab.scope.set(match event_target_value(&event).as_str() {
            "map" => Scope::Map,
            "network" => Scope::Network,
            _ => Scope::Layer,
        });
    };
    let chosen = move || match lab.scope.get() {
        Scope::Map => "map",
        Scope::Layer => "layer",
        Scope::Network => "network",
    };
    view! {
        <div class="legend" role="group" aria-label="Legend">
            <span class="mono">{move || decimal(ends().min, 2)}</span>
            <span class=ramp aria-hidden="true"></span>
            <span class="mono">{move || decimal(ends().max, 2)}</span>
            <span class="soft">{words}</span>
            <select aria-label="Scale of the colours" prop:value=chosen on:change=choose>
                <option value="map">"this map"</option>
                <option value="layer">"this layer"</option>
                <option value="network">"the network"</option>
            </select>
        </div>
    }
}
