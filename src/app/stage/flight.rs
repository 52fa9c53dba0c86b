//! The animation of the camera, and the moves that it makes by itself.

use std::cell::Cell;

use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;

use crate::app::browser::clock::now_ms;
use crate::app::browser::motion;
use crate::app::state::Page;
use net::NodeId;
use scene::{Camera, Scene, SceneTile};

/// The duration of a flight, in milliseconds.
const FLIGHT_MS: f64 = 300.0;
/// A map with at least this side, in CSS pixels, is legible without a zoom.
const READABLE: f32 = 20.0;

thread_local! {
    /// The number of the current flight. A new flight or a gesture increases it, which ends the flight before.
    static FLIGHT: Cell<u64> = const { Cell::new(0) };
}

/// Ends the current flight, because a person moves the camera.
pub(super) fn land() {
    FLIGHT.set(FLIGHT.get() + 1);
}

/// Moves the camera to `target`: animated, or immediately if the system asks for reduced motion.
pub(in crate::app) fn fly(page: Page, target: Camera) {
    land();
    if motion::is_reduced() {
        return page.view.set_camera(target);
    }
    let (from, start, flight) = (page.view.camera().get_untracked(), now_ms(), FLIGHT.get());
    step(page, from, target, start, flight);
}

fn step(page: Page, from: Camera, target: Camera, start: f64, flight: u64) {
    if FLIGHT.get() != flight {
        return;
    }
    let part = (((now_ms() - start) / FLIGHT_MS) as f32).clamp(0.0, 1.0);
    // The smoothstep function: slow at both ends.
    let eased = part * part * (3.0 - 2.0 * part);
    page.view.set_camera(from.toward(target, eased));
    if part < 1.0 {
        request_animation_frame(move || step(page, from, target, start, flight));
    }
}

/// Returns a camera that shows `item` legibly. If its maps are large enough already, the current camera only pans.
fn reading(page: Page, item: &SceneTile) -> Camera {
    let (view, room) = (page.view.camera().get_untracked(), page.view.room().get_untracked());
    let side = item.mosaic.map.0.max(item.mosaic.map.1) * view.scale;
    let placed = view.place(item.rect, room);
    let fits = placed.w <= room.width && placed.h <= room.height;
    let legible = side >= READABLE || item.mosaic.maps == 1 && placed.w.max(placed.h) >= 3.0 * READABLE;
    if legible && fits { view.showing(item.rect, room) } else { Camera::framing(item.rect, room) }
}

/// Moves the camera so that the tile of a node is legible.
pub(in crate::app) fn look_at(page: Page, node: NodeId) {
    let (scene, graph) = (page.view.scene().get_untracked(), page.network.graph().get_untracked());
    let Some(item) = scene.tile_containing(&graph, node) else { return };
    let target = reading(page, item);
    if target != page.view.camera().get_untracked() {
        fly(page, target);
    }
}

/// Moves the camera to the node of a link once the first pass is done, when the size of the stage is known. If the node
/// is in an unfolded block, the camera shows the block.
fn aim(page: Page) {
    Effect::new(move |_| {
        page.run.readout().track();
        let Some(node) = page.view.destination().get().filter(|_| page.run.readout().read().is_some()) else { return };
        page.view.arrive();
        let (scene, graph, room) =
            (page.view.scene().get_untracked(), page.network.graph().get_untracked(), page.view.room().get_untracked());
        let foldable = Scene::initial_folds(&graph);
        let blocks = graph.enclosing_blocks(node).filter(|block| foldable.contains(&block.0));
        let mut frames = blocks.filter_map(|block| scene.frames.iter().find(|frame| frame.block == block));
        if let Some(frame) = frames.next() {
            return page.view.set_camera(Camera::framing(frame.rect, room));
        }
        if let Some(item) = scene.tile_containing(&graph, node) {
            let (view, target) = (page.view.camera().get_untracked(), reading(page, item));
            if target != view {
                page.view.set_camera(target);
            }
        }
    });
}

/// Makes the camera follow the current step and the node of a link.
pub(super) fn follow(page: Page) {
    aim(page);
    Effect::new(move |before: Option<(&'static str, NodeId)>| {
        let (network, node) = (page.network.graph().read().name, page.selection.node());
        // A new network keeps its first view until a person goes to another step.
        if before.is_some_and(|(other, at)| other == network && at != node) {
            look_at(page, node);
        }
        (network, node)
    });
}

/// Folds a block to one tile, or unfolds it, and moves the camera to the result.
pub(in crate::app) fn set_folded(page: Page, block: usize, fold: bool) {
    page.selection.fold(block, fold);
    let (scene, room) = (page.view.scene().get_untracked(), page.view.room().get_untracked());
    let output = page.network.graph().read_untracked().blocks[block].output;
    let frame = scene.frames.iter().find(|frame| frame.block.0 == block).map(|frame| frame.rect);
    let tile = scene.tile_of(output).map(|item| item.rect.grown(item.rect.w));
    if let Some(rect) = if fold { tile } else { frame.or(tile) } {
        fly(page, Camera::framing(rect, room));
    }
}
