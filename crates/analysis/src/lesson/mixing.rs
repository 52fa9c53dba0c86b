//! 1x1 convolutions (Szegedy et al. 2014, section 4): a few maps mixed into others, pixel by pixel.

use std::collections::BTreeMap;

use super::piece::{Piece, PieceError};
use net::{Activation, Conv2d, Expr, Graph, NetError, Op, Shape, Window};
use weights::Array;

/// Maps after a 1x1 convolution.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixed {
    /// Their shape.
    pub shape: Shape,
    /// Their values, CHW.
    pub values: Vec<f32>,
    /// The parameters of the convolution, as arithmetic.
    pub parameters: Expr,
}

impl Mixed {
    /// Mixes `values` (CHW, of `shape`) by `weights` (output times input, row-major) and one of `biases` per output;
    /// `activation` is what becomes of each sum.
    ///
    /// # Errors
    /// [`PieceError`] where there are not as many weights as outputs times inputs.
    pub fn new(
        values: &[f32],
        shape: Shape,
        weights: &[f32],
        biases: &[f32],
        activation: Activation,
    ) -> Result<Self, PieceError> {
        let (inputs, outputs) = (shape.chw().0, biases.len());
        let conv =
            Conv2d { channels: outputs, window: Window::PIXEL, groups: 1, connections: None, bias: true, activation };
        let graph = Piece::single(shape, Op::Conv2d(conv))?;
        let parameters = graph.parameters(graph.find("layer")?);
        // As many as there are: what does not fit is refused with the names of the tensors.
        let read = if weights.len() == outputs * inputs { inputs } else { weights.len() };
        let tensors = BTreeMap::from([
            ("layer.weight".to_owned(), Array { dims: vec![outputs, read, 1, 1], values: weights.to_vec() }),
            ("layer.bias".to_owned(), Array { dims: vec![outputs], values: biases.to_vec() }),
        ]);
        let piece = Piece::new(&graph, tensors)?;
        Ok(Self { shape: piece.shape(), values: piece.last(values)?, parameters })
    }
}

/// Weights that show what a mixture can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mixture {
    /// Each output is the input of its number.
    Identity,
    /// Each output is the mean of all inputs.
    Mean,
    /// Each output is the input of its number less the one after it.
    Difference,
}

impl Mixture {
    /// The weight from map `input` of `inputs` to map `output`.
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

/// Those of `values` (CHW, of `shape`) that are maps `chosen`, in that order; none of a map that there is not.
pub fn chosen(values: &[f32], shape: Shape, chosen: &[usize]) -> Vec<f32> {
    let (_, height, width) = shape.chw();
    let area = height * width;
    chosen.iter().filter_map(|map| values.get(map * area..(map + 1) * area)).flatten().copied().collect()
}

/// The weight from map `input` to map `output` in the tensor (OI11) of a 1x1 convolution.
pub fn weight_between(tensor: &Array, output: usize, input: usize) -> Option<f32> {
    let inputs = *tensor.dims.get(1)?;
    (input < inputs).then(|| tensor.values.get(output * inputs + input).copied())?
}

/// How many channels the convolution called `name` reads and gives, and its parameters.
///
/// # Errors
/// [`NetError::UnknownNode`] where there is none of that name.
pub fn channels(graph: &Graph, name: &str) -> Result<(usize, usize, Expr), NetError> {
    let id = graph.find(name)?;
    Ok((graph.input_shape(id).chw().0, graph.node(id).shape.chw().0, graph.parameters(id)))
}

/// Multiply-accumulates of the nodes called `names` together.
///
/// # Errors
/// [`NetError::UnknownNode`] where there is none of a name.
pub fn macs(graph: &Graph, names: &[&str]) -> Result<u64, NetError> {
    names.iter().map(|name| Ok(graph.macs(graph.find(name)?).value())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    const SHAPE: Shape = Shape::maps(3, 2, 2);
    const VALUES: [f32; 12] = [1.0, 2.0, 3.0, 4.0, 10.0, 20.0, 30.0, 40.0, 0.5, 0.0, -0.5, -1.0];

    fn mixed(mixture: Mixture, outputs: usize) -> Vec<f32> {
        let weights: Vec<f32> =
            (0..outputs).flat_map(|o| (0..3).map(move |i| mixture.weight(o, i, 3) as f32)).collect();
        let mixed = Mixed::new(&VALUES, SHAPE, &weights, &vec![0.0; outputs], Activation::Identity);
        mixed.expect("should fit").values
    }

    #[test]
    fn each_pixel_is_a_weighted_sum_of_that_pixel() {
        let (weights, biases) = ([0.5, -1.0, 2.0, 0.25, 0.0, 1.0], [0.125, -3.0]);
        let mixed = Mixed::new(&VALUES, SHAPE, &weights, &biases, Activation::Identity).expect("should fit");
        assert_eq!(mixed.shape, Shape::maps(2, 2, 2));
        for (output, bias) in biases.iter().enumerate() {
            for pixel in 0..4 {
                let sum: f32 = (0..3).map(|input| weights[output * 3 + input] * VALUES[input * 4 + pixel]).sum();
                assert!((mixed.values[output * 4 + pixel] - sum - bias).abs() < 1e-5, "{output} {pixel}");
            }
        }
        assert_eq!((mixed.parameters.to_string().as_str(), mixed.parameters.value()), ("2*(3*1+1)", 8));
        let cut = Mixed::new(&VALUES, SHAPE, &weights, &biases, Activation::Relu).expect("should fit");
        assert!(cut.values.iter().zip(&mixed.values).all(|(cut, sum)| *cut == sum.max(0.0)));
    }

    #[test]
    fn mixtures_are_what_they_are_called() {
        assert_eq!(mixed(Mixture::Identity, 3), VALUES);
        let difference: Vec<f32> = (0..4).map(|pixel| VALUES[pixel] - VALUES[4 + pixel]).collect();
        assert_eq!(mixed(Mixture::Difference, 1), difference);
        let mean = mixed(Mixture::Mean, 1);
        assert!((mean[3] - (4.0 + 40.0 - 1.0) / 3.0).abs() < 1e-5);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(Mixed::new(&VALUES, SHAPE, &[1.0; 5], &[0.0; 2], Activation::Identity).is_err());
    }

    #[test]
    fn maps_and_weights_are_found_by_number() {
        assert_eq!(chosen(&VALUES, SHAPE, &[2, 0]), [0.5, 0.0, -0.5, -1.0, 1.0, 2.0, 3.0, 4.0]);
        let tensor = Array { dims: vec![2, 3, 1, 1], values: vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0] };
        assert_eq!((weight_between(&tensor, 1, 2), weight_between(&tensor, 0, 3)), (Some(5.0), None));
        assert_eq!(weight_between(&tensor, 2, 0), None);
    }

    #[test]
    fn a_lane_of_googlenet_is_reduced() {
        let (full, naive) = (network("googlenet").expect("declared"), network("googlenet-naive").expect("declared"));
        let (from, to, parameters) = channels(&full, "inception3a.branch3_reduce").expect("should be a node");
        // Table 1: #5x5 reduce of 3a is 16, over 192 channels.
        assert_eq!((from, to, parameters.value()), (192, 16, 16 * (192 + 1)));
        let reduced = macs(&full, &["inception3a.branch3_reduce", "inception3a.branch3"]).expect("should be nodes");
        assert_eq!(reduced, 28 * 28 * 16 * 192 + 28 * 28 * 32 * 16 * 25);
        assert_eq!(macs(&naive, &["inception3a.branch3"]).expect("should be a node"), 28 * 28 * 32 * 192 * 25);
    }
}
