//! An activation function by itself.

use serde::Serialize;

use super::inputs::single;
use crate::activation::Activation;
use crate::formula::{Formula, Operands};
use crate::operation::{Operation, OperationKind, OperationLabel};
use crate::shape::Shape;

/// An activation function as a node of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pointwise {
    /// The function.
    pub function: Activation,
}

impl Operation for Pointwise {
    fn title(&self) -> &'static str {
        self.function.title()
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Function
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::plain(self.function.title())
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        single(inputs)
    }

    fn activation(&self) -> Option<Activation> {
        Some(self.function)
    }

    fn passes_through(&self) -> bool {
        self.function == Activation::Identity
    }

    fn is_channelwise(&self) -> bool {
        true
    }

    fn moves_activations(&self) -> bool {
        false
    }

    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        Some((Formula::Activated(self.function), operands.sum))
    }
}
