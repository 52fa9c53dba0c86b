//! Local response normalization.

use std::ops::Range;

use serde::Serialize;

use super::inputs::single_maps;
use crate::channels_read::ChannelsRead;
use crate::formula::{Formula, Operands};
use crate::operation::{Operation, OperationKind, OperationLabel};
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

    fn kind(&self) -> OperationKind {
        OperationKind::Normalization
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::new("LRN", format!("n = {}", self.size))
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        let (c, h, w) = single_maps(inputs)?;
        Ok(Shape::maps(c, h, w))
    }

    fn channels_read(&self, inputs: &[Shape], place: usize, channel: usize) -> ChannelsRead {
        ChannelsRead::Range(self.neighbours(channel, inputs[place].chw().0))
    }

    fn is_channelwise(&self) -> bool {
        true
    }

    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        let (_, own) = operands.windows.iter().find(|(map, _)| *map == operands.channel)?;
        let value = own.first().copied()?;
        let squares: f32 = operands.windows.iter().flat_map(|(_, values)| *values).map(|v| v * v).sum();
        let divisor = (self.k + self.alpha * f64::from(squares)).powf(self.beta) as f32;
        Some((Formula::ResponseNormalized { value, squares, divisor }, value / divisor))
    }
}
