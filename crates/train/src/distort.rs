//! Small random distortions of digits, so that training never sees a digit twice in the same form.
//!
//! The affine distortions follow LeCun et al. 1998 (section III.A), the elastic ones Simard, Steinkraus and Platt 2003.
//! Their smoothed field of random shifts is a cubic B-spline over a coarse grid of random shifts here.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::idx::{DIGIT_PIXELS, DIGIT_SIDE};

/// Side of the field that a digit is placed in, in pixels.
pub const FIELD_SIDE: usize = 32;

/// Pixels of the field.
pub const FIELD_PIXELS: usize = FIELD_SIDE * FIELD_SIDE;

/// Empty rows and columns on each side of a digit.
const MARGIN: usize = (FIELD_SIDE - DIGIT_SIDE) / 2;

/// Cells of the elastic grid along each side of the field.
const GRID_CELLS: usize = 5;

/// Knots of the elastic grid along each side: a cubic B-spline needs three more knots than cells.
const GRID_KNOTS: usize = GRID_CELLS + 3;

/// Limits of the random distortions. Each distortion is drawn uniformly within its limit, except `elastic`, which is a
/// standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Distortion {
    /// Largest rotation in either direction, in degrees.
    pub rotation: f32,
    /// Largest growth or shrinkage of each axis, as a fraction of its length.
    pub scale: f32,
    /// Largest shear of each axis, as a fraction of the other axis.
    pub shear: f32,
    /// Largest shift along each axis, in pixels.
    pub shift: f32,
    /// Standard deviation of the random shifts of the elastic grid, in pixels.
    pub elastic: f32,
}

impl Distortion {
    /// Returns the distortion with every limit multiplied by `factor`.
    #[must_use]
    pub fn scaled(self, factor: f32) -> Self {
        Self {
            rotation: self.rotation * factor,
            scale: self.scale * factor,
            shear: self.shear * factor,
            shift: self.shift * factor,
            elastic: self.elastic * factor,
        }
    }
}

/// Writes a digit without distortion into the centre of `field`.
///
/// `image` is 28x28 bytes, row-major. `field` is 32x32, row-major; 0 is paper and 1 is ink.
pub fn write_centred(image: &[u8], field: &mut [f32]) {
    field.fill(0.0);
    for (y, row) in image.chunks_exact(DIGIT_SIDE).enumerate() {
        let start = (y + MARGIN) * FIELD_SIDE + MARGIN;
        for (ink, byte) in field[start..].iter_mut().zip(row) {
            *ink = f32::from(*byte) / 255.0;
        }
    }
}

/// Writes a digit with a random distortion into `field`. The same `key` gives the same field.
///
/// `image` is 28x28 bytes, row-major. `field` is 32x32, row-major; 0 is paper and 1 is ink.
pub fn write_distorted(image: &[u8], distortion: Distortion, key: [u64; 3], field: &mut [f32]) {
    debug_assert_eq!((image.len(), field.len()), (DIGIT_PIXELS, FIELD_PIXELS));
    let mut seed = [0; 32];
    for (bytes, word) in seed.chunks_exact_mut(8).zip(key) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    let mut random = ChaCha8Rng::from_seed(seed);
    let mut within = |limit: f32| limit * random.random_range(-1.0..=1.0f32);
    let angle = within(distortion.rotation).to_radians();
    let (sx, sy) = (1.0 + within(distortion.scale), 1.0 + within(distortion.scale));
    let (hx, hy) = (within(distortion.shear), within(distortion.shear));
    let (tx, ty) = (within(distortion.shift), within(distortion.shift));
    // The matrix [[a, b], [c, d]] maps positions in the field to positions in the digit: rotation, shear, then scale.
    let (sin, cos) = angle.sin_cos();
    let (a, b) = (sx * (cos + hx * sin), sx * (hx * cos - sin));
    let (c, d) = (sy * (hy * cos + sin), sy * (cos - hy * sin));
    // The sum of three uniform values within the limit has the variance of a normal value with `elastic` as standard
    // deviation.
    let mut knots = [[[0.0f32; 2]; GRID_KNOTS]; GRID_KNOTS];
    for shift in knots.iter_mut().flatten().flatten() {
        *shift = (0..3).map(|_| within(distortion.elastic)).sum();
    }
    let splines: Vec<(usize, [f32; 4])> = (0..FIELD_SIDE).map(spline_weights).collect();
    let centre = (FIELD_SIDE - 1) as f32 / 2.0;
    let digit_centre = (DIGIT_SIDE - 1) as f32 / 2.0;
    for (y, row) in field.chunks_exact_mut(FIELD_SIDE).enumerate() {
        let (first_row, down) = &splines[y];
        // The columns of the grid, blended vertically for this row.
        let mut blended = [[0.0f32; 2]; GRID_KNOTS];
        for (weight, knots) in down.iter().zip(&knots[*first_row..]) {
            for (sum, knot) in blended.iter_mut().zip(knots) {
                sum[0] += weight * knot[0];
                sum[1] += weight * knot[1];
            }
        }
        for (x, ink) in row.iter_mut().enumerate() {
            let (first_column, across) = &splines[x];
            let (mut ex, mut ey) = (0.0, 0.0);
            for (weight, knot) in across.iter().zip(&blended[*first_column..]) {
                ex += weight * knot[0];
                ey += weight * knot[1];
            }
            let (u, v) = (x as f32 - centre, y as f32 - centre);
            let from_x = a * u + b * v + digit_centre + tx + ex;
            let from_y = c * u + d * v + digit_centre + ty + ey;
            *ink = bilinear(image, from_x, from_y);
        }
    }
}

/// Returns the first of the four knots that pixel `i` blends, and their weights by the uniform cubic B-spline.
fn spline_weights(i: usize) -> (usize, [f32; 4]) {
    let at = i as f32 * GRID_CELLS as f32 / FIELD_SIDE as f32;
    let cell = at.floor();
    let t = at - cell;
    let s = 1.0 - t;
    let inner = |t: f32| (3.0 * t * t * t - 6.0 * t * t + 4.0) / 6.0;
    (cell as usize, [s * s * s / 6.0, inner(t), inner(s), t * t * t / 6.0])
}

/// Interpolates the ink at a position between pixels, in [0, 1]. Outside the image is paper.
fn bilinear(image: &[u8], x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let (left, top) = (left as i32, top as i32);
    let side = DIGIT_SIDE as i32;
    if left < -1 || top < -1 || left >= side || top >= side {
        return 0.0;
    }
    let ink = |x: i32, y: i32| {
        if (0..side).contains(&x) && (0..side).contains(&y) { f32::from(image[(y * side + x) as usize]) } else { 0.0 }
    };
    let above = ink(left, top) * (1.0 - fx) + ink(left + 1, top) * fx;
    let below = ink(left, top + 1) * (1.0 - fx) + ink(left + 1, top + 1) * fx;
    (above * (1.0 - fy) + below * fy) / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const STILL: Distortion = Distortion { rotation: 0.0, scale: 0.0, shear: 0.0, shift: 0.0, elastic: 0.0 };

    fn image() -> Vec<u8> {
        (0..DIGIT_PIXELS).map(|i| (i * 37 % 256) as u8).collect()
    }

    #[test]
    fn no_distortion_is_the_centred_digit() {
        let (mut a, mut b) = (vec![0.0; FIELD_PIXELS], vec![1.0; FIELD_PIXELS]);
        write_distorted(&image(), STILL, [1, 2, 3], &mut a);
        write_centred(&image(), &mut b);
        for (a, b) in a.iter().zip(&b) {
            assert!((a - b).abs() < 1e-5, "{a} and {b}");
        }
    }

    #[test]
    fn a_key_determines_the_distortion() {
        let strong = Distortion { rotation: 10.0, scale: 0.1, shear: 0.1, shift: 2.0, elastic: 1.0 };
        let of = |key| {
            let mut field = vec![0.0; FIELD_PIXELS];
            write_distorted(&image(), strong, key, &mut field);
            field
        };
        assert_eq!(of([1, 2, 3]), of([1, 2, 3]));
        assert_ne!(of([1, 2, 3]), of([1, 2, 4]));
        assert!(of([1, 2, 3]).iter().all(|ink| (0.0..=1.0).contains(ink)));
    }

    #[test]
    fn spline_weights_add_up_to_one() {
        for i in 0..FIELD_SIDE {
            let (first, weights) = spline_weights(i);
            assert!(first + weights.len() <= GRID_KNOTS);
            assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
    }
}
