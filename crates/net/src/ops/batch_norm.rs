//! Batch normalization.

use serde::Serialize;

use super::inputs::single_maps;
use crate::expr::Expr;
use crate::formula::{Formula, Operands};
use crate::operation::{Operation, OperationKind, OperationLabel, SeedRule, TensorSpec};
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

    fn kind(&self) -> OperationKind {
        OperationKind::Normalization
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::plain("batch norm")
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

    fn is_channelwise(&self) -> bool {
        true
    }

    fn is_signed(&self) -> Option<bool> {
        Some(true)
    }

    fn can_fuse_next(&self) -> bool {
        true
    }

    fn moves_activations(&self) -> bool {
        false
    }

    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        let parameter = operands.parameter;
        let (scale, shift) = (parameter("weight")?, parameter("bias")?);
        let (mean, variance) = (parameter("running_mean")?, parameter("running_var")?);
        let deviation = (f64::from(variance) + self.epsilon).sqrt() as f32;
        let value = (operands.sum - mean) / deviation * scale + shift;
        Some((Formula::BatchNormalized { mean, deviation, scale, shift }, value))
    }
}
