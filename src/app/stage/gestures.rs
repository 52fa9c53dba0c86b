//! Mouse, touch and pen on the stage: pointing, selecting, dragging, pinching, the wheel.

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::ev::{MouseEvent, PointerEvent, WheelEvent};
use leptos::html;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use super::flight;
use crate::app::scan;
use crate::app::state::Page;
use scene::{MapCell, SceneTile, TileSubject};

/// How far a pointer must move to drag, in CSS pixels: less is a shaking hand.
const DRAG: f32 = 6.0;
/// How much a CSS pixel of the wheel zooms, in parts of the natural logarithm; of a pinch on a touchpad.
const WHEEL: f32 = 0.0016;
const PINCH: f32 = 0.01;
/// CSS pixels of a line of a wheel that counts in lines.
const LINE: f32 = 18.0;

/// How long a wheel rests before what it has brought under the pointer is pointed at: else the stage would flicker.
const REST: Duration = Duration::from_millis(150);

/// Pointers that are down, and the wheel.
#[derive(Default)]
struct Pointers {
    /// Where each is, in the room.
    at: BTreeMap<i32, (f32, f32)>,
    /// Where the first went down.
    start: (f32, f32),
    /// Whether they have moved the camera since.
    moved: bool,
    /// Where the pointer is while the wheel turns, and what waits for its rest.
    wheel_rest: Option<((f32, f32), TimeoutHandle)>,
}

/// What pointers do on the stage.
#[derive(Clone, Copy)]
pub(super) struct Gestures {
    page: Page,
    area: NodeRef<html::Div>,
    pointers: StoredValue<Pointers>,
}

fn distance(a: (f32, f32), b: (f32, f32)) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// The tile at a point of the room.
fn tile_at(page: Page, at: (f32, f32)) -> Option<SceneTile> {
    let (view, room) = (page.view.camera().get_untracked(), page.view.room().get_untracked());
    let point = view.at(at, room);
    page.view.scene().read_untracked().tiles.iter().find(|item| item.rect.holds(point)).cloned()
}

/// The cell at a point of the room.
fn cell_at(page: Page, at: (f32, f32)) -> Option<MapCell> {
    let (view, room) = (page.view.camera().get_untracked(), page.view.room().get_untracked());
    let (x, y) = view.at(at, room);
    let item = tile_at(page, at)?;
    let (map, column, row) = item.mosaic.at_scale(view.scale).at(x - item.rect.x, y - item.rect.y)?;
    let spot = MapCell { node: item.node, map, y: row, x: column };
    spot.locate(&page.network.graph().read_untracked()).map(|_| spot)
}

impl Gestures {
    pub(super) fn new(page: Page, area: NodeRef<html::Div>) -> Self {
        Self { page, area, pointers: StoredValue::new(Pointers::default()) }
    }

    /// A point of the window in the room.
    fn position(self, event: &MouseEvent) -> (f32, f32) {
        let Some(area) = self.area.get_untracked() else { return (0.0, 0.0) };
        let rect = area.get_bounding_client_rect();
        ((f64::from(event.client_x()) - rect.left()) as f32, (f64::from(event.client_y()) - rect.top()) as f32)
    }

    fn camera(self, change: impl FnOnce(scene::Camera) -> scene::Camera) {
        flight::land();
        let next = change(self.page.view.exact_camera().get_untracked());
        self.page.view.set_camera(next);
    }

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

    pub(super) fn moved(self, event: &PointerEvent) {
        let at = self.position(event);
        let id = event.pointer_id();
        let held = self.pointers.with_value(|pointers| pointers.at.contains_key(&id));
        if !held {
            return self.point_or_wait(at);
        }
        if event.buttons() == 0 {
            // It was let go outside of the window.
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
            // Without capture a drag ends at the stage's edge.
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

    pub(super) fn up(self, event: &PointerEvent) {
        self.pointers.update_value(|pointers| {
            pointers.at.remove(&event.pointer_id());
        });
    }

    pub(super) fn left(self) {
        self.end_rest();
        if self.pointers.with_value(|pointers| pointers.at.is_empty()) {
            self.page.selection.point(None);
        }
    }

    /// Points at what is at a point of the room.
    fn point_at(self, at: (f32, f32)) {
        let spot = cell_at(self.page, at);
        if spot != self.page.selection.pointed().get_untracked() {
            self.page.selection.end_slide();
            self.page.selection.point(spot);
        }
    }

    /// Points at what is there, now or when the wheel rests.
    fn point_or_wait(self, at: (f32, f32)) {
        let waits = self
            .pointers
            .try_update_value(|pointers| pointers.wheel_rest.as_mut().map(|(place, _)| *place = at).is_some());
        if waits != Some(true) {
            self.point_at(at);
        }
    }

    /// The wheel has turned: what lies under the pointer is pointed at when it rests.
    fn wait_for_rest(self, at: (f32, f32)) {
        self.end_rest();
        let rested = move || {
            if let Some(at) = self.end_rest() {
                self.point_at(at);
            }
        };
        match set_timeout_with_handle(rested, REST) {
            Ok(handle) => self.pointers.update_value(|pointers| pointers.wheel_rest = Some((at, handle))),
            // A browser without a timer has no rest.
            Err(_) => self.point_at(at),
        }
    }

    /// The wheel turns no more; where the pointer is, if it did.
    fn end_rest(self) -> Option<(f32, f32)> {
        let wheel_rest = self.pointers.try_update_value(|pointers| pointers.wheel_rest.take()).flatten();
        wheel_rest.map(|(at, handle)| {
            handle.clear();
            at
        })
    }

    pub(super) fn click(self, event: &MouseEvent) {
        // Keys that press a button say where it is, not where a pointer is; a drag ends with a click too.
        if event.detail() == 0 || self.pointers.with_value(|pointers| pointers.moved) {
            return;
        }
        match cell_at(self.page, self.position(event)) {
            Some(spot) => {
                self.page.selection.select(spot);
                self.page.selection.point(None);
                scan::scan(self.page, spot);
            }
            None => self.page.selection.point(None),
        }
    }

    /// Unfolds a folded block; comes near anything else.
    pub(super) fn double_click(self, event: &MouseEvent) {
        let at = self.position(event);
        let Some(item) = tile_at(self.page, at) else { return };
        if let TileSubject::Block(block) = item.subject {
            return flight::set_folded(self.page, block, false);
        }
        let (view, room) = (self.page.view.camera().get_untracked(), self.page.view.room().get_untracked());
        let map = cell_at(self.page, at).and_then(|spot| item.mosaic.at_scale(view.scale).place(item.rect, spot.map));
        flight::fly(self.page, scene::Camera::framing(map.unwrap_or(item.rect), room));
    }

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
