//! Local response normalization.

use std::ops::Range;

use serde::Serialize;

use super::single_maps;
use crate::op::Operation;
use crate::shape::Shape;

/// Local response normalization: y_c = x_c / (k + alpha * sum of x^2 over n neighbouring channels)^beta, all at the
/// same pixel (Krizhevsky et al. 2012, section 3.3). Alpha is not divided by n here. PyTorch and Caffe divide it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LocalResponseNorm {
    /// n, the number of channels in the sum. The channel itself is in the middle.
    pub size: usize,
    /// The factor of the sum of squares.
    pub alpha: f64,
    /// The exponent.
    pub beta: f64,
    /// The constant that is added to the scaled sum.
    pub k: f64,
}

impl LocalResponseNorm {
    /// Returns the channels whose squares are summed for `channel`, out of `channels`.
    pub fn neighbours(self, channel: usize, channels: usize) -> Range<usize> {
        channel.saturating_sub(self.size / 2)..(channel + self.size.div_ceil(2)).min(channels)
    }
}

impl Operation for LocalResponseNorm {
    fn title(&self) -> &'static str {
        "local response normalization"
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        let (c, h, w) = single_maps(inputs)?;
        Ok(Shape::maps(c, h, w))
    }

    fn channels_read(&self, inputs: &[Shape], place: usize, channel: usize) -> Vec<usize> {
        self.neighbours(channel, inputs[place].chw().0).collect()
    }
}
