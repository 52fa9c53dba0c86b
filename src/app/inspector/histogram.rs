//! The histogram of a map's values, drawn by plotters.

use leptos::prelude::*;
use leptos_i18n::t_string;
use plotters::prelude::*;
use words::i18n::use_i18n;

use crate::app::state::Page;

/// The size of the picture in its own units. The style sheet stretches it to its column.
const SIZE: (u32, u32) = (256, 72);
/// The count of bars of the histogram.
pub(in crate::app) const BINS: usize = 32;

/// Counts the finite values in each of [`BINS`] equal intervals from `min` to `max`.
pub(in crate::app) fn count_bins(values: &[f32], min: f32, max: f32) -> [u32; BINS] {
    let mut bins = [0; BINS];
    let span = max - min;
    for value in values.iter().filter(|v| v.is_finite()) {
        let place = if span > 0.0 { ((value - min) / span * BINS as f32) as usize } else { BINS / 2 };
        bins[place.min(BINS - 1)] += 1;
    }
    bins
}

/// Returns the bars as SVG text, or an empty text if plotters fails. `zero` is the place of the axis, from 0 to 1.
fn svg(bins: &[u32; BINS], colour: RGBColor, axis: RGBColor, zero: Option<f32>) -> String {
    let mut out = String::new();
    let drawn = (|| -> Result<(), Box<dyn std::error::Error>> {
        let area = SVGBackend::with_string(&mut out, SIZE).into_drawing_area();
        let most = bins.iter().copied().max().unwrap_or(0).max(1);
        let mut chart = ChartBuilder::on(&area).margin(1).build_cartesian_2d(0.0..BINS as f64, 0.0..f64::from(most))?;
        chart.draw_series(bins.iter().enumerate().filter(|(_, n)| **n > 0).map(|(i, &n)| {
            Rectangle::new([(i as f64 + 0.08, 0.0), (i as f64 + 0.92, f64::from(n))], colour.filled())
        }))?;
        if let Some(zero) = zero {
            let x = f64::from(zero) * BINS as f64;
            chart.draw_series([PathElement::new(vec![(x, 0.0), (x, f64::from(most))], axis.stroke_width(1))])?;
        }
        area.present()?;
        Ok(())
    })();
    if drawn.is_err() {
        return String::new();
    }
    // Let the picture stretch to the width of its column, and hide it from screen readers.
    out.replacen("<svg ", "<svg preserveAspectRatio=\"none\" aria-hidden=\"true\" ", 1)
}

/// The histogram of some values, with an accessible name that describes it.
#[component]
pub(in crate::app) fn Histogram(
    /// The values to count.
    #[prop(into)]
    values: Signal<Vec<f32>>,
) -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let drawn = move || {
        let values = values.read();
        let extent = engine::Extent::of(&values);
        if extent.is_empty() {
            return String::new();
        }
        let (bar, line) = match page.appearance.dark.get() {
            true => (RGBColor(127, 167, 255), RGBColor(162, 165, 174)),
            false => (RGBColor(36, 86, 214), RGBColor(93, 96, 104)),
        };
        let bins = count_bins(&values, extent.min, extent.max);
        let span = extent.max - extent.min;
        let zero = (extent.min < 0.0 && extent.max > 0.0).then(|| -extent.min / span);
        svg(&bins, bar, line, zero)
    };
    let name = move || {
        let values = values.read();
        let extent = engine::Extent::of(&values);
        let bins = count_bins(&values, extent.min, extent.max);
        let fullest = (0..BINS).max_by_key(|&i| bins[i]).unwrap_or(0);
        let middle = extent.min + (fullest as f32 + 0.5) / BINS as f32 * (extent.max - extent.min);
        t_string!(words, stage.histogram, count = values.len(), value = crate::app::wording::format::decimal(middle, 2))
    };
    view! { <div class="histogram" role="img" aria-label=name inner_html=drawn></div> }
}
