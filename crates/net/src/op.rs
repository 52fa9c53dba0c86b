//! The interface of an operation: its shape rule, its tensors, its counts and its window.

use std::ops::Range;

use serde::Serialize;

use super::expr::Expr;
use super::ops::{
    AdaptiveAvgPool2d, Add, AvgPool2d, BatchNorm2d, Concat, Conv2d, Dropout, Linear, LocalResponseNorm, MaxPool2d,
    PadShortcut, Pointwise, Rbf, Softmax, Subsample,
};
use super::shape::Shape;

/// The rule by which `seed:N` fills a tensor. `u` is a pseudorandom number in [0, 1), from `weights::seeded`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SeedRule {
    /// +1 if `u` is at least 0.5, otherwise -1.
    Signs,
    /// `low + span * u`.
    Range {
        /// The least value.
        low: f64,
        /// The width of the range.
        span: f64,
    },
    /// `(2u - 1) * sqrt(6 / fan_in)`, where `fan_in` is the number of elements per output channel.
    FanIn,
    /// `(2u - 1) * 0.1`.
    Small,
}

/// One tensor of a node.
#[derive(Debug, Clone, PartialEq)]
pub struct TensorSpec {
    /// The last part of its name, for example `weight` or `bias`. The full name is `node.leaf`.
    pub leaf: &'static str,
    /// Its dimensions in PyTorch's order: OIHW for convolutions, `[outputs, inputs]` for fully connected layers.
    pub dims: Vec<usize>,
    /// The rule by which `seed:N` fills it.
    pub seed: SeedRule,
    /// True if training changes it.
    pub trainable: bool,
}

/// A square window that slides over feature maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Window {
    /// Its side, in pixels.
    pub kernel: usize,
    /// Its step, in pixels.
    pub stride: usize,
    /// Rows and columns of padding on each side.
    pub padding: usize,
}

impl Window {
    /// The window of an operation that computes each pixel from the same pixel of its input.
    pub const PIXEL: Self = Self { kernel: 1, stride: 1, padding: 0 };

    /// Returns a window of `kernel` x `kernel` with its stride and its padding.
    pub const fn new(kernel: usize, stride: usize, padding: usize) -> Self {
        Self { kernel, stride, padding }
    }

    /// Returns the number of positions along a side of `n` pixels, rounded down, or `None` if the window does not fit.
    pub fn positions(self, n: usize) -> Option<usize> {
        (n + 2 * self.padding).checked_sub(self.kernel).map(|free| free / self.stride + 1)
    }

    /// Returns the rows (or columns) of a map of `side` pixels that output row (or column) `i` reads, without the
    /// padding.
    pub fn span(self, i: usize, side: usize) -> Range<usize> {
        let start = i * self.stride;
        start.saturating_sub(self.padding)..(start + self.kernel).saturating_sub(self.padding).min(side)
    }

    /// Returns the number of positions as [`Window::positions`] does, but rounded up (PyTorch's `ceil_mode`). The last
    /// window may pass the far edge, but must begin inside the map or the padding before it.
    pub fn positions_ceil(self, n: usize) -> Option<usize> {
        let free = (n + 2 * self.padding).checked_sub(self.kernel)?;
        let count = free.div_ceil(self.stride) + 1;
        Some(if (count - 1) * self.stride >= n + self.padding { count - 1 } else { count })
    }
}

/// The properties that every operation reports. Shapes have no batch dimension.
pub trait Operation {
    /// Returns its name in the field's terms, for example `max pooling`.
    fn title(&self) -> &'static str;
    /// Returns its output shape for these input shapes, or the reason why it cannot take them.
    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String>;
    /// Returns its tensors for this input shape.
    fn tensors(&self, _input: Shape) -> Vec<TensorSpec> {
        Vec::new()
    }
    /// Returns the number of its trainable parameters, as arithmetic.
    fn parameters(&self, _input: Shape) -> Expr {
        Expr::ZERO
    }
    /// Returns the number of its trainable parameters that serve one output channel, as arithmetic.
    fn parameters_of_channel(&self, _input: Shape, _channel: usize) -> Expr {
        Expr::ZERO
    }
    /// Returns its MACs in one pass over one image, as arithmetic.
    fn macs(&self, _input: Shape, _output: Shape) -> Expr {
        Expr::ZERO
    }
    /// Returns the window that it slides over the input, or `None` if each output value reads whole maps.
    fn window(&self, _input: Shape) -> Option<Window> {
        Some(Window::PIXEL)
    }
    /// Returns the rows (or columns) of input maps of `side` pixels that output row (or column) `i` reads.
    fn span(&self, input: Shape, i: usize, side: usize) -> Range<usize> {
        self.window(input).map_or(0..side, |window| window.span(i, side))
    }
    /// Returns the channels of input number `place` that an output channel reads, in order.
    fn channels_read(&self, _inputs: &[Shape], _place: usize, channel: usize) -> Vec<usize> {
        vec![channel]
    }
}

/// The operation of a node. A new operation needs a variant here, a file in `ops` and a layer in each engine.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Op {
    /// The input of the network.
    Input,
    /// A convolution, with an activation function if the layer includes one.
    Conv2d(Conv2d),
    /// LeNet-5's trainable subsampling.
    Subsample(Subsample),
    /// Batch normalization with the statistics of training.
    BatchNorm2d(BatchNorm2d),
    /// Local response normalization.
    LocalResponseNorm(LocalResponseNorm),
    /// Max pooling.
    MaxPool2d(MaxPool2d),
    /// Average pooling.
    AvgPool2d(AvgPool2d),
    /// Average pooling to a given size. To 1x1 it is global average pooling.
    AdaptiveAvgPool2d(AdaptiveAvgPool2d),
    /// The feature maps of several nodes, concatenated.
    Concat(Concat),
    /// The elementwise sum of several nodes.
    Add(Add),
    /// The parameter-free shortcut of a residual block.
    PadShortcut(PadShortcut),
    /// Dropout, which is the identity outside of training.
    Dropout(Dropout),
    /// A fully connected layer.
    Linear(Linear),
    /// Euclidean radial basis function units.
    Rbf(Rbf),
    /// An activation function as a node of its own.
    Activation(Pointwise),
    /// Softmax, which turns scores into probabilities.
    Softmax(Softmax),
}

impl Op {
    /// Returns the properties of the operation, or `None` for the input.
    pub fn operation(&self) -> Option<&dyn Operation> {
        match self {
            Self::Input => None,
            Self::Conv2d(op) => Some(op),
            Self::Subsample(op) => Some(op),
            Self::BatchNorm2d(op) => Some(op),
            Self::LocalResponseNorm(op) => Some(op),
            Self::MaxPool2d(op) => Some(op),
            Self::AvgPool2d(op) => Some(op),
            Self::AdaptiveAvgPool2d(op) => Some(op),
            Self::Concat(op) => Some(op),
            Self::Add(op) => Some(op),
            Self::PadShortcut(op) => Some(op),
            Self::Dropout(op) => Some(op),
            Self::Linear(op) => Some(op),
            Self::Rbf(op) => Some(op),
            Self::Activation(op) => Some(op),
            Self::Softmax(op) => Some(op),
        }
    }

    /// Returns its name in the field's terms.
    pub fn title(&self) -> &'static str {
        self.operation().map_or("input", Operation::title)
    }
}
