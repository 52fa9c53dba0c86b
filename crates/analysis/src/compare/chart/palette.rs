//! The colours of charts in the light and the dark theme.

use plotters::style::RGBColor;

/// The colours of one theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChartPalette {
    /// Background.
    pub paper: RGBColor,
    /// Text of names and values.
    pub ink: RGBColor,
    /// Text at axes.
    pub soft: RGBColor,
    /// Lines of the grid.
    pub line: RGBColor,
    /// One colour for each of eight networks. Each has a contrast of at least 3:1 to the background.
    pub series: [RGBColor; 8],
}

impl ChartPalette {
    /// The light theme.
    pub const LIGHT: Self = Self {
        paper: RGBColor(255, 255, 255),
        ink: RGBColor(27, 28, 31),
        soft: RGBColor(93, 96, 104),
        line: RGBColor(230, 227, 220),
        series: [
            RGBColor(36, 86, 214),
            RGBColor(200, 86, 20),
            RGBColor(47, 143, 87),
            RGBColor(134, 77, 190),
            RGBColor(166, 124, 0),
            RGBColor(14, 135, 153),
            RGBColor(196, 54, 118),
            RGBColor(93, 96, 104),
        ],
    };

    /// The dark theme.
    pub const DARK: Self = Self {
        paper: RGBColor(24, 26, 30),
        ink: RGBColor(236, 236, 240),
        soft: RGBColor(162, 165, 174),
        line: RGBColor(42, 45, 51),
        series: [
            RGBColor(127, 167, 255),
            RGBColor(240, 146, 94),
            RGBColor(95, 202, 139),
            RGBColor(195, 155, 240),
            RGBColor(224, 189, 79),
            RGBColor(88, 196, 212),
            RGBColor(240, 138, 184),
            RGBColor(162, 165, 174),
        ],
    };

    /// Returns the palette of a theme.
    pub const fn of(dark: bool) -> &'static Self {
        if dark { &Self::DARK } else { &Self::LIGHT }
    }

    /// Returns the colour of the network that was chosen as number `place`.
    pub fn series(&self, place: usize) -> RGBColor {
        self.series[place % self.series.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the relative luminance (WCAG 2.2).
    fn luminance(colour: RGBColor) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(colour.0) + 0.7152 * part(colour.1) + 0.0722 * part(colour.2)
    }

    fn contrast(a: RGBColor, b: RGBColor) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn all_colours_contrast_with_the_background() {
        for palette in [ChartPalette::LIGHT, ChartPalette::DARK] {
            for colour in palette.series {
                assert!(contrast(colour, palette.paper) >= 3.0, "{colour:?}");
            }
            assert!(contrast(palette.ink, palette.paper) >= 7.0);
            assert!(contrast(palette.soft, palette.paper) >= 4.5);
        }
    }
}
