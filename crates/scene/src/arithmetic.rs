//! The arithmetic of one value: the numbers that it is computed from, their products and their sum.

use super::channel_parameters::ChannelParameters;
use super::map_cell::{MapCell, windows};
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
        let operation = graph.node(cell.node).op.operation()?;
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
        let sum = patches.iter().map(InputPatch::sum).sum();
        let windows: Vec<_> = patches.iter().map(|patch| (patch.map, patch.values.as_slice())).collect();
        let parameter = |leaf: &str| row.get(leaf)?.first().copied();
        let operands = Operands { channel, windows: &windows, sum, parameter: &parameter };
        let (formula, total) = operation.formula(&operands)?;
        let factor = effects.factor(cell.node, channel);
        if factor.to_bits() == 1.0_f32.to_bits() {
            return Some(Self { patches, formula, sum, total, output, ablation: None });
        }
        // The engine's value is already multiplied by the factor, so the value before it is computed here.
        let whole = formula.activation().apply(total);
        Some(Self { patches, formula, sum, total, output: whole, ablation: Some((factor, output)) })
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
        let cut = |(name, spec): (String, net::TensorSpec)| {
            let array = weights.get(&name).expect("should be there");
            let length: usize = array.dims.iter().skip(1).product();
            (spec.leaf.to_owned(), array.values[channel * length..][..length].to_vec())
        };
        ChannelParameters { node, channel, tensors: net.tensors(node).into_iter().map(cut).collect() }
    }

    fn arithmetic(net: &Graph, weights: &Weights, all: &[Vec<f32>], cell: MapCell) -> Arithmetic {
        let values: Vec<f32> =
            cell.slices(net).iter().flat_map(|s| all[s.node.0][s.start..s.start + s.len].to_vec()).collect();
        let (channel, ..) = cell.locate(net).expect("should be a value");
        let row = row(net, weights, cell.node, channel);
        let found = Arithmetic::of(net, &AblationFactors::default(), &row, cell, &values);
        found.unwrap_or_else(|| panic!("{} of {} should have its arithmetic", net.node(cell.node).name, net.name))
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
