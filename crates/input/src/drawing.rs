//! A drawing as strokes: what the pen did, to be undone, drawn again and sent in a link.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::InputError;

/// Steps of the grid, per side of the pad, that points of a link lie on.
const GRID: f32 = 255.0;
/// Steps of the pen's width that a link can tell apart.
const WIDTH_STEPS: f32 = 16.0;
/// The most bytes a link's drawing may unpack to: some minutes of scribbling.
const MOST_BYTES: usize = 64 * 1024;
/// Points closer than this to the one before, in sides of the pad, say nothing new.
const NEAREST: f32 = 0.004;

/// Where the pen was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// From the left, in sides of the pad, [0, 1].
    pub x: f32,
    /// From the top, in sides of the pad, [0, 1].
    pub y: f32,
    /// The pen's width as a multiple of the plain one, (0, 2]: 1 without pressure.
    pub width: f32,
}

/// The points from pen down to pen up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stroke {
    /// In the order they were drawn.
    pub points: Vec<Point>,
}

/// Strokes over a digit that ships with the page, or over nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawing {
    /// The shipped digit underneath, by its place in the pack.
    pub digit: Option<usize>,
    /// In the order they were drawn.
    pub strokes: Vec<Stroke>,
}

impl Point {
    /// The same point on the grid of links, so that what a link opens is what was drawn, to the last digit.
    fn snapped(self) -> Self {
        Self {
            x: (self.x.clamp(0.0, 1.0) * GRID).round() / GRID,
            y: (self.y.clamp(0.0, 1.0) * GRID).round() / GRID,
            width: (self.width * WIDTH_STEPS).round().clamp(1.0, 2.0 * WIDTH_STEPS) / WIDTH_STEPS,
        }
    }
}

/// The most points that one count of a link can tell; a longer stroke goes on after so many.
const MOST_POINTS: usize = 255;

impl Drawing {
    /// Nothing drawn, on nothing.
    pub fn is_empty(&self) -> bool {
        self.digit.is_none() && self.strokes.is_empty()
    }

    /// Puts the pen down.
    pub fn begin(&mut self, point: Point) {
        self.strokes.push(Stroke { points: vec![point.snapped()] });
    }

    /// Moves the pen, and says whether that drew anything.
    pub fn extend(&mut self, point: Point) -> bool {
        let point = point.snapped();
        let Some(stroke) = self.strokes.last_mut() else { return false };
        let far = stroke.points.last().is_none_or(|last| (last.x - point.x).hypot(last.y - point.y) >= NEAREST);
        if far {
            stroke.points.push(point);
        }
        far
    }

    /// Takes the last stroke back, or else the digit underneath.
    pub fn undo(&mut self) {
        if self.strokes.pop().is_none() {
            self.digit = None;
        }
    }

    /// The strokes as text for a link: per stroke its count of points and their x, y, width, in bytes, base64url.
    pub fn encode(&self) -> String {
        let mut bytes = Vec::new();
        for stroke in &self.strokes {
            for part in stroke.points.chunks(MOST_POINTS) {
                bytes.push(part.len() as u8);
                for point in part {
                    bytes.push((point.x.clamp(0.0, 1.0) * GRID).round() as u8);
                    bytes.push((point.y.clamp(0.0, 1.0) * GRID).round() as u8);
                    bytes.push((point.width * WIDTH_STEPS).round().clamp(1.0, 2.0 * WIDTH_STEPS) as u8);
                }
            }
            if stroke.points.len().is_multiple_of(MOST_POINTS) {
                bytes.push(0);
            }
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The strokes of a link.
    ///
    /// # Errors
    /// [`InputError::Drawing`] where the text is no such drawing.
    pub fn decode(text: &str) -> Result<Vec<Stroke>, InputError> {
        let fault = |reason| InputError::Drawing { reason };
        if text.len() > MOST_BYTES {
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
            goes_on = usize::from(count) == MOST_POINTS;
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
        for text in ["!", "AQ", "BQECAw", &"A".repeat(MOST_BYTES + 1)] {
            assert!(Drawing::decode(text).is_err(), "{} characters", text.len());
        }
        assert_eq!(Drawing::decode("").expect("should be nothing drawn"), Vec::new());
    }

    #[test]
    fn undo_takes_strokes_then_the_digit() {
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
