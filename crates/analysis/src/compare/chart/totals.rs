//! A chart of one figure of each network: bars on a linear scale, points on a logarithmic one.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::scale::AxisScale;
use super::{
    Chart, ChartError, ChartPalette, ChartPhrase, ChartText, ChartWording, HitArea, Scaling, chart, fill, line,
    width_of, write,
};
use crate::compare::Measure;

/// The figure of one network.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Name of the network.
    pub network: String,
    /// Title of the network.
    pub title: String,
    /// The figure.
    pub value: f64,
    /// Index into the palette's series.
    pub colour: usize,
}

/// Distance from one network to the next, in pixels.
const ROW: i32 = 30;
/// Height of a name above its bar, in pixels.
const HEAD: i32 = 20;
/// Thickness of a bar, in pixels.
const THICK: i32 = 16;
/// Space for the axis below the last bar, in pixels.
const FOOT: i32 = 26;
/// Type size of names and values, in plotters' pixels, of which a quarter is line spacing.
const TEXT: i32 = 16;

/// Draws a bar for each network on a linear scale, or a point on a logarithmic one, which has no zero for a bar to
/// begin at.
///
/// # Errors
/// Returns [`ChartError`] if plotters cannot draw the chart.
pub fn totals(
    bars: &[Bar],
    measure: Measure,
    scaling: Scaling,
    width: u32,
    (palette, say): (&ChartPalette, ChartWording<'_>),
) -> Result<Chart, ChartError> {
    let names = bars.iter().map(|bar| width_of(&bar.title, TEXT)).max().unwrap_or(0) + 12;
    // Names that would take too much of the width are placed above their bars.
    let above = names > width as i32 * 2 / 5;
    let step = if above { ROW + HEAD } else { ROW };
    let height = step * bars.len() as i32 + FOOT;
    let text = |value: f64| say(ChartPhrase::Figure(measure, value));
    chart(&say(ChartPhrase::Totals(measure, bars.len())), (width, height as u32), palette, |area| {
        let left = if above { 2 } else { names };
        let values = bars.iter().map(|bar| width_of(&text(bar.value), TEXT)).max().unwrap_or(0);
        let right = (width as i32 - values - 12).max(left + 20);
        let scale = AxisScale::of(scaling, bars.iter().map(|bar| bar.value), (left, right));
        let foot = height - FOOT;
        let mut free = i32::MIN;
        for tick in scale.ticks(5) {
            let (x, text) = (scale.place(tick), text(tick));
            line(area, (x, 0), (x, foot), palette.line)?;
            let half = width_of(&text, TEXT - 1) / 2;
            if x - half > free {
                free = x + half + 8;
                // A label at the edge is moved inside the chart.
                let (x, anchor) = if x < half { (0, HPos::Left) } else { (x, HPos::Center) };
                write(
                    area,
                    ChartText { text: &text, at: (x, foot + 14), anchor, colour: palette.soft, size: TEXT - 1 },
                )?;
            }
        }
        let mut hits = Vec::new();
        for (bar, row) in bars.iter().zip(0..) {
            let top = step * row;
            let middle = top + step - ROW / 2;
            let (end, colour) = (scale.place(bar.value), palette.series(bar.colour));
            let (at, anchor) =
                if above { ((0, top + HEAD / 2 + 2), HPos::Left) } else { ((left - 10, middle), HPos::Right) };
            write(area, ChartText { text: &bar.title, at, anchor, colour: palette.ink, size: TEXT })?;
            match scaling {
                Scaling::Linear => {
                    // Even the least value is visible, with one pixel.
                    fill(area, [(left, middle - THICK / 2), (end.max(left + 1), middle + THICK / 2)], colour)?;
                }
                Scaling::Log => {
                    line(area, (left, middle), (end, middle), palette.line)?;
                    area.draw(&Circle::new((end, middle), 6, colour.filled()))?;
                }
            }
            let value = text(bar.value);
            let at = (end + 10, middle);
            write(area, ChartText { text: &value, at, anchor: HPos::Left, colour: palette.ink, size: TEXT })?;
            hits.push(HitArea {
                area: [0.0, f64::from(top), f64::from(width), f64::from(step)],
                title: say(ChartPhrase::Total(&bar.title, measure, bar.value)),
                value: bar.value,
                network: bar.network.clone(),
                part: None,
                opens: None,
            });
        }
        Ok(hits)
    })
}

#[cfg(test)]
mod tests {
    use super::super::phrase::plainly;
    use super::*;

    fn bar(network: &str, value: f64) -> Bar {
        Bar { network: network.to_owned(), title: network.to_owned(), value, colour: 0 }
    }

    /// Returns the widths of the filled rectangles except that of the background.
    fn widths(svg: &str) -> Vec<i32> {
        let rects = svg.split("<rect ").skip(2);
        let attribute = |rect: &str| rect.split("width=\"").nth(1)?.split('"').next()?.parse().ok();
        rects.filter_map(attribute).collect()
    }

    #[test]
    fn lengths_of_bars_are_proportional_to_their_values() {
        let bars = [bar("a", 100e6), bar("b", 50e6), bar("c", 1.0)];
        let drawn = totals(&bars, Measure::Parameters, Scaling::Linear, 800, (&ChartPalette::LIGHT, &plainly))
            .expect("should be drawn");
        let widths = widths(&drawn.svg);
        assert_eq!(widths.len(), 3, "{}", drawn.svg);
        assert!((f64::from(widths[0]) / f64::from(widths[1]) - 2.0).abs() < 0.02, "{widths:?}");
        assert_eq!(widths[2], 1);
        assert_eq!(drawn.hits.iter().map(|hit| hit.value).collect::<Vec<_>>(), [100e6, 50e6, 1.0]);
        assert_eq!(drawn.hits[0].title, plainly(ChartPhrase::Total("a", Measure::Parameters, 100e6)));
    }

    #[test]
    fn a_logarithmic_scale_shows_points() {
        let bars = [bar("a", 100e6), bar("b", 1e3)];
        let drawn = totals(&bars, Measure::Parameters, Scaling::Log, 390, (&ChartPalette::DARK, &plainly))
            .expect("should be drawn");
        assert_eq!((widths(&drawn.svg).len(), drawn.svg.matches("<circle").count()), (0, 2));
    }
}
