//! Conversion of ink to the format of MNIST: the digit is scaled to a box of 20x20, centred by its mass in 28x28, and
//! placed in a field of 32x32.

use super::sizes::{DIGIT_SIDE, FIELD_SIDE, INK_SIDE};
use net::InputKind;

/// The side of the box that a digit is scaled to, in pixels. Its proportions are kept (LeCun et al. 1998, section
/// III.A).
const BOX_SIDE: f32 = 20.0;
/// The least ink that counts as part of the digit when its box is measured.
const MIN_INK: f32 = 0.1;

/// Extracts the digit from the image of the pad (`[INK_SIDE, INK_SIDE]`, 0 to 1). Returns it as `[28, 28]`, row-major,
/// 0 to 1, or `None` if there is no ink.
pub fn centre_digit(ink: &[f32]) -> Option<Vec<f32>> {
    let (top, bottom, left, right) = bounds(ink)?;
    let (height, width) = ((bottom - top) as f32, (right - left) as f32);
    // Pixels of the pad per pixel of the digit.
    let scale = height.max(width) / BOX_SIDE;
    let mass: f32 = ink.iter().sum();
    let (mut cy, mut cx) = (0.0, 0.0);
    for (i, value) in ink.iter().enumerate() {
        cy += value * ((i / INK_SIDE) as f32 + 0.5);
        cx += value * ((i % INK_SIDE) as f32 + 0.5);
    }
    let middle = DIGIT_SIDE as f32 / 2.0;
    let (y0, x0) = (cy / mass - middle * scale, cx / mass - middle * scale);
    let mut digit = vec![0.0; DIGIT_SIDE * DIGIT_SIDE];
    for (i, value) in digit.iter_mut().enumerate() {
        let (row, column) = ((i / DIGIT_SIDE) as f32, (i % DIGIT_SIDE) as f32);
        *value = mean(ink, y0 + row * scale, x0 + column * scale, scale);
    }
    // Thin strokes lose contrast in a large box, while the darkest pixels of MNIST's digits are always near full ink.
    let darkest = digit.iter().copied().fold(0.0, f32::max);
    if darkest > 0.0 {
        digit.iter_mut().for_each(|value| *value /= darkest);
    }
    Some(digit)
}

/// Returns the first row, the row after the last, the first column and the column after the last that hold ink.
fn bounds(ink: &[f32]) -> Option<(usize, usize, usize, usize)> {
    let inked = || ink.iter().enumerate().filter(|(_, v)| **v > MIN_INK).map(|(i, _)| (i / INK_SIDE, i % INK_SIDE));
    let top = inked().map(|(y, _)| y).min()?;
    let bottom = inked().map(|(y, _)| y).max()? + 1;
    let left = inked().map(|(_, x)| x).min()?;
    let right = inked().map(|(_, x)| x).max()? + 1;
    Some((top, bottom, left, right))
}

/// Returns the mean ink of a square with side `side` at (`y`, `x`). Each pixel is weighted by the area inside the
/// square.
fn mean(ink: &[f32], y: f32, x: f32, side: f32) -> f32 {
    let limit = INK_SIDE as f32;
    let cells = |from: f32| {
        let (low, high) = (from.clamp(0.0, limit), (from + side).clamp(0.0, limit));
        (low.floor() as usize..high.ceil() as usize).map(move |i| (i, high.min(i as f32 + 1.0) - low.max(i as f32)))
    };
    let mut sum = 0.0;
    for (row, tall) in cells(y) {
        for (column, wide) in cells(x) {
            sum += ink[row * INK_SIDE + column] * tall * wide;
        }
    }
    (sum / (side * side)).clamp(0.0, 1.0)
}

/// Converts a digit (`[28, 28]`, 0 to 1) to the input of a network: `[1, 32, 32]`, padded with paper, with values as
/// `kind` says.
pub fn to_field(digit: &[f32], kind: InputKind) -> Vec<f32> {
    let (scale, offset) = match kind {
        InputKind::Digit { scale, offset } => (scale, offset),
        // Networks for photos get their digits as a photo, and never from here.
        InputKind::Photo { .. } => (1.0, 0.0),
    };
    let pad = (FIELD_SIDE - DIGIT_SIDE) / 2;
    let mut field = vec![offset; FIELD_SIDE * FIELD_SIDE];
    for (row, values) in digit.chunks_exact(DIGIT_SIDE).take(DIGIT_SIDE).enumerate() {
        let start = (row + pad) * FIELD_SIDE + pad;
        for (to, from) in field[start..start + DIGIT_SIDE].iter_mut().zip(values) {
            *to = from * scale + offset;
        }
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Drawing, Point, rasterise};

    fn line(from: (f32, f32), to: (f32, f32)) -> Vec<f32> {
        let mut drawing = Drawing::default();
        drawing.begin(Point { x: from.0, y: from.1, width: 1.0 });
        drawing.extend(Point { x: to.0, y: to.1, width: 1.0 });
        rasterise(&drawing, None)
    }

    fn centre(digit: &[f32]) -> (f32, f32) {
        let mass: f32 = digit.iter().sum();
        let along =
            |f: fn(usize) -> usize| -> f32 { digit.iter().enumerate().map(|(i, v)| v * (f(i) as f32 + 0.5)).sum() };
        (along(|i| i / DIGIT_SIDE) / mass, along(|i| i % DIGIT_SIDE) / mass)
    }

    #[test]
    fn the_digit_does_not_depend_on_where_it_is_drawn() {
        let a = centre_digit(&line((0.2, 0.2), (0.2, 0.6))).expect("should have ink");
        let b = centre_digit(&line((0.8, 0.4), (0.8, 0.8))).expect("should have ink");
        let difference = a.iter().zip(&b).map(|(p, q)| (p - q).abs()).fold(0.0, f32::max);
        assert!(difference < 0.1, "{difference}");
    }

    #[test]
    fn the_digit_fills_the_box_and_is_centred_by_mass() {
        let digit = centre_digit(&line((0.3, 0.2), (0.6, 0.9))).expect("should have ink");
        let rows =
            (0..DIGIT_SIDE).filter(|r| digit[r * DIGIT_SIDE..(r + 1) * DIGIT_SIDE].iter().any(|v| *v > 0.3)).count();
        assert!((19..=21).contains(&rows), "{rows} rows");
        let (cy, cx) = centre(&digit);
        assert!((cy - 14.0).abs() < 0.1 && (cx - 14.0).abs() < 0.1, "{cy} {cx}");
    }

    #[test]
    fn an_empty_pad_has_no_digit() {
        assert_eq!(centre_digit(&vec![0.0; INK_SIDE * INK_SIDE]), None);
    }

    #[test]
    fn the_field_is_padded_with_paper() {
        let field = to_field(&[1.0; DIGIT_SIDE * DIGIT_SIDE], InputKind::Digit { scale: 1.275, offset: -0.1 });
        assert_eq!(field.len(), FIELD_SIDE * FIELD_SIDE);
        assert_eq!((field[0], field[2 * FIELD_SIDE + 2]), (-0.1, 1.275 - 0.1));
    }
}
