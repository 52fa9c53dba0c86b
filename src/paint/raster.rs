//! A map as the pixels of an image, for a 2D canvas that scales it without smoothing.

use super::colour::{Ramp, fade};
use super::theme::Theme;
use crate::engine::Extent;

/// `columns` by `rows` pixels of RGBA bytes, row by row: the colours of `values`; transparent past the last value.
pub fn rasterise(
    values: &[f32],
    (columns, rows): (usize, usize),
    ramp: Ramp,
    theme: Theme,
    extent: Extent,
    dim: f32,
) -> Vec<u8> {
    let mut pixels = vec![0; columns * rows * 4];
    for (pixel, &value) in pixels.chunks_exact_mut(4).zip(values) {
        pixel.copy_from_slice(&fade(ramp, theme, value, extent, dim));
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_the_last_value_is_nothing() {
        let extent = Extent { min: 0.0, max: 1.0 };
        let pixels = rasterise(&[1.0, 0.0, 1.0], (2, 2), Ramp::Ink, Theme::Light, extent, 0.0);
        assert_eq!(pixels, [255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0]);
    }
}
