//! 1x1 convolutions (Szegedy et al. 2014, section 4): feature maps mixed pixel by pixel.

use std::collections::BTreeMap;

use super::mini_network::{MiniNetwork, MiniNetworkError};
use net::{Activation, Conv2d, Expr, Graph, NetError, Op, Shape, Window};
use weights::Array;

/// The output of a 1x1 convolution.
#[derive(Debug, Clone, PartialEq)]
pub struct MixedMaps {
    /// Shape of the output.
    pub shape: Shape,
    /// Values of the output, CHW.
    pub values: Vec<f32>,
    /// The number of parameters of the convolution, as an arithmetic expression.
    pub parameters: Expr,
}

impl MixedMaps {
    /// Applies a 1x1 convolution to `values` (CHW, of `shape`) with `weights` `[output, input]`, one of `biases` per
    /// output, and `activation`.
    ///
    /// # Errors
    /// Returns [`MiniNetworkError`] if the number of weights is not outputs times inputs.
    pub fn new(
        values: &[f32],
        shape: Shape,
        weights: &[f32],
        biases: &[f32],
        activation: Activation,
    ) -> Result<Self, MiniNetworkError> {
        let (inputs, outputs) = (shape.chw().0, biases.len());
        let conv =
            Conv2d { channels: outputs, window: Window::PIXEL, groups: 1, connections: None, bias: true, activation };
        let graph = MiniNetwork::single(shape, Op::Conv2d(conv))?;
        let parameters = graph.parameters(graph.find("layer")?);
        // A wrong number of weights gives a tensor of that size, which the engine refuses with the name of the tensor.
        let read = if weights.len() == outputs * inputs { inputs } else { weights.len() };
        let tensors = BTreeMap::from([
            ("layer.weight".to_owned(), Array { dims: vec![outputs, read, 1, 1], values: weights.to_vec() }),
            ("layer.bias".to_owned(), Array { dims: vec![outputs], values: biases.to_vec() }),
        ]);
        let network = MiniNetwork::new(&graph, tensors)?;
        Ok(Self { shape: network.shape(), values: network.last(values)?, parameters })
    }
}

/// Example weights that show what a 1x1 convolution can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MixingWeights {
    /// Each output is the input with the same index.
    Identity,
    /// Each output is the mean of all inputs.
    Mean,
    /// Each output is the input with the same index minus the next input.
    Difference,
}

impl MixingWeights {
    /// Returns the weight from map `input` of `inputs` to map `output`.
    pub fn weight(self, output: usize, input: usize, inputs: usize) -> f64 {
        match self {
            Self::Identity if output == input => 1.0,
            Self::Mean => 1.0 / inputs as f64,
            Self::Difference if output == input => 1.0,
            Self::Difference if output + 1 == input => -1.0,
            Self::Identity | Self::Difference => 0.0,
        }
    }
}

/// Returns the values of the feature maps `chosen`, in that order, from `values` (CHW, of `shape`). Maps that do not
/// exist are left out.
pub fn chosen(values: &[f32], shape: Shape, chosen: &[usize]) -> Vec<f32> {
    let (_, height, width) = shape.chw();
    let area = height * width;
    chosen.iter().filter_map(|map| values.get(map * area..(map + 1) * area)).flatten().copied().collect()
}

/// Returns the weight from map `input` to map `output` in the tensor `[output, input, 1, 1]` of a 1x1 convolution.
pub fn weight_between(tensor: &Array, output: usize, input: usize) -> Option<f32> {
    let inputs = *tensor.dims.get(1)?;
    (input < inputs).then(|| tensor.values.get(output * inputs + input).copied())?
}

/// Returns the input channels, the output channels and the parameters of the convolution called `name`.
///
/// # Errors
/// Returns [`NetError::UnknownNode`] if there is no node of that name.
pub fn channels(graph: &Graph, name: &str) -> Result<(usize, usize, Expr), NetError> {
    let id = graph.find(name)?;
    Ok((graph.input_shape(id).chw().0, graph.node(id).shape.chw().0, graph.parameters(id)))
}

/// Returns the total MACs of the nodes called `names`.
///
/// # Errors
/// Returns [`NetError::UnknownNode`] if there is no node of one of the names.
pub fn macs(graph: &Graph, names: &[&str]) -> Result<u64, NetError> {
    names.iter().map(|name| Ok(graph.macs(graph.find(name)?).value())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    const SHAPE: Shape = Shape::maps(3, 2, 2);
    const VALUES: [f32; 12] = [1.0, 2.0, 3.0, 4.0, 10.0, 20.0, 30.0, 40.0, 0.5, 0.0, -0.5, -1.0];

    fn mixed(mixture: MixingWeights, outputs: usize) -> Vec<f32> {
        let weights: Vec<f32> =
            (0..outputs).flat_map(|o| (0..3).map(move |i| mixture.weight(o, i, 3) as f32)).collect();
        let mixed = MixedMaps::new(&VALUES, SHAPE, &weights, &vec![0.0; outputs], Activation::Identity);
        mixed.expect("should fit").values
    }

    #[test]
    fn each_output_pixel_is_a_weighted_sum_of_one_input_pixel() {
        let (weights, biases) = ([0.5, -1.0, 2.0, 0.25, 0.0, 1.0], [0.125, -3.0]);
        let mixed = MixedMaps::new(&VALUES, SHAPE, &weights, &biases, Activation::Identity).expect("should fit");
        assert_eq!(mixed.shape, Shape::maps(2, 2, 2));
        for (output, bias) in biases.iter().enumerate() {
            for pixel in 0..4 {
                let sum: f32 = (0..3).map(|input| weights[output * 3 + input] * VALUES[input * 4 + pixel]).sum();
                assert!((mixed.values[output * 4 + pixel] - sum - bias).abs() < 1e-5, "{output} {pixel}");
            }
        }
        assert_eq!((mixed.parameters.to_string().as_str(), mixed.parameters.value()), ("2*(3*1+1)", 8));
        let cut = MixedMaps::new(&VALUES, SHAPE, &weights, &biases, Activation::Relu).expect("should fit");
        assert!(cut.values.iter().zip(&mixed.values).all(|(cut, sum)| *cut == sum.max(0.0)));
    }

    #[test]
    fn mixtures_do_what_their_names_say() {
        assert_eq!(mixed(MixingWeights::Identity, 3), VALUES);
        let difference: Vec<f32> = (0..4).map(|pixel| VALUES[pixel] - VALUES[4 + pixel]).collect();
        assert_eq!(mixed(MixingWeights::Difference, 1), difference);
        let mean = mixed(MixingWeights::Mean, 1);
        assert!((mean[3] - (4.0 + 40.0 - 1.0) / 3.0).abs() < 1e-5);
    }

    #[test]
    fn a_wrong_number_of_weights_is_refused() {
        assert!(MixedMaps::new(&VALUES, SHAPE, &[1.0; 5], &[0.0; 2], Activation::Identity).is_err());
    }

    #[test]
    fn maps_and_weights_are_found_by_index() {
        assert_eq!(chosen(&VALUES, SHAPE, &[2, 0]), [0.5, 0.0, -0.5, -1.0, 1.0, 2.0, 3.0, 4.0]);
        let tensor = Array { dims: vec![2, 3, 1, 1], values: vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0] };
        assert_eq!((weight_between(&tensor, 1, 2), weight_between(&tensor, 0, 3)), (Some(5.0), None));
        assert_eq!(weight_between(&tensor, 2, 0), None);
    }

    #[test]
    fn a_branch_of_googlenet_is_reduced() {
        let (full, naive) = (network("googlenet").expect("declared"), network("googlenet-naive").expect("declared"));
        let (from, to, parameters) = channels(&full, "inception3a.branch3_reduce").expect("should be a node");
        // Table 1 of the paper: #5x5 reduce of 3a is 16, over 192 channels.
        assert_eq!((from, to, parameters.value()), (192, 16, 16 * (192 + 1)));
        let reduced = macs(&full, &["inception3a.branch3_reduce", "inception3a.branch3"]).expect("should be nodes");
        assert_eq!(reduced, 28 * 28 * 16 * 192 + 28 * 28 * 32 * 16 * 25);
        assert_eq!(macs(&naive, &["inception3a.branch3"]).expect("should be a node"), 28 * 28 * 32 * 192 * 25);
    }
}
