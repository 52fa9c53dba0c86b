//! The colours of both themes.

use bytemuck::{Pod, Zeroable};

/// The theme of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Theme {
    /// Dark ink on light paper.
    #[default]
    Light,
    /// Light ink on dark paper.
    Dark,
}

/// The colours of one theme: sRGB-encoded red, green, blue and alpha from 0 to 1, in the layout of `paint_maps.wgsl`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct ThemePalette {
    /// The background, into which a dimmed tile fades.
    pub paper: [f32; 4],
    /// The colour of NaN: conspicuous, and not in any ramp.
    pub not_a_number: [f32; 4],
    /// Signed activations: the least value.
    pub negative: [f32; 4],
    /// Signed activations and weights: zero.
    pub zero: [f32; 4],
    /// Signed activations: the greatest value.
    pub positive: [f32; 4],
    /// Weights: the least value.
    pub weight_negative: [f32; 4],
    /// Weights: the greatest value.
    pub weight_positive: [f32; 4],
    /// The paper of the input digit.
    pub ink_low: [f32; 4],
    /// The ink of the input digit.
    pub ink_high: [f32; 4],
    /// Non-negative activations: five stops from zero to the greatest value.
    pub rectified: [[f32; 4]; 5],
}

/// Converts `0xrrggbb` to the format of the palette.
const fn hex(rgb: u32) -> [f32; 4] {
    let [_, red, green, blue] = rgb.to_be_bytes();
    [red as f32 / 255.0, green as f32 / 255.0, blue as f32 / 255.0, 1.0]
}

const LIGHT: ThemePalette = ThemePalette {
    paper: hex(0xfbfaf7),
    not_a_number: hex(0xff00ff),
    negative: hex(0xb2182b),
    zero: hex(0xffffff),
    positive: hex(0x2166ac),
    weight_negative: hex(0x8c510a),
    weight_positive: hex(0x01665e),
    ink_low: hex(0x000000),
    ink_high: hex(0xffffff),
    rectified: [hex(0xfafaf7), hex(0xbedceb), hex(0x5aa0cd), hex(0x1e5aa5), hex(0x081d58)],
};

const DARK: ThemePalette = ThemePalette {
    paper: hex(0x111214),
    not_a_number: hex(0xff00ff),
    negative: hex(0xff7067),
    zero: hex(0x181a1e),
    positive: hex(0x74b2ff),
    weight_negative: hex(0xd9a15c),
    weight_positive: hex(0x4fc3b5),
    ink_low: hex(0x000000),
    ink_high: hex(0xffffff),
    rectified: [hex(0x181a1e), hex(0x233c6e), hex(0x3c82be), hex(0x96d2c8), hex(0xfafadc)],
};

impl Theme {
    /// Returns the colours of the theme.
    pub const fn palette(self) -> &'static ThemePalette {
        match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
        }
    }
}
