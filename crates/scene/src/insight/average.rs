//! Global average pooling: one feature map becomes one number.

use super::values::one_map;
use engine::OutputSlice;
use net::{Graph, NodeId};

/// The contribution of one pixel to the mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PixelContribution {
    /// Row and column of the pixel.
    pub cell: (usize, usize),
    /// Its value.
    pub value: f32,
    /// The value divided by the number of pixels.
    pub part: f64,
    /// The fraction of the mean, from 0 to 1. `None` if any value is negative, or if the mean is zero or not finite.
    pub share: Option<f64>,
}

/// One feature map and its mean (Lin et al. 2013, section 3.2).
#[derive(Debug, Clone, PartialEq)]
pub struct GlobalAverage {
    /// The pooling node.
    pub node: NodeId,
    /// The feature map, and the channel of the result.
    pub map: usize,
    /// The node whose feature map is averaged.
    pub input: NodeId,
    /// Cells in a row of the feature map.
    pub columns: usize,
    /// The values of the feature map, row-major.
    pub values: Vec<f32>,
    /// The mean.
    pub mean: f64,
    /// The pixel with the greatest absolute value.
    pub largest: PixelContribution,
}

impl GlobalAverage {
    /// Returns the input slice, or `None` if the pooling leaves more than one value per feature map.
    pub(super) fn needs(graph: &Graph, node: NodeId, map: usize) -> Option<Vec<OutputSlice>> {
        let input = covered(graph, node)?;
        Some(vec![one_map(graph, input, map)?])
    }

    pub(super) fn of(graph: &Graph, node: NodeId, map: usize, values: &[Vec<f32>]) -> Option<Self> {
        let [values] = values else { return None };
        let input = covered(graph, node)?;
        let (_, _, columns) = graph.node(input).shape.chw();
        let (mean, largest) = mean(values, columns)?;
        Some(Self { node, map, input, columns, values: values.clone(), mean, largest })
    }
}

/// Returns the input of a pooling that reduces each feature map to one value, or `None` for any other node.
fn covered(graph: &Graph, node: NodeId) -> Option<NodeId> {
    let this = graph.node(node);
    let input = *this.inputs.first()?;
    let shape = graph.node(input).shape;
    let (_, height, width) = shape.chw();
    let operation = this.op.operation()?;
    let all = operation.span(shape, 0, height) == (0..height) && operation.span(shape, 0, width) == (0..width);
    (this.shape.is_flat() && all).then_some(input)
}

/// Returns the mean and the greatest contribution to it, or `None` if there are no values.
fn mean(values: &[f32], columns: usize) -> Option<(f64, PixelContribution)> {
    let count = values.len() as f64;
    let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / count;
    let further = |a: usize, b: usize| if values[b].abs() > values[a].abs() { b } else { a };
    let place = (0..values.len()).reduce(further)?;
    let part = f64::from(values[place]) / count;
    let shared = mean > 0.0 && mean.is_finite() && values.iter().all(|&v| v >= 0.0);
    let cell = (place / columns.max(1), place % columns.max(1));
    Some((mean, PixelContribution { cell, value: values[place], part, share: shared.then(|| part / mean) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_by_hand() {
        let (all, most) = mean(&[1.0, 0.0, 0.0, 6.0, 1.0, 0.0], 3).expect("should have a mean");
        assert!((all - 8.0 / 6.0).abs() < 1e-12);
        assert_eq!((most.cell, most.value, most.part, most.share), ((1, 0), 6.0, 1.0, Some(0.75)));
        let (all, most) = mean(&[1.0, -3.0], 2).expect("should have a mean");
        assert_eq!((all, most.cell, most.share), (-1.0, (0, 1), None));
        assert_eq!(mean(&[0.0, 0.0], 2).map(|(mean, most)| (mean, most.share)), Some((0.0, None)));
        assert_eq!(mean(&[], 1), None);
    }
}
