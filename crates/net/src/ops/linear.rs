//! The fully connected layer.

use serde::Serialize;

use super::inputs::single;
use crate::activation::Activation;
use crate::channels_read::ChannelsRead;
use crate::expr::Expr;
use crate::formula::{Formula, Operands, WeightedWindow};
use crate::operation::{Operation, OperationKind, OperationLabel, SeedRule, TensorSpec, Window};
use crate::shape::Shape;

/// A fully connected layer: every output reads every input.
///
/// Tensors: `weight` `[units, inputs]`, with feature maps flattened in CHW order, and `bias` `[units]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Linear {
    /// Output units.
    pub units: usize,
    /// The activation function that is applied to each sum.
    pub activation: Activation,
}

impl Operation for Linear {
    fn title(&self) -> &'static str {
        "fully connected layer"
    }

    fn kind(&self) -> OperationKind {
        OperationKind::FullyConnected
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::plain("fc")
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        single(inputs)?;
        Ok(Shape::Vector(self.units))
    }

    fn tensors(&self, input: Shape) -> Vec<TensorSpec> {
        let weight = vec![self.units, input.elements()];
        vec![
            TensorSpec { leaf: "weight", dims: weight, seed: SeedRule::FanIn, trainable: true },
            TensorSpec { leaf: "bias", dims: vec![self.units], seed: SeedRule::Small, trainable: true },
        ]
    }

    fn parameters(&self, input: Shape) -> Expr {
        Expr::Product(vec![Expr::of(self.units), self.parameters_of_channel(input, 0)])
    }

    fn parameters_of_channel(&self, input: Shape, _channel: usize) -> Expr {
        Expr::Sum(vec![Expr::of(input.elements()), Expr::of(1)])
    }

    fn macs(&self, input: Shape, _output: Shape) -> Expr {
        Expr::product(&[self.units, input.elements()])
    }

    fn window(&self, _input: Shape) -> Option<Window> {
        None
    }

    fn channels_read(&self, inputs: &[Shape], place: usize, _channel: usize) -> ChannelsRead {
        ChannelsRead::Range(0..inputs[place].chw().0)
    }

    fn activation(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn can_fuse_next(&self) -> bool {
        self.activation == Activation::Identity
    }

    fn window_weights(&self, weight: &[f32], window: &WeightedWindow) -> Option<Vec<f32>> {
        weights_of_inputs(weight, window)
    }

    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        let bias = (operands.parameter)("bias")?;
        Some((Formula::WeightedSum { bias, activation: self.activation }, operands.sum + bias))
    }
}

/// Returns the weights of the values in a window, from a row with one weight per input value.
pub(super) fn weights_of_inputs(weight: &[f32], window: &WeightedWindow) -> Option<Vec<f32>> {
    let start = if window.values == weight.len() { 0 } else { window.place * window.values };
    Some(weight.get(start..start + window.values)?.to_vec())
}
