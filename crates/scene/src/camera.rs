//! The part of a scene that is visible and its scale; converts between scene units and CSS pixels.

use super::geometry::{Rect, Viewport};

/// Free margin on each side of a fitted scene, as a fraction of the viewport.
const MARGIN: f32 = 0.03;
/// Space above a fitted scene for the names of its layers, in CSS pixels.
const NAME_SPACE: f32 = 52.0;
/// Fraction of the viewport that a framed rectangle fills.
const FRAME_SHARE: f32 = 0.86;
/// The largest scale, in CSS pixels per scene unit. At this scale a pixel of a 224x224 photo is about as large as a
/// fingertip.
const MAX_SCALE: f32 = 90.0;
/// The smallest scale, as a fraction of the scale at which the whole scene fits.
const MIN_SCALE_RATIO: f32 = 0.7;
/// Viewports narrower than this, in CSS pixels, are those of phones. See [`Camera::first`].
const NARROW_PX: f32 = 600.0;
/// In a narrow viewport, a scene that is at most this many viewports wide at full height is first shown at full height.
const MAX_VIEWPORTS: f32 = 3.2;

/// The scene point in the middle of the viewport, and the scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// The scene point shown in the middle of the viewport, in scene units.
    pub centre: (f32, f32),
    /// CSS pixels per scene unit.
    pub scale: f32,
}

impl Camera {
    /// Shows all of `bounds`.
    pub fn whole(bounds: Rect, viewport: Viewport) -> Self {
        let free = (viewport.width * (1.0 - 2.0 * MARGIN), (viewport.height - NAME_SPACE) * (1.0 - 2.0 * MARGIN));
        let scale = (free.0 / bounds.w).min(free.1 / bounds.h).clamp(f32::MIN_POSITIVE, MAX_SCALE);
        let (x, y) = bounds.middle();
        Self { centre: (x, y - NAME_SPACE / 2.0 / scale), scale }
    }

    /// Returns the first view of a scene. This is the whole scene; in a narrow viewport, where the whole of a small
    /// scene would be tiny, it is the left end of the scene at full height.
    pub fn first(bounds: Rect, viewport: Viewport) -> Self {
        let whole = Self::whole(bounds, viewport);
        let tall = (viewport.height - NAME_SPACE) * (1.0 - 2.0 * MARGIN) / bounds.h;
        if viewport.width < NARROW_PX && tall > whole.scale && bounds.w * tall <= viewport.width * MAX_VIEWPORTS {
            let x = bounds.x + (viewport.width * (0.5 - MARGIN)) / tall;
            return Self { centre: (x, bounds.middle().1 - NAME_SPACE / 2.0 / tall), scale: tall };
        }
        whole
    }

    /// Centres `rect` so that it fills most of the viewport.
    pub fn framing(rect: Rect, viewport: Viewport) -> Self {
        let scale = (viewport.width * FRAME_SHARE / rect.w)
            .min((viewport.height - NAME_SPACE) * FRAME_SHARE / rect.h)
            .min(MAX_SCALE);
        let (x, y) = rect.middle();
        Self { centre: (x, y - NAME_SPACE / 2.0 / scale), scale }
    }

    /// Moves by the least distance that brings `rect` into the viewport and keeps the scale. A rectangle that is larger
    /// than the viewport is centred.
    #[must_use]
    pub fn showing(self, rect: Rect, viewport: Viewport) -> Self {
        let along = |centre: f32, start: f32, length: f32, viewport: f32, head: f32| {
            let (half, margin) = (viewport / 2.0 / self.scale, viewport * MARGIN / self.scale);
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
        let x = along(self.centre.0, rect.x, rect.w, viewport.width, 0.0);
        let y = along(self.centre.1, rect.y, rect.h, viewport.height, NAME_SPACE);
        Self { centre: (x, y), ..self }
    }

    /// Zooms by `factor`. The scene point at `at` (CSS pixels in the viewport) stays in place.
    #[must_use]
    pub fn zoomed(self, factor: f32, at: (f32, f32), bounds: Rect, viewport: Viewport) -> Self {
        let least = Self::whole(bounds, viewport).scale * MIN_SCALE_RATIO;
        let scale = (self.scale * factor).clamp(least, MAX_SCALE.max(least));
        let (x, y) = self.at(at, viewport);
        let centre = (x - (at.0 - viewport.width / 2.0) / scale, y - (at.1 - viewport.height / 2.0) / scale);
        Self { centre, scale }.clamped(bounds)
    }

    /// Moves the scene by `by` CSS pixels to the right and down.
    #[must_use]
    pub fn panned(self, by: (f32, f32), bounds: Rect) -> Self {
        let centre = (self.centre.0 - by.0 / self.scale, self.centre.1 - by.1 / self.scale);
        Self { centre, ..self }.clamped(bounds)
    }

    /// Limits the centre to `bounds`, so that some of the scene stays in the middle of the viewport.
    fn clamped(self, bounds: Rect) -> Self {
        let x = self.centre.0.clamp(bounds.x, bounds.x + bounds.w);
        let head = NAME_SPACE / 2.0 / self.scale;
        let y = self.centre.1.clamp(bounds.y - head, bounds.y + bounds.h);
        Self { centre: (x, y), ..self }
    }

    /// Rounds the centre to a grid of points that are `steps` CSS pixels apart. The scale stays.
    fn stepped(self, steps: (f32, f32)) -> Self {
        let along = |at: f32, step: f32| (at * self.scale / step).round() * step / self.scale;
        Self { centre: (along(self.centre.0, steps.0), along(self.centre.1, steps.1)), ..self }
    }

    /// Rounds the centre to whole CSS pixels. Two snapped cameras of the same scale differ by whole pixels, so a
    /// drawing made for one can be moved to the other.
    #[must_use]
    pub fn snapped(self) -> Self {
        self.stepped((1.0, 1.0))
    }

    /// Rounds the centre to a grid of whole-pixel points that are half a viewport apart. The scale stays.
    #[must_use]
    pub fn anchor(self, viewport: Viewport) -> Self {
        let step = |viewport: f32| (viewport / 2.0).floor().max(1.0);
        self.stepped((step(viewport.width), step(viewport.height)))
    }

    /// Returns the rectangle that covers everything visible to any camera whose [`Camera::anchor`] is this camera.
    pub fn around(self, viewport: Viewport) -> Rect {
        let Rect { x, y, w, h } = self.seen(viewport);
        Rect { x: x - w / 4.0, y: y - h / 4.0, w: w * 1.5, h: h * 1.5 }
    }

    /// Interpolates from this camera to `other`; `part` runs from 0 to 1. The scale changes exponentially, which looks
    /// even to the eye.
    #[must_use]
    pub fn toward(self, other: Self, part: f32) -> Self {
        if part >= 1.0 {
            return other;
        }
        let scale = self.scale * (other.scale / self.scale).powf(part);
        // Motion on the screen is even if the centre follows the inverse of the scale.
        let inverse = |scale: f32| 1.0 / scale;
        let span = inverse(other.scale) - inverse(self.scale);
        let moved =
            if span.abs() > inverse(self.scale) * 1e-3 { (inverse(scale) - inverse(self.scale)) / span } else { part };
        let along = |a: f32, b: f32| a + (b - a) * moved;
        Self { centre: (along(self.centre.0, other.centre.0), along(self.centre.1, other.centre.1)), scale }
    }

    /// Converts a rectangle of the scene to CSS pixels of the viewport.
    pub fn place(self, rect: Rect, viewport: Viewport) -> Rect {
        Rect {
            x: (rect.x - self.centre.0) * self.scale + viewport.width / 2.0,
            y: (rect.y - self.centre.1) * self.scale + viewport.height / 2.0,
            w: rect.w * self.scale,
            h: rect.h * self.scale,
        }
    }

    /// Converts a point of the viewport, in CSS pixels, to a point of the scene.
    pub fn at(self, (x, y): (f32, f32), viewport: Viewport) -> (f32, f32) {
        let along = |at: f32, viewport: f32, centre: f32| (at - viewport / 2.0) / self.scale + centre;
        (along(x, viewport.width, self.centre.0), along(y, viewport.height, self.centre.1))
    }

    /// Returns the visible part of the scene.
    pub fn seen(self, viewport: Viewport) -> Rect {
        let (x, y) = self.at((0.0, 0.0), viewport);
        Rect { x, y, w: viewport.width / self.scale, h: viewport.height / self.scale }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEWPORT: Viewport = Viewport { width: 800.0, height: 600.0 };
    const BOUNDS: Rect = Rect { x: -20.0, y: -300.0, w: 4000.0, h: 900.0 };

    fn inside(rect: Rect, viewport: Viewport) -> bool {
        rect.x >= 0.0
            && rect.y >= 0.0
            && rect.x + rect.w <= viewport.width + 0.1
            && rect.y + rect.h <= viewport.height + 0.1
    }

    #[test]
    fn the_anchor_covers_every_view_that_it_stands_for() {
        let viewport = Viewport { width: 900.0, height: 500.0 };
        for (x, y, scale) in [(0.0, 0.0, 1.0), (133.0, -77.0, 0.4), (1e4, 52.0, 17.0)] {
            let view = Camera { centre: (x, y), scale };
            let anchor = view.anchor(viewport);
            let (seen, around) = (view.seen(viewport), anchor.around(viewport));
            let inside = around.union(seen);
            assert!((inside.w - around.w).abs() < 1.0 && (inside.h - around.h).abs() < 1.0, "{seen:?} in {around:?}");
            let near = Camera { centre: (x + 0.1 / scale, y), scale };
            assert_eq!(anchor, near.anchor(viewport));
            let apart = (view.snapped().centre.0 - anchor.centre.0) * scale;
            assert!((apart - apart.round()).abs() < 0.05, "{apart} pixels from the anchor");
        }
    }

    #[test]
    fn the_whole_scene_fits_below_the_names() {
        for viewport in [VIEWPORT, Viewport { width: 390.0, height: 540.0 }, Viewport { width: 2400.0, height: 500.0 }]
        {
            let placed = Camera::whole(BOUNDS, viewport).place(BOUNDS, viewport);
            assert!(inside(placed, viewport) && placed.y >= NAME_SPACE, "{placed:?}");
        }
    }

    #[test]
    fn a_small_scene_in_a_narrow_viewport_begins_at_full_height() {
        let viewport = Viewport { width: 390.0, height: 540.0 };
        let bounds = Rect { x: 0.0, y: -170.0, w: 900.0, h: 340.0 };
        let first = Camera::first(bounds, viewport);
        let placed = first.place(bounds, viewport);
        assert!(placed.h > 450.0 && placed.x >= 0.0 && placed.w > viewport.width, "{placed:?}");
        assert_eq!(Camera::first(BOUNDS, viewport), Camera::whole(BOUNDS, viewport));
    }

    #[test]
    fn zooming_keeps_the_point_under_the_finger() {
        let camera = Camera::whole(BOUNDS, VIEWPORT);
        let (finger, before) = ((310.0, 330.0), camera.at((310.0, 330.0), VIEWPORT));
        let zoomed = camera.zoomed(3.0, finger, BOUNDS, VIEWPORT);
        let after = zoomed.at(finger, VIEWPORT);
        assert!((before.0 - after.0).abs() < 0.01 && (before.1 - after.1).abs() < 0.01);
        let far = zoomed.zoomed(1e-9, finger, BOUNDS, VIEWPORT);
        assert!((far.scale - camera.scale * MIN_SCALE_RATIO).abs() < 1e-4);
    }

    #[test]
    fn showing_moves_by_the_least_distance() {
        let camera = Camera { centre: (500.0, 0.0), scale: 1.0 };
        let near = Rect { x: 480.0, y: -20.0, w: 40.0, h: 40.0 };
        assert_eq!(camera.showing(near, VIEWPORT), camera);
        let right = Rect { x: 1000.0, y: -20.0, w: 40.0, h: 40.0 };
        let moved = camera.showing(right, VIEWPORT);
        assert!(inside(moved.place(right, VIEWPORT), VIEWPORT) && moved.centre.0 < 700.0);
        let large = Rect { x: 2000.0, y: 0.0, w: 5000.0, h: 10.0 };
        assert_eq!(camera.showing(large, VIEWPORT).centre.0, 4500.0);
    }

    #[test]
    fn interpolation_begins_and_ends_at_its_two_cameras() {
        let (a, b) = (Camera { centre: (0.0, 0.0), scale: 0.1 }, Camera { centre: (900.0, 50.0), scale: 8.0 });
        assert_eq!(a.toward(b, 1.0), b);
        let start = a.toward(b, 0.0);
        assert!((start.scale - a.scale).abs() < 1e-6 && start.centre.0.abs() < 1e-3);
        let half = a.toward(b, 0.5);
        assert!(half.scale > a.scale && half.scale < b.scale && half.centre.0 > 0.0 && half.centre.0 < 900.0);
    }

    #[test]
    fn points_convert_to_the_viewport_and_back() {
        let camera = Camera { centre: (12.0, -7.0), scale: 2.5 };
        let rect = Rect { x: 3.0, y: 4.0, w: 10.0, h: 20.0 };
        let placed = camera.place(rect, VIEWPORT);
        let (x, y) = camera.at((placed.x, placed.y), VIEWPORT);
        assert!((x - 3.0).abs() < 1e-4 && (y - 4.0).abs() < 1e-4);
        let seen = camera.seen(VIEWPORT);
        assert!(seen.holds(camera.centre) && (seen.w - 320.0).abs() < 1e-4);
    }
}
