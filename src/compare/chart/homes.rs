//! Where the parameters live: a bar for each network, in parts by the kind of layer.

use plotters::style::text_anchor::HPos;

use super::{Chart, ChartError, Hit, Palette, Words, chart, fill, width_of, write};
use crate::compare::{Homes, Layer, units};

/// The parameters of a network by the kind of layer that has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Home {
    /// The network's name.
    pub network: String,
    /// The name people read.
    pub title: String,
    /// The parameters.
    pub homes: Homes,
    /// Its layers.
    pub layers: Vec<Layer>,
}

/// The kinds, with the colours of the palette that stand for them.
pub const KINDS: [(&str, usize); 4] = [("convolution", 0), ("full connection", 1), ("batch norm", 2), ("other", 7)];

const ROW: i32 = 52;
const THICK: i32 = 16;
const TEXT: i32 = 16;

impl Home {
    /// The parameters of each of [`KINDS`].
    pub fn parts(&self) -> [u64; 4] {
        let Homes { convolution, full_connection, batch_norm, other } = self.homes;
        [convolution, full_connection, batch_norm, other]
    }

    /// The layer with the most parameters, of one of [`KINDS`] or of all.
    pub fn largest(&self, kind: Option<usize>) -> Option<&Layer> {
        let of_kind = |layer: &&Layer| kind.is_none_or(|kind| kind_of(layer.operation) == kind);
        self.layers.iter().filter(of_kind).max_by_key(|layer| layer.parameters)
    }
}

/// Which of [`KINDS`] an operation is.
fn kind_of(operation: &str) -> usize {
    match operation {
        "convolution" => 0,
        "full connection" => 1,
        "batch normalisation" => 2,
        _ => 3,
    }
}

/// A bar as long for each network, parted by kind, and under it the layer that has most.
///
/// # Errors
/// [`ChartError`] where plotters cannot draw it.
pub fn homes(all: &[Home], width: u32, palette: &Palette) -> Result<Chart, ChartError> {
    let height = ROW * all.len() as i32;
    let title = format!("Where the parameters of {} networks are", all.len());
    chart(&title, (width, height.max(1) as u32), palette, |area| {
        let mut hits = Vec::new();
        for (home, row) in all.iter().zip(0..) {
            let (top, total) = (ROW * row, home.parts().iter().sum::<u64>());
            let name =
                Words { text: &home.title, at: (0, top + 10), anchor: HPos::Left, colour: palette.ink, size: TEXT };
            write(area, name)?;
            if let Some(largest) = home.largest(None) {
                let text =
                    format!("{} alone: {} of {}", largest.name, units::count(largest.parameters), units::count(total));
                let room = width as i32 - width_of(&home.title, TEXT) - 16;
                if width_of(&text, TEXT - 1) < room {
                    let at = (width as i32, top + 10);
                    write(area, Words { text: &text, at, anchor: HPos::Right, colour: palette.soft, size: TEXT - 1 })?;
                }
            }
            let mut sum = 0;
            for (kind, part) in home.parts().into_iter().enumerate().filter(|(_, part)| *part > 0) {
                let at = |parameters: u64| parameters as f64 / total.max(1) as f64 * f64::from(width);
                let (left, right) = (at(sum), at(sum + part));
                sum += part;
                let (words, colour) = KINDS[kind];
                let corners = [
                    (left.round() as i32, top + 22),
                    ((right.round() as i32).max(left.round() as i32 + 1), top + 22 + THICK),
                ];
                fill(area, corners, palette.series(colour))?;
                hits.push(Hit {
                    area: [left, f64::from(top + 16), (right - left).max(1.0), f64::from(THICK + 12)],
                    title: format!(
                        "{}, {words}: {} parameters, {:.1} %",
                        home.title,
                        units::grouped(part),
                        100.0 * part as f64 / total.max(1) as f64
                    ),
                    value: part as f64,
                    network: home.network.clone(),
                    part: Some(words.to_owned()),
                    opens: home.largest(Some(kind)).map(|layer| layer.name.clone()),
                });
            }
        }
        Ok(hits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Column, profile};
    use crate::net::{names, network};

    fn home(name: &str) -> Home {
        let graph = network(name).expect("should be declared");
        Home {
            network: name.to_owned(),
            title: graph.title.to_owned(),
            homes: Column::of(&graph).homes,
            layers: profile(&graph, true),
        }
    }

    #[test]
    fn kinds_of_layers_are_those_of_the_column() {
        for name in names() {
            let home = home(name);
            for (kind, part) in home.parts().into_iter().enumerate() {
                let of_kind = home.layers.iter().filter(|layer| kind_of(layer.operation) == kind);
                assert_eq!(of_kind.map(|layer| layer.parameters).sum::<u64>(), part, "{name}, {}", KINDS[kind].0);
            }
        }
    }

    #[test]
    fn the_first_full_connection_of_vgg_is_named() {
        let drawn = homes(&[home("vgg16")], 800, &Palette::LIGHT).expect("should be drawn");
        assert!(drawn.svg.contains("classifier.0 alone: 102.8 M of 138.4 M"), "{}", drawn.svg);
        let titles: Vec<&str> = drawn.hits.iter().map(|hit| hit.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "VGG-16 (D), convolution: 14,714,688 parameters, 10.6 %",
                "VGG-16 (D), full connection: 123,642,856 parameters, 89.4 %"
            ]
        );
        let full = &drawn.hits[1];
        assert_eq!((full.part.as_deref(), full.opens.as_deref()), (Some("full connection"), Some("classifier.0")));
    }
}
