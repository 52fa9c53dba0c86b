//! The arithmetic of one value: the numbers it came from, the products and the sum.

use super::row::Row;
use super::spot::{Spot, WindowOf, windows};
use net::{Activation, Effects, Graph, NodeId, Op};

/// What one input map gives to a value: numbers, what they are weighed with, and what comes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    /// Whose output it is cut from.
    pub node: NodeId,
    /// Which of its maps.
    pub map: usize,
    /// Columns of the window.
    pub columns: usize,
    /// The window's numbers, row-major.
    pub values: Vec<f32>,
    /// The numbers that they meet (kernel, weights, picture); empty where there are none.
    pub weights: Vec<f32>,
    /// What each pair gives: a product, or a squared difference; empty where there are no weights.
    pub products: Vec<f32>,
}

impl Patch {
    /// What this map adds to the sum.
    pub fn sum(&self) -> f32 {
        if self.products.is_empty() { self.values.iter().sum() } else { self.products.iter().sum() }
    }
}

/// What becomes of the numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Formula {
    /// activation(sum of products + bias).
    WeighedSum {
        /// The bias.
        bias: f32,
        /// What becomes of the sum.
        activation: Activation,
    },
    /// activation(sum * coefficient + bias).
    Subsampled {
        /// The map's coefficient.
        coefficient: f32,
        /// The map's bias.
        bias: f32,
        /// What becomes of it.
        activation: Activation,
    },
    /// The greatest, which stands at this place of the window.
    Greatest {
        /// The winner's place, row-major.
        winner: usize,
    },
    /// The sum of squared differences.
    Distance,
    /// The mean of the numbers.
    Mean,
    /// (the one number - mean) / deviation * scale + shift.
    Normalised {
        /// The channel's mean in training.
        mean: f32,
        /// The square root of the channel's variance in training and epsilon.
        deviation: f32,
        /// The channel's weight.
        scale: f32,
        /// The channel's bias.
        shift: f32,
    },
    /// value / divisor, the divisor being (k + alpha * squares)^beta.
    Response {
        /// The channel's own value.
        value: f32,
        /// The sum of its neighbours' squares and its own.
        squares: f32,
        /// What it is divided by.
        divisor: f32,
    },
    /// The sum of one number of each input.
    Added,
    /// The one number, unchanged; zero where a shortcut is padded.
    Passed,
    /// activation(the one number).
    Activated(Activation),
}

impl Formula {
    /// What becomes of the total.
    fn activation(self) -> Activation {
        match self {
            Self::WeighedSum { activation, .. } | Self::Subsampled { activation, .. } | Self::Activated(activation) => {
                activation
            }
            _ => Activation::Identity,
        }
    }
}

/// The whole arithmetic of one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Arithmetic {
    /// One for each input map that is read.
    pub patches: Vec<Patch>,
    /// What becomes of them.
    pub formula: Formula,
    /// The sum of all patches.
    pub sum: f32,
    /// What is given to the activation: the sum, weighed where it is, with its bias.
    pub total: f32,
    /// The value that comes of it: where nothing is cut here, the value that the engine gave.
    pub output: f32,
    /// Where the map is cut: its factor, and the value that the engine gave.
    pub cut: Option<(f32, f32)>,
}

impl Arithmetic {
    /// The arithmetic of `spot`, from the parameters of its channel and the values of [`Spot::slices`] one after the
    /// other. `None` where the spot is no value, is the input's, or the parameters or the values are not those.
    pub fn of(graph: &Graph, effects: &Effects, row: &Row, spot: Spot, values: &[f32]) -> Option<Self> {
        let (channel, y, x) = spot.locate(graph)?;
        if (row.node, row.channel) != (spot.node, channel) {
            return None;
        }
        let (&output, mut rest) = values.split_last()?;
        let windows = windows(graph, spot.node, channel, y, x);
        let mut patches = Vec::with_capacity(windows.len());
        for (place, window) in windows.iter().enumerate() {
            let (values, after) = rest.split_at_checked(window.values)?;
            rest = after;
            let factor = effects.summands(spot.node).get(place);
            let met = match factor {
                Some(&factor) => vec![factor],
                None => weights_of(graph, row, spot.node, place, window)?,
            };
            let products = match graph.node(spot.node).op {
                Op::Rbf(_) => values.iter().zip(&met).map(|(v, w)| (v - w) * (v - w)).collect(),
                _ => values.iter().zip(&met).map(|(v, w)| v * w).collect(),
            };
            let columns = window.columns.len();
            patches.push(Patch {
                node: window.node,
                map: window.map,
                columns,
                values: values.to_vec(),
                weights: met,
                products,
            });
        }
        let padded = matches!(graph.node(spot.node).op, Op::PadShortcut(_));
        if patches.is_empty() && !padded || !rest.is_empty() {
            return None;
        }
        let sum = patches.iter().map(Patch::sum).sum();
        let (formula, total) = formula(graph, row, spot.node, channel, &patches, sum)?;
        let factor = effects.factor(spot.node, channel);
        if factor.to_bits() == 1.0_f32.to_bits() {
            return Some(Self { patches, formula, sum, total, output, cut: None });
        }
        // The engine gave what the cut has left of it.
        let whole = formula.activation().apply(total);
        Some(Self { patches, formula, sum, total, output: whole, cut: Some((factor, output)) })
    }
}

fn formula(
    graph: &Graph,
    row: &Row,
    node: NodeId,
    channel: usize,
    patches: &[Patch],
    sum: f32,
) -> Option<(Formula, f32)> {
    let this = graph.node(node);
    let parameter = |leaf: &str| row.get(leaf)?.first().copied();
    Some(match &this.op {
        Op::Conv2d(conv) => {
            let bias = if conv.bias { parameter("bias")? } else { 0.0 };
            (Formula::WeighedSum { bias, activation: conv.activation }, sum + bias)
        }
        Op::Linear(linear) => {
            let bias = parameter("bias")?;
            (Formula::WeighedSum { bias, activation: linear.activation }, sum + bias)
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
            (Formula::Greatest { winner }, values[winner])
        }
        Op::Rbf(_) => (Formula::Distance, sum),
        Op::Activation(pointwise) => (Formula::Activated(pointwise.function), sum),
        Op::BatchNorm2d(norm) => {
            let (scale, shift) = (parameter("weight")?, parameter("bias")?);
            let (mean, variance) = (parameter("running_mean")?, parameter("running_var")?);
            let deviation = (f64::from(variance) + norm.epsilon).sqrt() as f32;
            (Formula::Normalised { mean, deviation, scale, shift }, (sum - mean) / deviation * scale + shift)
        }
        Op::LocalResponseNorm(norm) => {
            let values = || patches.iter().flat_map(|patch| &patch.values);
            let value = patches.iter().find(|patch| patch.map == channel)?.values.first().copied()?;
            let squares: f32 = values().map(|v| v * v).sum();
            let divisor = (norm.k + norm.alpha * f64::from(squares)).powf(norm.beta) as f32;
            (Formula::Response { value, squares, divisor }, value / divisor)
        }
        Op::AvgPool2d(_) | Op::AdaptiveAvgPool2d(_) => {
            let count: usize = patches.iter().map(|patch| patch.values.len()).sum();
            (Formula::Mean, sum / count.max(1) as f32)
        }
        Op::Add(_) => (Formula::Added, sum),
        Op::Concat(_) | Op::PadShortcut(_) | Op::Dropout(_) => (Formula::Passed, sum),
        Op::Softmax(_) | Op::Input => return None,
    })
}

/// The weights that meet a window, in its order; none where the operation has none for single numbers.
fn weights_of(graph: &Graph, row: &Row, node: NodeId, place: usize, window: &WindowOf) -> Option<Vec<f32>> {
    match &graph.node(node).op {
        Op::Conv2d(conv) => {
            let k = conv.window.kernel;
            let slot = conv.slot(place, window.map);
            let kernel = row.get("weight")?.get(slot * k * k..)?.get(..k * k)?;
            if window.values == k * k {
                return Some(kernel.to_vec());
            }
            // At an edge the window hangs over the padding: only the part inside meets numbers.
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
    use net::network;
    use weights::Weights;

    /// Any numbers, the same for every node.
    fn activations(graph: &Graph) -> Vec<Vec<f32>> {
        graph
            .iter()
            .map(|(id, node)| {
                (0..node.shape.elements()).map(|i| ((i * 37 + id.0 * 11) % 101) as f32 / 50.0 - 1.0).collect()
            })
            .collect()
    }

    /// The parameters of a channel, out of all.
    fn row(net: &Graph, weights: &Weights, node: NodeId, channel: usize) -> Row {
        let cut = |(name, spec): (String, net::TensorSpec)| {
            let array = weights.get(&name).expect("should be there");
            let length: usize = array.dims.iter().skip(1).product();
            (spec.leaf.to_owned(), array.values[channel * length..][..length].to_vec())
        };
        Row { node, channel, tensors: net.tensors(node).into_iter().map(cut).collect() }
    }

    fn arithmetic(net: &Graph, weights: &Weights, all: &[Vec<f32>], spot: Spot) -> Arithmetic {
        let values: Vec<f32> =
            spot.slices(net).iter().flat_map(|s| all[s.node.0][s.start..s.start + s.len].to_vec()).collect();
        let (channel, ..) = spot.locate(net).expect("should be a value");
        let row = row(net, weights, spot.node, channel);
        Arithmetic::of(net, &Effects::default(), &row, spot, &values).expect("should be a value with arithmetic")
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
                let spot = Spot { node: id, map: 0, y: 0, x: 0 };
                let found = arithmetic(&net, &weights, &all, spot);
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
        let spot = Spot { node: net.find("C3").expect("should be a node"), map: 4, y: 3, x: 6 };
        let found = arithmetic(&net, &weights, &all, spot);
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
    fn places_that_are_none_have_none() {
        let net = network("lenet5").expect("should be declared");
        let c1 = net.find("C1").expect("should be a node");
        for spot in [
            Spot { node: c1, map: 6, y: 0, x: 0 },
            Spot { node: c1, map: 0, y: 28, x: 0 },
            Spot { node: NodeId(99), map: 0, y: 0, x: 0 },
        ] {
            assert_eq!(spot.locate(&net), None);
            assert!(spot.slices(&net).is_empty());
        }
    }
}
