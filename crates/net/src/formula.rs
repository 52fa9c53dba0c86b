//! The arithmetic of one value: the formula that an operation applies to the numbers that it reads.

use std::ops::Range;

use super::activation::Activation;

/// The formula that an operation applies to the numbers that one value is computed from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Formula {
    /// `activation(sum of products + bias)`: convolutions and fully connected layers.
    WeightedSum {
        /// The bias.
        bias: f32,
        /// The activation function.
        activation: Activation,
    },
    /// `activation(sum * coefficient + bias)`: LeNet-5's subsampling.
    Subsampled {
        /// The coefficient of the feature map.
        coefficient: f32,
        /// The bias of the feature map.
        bias: f32,
        /// The activation function.
        activation: Activation,
    },
    /// The maximum of the window: max pooling.
    Maximum {
        /// The index of the maximum in the window, row-major.
        winner: usize,
    },
    /// The sum of squared differences: LeNet-5's RBF units.
    Distance,
    /// The mean of the values: average pooling.
    Mean,
    /// `(value - mean) / deviation * scale + shift`: batch normalization in inference.
    BatchNormalized {
        /// The channel's running mean.
        mean: f32,
        /// The standard deviation: the square root of the channel's running variance plus epsilon.
        deviation: f32,
        /// The channel's weight (gamma).
        scale: f32,
        /// The channel's bias (beta).
        shift: f32,
    },
    /// `value * scale + shift`: the fixed scale and shift of a channel.
    ScaledAndShifted {
        /// The factor of the channel.
        scale: f32,
        /// The term of the channel.
        shift: f32,
    },
    /// `value / divisor`, where the divisor is `(k + alpha * squares)^beta`: local response normalization. `k`, `alpha`
    /// and `beta` are those of the AlexNet paper, Section 3.3.
    ResponseNormalized {
        /// The value of the channel itself.
        value: f32,
        /// The sum of the squares over the neighbouring channels and the channel itself.
        squares: f32,
        /// The divisor.
        divisor: f32,
    },
    /// The sum of one value of each input: an addition.
    Added,
    /// The one input value, unchanged (concatenation, dropout in inference), or zero for a channel that a zero-padded
    /// shortcut adds.
    Unchanged,
    /// `activation(value)` of the one input value.
    Activated(Activation),
}

impl Formula {
    /// Returns the activation function that is applied to the total.
    pub fn activation(self) -> Activation {
        match self {
            Self::WeightedSum { activation, .. }
            | Self::Subsampled { activation, .. }
            | Self::Activated(activation) => activation,
            _ => Activation::Identity,
        }
    }
}

/// The numbers that one value is computed from.
#[derive(Clone, Copy)]
pub struct Operands<'a> {
    /// The channel of the value.
    pub channel: usize,
    /// The windows of the inputs that are read: the index of the feature map, and its values in the window.
    pub windows: &'a [(usize, &'a [f32])],
    /// The sum over all windows: of the values, or of their terms with the weights where the operation has weights for
    /// single values.
    pub sum: f32,
    /// Returns the value that a tensor has for the channel, by the last part of the tensor's name.
    pub parameter: &'a dyn Fn(&str) -> Option<f32>,
}

/// The part of one input feature map that a value reads, as far as it decides about the weights that meet it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightedWindow {
    /// The number of the window among the windows of the value, in the order of reading.
    pub place: usize,
    /// The index of the feature map.
    pub map: usize,
    /// The rows of the map that are read.
    pub rows: Range<usize>,
    /// The columns of the map that are read.
    pub columns: Range<usize>,
    /// The number of values in the window.
    pub values: usize,
}
