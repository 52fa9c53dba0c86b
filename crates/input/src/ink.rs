//! Drawing of strokes as ink: a grey image of the pad, from which the digit is extracted.

use super::drawing::{Drawing, Point, Stroke};
use super::sizes::{DIGIT_SIDE, INK_SIDE};

/// The default width of the pen, in sides of the pad. In a digit that fills most of the pad, strokes are about two of
/// MNIST's pixels wide.
pub const PEN_WIDTH: f32 = 0.075;
/// The number of line segments per quadratic curve of a smoothed stroke.
const PIECES: usize = 4;

/// Draws the image of the pad, `[INK_SIDE, INK_SIDE]` row-major, from 0 (paper) to 1 (ink). `digit` lies under the
/// strokes and fills the whole pad: `[28, 28]`, 0 to 1.
pub fn rasterise(drawing: &Drawing, digit: Option<&[f32]>) -> Vec<f32> {
    let mut ink = digit.map_or_else(|| vec![0.0; INK_SIDE * INK_SIDE], scale_to_pad);
    for stroke in &drawing.strokes {
        draw(&mut ink, stroke);
    }
    ink
}

/// Scales a digit of 28x28 pixels to the whole pad, with bilinear interpolation.
fn scale_to_pad(digit: &[f32]) -> Vec<f32> {
    let side = DIGIT_SIDE;
    let at = |y: isize, x: isize| {
        let inside = (0..side as isize).contains(&y) && (0..side as isize).contains(&x);
        if inside { digit[y as usize * side + x as usize] } else { 0.0 }
    };
    let scale = side as f32 / INK_SIDE as f32;
    let mut ink = vec![0.0; INK_SIDE * INK_SIDE];
    for (i, value) in ink.iter_mut().enumerate() {
        let (y, x) = ((i / INK_SIDE) as f32, (i % INK_SIDE) as f32);
        let (v, u) = ((y + 0.5) * scale - 0.5, (x + 0.5) * scale - 0.5);
        let (fy, fx) = (v - v.floor(), u - u.floor());
        let (y0, x0) = (v.floor() as isize, u.floor() as isize);
        let top = at(y0, x0) * (1.0 - fx) + at(y0, x0 + 1) * fx;
        let bottom = at(y0 + 1, x0) * (1.0 - fx) + at(y0 + 1, x0 + 1) * fx;
        *value = top * (1.0 - fy) + bottom * fy;
    }
    ink
}

/// Returns the stroke as a smooth curve: quadratic curves between the midpoints of its segments.
pub fn smooth(stroke: &Stroke) -> Vec<Point> {
    let points = &stroke.points;
    if points.len() < 3 {
        return points.clone();
    }
    let middle =
        |a: Point, b: Point| Point { x: (a.x + b.x) / 2.0, y: (a.y + b.y) / 2.0, width: (a.width + b.width) / 2.0 };
    let mut curve = vec![points[0]];
    for three in points.windows(3) {
        let (from, via, to) = (middle(three[0], three[1]), three[1], middle(three[1], three[2]));
        for piece in 0..=PIECES {
            let t = piece as f32 / PIECES as f32;
            let mix = |a: f32, b: f32, c: f32| (1.0 - t) * (1.0 - t) * a + 2.0 * t * (1.0 - t) * b + t * t * c;
            curve.push(Point {
                x: mix(from.x, via.x, to.x),
                y: mix(from.y, via.y, to.y),
                width: mix(from.width, via.width, to.width),
            });
        }
    }
    curve.extend(points.last());
    curve
}

/// Draws one stroke on the ink.
fn draw(ink: &mut [f32], stroke: &Stroke) {
    let curve = smooth(stroke);
    match curve.as_slice() {
        [dot] => draw_line(ink, *dot, *dot),
        _ => curve.windows(2).for_each(|two| draw_line(ink, two[0], two[1])),
    }
}

/// Draws a line with round ends on the ink. Its edge is one pixel soft.
fn draw_line(ink: &mut [f32], a: Point, b: Point) {
    let side = INK_SIDE as f32;
    let radius = PEN_WIDTH * side * a.width.max(b.width) / 2.0;
    let (ax, ay, bx, by) = (a.x * side, a.y * side, b.x * side, b.y * side);
    let reach = radius + 1.0;
    let range = |p: f32, q: f32| {
        let low = (p.min(q) - reach).floor().clamp(0.0, side) as usize;
        let high = (p.max(q) + reach).ceil().clamp(0.0, side) as usize;
        low..high
    };
    let (dx, dy) = (bx - ax, by - ay);
    let length2 = dx * dx + dy * dy;
    for row in range(ay, by) {
        for column in range(ax, bx) {
            let (px, py) = (column as f32 + 0.5 - ax, row as f32 + 0.5 - ay);
            let t = if length2 > 0.0 { ((px * dx + py * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
            let distance = (px - t * dx).hypot(py - t * dy);
            let width = a.width + t * (b.width - a.width);
            let cover = (PEN_WIDTH * side * width / 2.0 - distance + 0.5).clamp(0.0, 1.0);
            let value = &mut ink[row * INK_SIDE + column];
            *value = value.max(cover);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_has_the_pens_area() {
        let stroke = Stroke { points: vec![Point { x: 0.5, y: 0.5, width: 1.0 }] };
        let ink = rasterise(&Drawing { digit: None, strokes: vec![stroke] }, None);
        let radius = PEN_WIDTH * INK_SIDE as f32 / 2.0;
        let area: f32 = ink.iter().sum();
        assert!((area / (std::f32::consts::PI * radius * radius) - 1.0).abs() < 0.05, "{area}");
    }

    #[test]
    fn a_stroke_off_the_pad_is_harmless() {
        let points = [(-3.0, -2.0), (0.5, 9.0), (7.0, 0.5)].map(|(x, y)| Point { x, y, width: 2.0 });
        let ink = rasterise(&Drawing { digit: None, strokes: vec![Stroke { points: points.to_vec() }] }, None);
        assert!(ink.iter().all(|v| (0.0..=1.0).contains(v)));
    }
}
