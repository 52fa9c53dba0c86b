//! Softmax.

use serde::Serialize;

use super::inputs::single;
use crate::channels_read::ChannelsRead;
use crate::formula::{Formula, Operands};
use crate::operation::{Operation, OperationKind, OperationLabel, Window};
use crate::shape::Shape;

/// Softmax: p_i = exp(scale * x_i) / sum_j exp(scale * x_j), over all values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Softmax {
    /// The factor of each score. It is negative if the scores are distances.
    pub scale: f32,
}

impl Operation for Softmax {
    fn title(&self) -> &'static str {
        "softmax"
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Function
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::plain("softmax")
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        single(inputs)
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

    /// A probability depends on all scores at once, so there is no sum of windows to show.
    fn formula(&self, _operands: &Operands<'_>) -> Option<(Formula, f32)> {
        None
    }
}
