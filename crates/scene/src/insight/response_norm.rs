//! Local response normalization: a feature map before and after it, and the neighbours that reduce a value.

use super::values::{energy, one_map, share};
use engine::OutputSlice;
use net::{Graph, LocalResponseNorm, NodeId};

/// One channel in the sum of squares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// The channel. The channel of the value itself is among the neighbours.
    pub channel: usize,
    /// The channel's value at the pixel.
    pub value: f32,
    /// The square of the value.
    pub square: f64,
    /// Its fraction of the sum of squares, from 0 to 1; 0 if all values are zero.
    pub share: f64,
}

/// The normalization of one value: `value / (k + alpha * squares)^beta` (Krizhevsky et al. 2012, section 3.3).
#[derive(Debug, Clone, PartialEq)]
pub struct Inhibition {
    /// Row and column of the value.
    pub cell: (usize, usize),
    /// The value before normalization.
    pub value: f32,
    /// The channels of the window, in order.
    pub neighbours: Vec<Neighbour>,
    /// The sum of their squares.
    pub squares: f64,
    /// The divisor of the value.
    pub divisor: f64,
    /// The divisor if all channels of the window were zero: k^beta.
    pub zero_divisor: f64,
    /// The value after normalization, as the engine computed it.
    pub output: f32,
}

/// One feature map before and after normalization.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseNorm {
    /// The normalization node.
    pub node: NodeId,
    /// The selected feature map.
    pub map: usize,
    /// The constants of the normalization.
    pub norm: LocalResponseNorm,
    /// Cells in a row of the feature map.
    pub columns: usize,
    /// The feature map before normalization, row-major.
    pub before: Vec<f32>,
    /// The feature map after normalization, row-major.
    pub after: Vec<f32>,
    /// The ratio of the Euclidean norms |after| / |before|; `None` if the map is all zeros.
    pub norm_ratio: Option<f64>,
    /// The normalization of the pointed-at cell.
    pub at: Option<Inhibition>,
}

impl ResponseNorm {
    pub(super) fn needs(
        graph: &Graph,
        node: NodeId,
        norm: LocalResponseNorm,
        map: usize,
        cell: Option<(usize, usize)>,
    ) -> Option<Vec<OutputSlice>> {
        let input = *graph.node(node).inputs.first()?;
        let mut slices = vec![one_map(graph, input, map)?, one_map(graph, node, map)?];
        if let Some((y, x)) = cell {
            let (channels, height, width) = graph.node(input).shape.chw();
            let value = |channel: usize| OutputSlice { node: input, start: (channel * height + y) * width + x, len: 1 };
            slices.extend(norm.neighbours(map, channels).map(value));
        }
        Some(slices)
    }

    pub(super) fn of(
        graph: &Graph,
        node: NodeId,
        norm: LocalResponseNorm,
        map: usize,
        cell: Option<(usize, usize)>,
        values: &[Vec<f32>],
    ) -> Option<Self> {
        let [before, after, rest @ ..] = values else { return None };
        let (channels, _, columns) = graph.node(node).shape.chw();
        let norm_ratio = Some((energy(after) / energy(before)).sqrt()).filter(|norm_ratio| norm_ratio.is_finite());
        let at = match cell {
            Some((y, x)) => {
                let place = y * columns + x;
                let read: Option<Vec<f32>> = rest.iter().map(|value| value.first().copied()).collect();
                let neighbours: Vec<(usize, f32)> = norm.neighbours(map, channels).zip(read?).collect();
                Some(inhibition(norm, (y, x), (*before.get(place)?, *after.get(place)?), &neighbours))
            }
            None => None,
        };
        Some(Self { node, map, norm, columns, before: before.clone(), after: after.clone(), norm_ratio, at })
    }
}

fn inhibition(
    norm: LocalResponseNorm,
    cell: (usize, usize),
    (value, output): (f32, f32),
    neighbours: &[(usize, f32)],
) -> Inhibition {
    let square = |value: f32| f64::from(value) * f64::from(value);
    let squares: f64 = neighbours.iter().map(|&(_, value)| square(value)).sum();
    let neighbour = |&(channel, value): &(usize, f32)| Neighbour {
        channel,
        value,
        square: square(value),
        share: share(square(value), squares),
    };
    Inhibition {
        cell,
        value,
        neighbours: neighbours.iter().map(neighbour).collect(),
        squares,
        divisor: (norm.k + norm.alpha * squares).powf(norm.beta),
        zero_divisor: norm.k.powf(norm.beta),
        output,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inhibition_by_hand() {
        let norm = LocalResponseNorm { size: 3, alpha: 0.5, beta: 2.0, k: 1.0 };
        let found = inhibition(norm, (0, 0), (2.0, 0.08), &[(0, 0.0), (1, 2.0), (2, -2.0)]);
        assert_eq!((found.squares, found.divisor, found.zero_divisor), (8.0, 25.0, 1.0));
        let shares: Vec<f64> = found.neighbours.iter().map(|n| n.share).collect();
        assert_eq!(shares, [0.0, 0.5, 0.5]);
        let zero_divisor = inhibition(norm, (0, 0), (0.0, 0.0), &[(0, 0.0), (1, 0.0)]);
        assert!(zero_divisor.neighbours.iter().all(|n| n.share == 0.0));
    }
}
