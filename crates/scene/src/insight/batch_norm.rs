//! Batch normalization in inference: an affine function of each channel.

use std::collections::BTreeMap;

use super::values::one_map;
use engine::OutputSlice;
use net::{BatchNorm2d, Graph, NodeId};

/// y = a x + b: batch normalization with fixed statistics (Ioffe and Szegedy 2015, algorithm 2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine {
    /// Gamma, the learned scale.
    pub scale: f32,
    /// Beta, the learned shift.
    pub shift: f32,
    /// The running mean of the channel, estimated in training.
    pub mean: f32,
    /// The running variance of the channel, estimated in training.
    pub variance: f32,
    /// The constant that avoids a division by zero.
    pub epsilon: f64,
    /// `scale / sqrt(variance + epsilon)`.
    pub a: f64,
    /// `shift - a * mean`.
    pub b: f64,
}

impl Affine {
    /// Computes the function of one channel, or `None` if a parameter is missing.
    fn of(norm: BatchNorm2d, row: &BTreeMap<String, Vec<f32>>) -> Option<Self> {
        let parameter = |leaf: &str| row.get(leaf)?.first().copied();
        let (scale, shift) = (parameter("weight")?, parameter("bias")?);
        let (mean, variance) = (parameter("running_mean")?, parameter("running_var")?);
        let a = f64::from(scale) / (f64::from(variance) + norm.epsilon).sqrt();
        let b = f64::from(shift) - a * f64::from(mean);
        Some(Self { scale, shift, mean, variance, epsilon: norm.epsilon, a, b })
    }
}

/// One feature map before and after normalization, and the function between them.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchNorm {
    /// The normalization node.
    pub node: NodeId,
    /// The selected feature map.
    pub map: usize,
    /// Cells in a row of the feature map.
    pub columns: usize,
    /// The feature map before normalization, row-major.
    pub before: Vec<f32>,
    /// The feature map after normalization, row-major.
    pub after: Vec<f32>,
    /// The function; `None` if the channel's parameters are not available.
    pub affine: Option<Affine>,
}

impl BatchNorm {
    pub(super) fn needs(graph: &Graph, node: NodeId, map: usize) -> Option<Vec<OutputSlice>> {
        let input = *graph.node(node).inputs.first()?;
        Some(vec![one_map(graph, input, map)?, one_map(graph, node, map)?])
    }

    pub(super) fn of(
        graph: &Graph,
        node: NodeId,
        norm: BatchNorm2d,
        map: usize,
        values: &[Vec<f32>],
        row: Option<&BTreeMap<String, Vec<f32>>>,
    ) -> Option<Self> {
        let [before, after] = values else { return None };
        let (_, _, columns) = graph.node(node).shape.chw();
        let affine = row.and_then(|row| Affine::of(norm, row));
        Some(Self { node, map, columns, before: before.clone(), after: after.clone(), affine })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_by_hand() {
        let row: BTreeMap<String, Vec<f32>> =
            [("weight", 3.0), ("bias", 1.0), ("running_mean", 2.0), ("running_var", 2.0)]
                .map(|(leaf, value)| (leaf.to_owned(), vec![value]))
                .into();
        let line = Affine::of(BatchNorm2d { epsilon: 0.25 }, &row).expect("should have all four");
        assert_eq!((line.a, line.b), (2.0, -3.0));
        let missing = BTreeMap::from([("weight".to_owned(), vec![1.0])]);
        assert_eq!(Affine::of(BatchNorm2d { epsilon: 0.25 }, &missing), None);
    }
}
