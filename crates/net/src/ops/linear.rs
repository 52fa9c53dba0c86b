//! The fully connected layer.

use serde::Serialize;

use super::activation::Activation;
use super::single;
use crate::expr::Expr;
use crate::op::{Operation, SeedRule, TensorSpec, Window};
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

    fn channels_read(&self, inputs: &[Shape], place: usize, _channel: usize) -> Vec<usize> {
        (0..inputs[place].chw().0).collect()
    }
}
