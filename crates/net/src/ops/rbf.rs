//! Euclidean radial basis function (RBF) units: the output of LeNet-5.

use serde::Serialize;

use super::inputs::single;
use super::linear::weights_of_inputs;
use crate::channels_read::ChannelsRead;
use crate::expr::Expr;
use crate::formula::{Formula, Operands, WeightedWindow};
use crate::operation::{Operation, OperationKind, OperationLabel, SeedRule, TensorSpec, Window};
use crate::shape::Shape;

/// RBF units: y_i = sum_j (x_j - w_ij)^2, the squared distance to a fixed target of -1 and +1 (LeCun et al. 1998,
/// section II.B).
///
/// Tensor: `weight` `[units, inputs]`, which is not trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rbf {
    /// Output units, one per class.
    pub units: usize,
}

impl Operation for Rbf {
    fn title(&self) -> &'static str {
        "Euclidean RBF"
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Distance
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::plain("RBF")
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        single(inputs)?;
        Ok(Shape::Vector(self.units))
    }

    fn tensors(&self, input: Shape) -> Vec<TensorSpec> {
        let dims = vec![self.units, input.elements()];
        vec![TensorSpec { leaf: "weight", dims, seed: SeedRule::Signs, trainable: false }]
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

    fn is_signed(&self) -> Option<bool> {
        Some(false)
    }

    fn window_weights(&self, weight: &[f32], window: &WeightedWindow) -> Option<Vec<f32>> {
        weights_of_inputs(weight, window)
    }

    fn term(&self, value: f32, weight: f32) -> f32 {
        (value - weight) * (value - weight)
    }

    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        Some((Formula::Distance, operands.sum))
    }
}
