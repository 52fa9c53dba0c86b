//! A chart of the distribution of parameters: one bar for each network, divided by the kind of layer.

use plotters::style::text_anchor::HPos;

use super::{Chart, ChartError, Hit, Palette, Phrase, Say, Words, chart, fill, width_of, write};
use crate::compare::{Cost, Homes, Kind, Layer};

/// The parameters of a network by the kind of layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Home<'a> {
    /// Name of the network.
    pub network: &'a str,
    /// Title of the network.
    pub title: &'a str,
    /// The parameters by kind.
    pub homes: Homes,
    /// The layers of the network.
    pub layers: &'a [Layer],
}

/// Returns the index into the palette's series of the colour for a kind of layer.
pub fn colour_of(kind: Kind) -> usize {
    match kind {
        Kind::Convolution => 0,
        Kind::FullConnection => 1,
        Kind::BatchNorm => 2,
        Kind::Other => 7,
    }
}

const ROW: i32 = 52;
const THICK: i32 = 16;
const TEXT: i32 = 16;

impl Home<'_> {
    /// Returns the number of all parameters.
    fn total(&self) -> u64 {
        Kind::ALL.into_iter().map(|kind| self.homes.get(kind)).sum()
    }

    /// Returns the layer with the most parameters, among those of one kind or among all.
    fn largest(&self, kind: Option<Kind>) -> Option<&Layer> {
        let of_kind = |layer: &&Layer| kind.is_none_or(|kind| layer.kind == kind);
        self.layers.iter().filter(of_kind).max_by_key(|layer| layer.parameters)
    }
}

/// Draws a bar of full width for each network, divided by the kind of layer, with the name of the largest layer.
///
/// # Errors
/// Returns [`ChartError`] if plotters cannot draw the chart.
pub fn homes(all: &[Home<'_>], width: u32, (palette, say): (&Palette, Say<'_>)) -> Result<Chart, ChartError> {
    let height = ROW * all.len() as i32;
    chart(&say(Phrase::Homes(all.len())), (width, height.max(1) as u32), palette, |area| {
        let mut hits = Vec::new();
        for (home, row) in all.iter().zip(0..) {
            let (top, total) = (ROW * row, home.total());
            let name =
                Words { text: home.title, at: (0, top + 10), anchor: HPos::Left, colour: palette.ink, size: TEXT };
            write(area, name)?;
            if let Some(largest) = home.largest(None) {
                let (name, most) = (largest.name.as_str(), largest.parameters);
                let room = width as i32 - width_of(home.title, TEXT) - 16;
                // Take the longest text that fits.
                let texts = [
                    say(Phrase::Alone(name, most, total)),
                    say(Phrase::Largest(name, most, total)),
                    format!("{name}: {}", say(Phrase::Cost(Cost::Parameters, most))),
                ];
                if let Some(text) = texts.iter().find(|text| width_of(text, TEXT - 1) < room) {
                    let at = (width as i32, top + 10);
                    write(area, Words { text, at, anchor: HPos::Right, colour: palette.soft, size: TEXT - 1 })?;
                }
            }
            let mut sum = 0;
            for (kind, part) in
                Kind::ALL.map(|kind| (kind, home.homes.get(kind))).into_iter().filter(|(_, part)| *part > 0)
            {
                let at = |parameters: u64| parameters as f64 / total.max(1) as f64 * f64::from(width);
                let (left, right) = (at(sum), at(sum + part));
                sum += part;
                let corners = [
                    (left.round() as i32, top + 22),
                    ((right.round() as i32).max(left.round() as i32 + 1), top + 22 + THICK),
                ];
                fill(area, corners, palette.series(colour_of(kind)))?;
                hits.push(Hit {
                    area: [left, f64::from(top + 16), (right - left).max(1.0), f64::from(THICK + 12)],
                    title: say(Phrase::Home(home.title, kind, part, total)),
                    value: part as f64,
                    network: home.network.to_owned(),
                    part: Some(kind.name().to_owned()),
                    opens: home.largest(Some(kind)).map(|layer| layer.name.clone()),
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
            let (homes, layers) = (Column::of(&graph).homes, profile(&graph, true));
            for kind in Kind::ALL {
                let of_kind = layers.iter().filter(|layer| layer.kind == kind);
                let sum = of_kind.map(|layer| layer.parameters).sum::<u64>();
                assert_eq!(sum, homes.get(kind), "{name}, {kind:?}");
            }
        }
    }

    #[test]
    fn the_first_fully_connected_layer_of_vgg_is_named() {
        let graph = network("vgg16").expect("should be declared");
        let layers = profile(&graph, true);
        let home = Home { network: graph.name, title: graph.title, homes: Column::of(&graph).homes, layers: &layers };
        let drawn = homes(&[home], 800, (&Palette::LIGHT, &plainly)).expect("should be drawn");
        // The SVG escapes the quotation marks.
        let text = |svg: &str| svg.replace("&quot;", "\"");
        let alone = plainly(Phrase::Alone("classifier.0", 102_764_544, 138_357_544));
        assert!(text(&drawn.svg).contains(&alone), "{}", drawn.svg);
        let titles: Vec<&str> = drawn.hits.iter().map(|hit| hit.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                plainly(Phrase::Home("VGG-16 (D)", Kind::Convolution, 14_714_688, 138_357_544)),
                plainly(Phrase::Home("VGG-16 (D)", Kind::FullConnection, 123_642_856, 138_357_544)),
            ]
        );
        let narrow = homes(&[home], 316, (&Palette::LIGHT, &plainly)).expect("should be drawn");
        assert!(narrow.svg.contains("classifier.0: 102.8 M"), "{}", narrow.svg);
        let full = &drawn.hits[1];
        assert_eq!((full.part.as_deref(), full.opens.as_deref()), (Some("full connection"), Some("classifier.0")));
    }
}
