//! The colour of a value: the CPU reference of `paint_maps.wgsl`.

use super::theme::{Theme, ThemePalette};
use engine::Extent;

/// A mapping from values to colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ramp {
    /// Signed activations: two hues that diverge from zero.
    Signed,
    /// Non-negative activations: one sequence of colours from zero up.
    Rectified,
    /// Weights: two other hues that diverge from zero, so that weights never look like activations.
    Weight,
    /// The input digit: black paper and white ink in both themes.
    Ink,
}

impl Ramp {
    /// All ramps.
    pub const ALL: [Self; 4] = [Self::Signed, Self::Rectified, Self::Weight, Self::Ink];

    /// The code of the ramp in `paint_maps.wgsl`.
    pub(super) const fn code(self) -> u32 {
        match self {
            Self::Signed => 0,
            Self::Rectified => 1,
            Self::Weight => 2,
            Self::Ink => 3,
        }
    }
}

/// Exponent of the magnitude in the diverging ramps. It is below 1, so that small values are visible beside zero.
const SIGNED_POWER: f32 = 0.8;

/// Red, green and blue, each from 0 to 1.
type Rgb = [f32; 3];

fn rgb(colour: [f32; 4]) -> Rgb {
    [colour[0], colour[1], colour[2]]
}

fn mix(from: Rgb, to: Rgb, part: f32) -> Rgb {
    std::array::from_fn(|i| from[i] * (1.0 - part) + to[i] * part)
}

/// Returns the colour of `value` on the scale `extent`, as opaque sRGB bytes. NaN is magenta.
pub fn colour(ramp: Ramp, theme: Theme, value: f32, extent: Extent) -> [u8; 4] {
    bytes(shade(ramp, theme.palette(), value, extent))
}

/// Returns the colour of [`colour`], faded into the paper by `dim` from 0 (not at all) to 1 (completely).
pub fn fade(ramp: Ramp, theme: Theme, value: f32, extent: Extent, dim: f32) -> [u8; 4] {
    let palette = theme.palette();
    bytes(mix(shade(ramp, palette, value, extent), rgb(palette.paper), dim))
}

fn bytes(colour: Rgb) -> [u8; 4] {
    let [red, green, blue] = colour.map(|part| (part * 255.0).round() as u8);
    [red, green, blue, 255]
}

fn shade(ramp: Ramp, palette: &ThemePalette, value: f32, extent: Extent) -> Rgb {
    if value.is_nan() {
        return rgb(palette.not_a_number);
    }
    // An infinity gets the colour at its end of the ramp, as the greatest finite number does.
    let value = value.clamp(f32::MIN, f32::MAX);
    match ramp {
        Ramp::Signed => diverge(palette.negative, palette.zero, palette.positive, value, extent),
        Ramp::Weight => diverge(palette.weight_negative, palette.zero, palette.weight_positive, value, extent),
        Ramp::Rectified => {
            let place = part(value, extent.max) * 4.0;
            let stop = (place as usize).min(3);
            mix(rgb(palette.rectified[stop]), rgb(palette.rectified[stop + 1]), place - stop as f32)
        }
        Ramp::Ink => {
            let place = part(value - extent.min, extent.max - extent.min);
            mix(rgb(palette.ink_low), rgb(palette.ink_high), place)
        }
    }
}

/// Returns `value` / `whole`, limited to 0 to 1, or 0 if `whole` is not positive.
fn part(value: f32, whole: f32) -> f32 {
    if whole > 0.0 { (value / whole).clamp(0.0, 1.0) } else { 0.0 }
}

fn diverge(negative: [f32; 4], zero: [f32; 4], positive: [f32; 4], value: f32, extent: Extent) -> Rgb {
    let reach = extent.min.abs().max(extent.max.abs());
    let magnitude = part(value.abs(), reach).powf(SIGNED_POWER);
    mix(rgb(zero), rgb(if value > 0.0 { positive } else { negative }), magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENT: Extent = Extent { min: -2.0, max: 1.0 };

    #[test]
    fn ramps_end_in_the_colours_of_the_palette() {
        for (ramp, value, light) in [
            (Ramp::Signed, -2.0, [0xb2, 0x18, 0x2b, 255]),
            (Ramp::Signed, 0.0, [255, 255, 255, 255]),
            (Ramp::Signed, 2.0, [0x21, 0x66, 0xac, 255]),
            (Ramp::Weight, -2.0, [0x8c, 0x51, 0x0a, 255]),
            (Ramp::Rectified, -1.0, [0xfa, 0xfa, 0xf7, 255]),
            (Ramp::Rectified, 0.5, [0x5a, 0xa0, 0xcd, 255]),
            (Ramp::Rectified, 1.0, [0x08, 0x1d, 0x58, 255]),
            (Ramp::Ink, -2.0, [0, 0, 0, 255]),
            (Ramp::Ink, 1.0, [255, 255, 255, 255]),
        ] {
            assert_eq!(colour(ramp, Theme::Light, value, EXTENT), light, "{ramp:?} {value}");
        }
    }

    #[test]
    fn not_a_number_is_magenta() {
        for ramp in Ramp::ALL {
            assert_eq!(colour(ramp, Theme::Dark, f32::NAN, EXTENT), [255, 0, 255, 255]);
        }
    }

    #[test]
    fn an_empty_scale_gives_the_colour_of_zero() {
        let flat = Extent { min: 0.0, max: 0.0 };
        assert_eq!(colour(Ramp::Signed, Theme::Light, 0.0, flat), [255, 255, 255, 255]);
        assert_eq!(colour(Ramp::Ink, Theme::Light, 0.0, flat), [0, 0, 0, 255]);
    }
}
