//! Local response normalisation.

use std::ops::Range;

use serde::Serialize;

use super::single_maps;
use crate::op::Operation;
use crate::shape::Shape;

/// y_c = x_c / (k + alpha * sum over n neighbouring channels of x^2)^beta, at the same pixel (Krizhevsky et al. 2012,
/// section 3.3). Alpha is not divided by n here; PyTorch's and Caffe's is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LocalResponseNorm {
    /// n: channels in the sum, the channel itself in the middle.
    pub size: usize,
    /// What the sum of squares is multiplied by.
    pub alpha: f64,
    /// The exponent.
    pub beta: f64,
    /// What is added to the sum.
    pub k: f64,
}

impl LocalResponseNorm {
    /// The channels, of `channels`, whose squares are summed for `channel`.
    pub fn neighbours(self, channel: usize, channels: usize) -> Range<usize> {
        channel.saturating_sub(self.size / 2)..(channel + self.size.div_ceil(2)).min(channels)
    }
}

impl Operation for LocalResponseNorm {
    fn title(&self) -> &'static str {
        "local response normalisation"
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        let (c, h, w) = single_maps(inputs)?;
        Ok(Shape::maps(c, h, w))
    }

    fn channels_read(&self, inputs: &[Shape], place: usize, channel: usize) -> Vec<usize> {
        self.neighbours(channel, inputs[place].chw().0).collect()
    }
}
