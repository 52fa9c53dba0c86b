//! A chart of one cost, layer by layer along the depth of a network.

use plotters::style::text_anchor::HPos;

use super::scale::AxisScale;
use super::{
    Chart, ChartError, ChartPalette, ChartPhrase, ChartText, ChartWording, HitArea, Scaling, chart, fill, line, write,
};
use crate::compare::{Cost, LayerCosts};

/// Height of the chart, in pixels.
const HEIGHT: u32 = 96;
/// Space above the highest bar for its value, in pixels.
const HEAD: i32 = 20;

/// Draws one bar for each layer with a non-zero cost.
///
/// `range` extends the scale to a least and a greatest value. With those of several networks, their charts share one
/// scale. `named` is the network's name and its title.
///
/// # Errors
/// Returns [`ChartError`] if plotters cannot draw the chart.
pub fn depth_profile(
    named: (&str, &str),
    layers: &[LayerCosts],
    cost: Cost,
    (scaling, range): (Scaling, Option<(u64, u64)>),
    (width, colour): (u32, usize),
    (palette, say): (&ChartPalette, ChartWording<'_>),
) -> Result<Chart, ChartError> {
    let (network, title) = named;
    chart(&say(ChartPhrase::Along(title, cost)), (width, HEIGHT), palette, |area| {
        let foot = HEIGHT as i32 - 4;
        let wider = range.into_iter().flat_map(|(least, most)| [least as f64, most as f64]);
        let values = layers.iter().map(|layer| layer.cost(cost) as f64).chain(wider);
        let scale = AxisScale::of(scaling, values, (foot, HEAD));
        line(area, (0, foot), (width as i32, foot), palette.line)?;
        let costly: Vec<&LayerCosts> = layers.iter().filter(|layer| layer.cost(cost) > 0).collect();
        let step = f64::from(width) / costly.len().max(1) as f64;
        let gap = if step >= 4.0 { 1.0 } else { 0.0 };
        let mut hits = Vec::new();
        let mut highest: Option<(i32, i32, u64)> = None;
        for (layer, place) in costly.into_iter().zip(0..) {
            let value = layer.cost(cost);
            let (from, to) = (f64::from(place) * step, f64::from(place + 1) * step);
            let top = scale.place(value as f64).min(foot - 1);
            let (left, right) = (from.round() as i32, ((to - gap).round() as i32).max(from.round() as i32 + 1));
            fill(area, [(left, top), (right, foot)], palette.series(colour))?;
            if highest.is_none_or(|(_, _, most)| value > most) {
                highest = Some(((left + right) / 2, top, value));
            }
            hits.push(HitArea {
                area: [from, 0.0, to - from, f64::from(HEIGHT)],
                title: say(ChartPhrase::Layer(layer, cost)),
                value: value as f64,
                network: network.to_owned(),
                part: Some(layer.name.clone()),
                opens: Some(layer.name.clone()),
            });
        }
        if let Some((x, y, value)) = highest {
            let text = say(ChartPhrase::Cost(cost, value));
            let anchor = match x {
                x if x < 60 => HPos::Left,
                x if x > width as i32 - 60 => HPos::Right,
                _ => HPos::Center,
            };
            write(area, ChartText { text: &text, at: (x, y - 10), anchor, colour: palette.soft, size: 15 })?;
        }
        Ok(hits)
    })
}

#[cfg(test)]
mod tests {
    use super::super::phrase::plainly;
    use super::*;
    use crate::compare::profile;
    use net::network;

    #[test]
    fn every_layer_with_a_cost_can_be_pointed_at() {
        let layers = profile(&network("resnet152").expect("should be declared"), true);
        for (cost, width) in [(Cost::Parameters, 1000), (Cost::Macs, 340), (Cost::Activations, 340)] {
            let scale = (Scaling::Linear, None);
            let drawn = depth_profile(
                ("resnet152", "ResNet-152"),
                &layers,
                cost,
                scale,
                (width, 0),
                (&ChartPalette::LIGHT, &plainly),
            );
            let drawn = drawn.expect("should be drawn");
            let wanted: Vec<f64> = layers.iter().map(|layer| layer.cost(cost) as f64).filter(|v| *v > 0.0).collect();
            assert_eq!(drawn.hits.iter().map(|hit| hit.value).collect::<Vec<_>>(), wanted);
            let end = drawn.hits.iter().map(|hit| hit.area[0] + hit.area[2]).fold(0.0, f64::max);
            assert!(end <= f64::from(width) + 1e-6, "{end}");
        }
    }

    /// Returns the top edges of the bars.
    fn tops(chart: &Chart) -> Vec<i32> {
        let rects = chart.svg.split("<rect ").skip(2);
        let attribute = |rect: &str| rect.split(" y=\"").nth(1)?.split('"').next()?.parse().ok();
        rects.filter_map(attribute).collect()
    }

    #[test]
    fn equal_costs_are_equally_high_in_a_common_range() {
        let layer = |parameters| LayerCosts {
            name: "a".to_owned(),
            op: net::Op::Input,
            parameters,
            macs: 0,
            activation_bytes: 0,
            kind: crate::compare::LayerKind::Convolution,
        };
        for scaling in [Scaling::Linear, Scaling::Log] {
            let drawn = |layers: &[LayerCosts], range| {
                let named = ("a", "A");
                depth_profile(
                    named,
                    layers,
                    Cost::Parameters,
                    (scaling, range),
                    (400, 0),
                    (&ChartPalette::LIGHT, &plainly),
                )
                .expect("should be drawn")
            };
            let range = Some((10, 1_000_000));
            let (small, large) =
                (drawn(&[layer(10), layer(5000)], range), drawn(&[layer(5000), layer(1_000_000)], range));
            let (small, large) = (tops(&small), tops(&large));
            assert_eq!((small.len(), large.len()), (2, 2));
            assert_eq!(small[1], large[0], "{scaling:?}");
            assert!(small[0] >= small[1] && large[0] > large[1], "{scaling:?}");
        }
    }
}
