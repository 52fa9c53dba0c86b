//! Gestures on the stage with mouse, touch and pen: pointing, selecting, dragging, pinching and turning the wheel.

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::ev::{MouseEvent, PointerEvent, WheelEvent};
use leptos::html;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use super::flight;
use super::scan;
use crate::app::state::Page;
use scene::{MapCell, SceneTile, TileSubject};

/// The least movement that counts as a drag, in CSS pixels: a hand shakes by less.
const DRAG: f32 = 6.0;
/// The natural logarithm of the zoom factor for one CSS pixel of the wheel.
const WHEEL: f32 = 0.0016;
/// The same for a pinch on a touchpad, which the browser reports as a wheel with the control key.
const PINCH: f32 = 0.01;
/// The height of a line in CSS pixels, for wheels that count in lines.
const LINE: f32 = 18.0;

/// The pause of the wheel after which the cell under the pointer is pointed at. Without a pause the stage would
/// flicker.
const REST: Duration = Duration::from_millis(150);

/// The state of the pointers that are down and of the wheel.
#[derive(Default)]
struct Pointers {
    /// The position of each pointer on the stage, in CSS pixels, by its id.
    at: BTreeMap<i32, (f32, f32)>,
    /// The position where the first pointer went down.
    start: (f32, f32),
    /// True if they have moved the camera since then.
    moved: bool,
    /// While the wheel turns: the position of the pointer, and the timer that waits for a pause.
    wheel_rest: Option<((f32, f32), TimeoutHandle)>,
}

/// The handlers of pointer and wheel events on the stage.
#[derive(Clone, Copy)]
pub(super) struct Gestures {
    page: Page,
    area: NodeRef<html::Div>,
    pointers: StoredValue<Pointers>,
}

fn distance(a: (f32, f32), b: (f32, f32)) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// Returns the tile at a position on the stage, in CSS pixels.
fn tile_at(page: Page, at: (f32, f32)) -> Option<SceneTile> {
    let (view, room) = (page.view.camera().get_untracked(), page.view.room().get_untracked());
    let point = view.at(at, room);
    page.view.scene().read_untracked().tiles.iter().find(|item| item.rect.holds(point)).cloned()
}

/// Returns the cell at a position on the stage, in CSS pixels.
fn cell_at(page: Page, at: (f32, f32)) -> Option<MapCell> {
    let (view, room) = (page.view.camera().get_untracked(), page.view.room().get_untracked());
    let (x, y) = view.at(at, room);
    let item = tile_at(page, at)?;
    let (map, column, row) = item.mosaic.at_scale(view.scale).at(x - item.rect.x, y - item.rect.y)?;
    let cell = MapCell { node: item.node, map, y: row, x: column };
    cell.locate(&page.network.graph().read_untracked()).map(|_| cell)
}

impl Gestures {
    /// Creates the handlers of the stage, whose element is `area`.
    pub(super) fn new(page: Page, area: NodeRef<html::Div>) -> Self {
        Self { page, area, pointers: StoredValue::new(Pointers::default()) }
    }

    /// Returns the position of an event on the stage, in CSS pixels.
    fn position(self, event: &MouseEvent) -> (f32, f32) {
        let Some(area) = self.area.get_untracked() else { return (0.0, 0.0) };
        let rect = area.get_bounding_client_rect();
        ((f64::from(event.client_x()) - rect.left()) as f32, (f64::from(event.client_y()) - rect.top()) as f32)
    }

    /// Moves the camera, and ends its current flight.
    fn camera(self, change: impl FnOnce(scene::Camera) -> scene::Camera) {
        flight::land();
        let next = change(self.page.view.exact_camera().get_untracked());
        self.page.view.set_camera(next);
    }

    /// A pointer goes down: points at the cell under it. A drag or a pinch can follow.
    pub(super) fn down(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let at = self.position(event);
        self.pointers.update_value(|pointers| {
            if pointers.at.is_empty() {
                (pointers.start, pointers.moved) = (at, false);
            }
            pointers.at.insert(event.pointer_id(), at);
        });
        self.point_at(at);
    }

    /// A pointer moves: points at the cell under it, or pans and zooms the camera if pointers are down.
    pub(super) fn moved(self, event: &PointerEvent) {
        let at = self.position(event);
        let id = event.pointer_id();
        let held = self.pointers.with_value(|pointers| pointers.at.contains_key(&id));
        if !held {
            return self.point_or_wait(at);
        }
        if event.buttons() == 0 {
            // The button was released outside of the window.
            return self.up(event);
        }
        let (before, other, begins) = self
            .pointers
            .try_update_value(|pointers| {
                let before = pointers.at.insert(id, at).unwrap_or(at);
                let other = pointers.at.iter().find(|(place, _)| **place != id).map(|(_, at)| *at);
                let begins = !pointers.moved && (other.is_some() || distance(pointers.start, at) > DRAG);
                pointers.moved |= begins;
                (before, other, begins)
            })
            .unwrap_or((at, None, false));
        if begins && let Some(area) = self.area.get_untracked() {
            // If the pointer cannot be captured, the drag ends at the edge of the stage.
            let _ = area.set_pointer_capture(id);
            self.page.selection.point(None);
        }
        if !self.pointers.with_value(|pointers| pointers.moved) {
            return;
        }
        let (bounds, room) = (self.page.view.scene().read_untracked().bounds, self.page.view.room().get_untracked());
        match other {
            Some(other) => {
                let middle = |a: (f32, f32)| ((a.0 + other.0) / 2.0, (a.1 + other.1) / 2.0);
                let (from, to) = (middle(before), middle(at));
                let factor = distance(at, other).max(1.0) / distance(before, other).max(1.0);
                self.camera(|view| {
                    view.panned((to.0 - from.0, to.1 - from.1), bounds).zoomed(factor, to, bounds, room)
                });
            }
            None => self.camera(|view| view.panned((at.0 - before.0, at.1 - before.1), bounds)),
        }
    }

    /// A pointer goes up or is lost.
    pub(super) fn up(self, event: &PointerEvent) {
        self.pointers.update_value(|pointers| {
            pointers.at.remove(&event.pointer_id());
        });
    }

    /// The pointer leaves the stage: points at nothing, unless a drag continues outside.
    pub(super) fn left(self) {
        self.end_rest();
        if self.pointers.with_value(|pointers| pointers.at.is_empty()) {
            self.page.selection.point(None);
        }
    }

    /// Points at the cell at a position, or at nothing.
    fn point_at(self, at: (f32, f32)) {
        let cell = cell_at(self.page, at);
        if cell != self.page.selection.pointed().get_untracked() {
            self.page.selection.end_slide();
            self.page.selection.point(cell);
        }
    }

    /// Points at the cell at a position: immediately, or after the pause if the wheel turns.
    fn point_or_wait(self, at: (f32, f32)) {
        let waits = self
            .pointers
            .try_update_value(|pointers| pointers.wheel_rest.as_mut().map(|(place, _)| *place = at).is_some());
        if waits != Some(true) {
            self.point_at(at);
        }
    }

    /// Points at the cell at a position after the next pause of the wheel.
    fn wait_for_rest(self, at: (f32, f32)) {
        self.end_rest();
        let rested = move || {
            if let Some(at) = self.end_rest() {
                self.point_at(at);
            }
        };
        match set_timeout_with_handle(rested, REST) {
            Ok(handle) => self.pointers.update_value(|pointers| pointers.wheel_rest = Some((at, handle))),
            // Without a timer the stage does not wait for a pause.
            Err(_) => self.point_at(at),
        }
    }

    /// Ends the wait for a pause. Returns the position of the pointer if the wheel was turning.
    fn end_rest(self) -> Option<(f32, f32)> {
        let wheel_rest = self.pointers.try_update_value(|pointers| pointers.wheel_rest.take()).flatten();
        wheel_rest.map(|(at, handle)| {
            handle.clear();
            at
        })
    }

    /// Selects the cell under the pointer and slides the window over its map.
    pub(super) fn click(self, event: &MouseEvent) {
        // A click by keyboard has the position of the button, not of a pointer. A drag ends with a click, too.
        if event.detail() == 0 || self.pointers.with_value(|pointers| pointers.moved) {
            return;
        }
        match cell_at(self.page, self.position(event)) {
            Some(cell) => {
                self.page.selection.select(cell);
                self.page.selection.point(None);
                scan::scan(self.page, cell);
            }
            None => self.page.selection.point(None),
        }
    }

    /// Unfolds a folded block, or moves the camera near any other tile.
    pub(super) fn double_click(self, event: &MouseEvent) {
        let at = self.position(event);
        let Some(item) = tile_at(self.page, at) else { return };
        if let TileSubject::Block(block) = item.subject {
            return flight::set_folded(self.page, block, false);
        }
        let (view, room) = (self.page.view.camera().get_untracked(), self.page.view.room().get_untracked());
        let map = cell_at(self.page, at).and_then(|cell| item.mosaic.at_scale(view.scale).place(item.rect, cell.map));
        flight::fly(self.page, scene::Camera::framing(map.unwrap_or(item.rect), room));
    }

    /// Zooms about the pointer. With the shift key, or if the wheel turns sideways, it pans.
    pub(super) fn wheel(self, event: &WheelEvent) {
        event.prevent_default();
        let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_PIXEL { 1.0 } else { LINE };
        let (x, y) = (event.delta_x() as f32 * unit, event.delta_y() as f32 * unit);
        let at = self.position(event);
        let (bounds, room) = (self.page.view.scene().read_untracked().bounds, self.page.view.room().get_untracked());
        if event.ctrl_key() {
            self.camera(|view| view.zoomed((-y * PINCH).exp(), at, bounds, room));
        } else if event.shift_key() || x.abs() > y.abs() {
            let along = if x == 0.0 { y } else { x };
            self.camera(|view| view.panned((-along, 0.0), bounds));
        } else {
            self.camera(|view| view.zoomed((-y * WHEEL).exp(), at, bounds, room));
        }
        self.wait_for_rest(at);
    }
}
