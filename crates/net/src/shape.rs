//! The shape of a node's output: feature maps or a vector.

use std::fmt;

/// The shape of one node's output for one image, without a batch dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Feature maps, `[channels, height, width]`.
    Maps {
        /// Number of feature maps.
        channels: usize,
        /// Rows of each map, in pixels.
        height: usize,
        /// Columns of each map, in pixels.
        width: usize,
    },
    /// A vector with this number of values.
    Vector(usize),
}

impl Shape {
    /// Returns the shape of feature maps, `[channels, height, width]`.
    pub const fn maps(channels: usize, height: usize, width: usize) -> Self {
        Self::Maps { channels, height, width }
    }

    /// Returns the number of values.
    pub const fn elements(self) -> usize {
        match self {
            Self::Maps { channels, height, width } => channels * height * width,
            Self::Vector(n) => n,
        }
    }

    /// Returns channels, height and width. A vector counts as channels of one pixel.
    pub const fn chw(self) -> (usize, usize, usize) {
        match self {
            Self::Maps { channels, height, width } => (channels, height, width),
            Self::Vector(n) => (n, 1, 1),
        }
    }

    /// Returns whether each channel is a single value: true of vectors and of maps of 1x1.
    pub const fn is_flat(self) -> bool {
        matches!(self.chw(), (_, 1, 1))
    }

    /// Returns the dimensions of a tensor with a batch of one: `[1, channels, height, width]` or `[1, values]`.
    pub fn dims(self) -> Vec<usize> {
        match self {
            Self::Maps { channels, height, width } => vec![1, channels, height, width],
            Self::Vector(n) => vec![1, n],
        }
    }
}

/// Writes the shape as the papers do: `6@28x28`, or `84`.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Maps { channels, height, width } => write!(f, "{channels}@{height}x{width}"),
            Self::Vector(n) => write!(f, "{n}"),
        }
    }
}
