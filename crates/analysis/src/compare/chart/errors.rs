//! A chart of networks' errors against their MACs, with the number of parameters as area.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::bubble::Bubble;
use super::scale::AxisScale;
use super::{
    Chart, ChartError, ChartPalette, ChartPhrase, ChartText, ChartWording, HitArea, Scaling, chart, line, width_of,
    write,
};
use crate::compare::Measure;

const LEFT: i32 = 48;
const FOOT: i32 = 44;
const TEXT: i32 = 16;
/// Radius of the circle of the network with the most parameters, in pixels.
const RADIUS: f64 = 26.0;

/// Draws a circle for each network: MACs on a logarithmic horizontal axis, top-5 error on the vertical axis, parameters
/// as area.
///
/// # Errors
/// Returns [`ChartError`] if plotters cannot draw the chart.
pub fn errors(
    bubbles: &[Bubble],
    size: (u32, u32),
    (palette, say): (&ChartPalette, ChartWording<'_>),
) -> Result<Chart, ChartError> {
    chart(&say(ChartPhrase::Errors), size, palette, |area| {
        let (width, height) = (size.0 as i32, size.1 as i32);
        let foot = height - FOOT;
        let across = AxisScale::of(Scaling::Log, bubbles.iter().map(|b| b.macs as f64), (LEFT, width - 44));
        let up = AxisScale::of(Scaling::Linear, bubbles.iter().map(|b| b.error * 1.2), (foot, 12));
        let axis =
            |text: &str, at, anchor| write(area, ChartText { text, at, anchor, colour: palette.soft, size: TEXT - 1 });
        for tick in up.ticks(5) {
            let y = up.place(tick);
            line(area, (LEFT, y), (width, y), palette.line)?;
            axis(&say(ChartPhrase::Percent(tick)), (LEFT - 8, y), HPos::Right)?;
        }
        for tick in across.ticks(if width < 500 { 3 } else { 6 }) {
            let x = across.place(tick);
            line(area, (x, 12), (x, foot), palette.line)?;
            axis(&round(&say(ChartPhrase::Figure(Measure::Macs, tick))), (x, foot + 14), HPos::Center)?;
        }
        axis(&say(ChartPhrase::Across), ((LEFT + width) / 2, height - 10), HPos::Center)?;
        let most = bubbles.iter().map(|bubble| bubble.parameters).max().unwrap_or(1).max(1) as f64;
        let radius = |bubble: &Bubble| (RADIUS * (bubble.parameters as f64 / most).sqrt()).max(3.0);
        let mut order: Vec<&Bubble> = bubbles.iter().collect();
        // Small circles are drawn over large ones.
        net::order::sort_by_key(&mut order, |bubble| std::cmp::Reverse(bubble.parameters));
        for bubble in &order {
            let (x, y, r) = (across.place(bubble.macs as f64), up.place(bubble.error), radius(bubble));
            let colour = palette.series(bubble.colour);
            area.draw(&Circle::new((x, y), r as i32, colour.mix(0.35).filled()))?;
            area.draw(&Circle::new((x, y), r as i32, colour.stroke_width(2)))?;
        }
        let circle = |bubble: &Bubble| {
            let (x, y, r) = (across.place(bubble.macs as f64), up.place(bubble.error), radius(bubble).ceil() as i32);
            [x - r, y - r, x + r, y + r]
        };
        let mut taken: Vec<[i32; 4]> = Vec::new();
        let mut hits = Vec::new();
        // Names are placed and hits listed in the drawing order.
        for bubble in order {
            let (x, y, r) = (across.place(bubble.macs as f64), up.place(bubble.error), radius(bubble).ceil() as i32);
            let long = width_of(&bubble.title, TEXT);
            let places = [
                ((x + r + 6, y), HPos::Left, x + r + 6),
                ((x - r - 6, y), HPos::Right, x - r - 6 - long),
                ((x, y - r - 9), HPos::Center, x - long / 2),
                ((x, y + r + 9), HPos::Center, x - long / 2),
                ((x + r + 6, y - 14), HPos::Left, x + r + 6),
                ((x + r + 6, y + 14), HPos::Left, x + r + 6),
            ];
            let rectangle = |at: (i32, i32), left: i32| [left, at.1 - 8, left + long, at.1 + 8];
            let is_free = |name: [i32; 4]| {
                name[0] >= 0 && name[2] <= width && name[1] >= 0 && taken.iter().all(|other| is_disjoint(name, *other))
            };
            let is_clear =
                |name: [i32; 4]| bubbles.iter().all(|other| other == bubble || is_disjoint(name, circle(other)));
            // The best position covers nothing, the second best covers no other name. If there is neither, the name is
            // only shown when the circle is pointed at.
            let free = || places.into_iter().filter(|(at, _, left)| is_free(rectangle(*at, *left)));
            let found = free().find(|(at, _, left)| is_clear(rectangle(*at, *left))).or_else(|| free().next());
            if let Some((at, anchor, left)) = found {
                taken.push(rectangle(at, left));
                write(area, ChartText { text: &bubble.title, at, anchor, colour: palette.ink, size: TEXT })?;
            }
            let r = f64::from(r.max(12));
            hits.push(HitArea {
                area: [f64::from(x) - r, f64::from(y) - r, 2.0 * r, 2.0 * r],
                title: say(ChartPhrase::Bubble(bubble)),
                value: bubble.error,
                network: bubble.network.clone(),
                part: None,
                opens: None,
            });
        }
        Ok(hits)
    })
}

/// Returns whether two rectangles (left, top, right, bottom) are disjoint.
fn is_disjoint(a: [i32; 4], b: [i32; 4]) -> bool {
    a[2] < b[0] || a[0] > b[2] || a[3] < b[1] || a[1] > b[3]
}

/// Removes trailing zeros: `10.00 GMAC` becomes `10 GMAC`, `0.10 GMAC` becomes `0.1 GMAC`.
fn round(text: &str) -> String {
    match text.split_once(' ') {
        Some((number, unit)) if number.contains('.') => {
            format!("{} {unit}", number.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::phrase::plainly;
    use super::*;

    fn bubble(network: &str, macs: u64, error: f64, parameters: u64) -> Bubble {
        Bubble { network: network.to_owned(), title: network.to_owned(), macs, error, parameters, colour: 0 }
    }

    #[test]
    fn names_avoid_circles_if_there_is_another_position() {
        let anchor = |bubbles: &[Bubble]| {
            let svg = errors(bubbles, (600, 380), (&ChartPalette::LIGHT, &plainly)).expect("should be drawn").svg;
            let text =
                svg.split("<text ").find(|text| text.contains("\na small one")).expect("should be named").to_owned();
            text.split("text-anchor=\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .expect("should be anchored")
                .to_owned()
        };
        let (small, far) =
            (bubble("a small one", 4_000_000_000, 8.2, 1_000_000), bubble("b", 100_000_000, 18.0, 138_000_000));
        let beside = bubble("c", 5_000_000_000, 8.1, 138_000_000);
        assert_eq!(anchor(&[small.clone(), far]), "start", "the space to the right is free");
        assert_eq!(anchor(&[small, beside]), "end");
    }

    #[test]
    fn positions_and_areas_grow_with_their_values() {
        let bubbles = [bubble("a", 700_000_000, 18.2, 60_000_000), bubble("b", 15_000_000_000, 8.1, 138_000_000)];
        let drawn = errors(&bubbles, (600, 380), (&ChartPalette::LIGHT, &plainly)).expect("should be drawn");
        let [b, a] = &drawn.hits[..] else { panic!("{:?}", drawn.hits) };
        assert_eq!((a.network.as_str(), b.network.as_str()), ("a", "b"), "the larger circle is drawn first");
        assert!(a.area[0] + a.area[2] / 2.0 < b.area[0] + b.area[2] / 2.0);
        assert!(a.area[1] + a.area[3] / 2.0 < b.area[1] + b.area[3] / 2.0, "18.2 % is above 8.1 %");
        assert!(a.area[2] < b.area[2], "the area is the number of parameters");
        assert!(drawn.svg.contains("10 GMAC") && drawn.svg.contains("0.1 GMAC"), "{}", drawn.svg);
    }
}
