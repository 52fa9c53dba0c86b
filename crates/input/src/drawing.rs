//! A drawing as strokes of the pen, so that it can be undone, drawn again and put into a link.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::error::InputError;

/// The number of grid steps per side of the pad. Points of a link lie on this grid.
const GRID: f32 = 255.0;
/// The number of steps that a link has for a pen width of 1.
const WIDTH_STEPS: f32 = 16.0;
/// The longest drawing that a link may hold, in characters: some minutes of scribbling.
const MAX_BYTES: usize = 64 * 1024;
/// The least distance of a point from the one before it, in sides of the pad. Nearer points are left out.
const MIN_DISTANCE: f32 = 0.004;

/// A position of the pen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Distance from the left edge, in sides of the pad, [0, 1].
    pub x: f32,
    /// Distance from the top edge, in sides of the pad, [0, 1].
    pub y: f32,
    /// The width of the pen relative to its default width, (0, 2]. It is 1 without pressure.
    pub width: f32,
}

/// The points from putting the pen down to lifting it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stroke {
    /// The points, in the order in which they were drawn.
    pub points: Vec<Point>,
}

/// Strokes, over a bundled digit or over an empty pad.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawing {
    /// The bundled digit under the strokes, as its index in the pack.
    pub digit: Option<usize>,
    /// The strokes, in the order in which they were drawn.
    pub strokes: Vec<Stroke>,
}

impl Point {
    /// Returns the nearest point on the grid of links. A link then opens exactly the drawing that was drawn.
    fn snap_to_grid(self) -> Self {
        Self {
            x: (self.x.clamp(0.0, 1.0) * GRID).round() / GRID,
            y: (self.y.clamp(0.0, 1.0) * GRID).round() / GRID,
            width: (self.width * WIDTH_STEPS).round().clamp(1.0, 2.0 * WIDTH_STEPS) / WIDTH_STEPS,
        }
    }
}

/// The most points that one count in a link can hold. A longer stroke goes on with another count.
const MAX_POINTS: usize = 255;

impl Drawing {
    /// Returns whether there are neither strokes nor a digit.
    pub fn is_empty(&self) -> bool {
        self.digit.is_none() && self.strokes.is_empty()
    }

    /// Puts the pen down at `point`.
    pub fn begin(&mut self, point: Point) {
        self.strokes.push(Stroke { points: vec![point.snap_to_grid()] });
    }

    /// Moves the pen to `point`. Returns whether this added to the drawing.
    pub fn extend(&mut self, point: Point) -> bool {
        let point = point.snap_to_grid();
        let Some(stroke) = self.strokes.last_mut() else { return false };
        let far = stroke.points.last().is_none_or(|last| (last.x - point.x).hypot(last.y - point.y) >= MIN_DISTANCE);
        if far {
            stroke.points.push(point);
        }
        far
    }

    /// Removes the last stroke. If there is none, removes the digit.
    pub fn undo(&mut self) {
        if self.strokes.pop().is_none() {
            self.digit = None;
        }
    }

    /// Encodes the strokes for a link, as base64url. Each stroke is its number of points in one byte, and then x, y and
    /// width of each point in one byte each.
    pub fn encode(&self) -> String {
        let mut bytes = Vec::new();
        for stroke in &self.strokes {
            for part in stroke.points.chunks(MAX_POINTS) {
                bytes.push(part.len() as u8);
                for point in part {
                    bytes.push((point.x.clamp(0.0, 1.0) * GRID).round() as u8);
                    bytes.push((point.y.clamp(0.0, 1.0) * GRID).round() as u8);
                    bytes.push((point.width * WIDTH_STEPS).round().clamp(1.0, 2.0 * WIDTH_STEPS) as u8);
                }
            }
            if stroke.points.len().is_multiple_of(MAX_POINTS) {
                bytes.push(0);
            }
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Decodes the strokes of a link.
    ///
    /// # Errors
    /// [`InputError::Drawing`] if the text is not a drawing.
    pub fn decode(text: &str) -> Result<Vec<Stroke>, InputError> {
        let fault = |reason| InputError::Drawing { reason };
        if text.len() > MAX_BYTES {
            return Err(fault("it is too long"));
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| fault("it is not base64"))?;
        let mut rest = bytes.as_slice();
        let mut strokes: Vec<Stroke> = Vec::new();
        let mut goes_on = false;
        while let Some((&count, tail)) = rest.split_first() {
            let length = usize::from(count) * 3;
            if (count == 0 && !goes_on) || tail.len() < length {
                return Err(fault("a stroke is cut short"));
            }
            let (points, tail) = tail.split_at(length);
            let point = |p: &[u8]| Point {
                x: f32::from(p[0]) / GRID,
                y: f32::from(p[1]) / GRID,
                width: f32::from(p[2].max(1)) / WIDTH_STEPS,
            };
            let points = points.chunks_exact(3).map(point);
            match strokes.last_mut() {
                Some(stroke) if goes_on => stroke.points.extend(points),
                _ => strokes.push(Stroke { points: points.collect() }),
            }
            goes_on = usize::from(count) == MAX_POINTS;
            rest = tail;
        }
        Ok(strokes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing() -> Drawing {
        let mut drawing = Drawing::default();
        drawing.begin(Point { x: 0.2, y: 0.2, width: 1.0 });
        assert!(drawing.extend(Point { x: 0.8, y: 0.2, width: 1.0 }));
        drawing.begin(Point { x: 0.8, y: 0.2, width: 0.5 });
        assert!(drawing.extend(Point { x: 0.4, y: 0.9, width: 2.0 }));
        drawing
    }

    #[test]
    fn a_link_keeps_the_drawing() {
        let drawing = drawing();
        let strokes = Drawing::decode(&drawing.encode()).expect("should be readable");
        assert_eq!(strokes, drawing.strokes);
    }

    #[test]
    fn a_link_keeps_long_strokes_whole() {
        for points in [254, 255, 256, 510, 600] {
            let mut drawing = Drawing::default();
            drawing.begin(Point { x: 0.0, y: 0.0, width: 1.0 });
            for i in 1..points {
                assert!(drawing.extend(Point { x: (i % 2) as f32, y: 0.5, width: 1.0 }));
            }
            drawing.begin(Point { x: 0.5, y: 0.5, width: 1.0 });
            assert_eq!(Drawing::decode(&drawing.encode()).expect("should be readable"), drawing.strokes, "{points}");
        }
    }

    #[test]
    fn damaged_links_are_refused() {
        for text in ["!", "AQ", "BQECAw", &"A".repeat(MAX_BYTES + 1)] {
            assert!(Drawing::decode(text).is_err(), "{} characters", text.len());
        }
        assert_eq!(Drawing::decode("").expect("should be nothing drawn"), Vec::new());
    }

    #[test]
    fn undo_removes_the_strokes_then_the_digit() {
        let mut drawing = Drawing { digit: Some(3), ..drawing() };
        drawing.undo();
        drawing.undo();
        assert_eq!(drawing, Drawing { digit: Some(3), strokes: Vec::new() });
        drawing.undo();
        assert!(drawing.is_empty());
    }

    #[test]
    fn a_pen_that_rests_draws_nothing() {
        let mut drawing = drawing();
        let last = drawing.strokes[1].points[1];
        assert!(!drawing.extend(last));
    }
}
