//! Charts of the comparison, drawn by plotters as SVG, with the areas that a pointer can select.

mod bubble;
mod depth_profile;
mod errors;
mod palette;
mod parameters_by_kind;
mod phrase;
mod scale;
mod totals;

use std::error::Error;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

pub use bubble::Bubble;
pub use depth_profile::depth_profile;
pub use errors::errors;
pub use palette::ChartPalette;
pub use parameters_by_kind::{NetworkParameters, colour_of, parameters_by_kind};
pub use phrase::{ChartPhrase, ChartWording};
pub use scale::Scaling;
pub use totals::{Bar, totals};

/// The errors of drawing a chart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChartError {
    /// Plotters could not draw the chart.
    Draw(String),
}

/// An area of a chart that the pointer can select.
#[derive(Debug, Clone, PartialEq)]
pub struct HitArea {
    /// Left, top, width and height, in pixels of the chart.
    pub area: [f64; 4],
    /// A description with the exact value.
    pub title: String,
    /// The value.
    pub value: f64,
    /// Name of the network.
    pub network: String,
    /// The part of the network: a layer, or a kind of layer by its name in exports. `None` stands for the whole
    /// network.
    pub part: Option<String>,
    /// The layer that the area links to.
    pub opens: Option<String>,
}

/// A chart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// The drawing as a standalone SVG.
    pub svg: String,
    /// Width and height, in pixels.
    pub size: (u32, u32),
    /// The areas that the pointer can select, in drawing order.
    pub hits: Vec<HitArea>,
}

impl Chart {
    /// Returns the index of the hit at or nearest to a point, in pixels of the chart. Of overlapping hits, the smallest
    /// wins.
    pub fn nearest(&self, (x, y): (f64, f64)) -> Option<usize> {
        let far = |hit: &HitArea| {
            let [left, top, width, height] = hit.area;
            let beside = |at: f64, from: f64, length: f64| (from - at).max(at - from - length).max(0.0);
            (beside(x, left, width).hypot(beside(y, top, height)), width * height)
        };
        let all = self.hits.iter().map(far).enumerate();
        all.min_by(|(_, a), (_, b)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))).map(|(place, _)| place)
    }
}

type ChartArea<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type DrawResult = Result<Vec<HitArea>, Box<dyn Error>>;

/// Draws a chart of the given size on the palette's paper, and adds a title for screen readers.
fn chart(
    title: &str,
    size: (u32, u32),
    palette: &ChartPalette,
    draw: impl FnOnce(&ChartArea<'_>) -> DrawResult,
) -> Result<Chart, ChartError> {
    let mut svg = String::new();
    let drawn = (|| {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&palette.paper)?;
        let hits = draw(&area)?;
        area.present()?;
        Ok::<_, Box<dyn Error>>(hits)
    })();
    let hits = drawn.map_err(|error| ChartError::Draw(error.to_string()))?;
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let svg = svg.replacen('>', &format!(" role=\"img\"><title>{title}</title>"), 1);
    Ok(Chart { svg, size, hits })
}

/// A line of text at a point: its horizontal anchor, its colour, and its size in pixels.
#[derive(Clone, Copy)]
struct ChartText<'a> {
    text: &'a str,
    at: (i32, i32),
    anchor: HPos,
    colour: RGBColor,
    size: i32,
}

fn write(area: &ChartArea<'_>, words: ChartText<'_>) -> Result<(), Box<dyn Error>> {
    let style = TextStyle::from(("sans-serif", words.size).into_font()).color(&words.colour);
    let style = style.pos(Pos::new(words.anchor, VPos::Center));
    area.draw(&Text::new(words.text.to_owned(), words.at, style))?;
    Ok(())
}

/// Draws a straight line.
fn line(area: &ChartArea<'_>, from: (i32, i32), to: (i32, i32), colour: RGBColor) -> Result<(), Box<dyn Error>> {
    area.draw(&PathElement::new(vec![from, to], colour.stroke_width(1)))?;
    Ok(())
}

/// Draws a filled rectangle between two corners.
fn fill(area: &ChartArea<'_>, corners: [(i32, i32); 2], colour: RGBColor) -> Result<(), Box<dyn Error>> {
    area.draw(&Rectangle::new(corners, colour.filled()))?;
    Ok(())
}

/// Estimates the width of a text in pixels, large enough to reserve space for it. Chinese characters are nearly as wide
/// as high.
fn width_of(text: &str, size: i32) -> i32 {
    let part = |letter: char| if letter >= '\u{2e80}' { 0.82 } else { 0.46 };
    (text.chars().map(part).sum::<f64>() * f64::from(size)).ceil() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_an_svg_with_a_title() {
        let drawn = chart("a < b & c", (100, 50), &ChartPalette::LIGHT, |area| {
            line(area, (0, 0), (10, 10), BLACK)?;
            Ok(Vec::new())
        });
        let svg = drawn.expect("should be drawn").svg;
        assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
        assert!(svg.contains("<title>a &lt; b &amp; c</title>"), "{svg}");
        assert!(svg.contains("viewBox=\"0 0 100 50\""), "{svg}");
    }

    #[test]
    fn the_nearest_hit_is_found() {
        let hit =
            |area| HitArea { area, title: String::new(), value: 0.0, network: String::new(), part: None, opens: None };
        // Two bars, one of them a pixel wide, and a small circle on a large one.
        let hits = vec![
            hit([0.0, 0.0, 1.0, 100.0]),
            hit([1.0, 0.0, 40.0, 100.0]),
            hit([100.0, 0.0, 80.0, 80.0]),
            hit([130.0, 30.0, 10.0, 10.0]),
        ];
        let chart = Chart { svg: String::new(), size: (200, 100), hits };
        let cases = [((0.5, 50.0), 0), ((-3.0, 50.0), 0), ((20.0, 120.0), 1), ((60.0, 50.0), 1), ((90.0, 50.0), 2)];
        for (at, place) in cases.into_iter().chain([((135.0, 35.0), 3), ((150.0, 35.0), 2)]) {
            assert_eq!(chart.nearest(at), Some(place), "{at:?}");
        }
        assert_eq!(Chart::default().nearest((0.0, 0.0)), None);
    }
}
