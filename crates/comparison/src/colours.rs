//! The colours of the networks in the style sheet.

use analysis::compare::chart::ChartPalette;
use plotters::style::RGBColor;

/// Returns the style with the colour of a network, or of a kind of layer.
pub(super) fn colour_style(place: usize) -> String {
    format!("--own:var(--series-{place})")
}

/// Returns the palette of the charts as custom properties of CSS.
pub(super) fn colour_properties(palette: &ChartPalette) -> String {
    let series = palette.series.into_iter().enumerate();
    series.map(|(place, RGBColor(red, green, blue))| format!("--series-{place}:rgb({red} {green} {blue});")).collect()
}
