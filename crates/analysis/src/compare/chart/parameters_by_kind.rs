//! A chart of the distribution of parameters: one bar for each network, divided by the kind of layer.

use plotters::style::text_anchor::HPos;

use super::{
    Chart, ChartError, ChartPalette, ChartPhrase, ChartText, ChartWording, HitArea, chart, fill, width_of, write,
};
use crate::compare::{Cost, LayerCosts, LayerKind, ParametersByKind};

/// The parameters of a network by the kind of layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NetworkParameters<'a> {
    /// Name of the network.
    pub network: &'a str,
    /// Title of the network.
    pub title: &'a str,
    /// The parameters by kind.
    pub parameters_by_kind: ParametersByKind,
    /// The layers of the network.
    pub layers: &'a [LayerCosts],
}

/// Returns the index into the palette's series of the colour for a kind of layer.
pub fn colour_of(kind: LayerKind) -> usize {
    match kind {
        LayerKind::Convolution => 0,
        LayerKind::FullyConnected => 1,
        LayerKind::BatchNorm => 2,
        LayerKind::Other => 7,
    }
}

const ROW: i32 = 52;
const THICK: i32 = 16;
const TEXT: i32 = 16;

impl NetworkParameters<'_> {
    /// Returns the number of all parameters.
    fn total(&self) -> u64 {
        LayerKind::ALL.into_iter().map(|kind| self.parameters_by_kind.get(kind)).sum()
    }

    /// Returns the layer with the most parameters, among those of one kind or among all.
    fn largest(&self, kind: Option<LayerKind>) -> Option<&LayerCosts> {
        let of_kind = |layer: &&LayerCosts| kind.is_none_or(|kind| layer.kind == kind);
        self.layers.iter().filter(of_kind).max_by_key(|layer| layer.parameters)
    }
}

/// Draws a bar of full width for each network, divided by the kind of layer, with the name of the largest layer.
///
/// # Errors
/// Returns [`ChartError`] if plotters cannot draw the chart.
pub fn parameters_by_kind(
    all: &[NetworkParameters<'_>],
    width: u32,
    (palette, say): (&ChartPalette, ChartWording<'_>),
) -> Result<Chart, ChartError> {
    let height = ROW * all.len() as i32;
    chart(&say(ChartPhrase::ParametersByKind(all.len())), (width, height.max(1) as u32), palette, |area| {
        let mut hits = Vec::new();
        for (network, row) in all.iter().zip(0..) {
            let (top, total) = (ROW * row, network.total());
            let name = ChartText {
                text: network.title,
                at: (0, top + 10),
                anchor: HPos::Left,
                colour: palette.ink,
                size: TEXT,
            };
            write(area, name)?;
            if let Some(largest) = network.largest(None) {
                let (name, most) = (largest.name.as_str(), largest.parameters);
                let room = width as i32 - width_of(network.title, TEXT) - 16;
                // Take the longest text that fits.
                let texts = [
                    say(ChartPhrase::Alone(name, most, total)),
                    say(ChartPhrase::Largest(name, most, total)),
                    format!("{name}: {}", say(ChartPhrase::Cost(Cost::Parameters, most))),
                ];
                if let Some(text) = texts.iter().find(|text| width_of(text, TEXT - 1) < room) {
                    let at = (width as i32, top + 10);
                    write(area, ChartText { text, at, anchor: HPos::Right, colour: palette.soft, size: TEXT - 1 })?;
                }
            }
            let mut sum = 0;
            for (kind, part) in LayerKind::ALL
                .map(|kind| (kind, network.parameters_by_kind.get(kind)))
                .into_iter()
                .filter(|(_, part)| *part > 0)
            {
                let at = |parameters: u64| parameters as f64 / total.max(1) as f64 * f64::from(width);
                let (left, right) = (at(sum), at(sum + part));
                sum += part;
                let corners = [
                    (left.round() as i32, top + 22),
                    ((right.round() as i32).max(left.round() as i32 + 1), top + 22 + THICK),
                ];
                fill(area, corners, palette.series(colour_of(kind)))?;
                hits.push(HitArea {
                    area: [left, f64::from(top + 16), (right - left).max(1.0), f64::from(THICK + 12)],
                    title: say(ChartPhrase::Kind(network.title, kind, part, total)),
                    value: part as f64,
                    network: network.network.to_owned(),
                    part: Some(kind.name().to_owned()),
                    opens: network.largest(Some(kind)).map(|layer| layer.name.clone()),
                });
            }
        }
        Ok(hits)
    })
}

#[cfg(test)]
mod tests {
    use super::super::phrase::plainly;
    use super::*;
    use crate::compare::{Column, profile};
    use net::{names, network};

    #[test]
    fn parameters_by_kind_agree_with_the_column() {
        for name in names() {
            let graph = network(name).expect("should be declared");
            let (parameters_by_kind, layers) = (Column::of(&graph).parameters_by_kind, profile(&graph, true));
            for kind in LayerKind::ALL {
                let of_kind = layers.iter().filter(|layer| layer.kind == kind);
                let sum = of_kind.map(|layer| layer.parameters).sum::<u64>();
                assert_eq!(sum, parameters_by_kind.get(kind), "{name}, {kind:?}");
            }
        }
    }

    #[test]
    fn the_first_fully_connected_layer_of_vgg_is_named() {
        let graph = network("vgg16").expect("should be declared");
        let layers = profile(&graph, true);
        let network = NetworkParameters {
            network: graph.name,
            title: graph.title,
            parameters_by_kind: Column::of(&graph).parameters_by_kind,
            layers: &layers,
        };
        let drawn = parameters_by_kind(&[network], 800, (&ChartPalette::LIGHT, &plainly)).expect("should be drawn");
        // The SVG escapes the quotation marks.
        let text = |svg: &str| svg.replace("&quot;", "\"");
        let alone = plainly(ChartPhrase::Alone("classifier.0", 102_764_544, 138_357_544));
        assert!(text(&drawn.svg).contains(&alone), "{}", drawn.svg);
        let titles: Vec<&str> = drawn.hits.iter().map(|hit| hit.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                plainly(ChartPhrase::Kind("VGG-16 (D)", LayerKind::Convolution, 14_714_688, 138_357_544)),
                plainly(ChartPhrase::Kind("VGG-16 (D)", LayerKind::FullyConnected, 123_642_856, 138_357_544)),
            ]
        );
        let narrow = parameters_by_kind(&[network], 316, (&ChartPalette::LIGHT, &plainly)).expect("should be drawn");
        assert!(narrow.svg.contains("classifier.0: 102.8 M"), "{}", narrow.svg);
        let full = &drawn.hits[1];
        assert_eq!(
            (full.part.as_deref(), full.opens.as_deref()),
            (Some("fully connected layer"), Some("classifier.0"))
        );
    }
}
