//! Which part of a scene is seen, and how large: units of the scene to CSS pixels and back.

use super::geometry::{Rect, Room};

/// Room around the whole when it is fitted, as a part of the room on each side.
const MARGIN: f32 = 0.03;
/// Room above the whole for the names of its layers, in CSS pixels.
const HEAD: f32 = 52.0;
/// The part of the room that a thing takes when it is framed.
const SHARE: f32 = 0.86;
/// The largest scale: a pixel of a photo of 224x224 is about as large as a fingertip.
const CLOSEST: f32 = 90.0;
/// How much smaller than fitted the whole may become.
const FARTHEST: f32 = 0.7;
/// In a room narrower than this, in CSS pixels (a phone's), a scene that is so many rooms wide is first shown at its full
/// height.
const NARROW: f32 = 600.0;
const ROOMS: f32 = 3.2;

/// The point of a scene in the middle of the room, and the scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// The point of the scene in the middle of the room.
    pub centre: (f32, f32),
    /// CSS pixels a unit.
    pub scale: f32,
}

impl Camera {
    /// The whole of `bounds` in the room.
    pub fn whole(bounds: Rect, room: Room) -> Self {
        let free = (room.width * (1.0 - 2.0 * MARGIN), (room.height - HEAD) * (1.0 - 2.0 * MARGIN));
        let scale = (free.0 / bounds.w).min(free.1 / bounds.h).clamp(f32::MIN_POSITIVE, CLOSEST);
        let (x, y) = bounds.middle();
        Self { centre: (x, y - HEAD / 2.0 / scale), scale }
    }

    /// What is seen first: the whole, or, where a narrow room would make a small scene tiny, its beginning at full height.
    pub fn first(bounds: Rect, room: Room) -> Self {
        let whole = Self::whole(bounds, room);
        let tall = (room.height - HEAD) * (1.0 - 2.0 * MARGIN) / bounds.h;
        if room.width < NARROW && tall > whole.scale && bounds.w * tall <= room.width * ROOMS {
            let x = bounds.x + (room.width * (0.5 - MARGIN)) / tall;
            return Self { centre: (x, bounds.middle().1 - HEAD / 2.0 / tall), scale: tall };
        }
        whole
    }

    /// `rect` in the middle of the room, taking most of it.
    pub fn framing(rect: Rect, room: Room) -> Self {
        let scale = (room.width * SHARE / rect.w).min((room.height - HEAD) * SHARE / rect.h).min(CLOSEST);
        let (x, y) = rect.middle();
        Self { centre: (x, y - HEAD / 2.0 / scale), scale }
    }

    /// The same scale, moved as little as brings `rect` into the room; its middle where it is larger than the room.
    #[must_use]
    pub fn showing(self, rect: Rect, room: Room) -> Self {
        let along = |centre: f32, start: f32, length: f32, room: f32, head: f32| {
            let (half, margin) = (room / 2.0 / self.scale, room * MARGIN / self.scale);
            let (low, high) = (centre - half + margin + head / self.scale, centre + half - margin);
            if length > high - low {
                start + length / 2.0 - head / 2.0 / self.scale
            } else if start < low {
                centre - (low - start)
            } else if start + length > high {
                centre + (start + length - high)
            } else {
                centre
            }
        };
        let x = along(self.centre.0, rect.x, rect.w, room.width, 0.0);
        let y = along(self.centre.1, rect.y, rect.h, room.height, HEAD);
        Self { centre: (x, y), ..self }
    }

    /// Zoomed by `factor`, with what is at `at` (CSS pixels in the room) staying there.
    #[must_use]
    pub fn zoomed(self, factor: f32, at: (f32, f32), bounds: Rect, room: Room) -> Self {
        let least = Self::whole(bounds, room).scale * FARTHEST;
        let scale = (self.scale * factor).clamp(least, CLOSEST.max(least));
        let (x, y) = self.at(at, room);
        let centre = (x - (at.0 - room.width / 2.0) / scale, y - (at.1 - room.height / 2.0) / scale);
        Self { centre, scale }.kept(bounds)
    }

    /// Moved so that what was at a point is `by` (CSS pixels) further.
    #[must_use]
    pub fn panned(self, by: (f32, f32), bounds: Rect) -> Self {
        let centre = (self.centre.0 - by.0 / self.scale, self.centre.1 - by.1 / self.scale);
        Self { centre, ..self }.kept(bounds)
    }

    /// Something of the scene stays in the middle.
    fn kept(self, bounds: Rect) -> Self {
        let x = self.centre.0.clamp(bounds.x, bounds.x + bounds.w);
        let head = HEAD / 2.0 / self.scale;
        let y = self.centre.1.clamp(bounds.y - head, bounds.y + bounds.h);
        Self { centre: (x, y), ..self }
    }

    /// The same scale, its middle at the next of points that stand `steps` apart, in CSS pixels.
    fn stepped(self, steps: (f32, f32)) -> Self {
        let along = |at: f32, step: f32| (at * self.scale / step).round() * step / self.scale;
        Self { centre: (along(self.centre.0, steps.0), along(self.centre.1, steps.1)), ..self }
    }

    /// On whole CSS pixels: what is drawn for one such camera lies on the pixels of any other of the same scale.
    #[must_use]
    pub fn snapped(self) -> Self {
        self.stepped((1.0, 1.0))
    }

    /// The same scale, on whole CSS pixels, its middle at the next of points that stand half a room apart.
    #[must_use]
    pub fn anchor(self, room: Room) -> Self {
        let step = |room: f32| (room / 2.0).floor().max(1.0);
        self.stepped((step(room.width), step(room.height)))
    }

    /// What is seen by any camera that has it as its [`Camera::anchor`].
    pub fn around(self, room: Room) -> Rect {
        let Rect { x, y, w, h } = self.seen(room);
        Rect { x: x - w / 4.0, y: y - h / 4.0, w: w * 1.5, h: h * 1.5 }
    }

    /// Between it and `other`: `part` from 0 to 1. The scale changes evenly to the eye.
    #[must_use]
    pub fn toward(self, other: Self, part: f32) -> Self {
        if part >= 1.0 {
            return other;
        }
        let scale = self.scale * (other.scale / self.scale).powf(part);
        // What moves on the screen moves evenly: the centre follows the inverse of the scale.
        let inverse = |scale: f32| 1.0 / scale;
        let span = inverse(other.scale) - inverse(self.scale);
        let moved =
            if span.abs() > inverse(self.scale) * 1e-3 { (inverse(scale) - inverse(self.scale)) / span } else { part };
        let along = |a: f32, b: f32| a + (b - a) * moved;
        Self { centre: (along(self.centre.0, other.centre.0), along(self.centre.1, other.centre.1)), scale }
    }

    /// Where a rectangle of the scene is in the room, in CSS pixels.
    pub fn place(self, rect: Rect, room: Room) -> Rect {
        Rect {
            x: (rect.x - self.centre.0) * self.scale + room.width / 2.0,
            y: (rect.y - self.centre.1) * self.scale + room.height / 2.0,
            w: rect.w * self.scale,
            h: rect.h * self.scale,
        }
    }

    /// The point of the scene at a point of the room.
    pub fn at(self, (x, y): (f32, f32), room: Room) -> (f32, f32) {
        let along = |at: f32, room: f32, centre: f32| (at - room / 2.0) / self.scale + centre;
        (along(x, room.width, self.centre.0), along(y, room.height, self.centre.1))
    }

    /// The part of the scene that is seen.
    pub fn seen(self, room: Room) -> Rect {
        let (x, y) = self.at((0.0, 0.0), room);
        Rect { x, y, w: room.width / self.scale, h: room.height / self.scale }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room { width: 800.0, height: 600.0 };
    const BOUNDS: Rect = Rect { x: -20.0, y: -300.0, w: 4000.0, h: 900.0 };

    fn inside(rect: Rect, room: Room) -> bool {
        rect.x >= 0.0 && rect.y >= 0.0 && rect.x + rect.w <= room.width + 0.1 && rect.y + rect.h <= room.height + 0.1
    }

    #[test]
    fn what_is_seen_lies_around_the_anchor() {
        let room = Room { width: 900.0, height: 500.0 };
        for (x, y, scale) in [(0.0, 0.0, 1.0), (133.0, -77.0, 0.4), (1e4, 52.0, 17.0)] {
            let view = Camera { centre: (x, y), scale };
            let anchor = view.anchor(room);
            let (seen, around) = (view.seen(room), anchor.around(room));
            let inside = around.union(seen);
            assert!((inside.w - around.w).abs() < 1.0 && (inside.h - around.h).abs() < 1.0, "{seen:?} in {around:?}");
            let near = Camera { centre: (x + 0.1 / scale, y), scale };
            assert_eq!(anchor, near.anchor(room));
            let apart = (view.snapped().centre.0 - anchor.centre.0) * scale;
            assert!((apart - apart.round()).abs() < 0.05, "{apart} pixels from the anchor");
        }
    }

    #[test]
    fn the_whole_is_inside_below_the_names() {
        for room in [ROOM, Room { width: 390.0, height: 540.0 }, Room { width: 2400.0, height: 500.0 }] {
            let placed = Camera::whole(BOUNDS, room).place(BOUNDS, room);
            assert!(inside(placed, room) && placed.y >= HEAD, "{placed:?}");
        }
    }

    #[test]
    fn a_small_scene_in_a_narrow_room_begins_at_full_height() {
        let room = Room { width: 390.0, height: 540.0 };
        let bounds = Rect { x: 0.0, y: -170.0, w: 900.0, h: 340.0 };
        let first = Camera::first(bounds, room);
        let placed = first.place(bounds, room);
        assert!(placed.h > 450.0 && placed.x >= 0.0 && placed.w > room.width, "{placed:?}");
        assert_eq!(Camera::first(BOUNDS, room), Camera::whole(BOUNDS, room));
    }

    #[test]
    fn zooming_keeps_the_point_under_the_finger() {
        let camera = Camera::whole(BOUNDS, ROOM);
        let (finger, before) = ((310.0, 330.0), camera.at((310.0, 330.0), ROOM));
        let zoomed = camera.zoomed(3.0, finger, BOUNDS, ROOM);
        let after = zoomed.at(finger, ROOM);
        assert!((before.0 - after.0).abs() < 0.01 && (before.1 - after.1).abs() < 0.01);
        let far = zoomed.zoomed(1e-9, finger, BOUNDS, ROOM);
        assert!((far.scale - camera.scale * FARTHEST).abs() < 1e-4);
    }

    #[test]
    fn showing_moves_no_more_than_it_must() {
        let camera = Camera { centre: (500.0, 0.0), scale: 1.0 };
        let near = Rect { x: 480.0, y: -20.0, w: 40.0, h: 40.0 };
        assert_eq!(camera.showing(near, ROOM), camera);
        let right = Rect { x: 1000.0, y: -20.0, w: 40.0, h: 40.0 };
        let moved = camera.showing(right, ROOM);
        assert!(inside(moved.place(right, ROOM), ROOM) && moved.centre.0 < 700.0);
        let large = Rect { x: 2000.0, y: 0.0, w: 5000.0, h: 10.0 };
        assert_eq!(camera.showing(large, ROOM).centre.0, 4500.0);
    }

    #[test]
    fn the_way_from_one_to_the_other_begins_and_ends_there() {
        let (a, b) = (Camera { centre: (0.0, 0.0), scale: 0.1 }, Camera { centre: (900.0, 50.0), scale: 8.0 });
        assert_eq!(a.toward(b, 1.0), b);
        let start = a.toward(b, 0.0);
        assert!((start.scale - a.scale).abs() < 1e-6 && start.centre.0.abs() < 1e-3);
        let half = a.toward(b, 0.5);
        assert!(half.scale > a.scale && half.scale < b.scale && half.centre.0 > 0.0 && half.centre.0 < 900.0);
    }

    #[test]
    fn points_go_there_and_back() {
        let camera = Camera { centre: (12.0, -7.0), scale: 2.5 };
        let rect = Rect { x: 3.0, y: 4.0, w: 10.0, h: 20.0 };
        let placed = camera.place(rect, ROOM);
        let (x, y) = camera.at((placed.x, placed.y), ROOM);
        assert!((x - 3.0).abs() < 1e-4 && (y - 4.0).abs() < 1e-4);
        let seen = camera.seen(ROOM);
        assert!(seen.holds(camera.centre) && (seen.w - 320.0).abs() < 1e-4);
    }
}
