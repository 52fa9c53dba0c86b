//! The shape of what a node gives: feature maps or a vector.

use std::fmt;

/// The shape of one node's output, for one picture (no batch dimension).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Feature maps in CHW layout.
    Maps {
        /// Number of feature maps.
        channels: usize,
        /// Rows of each map, in pixels.
        height: usize,
        /// Columns of each map, in pixels.
        width: usize,
    },
    /// A vector of so many values.
    Vector(usize),
}

impl Shape {
    /// Feature maps in CHW layout.
    pub const fn maps(channels: usize, height: usize, width: usize) -> Self {
        Self::Maps { channels, height, width }
    }

    /// The number of values.
    pub const fn elements(self) -> usize {
        match self {
            Self::Maps { channels, height, width } => channels * height * width,
            Self::Vector(n) => n,
        }
    }

    /// Channels, height and width; a vector is so many channels of one pixel.
    pub const fn chw(self) -> (usize, usize, usize) {
        match self {
            Self::Maps { channels, height, width } => (channels, height, width),
            Self::Vector(n) => (n, 1, 1),
        }
    }

    /// Whether each channel is a single value: a vector, or maps of 1x1.
    pub const fn is_flat(self) -> bool {
        matches!(self.chw(), (_, 1, 1))
    }

    /// The tensor dimensions with a batch of one: `[1, C, H, W]` or `[1, N]`.
    pub fn dims(self) -> Vec<usize> {
        match self {
            Self::Maps { channels, height, width } => vec![1, channels, height, width],
            Self::Vector(n) => vec![1, n],
        }
    }
}

/// As the papers write it: `6@28x28`, or `84`.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Maps { channels, height, width } => write!(f, "{channels}@{height}x{width}"),
            Self::Vector(n) => write!(f, "{n}"),
        }
    }
}
