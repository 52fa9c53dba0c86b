//! Batch normalization.

use serde::Serialize;

use super::single_maps;
use crate::expr::Expr;
use crate::op::{Operation, SeedRule, TensorSpec};
use crate::shape::Shape;

/// Batch normalization: y = (x - mean) / sqrt(variance + epsilon) * weight + bias, with all four per channel. Mean and
/// variance are the running statistics of training (Ioffe and Szegedy 2015, algorithm 2).
///
/// Tensors: `weight`, `bias`, `running_mean` and `running_var`, each `[channels]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BatchNorm2d {
    /// The constant that keeps the denominator from zero.
    pub epsilon: f64,
}

impl Operation for BatchNorm2d {
    fn title(&self) -> &'static str {
        "batch normalization"
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        let (c, h, w) = single_maps(inputs)?;
        Ok(Shape::maps(c, h, w))
    }

    fn tensors(&self, input: Shape) -> Vec<TensorSpec> {
        let dims = vec![input.chw().0];
        let tensor = |leaf, seed, trainable| TensorSpec { leaf, dims: dims.clone(), seed, trainable };
        vec![
            tensor("weight", SeedRule::Range { low: 0.6, span: 0.4 }, true),
            tensor("bias", SeedRule::Small, true),
            tensor("running_mean", SeedRule::Small, false),
            tensor("running_var", SeedRule::Range { low: 0.5, span: 1.0 }, false),
        ]
    }

    fn parameters(&self, input: Shape) -> Expr {
        Expr::product(&[2, input.chw().0])
    }

    fn parameters_of_channel(&self, _input: Shape, _channel: usize) -> Expr {
        Expr::Sum(vec![Expr::of(1), Expr::of(1)])
    }
}
