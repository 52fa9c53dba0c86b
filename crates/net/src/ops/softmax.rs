//! Softmax.

use serde::Serialize;

use super::single;
use crate::op::{Operation, Window};
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

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        single(inputs)
    }

    fn window(&self, _input: Shape) -> Option<Window> {
        None
    }

    fn channels_read(&self, inputs: &[Shape], place: usize, _channel: usize) -> Vec<usize> {
        (0..inputs[place].chw().0).collect()
    }
}
