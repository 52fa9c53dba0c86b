//! The arithmetic of one value: the numbers that it is computed from, their products and their sum.

use super::row::Row;
use super::spot::{Spot, windows};
use net::{AblationFactors, Formula, Graph, NodeId, Operands};

/// The part of a value's arithmetic that comes from one input feature map.
#[derive(Debug, Clone, PartialEq)]
pub struct InputPatch {
    /// The node whose output the window is taken from.
    pub node: NodeId,
    /// The feature map of that node.
    pub map: usize,
    /// Columns of the window.
    pub columns: usize,
    /// The values in the window, row-major.
    pub values: Vec<f32>,
    /// The numbers that the values are paired with (a kernel, weights, a bitmap of RBF parameters, or the factor of an
    /// ablated summand), in the same order. Empty if the operation has none.
    pub weights: Vec<f32>,
    /// The result for each pair: a product, or the squared difference for RBF units. Empty if there are no weights.
    pub products: Vec<f32>,
}

impl InputPatch {
    /// Returns the contribution of this feature map to the sum.
    pub fn sum(&self) -> f32 {
        if self.products.is_empty() { self.values.iter().sum() } else { self.products.iter().sum() }
    }
}

/// The formula that an operation applies to the patches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Formula {
    /// `activation(sum of products + bias)`: convolutions and fully connected layers.
    WeightedSum {
        /// The bias.
        bias: f32,
        /// The activation function.
        activation: Activation,
    },
    /// `activation(sum * coefficient + bias)`: LeNet-5's subsampling.
    Subsampled {
        /// The coefficient of the feature map.
        coefficient: f32,
        /// The bias of the feature map.
        bias: f32,
        /// The activation function.
        activation: Activation,
    },
    /// The maximum of the window: max pooling.
    Maximum {
        /// The index of the maximum in the window, row-major.
        winner: usize,
    },
    /// The sum of squared differences: LeNet-5's RBF units.
    Distance,
    /// The mean of the values: average pooling.
    Mean,
    /// `(value - mean) / deviation * scale + shift`: batch normalization in inference.
    BatchNormalized {
        /// The channel's running mean.
        mean: f32,
        /// The standard deviation: the square root of the channel's running variance plus epsilon.
        deviation: f32,
        /// The channel's weight (gamma).
        scale: f32,
        /// The channel's bias (beta).
        shift: f32,
    },
    /// `value / divisor`, where the divisor is `(k + alpha * squares)^beta`: local response normalization. `k`, `alpha`
    /// and `beta` are those of the AlexNet paper, Section 3.3.
    ResponseNormalized {
        /// The value of the channel itself.
        value: f32,
        /// The sum of the squares over the neighbouring channels and the channel itself.
        squares: f32,
        /// The divisor.
        divisor: f32,
    },
    /// The sum of one value of each input: an addition.
    Added,
    /// The one input value, unchanged (concatenation, dropout in inference), or zero for a channel that a zero-padded
    /// shortcut adds.
    Unchanged,
    /// `activation(value)` of the one input value.
    Activated(Activation),
}

impl Formula {
    /// Returns the activation function that is applied to the total.
    fn activation(self) -> Activation {
        match self {
            Self::WeightedSum { activation, .. }
            | Self::Subsampled { activation, .. }
            | Self::Activated(activation) => activation,
            _ => Activation::Identity,
        }
    }
}

/// The complete arithmetic of one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Arithmetic {
    /// The patches: one for each input feature map that is read.
    pub patches: Vec<InputPatch>,
    /// The formula that is applied to them.
    pub formula: Formula,
    /// The sum over all patches.
    pub sum: f32,
    /// The argument of the activation function: the sum after the coefficient and the bias, where the operation has
    /// them.
    pub total: f32,
    /// The result of the formula. Without an ablation here, it is the value that the engine computed.
    pub output: f32,
    /// For an ablated feature map: its factor, and the value that the engine computed after applying the factor.
    pub ablation: Option<(f32, f32)>,
}

impl Arithmetic {
    /// Reconstructs the arithmetic of `cell` from the parameters of its channel and from the concatenated values of
    /// [`MapCell::slices`].
    ///
    /// Returns `None` if the node has no such value, if the node is the input or the softmax, or if the parameters or
    /// the values do not belong to `cell`.
    pub fn of(
        graph: &Graph,
        effects: &AblationFactors,
        row: &ChannelParameters,
        cell: MapCell,
        values: &[f32],
    ) -> Option<Self> {
        let (channel, y, x) = cell.locate(graph)?;
        if (row.node, row.channel) != (cell.node, channel) {
            return None;
        }
        let (&output, mut rest) = values.split_last()?;
        let operation = graph.node(spot.node).op.operation()?;
        let weight = row.get("weight").unwrap_or_default();
        let windows = windows(graph, cell.node, channel, y, x);
        let mut patches = Vec::with_capacity(windows.len());
        for (place, window) in windows.iter().enumerate() {
            let (values, after) = rest.split_at_checked(window.values)?;
            rest = after;
            let factor = effects.summands(cell.node).get(place);
            let met = match factor {
                Some(&factor) => vec![factor],
                None => operation.window_weights(weight, &window.weighted(place))?,
            };
            let products = values.iter().zip(&met).map(|(&value, &weight)| operation.term(value, weight)).collect();
            let columns = window.columns.len();
            patches.push(InputPatch {
                node: window.node,
                map: window.map,
                columns,
                values: values.to_vec(),
                weights: met,
                products,
            });
        }
        if !rest.is_empty() {
            return None;
        }
        let sum = patches.iter().map(Patch::sum).sum();
        let windows: Vec<_> = patches.iter().map(|patch| (patch.map, patch.values.as_slice())).collect();
        let parameter = |leaf: &str| row.get(leaf)?.first().copied();
        let operands = Operands { channel, windows: &windows, sum, parameter: &parameter };
        let (formula, total) = operation.formula(&operands)?;
        let factor = effects.factor(spot.node, channel);
        if factor.to_bits() == 1.0_f32.to_bits() {
            return Some(Self { patches, formula, sum, total, output, ablation: None });
        }
        // The engine's value is already multiplied by the factor, so the value before it is computed here.
        let whole = formula.activation().apply(total);
        Some(Self { patches, formula, sum, total, output: whole, ablation: Some((factor, output)) })
    }
}

fn formula(
    graph: &Graph,
    row: &ChannelParameters,
    node: NodeId,
    channel: usize,
    patches: &[InputPatch],
    sum: f32,
) -> Option<(Formula, f32)> {
    let this = graph.node(node);
    let parameter = |leaf: &str| row.get(leaf)?.first().copied();
    Some(match &this.op {
        Op::Conv2d(conv) => {
            let bias = if conv.bias { parameter("bias")? } else { 0.0 };
            (Formula::WeightedSum { bias, activation: conv.activation }, sum + bias)
        }
        Op::Linear(linear) => {
            let bias = parameter("bias")?;
            (Formula::WeightedSum { bias, activation: linear.activation }, sum + bias)
        }
        Op::Subsample(subsample) => {
            let (coefficient, bias) = (parameter("weight")?, parameter("bias")?);
            let formula = Formula::Subsampled { coefficient, bias, activation: subsample.activation };
            (formula, sum * coefficient + bias)
        }
        Op::MaxPool2d(_) => {
            let values = &patches.first()?.values;
            let better = |best: usize, i: usize| if values[i] > values[best] { i } else { best };
            let winner = (0..values.len()).reduce(better)?;
            (Formula::Maximum { winner }, values[winner])
        }
        Op::Rbf(_) => (Formula::Distance, sum),
        Op::Activation(pointwise) => (Formula::Activated(pointwise.function), sum),
        Op::BatchNorm2d(norm) => {
            let (scale, shift) = (parameter("weight")?, parameter("bias")?);
            let (mean, variance) = (parameter("running_mean")?, parameter("running_var")?);
            let deviation = (f64::from(variance) + norm.epsilon).sqrt() as f32;
            (Formula::BatchNormalized { mean, deviation, scale, shift }, (sum - mean) / deviation * scale + shift)
        }
        Op::LocalResponseNorm(norm) => {
            let values = || patches.iter().flat_map(|patch| &patch.values);
            let value = patches.iter().find(|patch| patch.map == channel)?.values.first().copied()?;
            let squares: f32 = values().map(|v| v * v).sum();
            let divisor = (norm.k + norm.alpha * f64::from(squares)).powf(norm.beta) as f32;
            (Formula::ResponseNormalized { value, squares, divisor }, value / divisor)
        }
        Op::AvgPool2d(_) | Op::AdaptiveAvgPool2d(_) => {
            let count: usize = patches.iter().map(|patch| patch.values.len()).sum();
            (Formula::Mean, sum / count.max(1) as f32)
        }
        Op::Add(_) => (Formula::Added, sum),
        Op::Concat(_) | Op::PadShortcut(_) | Op::Dropout(_) => (Formula::Unchanged, sum),
        Op::Softmax(_) | Op::Input => return None,
    })
}

/// Returns the weights that are paired with the values of a window, in its order. They are empty if the operation has
/// no weights for single values; `None` means that `row` does not fit the node.
fn weights_of(
    graph: &Graph,
    row: &ChannelParameters,
    node: NodeId,
    place: usize,
    window: &InputWindow,
) -> Option<Vec<f32>> {
    match &graph.node(node).op {
        Op::Conv2d(conv) => {
            let k = conv.window.kernel;
            let slot = conv.slot(place, window.map);
            let kernel = row.get("weight")?.get(slot * k * k..)?.get(..k * k)?;
            if window.values == k * k {
                return Some(kernel.to_vec());
            }
            // At an edge the window extends over the padding: only the part of the kernel inside the map is paired with
            // values.
            let (rows, columns) = (window.rows.len(), window.columns.len());
            let top = if window.rows.start == 0 { k - rows } else { 0 };
            let left = if window.columns.start == 0 { k - columns } else { 0 };
            Some((0..rows).flat_map(|r| kernel[(top + r) * k + left..][..columns].to_vec()).collect())
        }
        Op::Linear(_) | Op::Rbf(_) => {
            let weights = row.get("weight")?;
            let start = if window.values == weights.len() { 0 } else { place * window.values };
            Some(weights.get(start..start + window.values)?.to_vec())
        }
        _ => Some(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::{Op, network};
    use weights::Weights;

    /// Returns arbitrary but fixed activations for every node.
    fn activations(graph: &Graph) -> Vec<Vec<f32>> {
        graph
            .iter()
            .map(|(id, node)| {
                (0..node.shape.elements()).map(|i| ((i * 37 + id.0 * 11) % 101) as f32 / 50.0 - 1.0).collect()
            })
            .collect()
    }

    /// Returns the parameters of one channel, taken from all weights.
    fn row(net: &Graph, weights: &Weights, node: NodeId, channel: usize) -> ChannelParameters {
        let row = |(name, spec): (String, net::TensorSpec)| {
            let array = weights.get(&name).expect("should be there");
            let length: usize = array.dims.iter().skip(1).product();
            (spec.leaf.to_owned(), array.values[channel * length..][..length].to_vec())
        };
        ChannelParameters { node, channel, tensors: net.tensors(node).into_iter().map(row).collect() }
    }

    fn arithmetic(net: &Graph, weights: &Weights, all: &[Vec<f32>], cell: MapCell) -> Arithmetic {
        let values: Vec<f32> =
            cell.slices(net).iter().flat_map(|s| all[s.node.0][s.start..s.start + s.len].to_vec()).collect();
        let (channel, ..) = cell.locate(net).expect("should be a value");
        let row = row(net, weights, cell.node, channel);
        Arithmetic::of(net, &AblationFactors::default(), &row, cell, &values)
            .expect("should be a value with arithmetic")
    }

    #[test]
    fn every_value_has_its_arithmetic() {
        for name in net::names() {
            let net = network(name).expect("should be declared");
            let weights = Weights::seeded(&net, 1);
            let all = activations(&net);
            for (id, node) in net.iter().skip(1) {
                if matches!(node.op, Op::Softmax(_)) {
                    continue;
                }
                let cell = MapCell { node: id, map: 0, y: 0, x: 0 };
                let found = arithmetic(&net, &weights, &all, cell);
                let read: usize = found.patches.iter().map(|p| p.values.len()).sum();
                let per_channel = net.tensors(id).first().map_or(0, |(_, t)| t.dims.iter().skip(1).product());
                if matches!(node.op, Op::Linear(_) | Op::Rbf(_)) {
                    assert_eq!(read, per_channel, "{name} {}", node.name);
                }
            }
        }
    }

    #[test]
    fn c3_reads_three_windows_and_their_kernels() {
        let net = network("lenet5").expect("should be declared");
        let weights = Weights::seeded(&net, 1);
        let all = activations(&net);
        let cell = MapCell { node: net.find("C3").expect("should be a node"), map: 4, y: 3, x: 6 };
        let found = arithmetic(&net, &weights, &all, cell);
        assert_eq!(found.patches.iter().map(|p| p.map).collect::<Vec<_>>(), [0, 4, 5]);
        let kernel = &weights.get("C3.weight").expect("should be there").values;
        let mut sum = 0.0;
        for map in [0, 4, 5] {
            for (r, c) in (0..25).map(|i| (i / 5, i % 5)) {
                sum += all[2][map * 196 + (3 + r) * 14 + 6 + c] * kernel[((4 * 6 + map) * 5 + r) * 5 + c];
            }
        }
        assert!((found.sum - sum).abs() < 1e-4, "{} {sum}", found.sum);
        assert_eq!(found.output, all[3][4 * 100 + 36]);
    }

    #[test]
    fn cells_that_do_not_exist_have_no_value() {
        let net = network("lenet5").expect("should be declared");
        let c1 = net.find("C1").expect("should be a node");
        for cell in [
            MapCell { node: c1, map: 6, y: 0, x: 0 },
            MapCell { node: c1, map: 0, y: 28, x: 0 },
            MapCell { node: NodeId(99), map: 0, y: 0, x: 0 },
        ] {
            assert_eq!(cell.locate(&net), None);
            assert!(cell.slices(&net).is_empty());
        }
    }
}
