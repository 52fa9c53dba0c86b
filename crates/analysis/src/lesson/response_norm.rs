//! Local response normalization (Krizhevsky et al. 2012, section 3.3), and the order of the layers around it.

use std::collections::BTreeMap;

use super::mini_network::{MiniNetwork, MiniNetworkError};
use net::{Graph, LocalResponseNorm, NetError, Op, Shape, network};

/// The order of the layers after the first convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayerOrder {
    /// ReLU, normalization, pooling: the order of the paper.
    ReluFirst,
    /// Normalization, pooling, ReLU: an order that is often drawn.
    ReluLast,
}

impl LayerOrder {
    /// Returns the name of the network with this order.
    pub fn network(self) -> &'static str {
        match self {
            Self::ReluFirst => "alexnet",
            Self::ReluLast => "alexnet-relu-last",
        }
    }

    /// Builds the graph of the layers between the network's first and second convolution, over maps of shape `input`
    /// and with `norm` as the normalization.
    fn stage(self, input: Shape, norm: LocalResponseNorm) -> Result<Graph, NetError> {
        let graph = network(self.network())?;
        let (first, second) = (graph.find("conv1")?, graph.find("conv2")?);
        MiniNetwork::graph(input, |builder| {
            for (_, node) in graph.iter().filter(|(id, _)| first < *id && *id < second) {
                let op =
                    if let Op::LocalResponseNorm(_) = node.op { Op::LocalResponseNorm(norm) } else { node.op.clone() };
                builder.then(&node.name, op)?;
            }
            Ok(())
        })
    }
}

/// The outputs of the layers after a convolution.
#[derive(Debug, Clone, PartialEq)]
pub struct NormalizationStage {
    /// The input of the normalization, CHW.
    pub before: Vec<f32>,
    /// The output of the normalization, CHW.
    pub after: Vec<f32>,
    /// The output of the last layer, CHW.
    pub out: Vec<f32>,
    /// The shape of `out`.
    pub shape: Shape,
}

impl NormalizationStage {
    /// Runs the layers in the given order over `values`, the output of the convolution (CHW, of `shape`).
    ///
    /// # Errors
    /// Returns [`MiniNetworkError`] if the values do not fit.
    pub fn new(
        order: LayerOrder,
        values: &[f32],
        shape: Shape,
        norm: LocalResponseNorm,
    ) -> Result<Self, MiniNetworkError> {
        let network = MiniNetwork::new(&order.stage(shape, norm)?, BTreeMap::new())?;
        let graph = network.graph_of();
        let layer = graph.find("norm1")?;
        let read = graph.node(layer).inputs[0];
        let mut outputs = network.run(values)?;
        let out = outputs.pop().unwrap_or_default();
        let [before, after] = [read, layer].map(|id| std::mem::take(&mut outputs[id.0]));
        Ok(Self { before, after, out, shape: network.shape() })
    }

    /// Returns the least and the mean factor by which the normalization multiplies non-zero values, or `None` if all
    /// values are zero.
    pub fn left(&self) -> Option<(f64, f64)> {
        let pairs = self.before.iter().zip(&self.after).filter(|(before, _)| **before != 0.0);
        let (mut least, mut sum, mut count) = (f64::INFINITY, 0.0, 0_usize);
        for (before, after) in pairs {
            let factor = f64::from(*after) / f64::from(*before);
            least = least.min(factor);
            sum += factor;
            count += 1;
        }
        (count > 0).then(|| (least, sum / count as f64))
    }
}

/// Returns the sum of squares that the normalization of `channel` uses. `pixel` holds the values of one pixel in all
/// channels.
pub fn squares(pixel: &[f32], norm: LocalResponseNorm, channel: usize) -> f64 {
    norm.neighbours(channel, pixel.len()).map(|c| f64::from(pixel[c]).powi(2)).sum()
}

/// The difference between two lists of values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueDifference {
    /// The fraction of values that differ, from 0 to 1.
    pub share: f64,
    /// The greatest absolute difference.
    pub greatest: f32,
}

impl ValueDifference {
    /// Compares `a` with `b`.
    pub fn new(a: &[f32], b: &[f32]) -> Self {
        let unlike = a.iter().zip(b).filter(|(a, b)| a != b);
        let greatest = unlike.clone().map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        Self { share: unlike.count() as f64 / a.len().max(1) as f64, greatest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::MaxPool2d;

    /// Returns eight maps of 5x5 with signed values.
    fn signed() -> (Vec<f32>, Shape) {
        let values = (0..200).map(|i| ((i * 73 + 11) % 199) as f32 / 20.0 - 5.0).collect();
        (values, Shape::maps(8, 5, 5))
    }

    /// Returns the first normalization of a network.
    fn norm_of(name: &str) -> Option<LocalResponseNorm> {
        let graph = network(name).expect("should be declared");
        graph.iter().find_map(|(_, node)| if let Op::LocalResponseNorm(norm) = node.op { Some(norm) } else { None })
    }

    fn norm(alpha: f64) -> LocalResponseNorm {
        LocalResponseNorm { size: 5, alpha, beta: 0.75, k: 2.0 }
    }

    #[test]
    fn the_constants_agree_with_the_paper() {
        assert_eq!(norm_of("alexnet"), Some(norm(1e-4)));
        assert_eq!(norm_of("alexnet-cifar10"), Some(norm(1e-4)));
        assert_eq!(norm_of("vgg16"), None);
    }

    #[test]
    fn values_are_divided_by_the_formula_of_the_paper() {
        let (values, shape) = signed();
        for order in [LayerOrder::ReluFirst, LayerOrder::ReluLast] {
            let staged = NormalizationStage::new(order, &values, shape, norm(0.3)).expect("should fit");
            for place in 0..25 {
                let pixel: Vec<f32> = (0..8).map(|channel| staged.before[channel * 25 + place]).collect();
                for channel in 0..8 {
                    let by = (2.0 + 0.3 * squares(&pixel, norm(0.3), channel)).powf(0.75);
                    let seen = f64::from(staged.after[channel * 25 + place]);
                    assert!((seen - f64::from(pixel[channel]) / by).abs() < 1e-5, "{order:?} {place} {channel}");
                }
            }
        }
    }

    #[test]
    fn relu_first_hides_negative_values_from_their_neighbours() {
        let (values, shape) = signed();
        let [first, last] = [LayerOrder::ReluFirst, LayerOrder::ReluLast]
            .map(|order| NormalizationStage::new(order, &values, shape, norm(0.3)).expect("should fit"));
        assert!(first.before.iter().all(|&value| value >= 0.0));
        assert_eq!(last.before, values);
        assert_eq!((first.shape, last.shape), (Shape::maps(8, 2, 2), Shape::maps(8, 2, 2)));
        let apart = ValueDifference::new(&first.out, &last.out);
        assert!(apart.share > 0.5 && apart.greatest > 0.01, "{apart:?}");
        // With ReLU last, negative neighbours add squares and make the divisor greater, so no value is greater than
        // with ReLU first.
        assert!(first.out.iter().zip(&last.out).all(|(first, last)| first >= last));
    }

    #[test]
    fn without_the_sum_of_squares_both_orders_agree() {
        let (values, shape) = signed();
        let [first, last] = [LayerOrder::ReluFirst, LayerOrder::ReluLast]
            .map(|order| NormalizationStage::new(order, &values, shape, norm(0.0)).expect("should fit"));
        assert_eq!(ValueDifference::new(&first.out, &last.out), ValueDifference { share: 0.0, greatest: 0.0 });
        let (least, mean) = first.left().expect("not all are zero");
        assert!((least - 2f64.powf(-0.75)).abs() < 1e-6 && (mean - least).abs() < 1e-6);
    }

    #[test]
    fn pooling_and_relu_commute() {
        let (values, shape) = signed();
        let pool = Op::MaxPool2d(MaxPool2d::plain(3, 2));
        let stage = LayerOrder::ReluLast.stage(shape, norm(0.0)).expect("should fit");
        let relu = stage.node(stage.find("relu1").expect("should be a node")).op.clone();
        let run = |ops: [Op; 2]| {
            let graph = MiniNetwork::graph(shape, |builder| {
                ops.into_iter().zip(["a", "b"]).try_for_each(|(op, name)| builder.then(name, op).map(drop))
            });
            let network = MiniNetwork::new(&graph.expect("should fit"), BTreeMap::new()).expect("should be built");
            network.last(&values).expect("should run")
        };
        assert_eq!(run([pool.clone(), relu.clone()]), run([relu, pool]));
    }

    #[test]
    fn zeros_have_no_factor() {
        let shape = Shape::maps(2, 3, 3);
        let staged = NormalizationStage::new(LayerOrder::ReluFirst, &[-1.0; 18], shape, norm(1.0)).expect("should fit");
        assert_eq!(staged.left(), None);
    }
}
