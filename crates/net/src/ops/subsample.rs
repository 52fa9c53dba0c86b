//! LeNet-5's subsampling: a pooling with two trained parameters per feature map.

use serde::Serialize;

use super::inputs::single_maps;
use crate::activation::Activation;
use crate::expr::Expr;
use crate::formula::{Formula, Operands};
use crate::operation::{Operation, OperationKind, OperationLabel, SeedRule, TensorSpec, Window};
use crate::shape::Shape;

/// Subsampling: the sum of each window times a coefficient, plus a bias, both per feature map (LeCun et al. 1998,
/// section II.B). Windows do not overlap.
///
/// Tensors: `weight` `[channels]` (the coefficients) and `bias` `[channels]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Subsample {
    /// The side of the window, which is also its stride, in pixels.
    pub kernel: usize,
    /// The activation function that is applied to each result.
    pub activation: Activation,
}

impl Operation for Subsample {
    fn title(&self) -> &'static str {
        "subsampling"
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Pooling
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::new("subsampling", Window::new(self.kernel, self.kernel, 0).to_string())
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        let (c, h, w) = single_maps(inputs)?;
        if h % self.kernel != 0 || w % self.kernel != 0 {
            return Err(format!("{h}x{w} is not a multiple of {0}x{0}", self.kernel));
        }
        Ok(Shape::maps(c, h / self.kernel, w / self.kernel))
    }

    fn tensors(&self, input: Shape) -> Vec<TensorSpec> {
        let dims = vec![input.chw().0];
        let coefficient = SeedRule::Range { low: 0.25, span: 0.5 };
        vec![
            TensorSpec { leaf: "weight", dims: dims.clone(), seed: coefficient, trainable: true },
            TensorSpec { leaf: "bias", dims, seed: SeedRule::Small, trainable: true },
        ]
    }

    fn parameters(&self, input: Shape) -> Expr {
        Expr::product(&[2, input.chw().0])
    }

    fn parameters_of_channel(&self, _input: Shape, _channel: usize) -> Expr {
        Expr::Sum(vec![Expr::of(1), Expr::of(1)])
    }

    /// One multiplication per output pixel, because the window is summed before it is multiplied.
    fn macs(&self, _input: Shape, output: Shape) -> Expr {
        let (c, h, w) = output.chw();
        Expr::product(&[h, w, c])
    }

    fn window(&self, _input: Shape) -> Option<Window> {
        Some(Window { kernel: self.kernel, stride: self.kernel, padding: 0 })
    }

    fn is_channelwise(&self) -> bool {
        true
    }

    fn activation(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        let (coefficient, bias) = ((operands.parameter)("weight")?, (operands.parameter)("bias")?);
        let formula = Formula::Subsampled { coefficient, bias, activation: self.activation };
        Some((formula, operands.sum * coefficient + bias))
    }
}
