//! What an operation is: its shape rule, its tensors, its counts and its window.

use std::ops::Range;

use serde::Serialize;

use super::expr::Expr;
use super::ops::{
    AdaptiveAvgPool2d, Add, AvgPool2d, BatchNorm2d, Concat, Conv2d, Dropout, Linear, LocalResponseNorm, MaxPool2d,
    PadShortcut, Pointwise, Rbf, Softmax, Subsample,
};
use super::shape::Shape;

/// How `seed:N` fills a tensor (the formula is in `weights::seeded`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SeedRule {
    /// +1 or -1.
    Signs,
    /// `low + span * u`, u in [0, 1).
    Range {
        /// The least value.
        low: f64,
        /// The width of the range.
        span: f64,
    },
    /// `(2u - 1) * sqrt(6 / fan_in)`, fan_in being the elements per output channel.
    FanIn,
    /// `(2u - 1) * 0.1`.
    Small,
}

/// One tensor that a node needs, by the last part of its name.
#[derive(Debug, Clone, PartialEq)]
pub struct TensorSpec {
    /// `weight`, `bias`, ...: the parameter is called `node.leaf`.
    pub leaf: &'static str,
    /// Its dimensions, in PyTorch's order (convolution OIHW, full connection OI).
    pub dims: Vec<usize>,
    /// How `seed:N` fills it.
    pub seed: SeedRule,
    /// Whether training moves it.
    pub trainable: bool,
}

/// A square window that slides over maps.
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
    /// One pixel in, one pixel out.
    pub const PIXEL: Self = Self { kernel: 1, stride: 1, padding: 0 };

    /// A window of `kernel` x `kernel`, its step and its padding.
    pub const fn new(kernel: usize, stride: usize, padding: usize) -> Self {
        Self { kernel, stride, padding }
    }

    /// How many positions it has along a side of `n` pixels (rounded down), if it fits at all.
    pub fn positions(self, n: usize) -> Option<usize> {
        (n + 2 * self.padding).checked_sub(self.kernel).map(|free| free / self.stride + 1)
    }

    /// The rows (or columns) of a map of `side` pixels that output pixel `i` reads, padding left out.
    pub fn span(self, i: usize, side: usize) -> Range<usize> {
        let start = i * self.stride;
        start.saturating_sub(self.padding)..(start + self.kernel).saturating_sub(self.padding).min(side)
    }

    /// As [`Window::positions`], rounded up: a last window may hang over the far edge, but begins inside the map or
    /// the padding before it (PyTorch's `ceil_mode`).
    pub fn positions_ceil(self, n: usize) -> Option<usize> {
        let free = (n + 2 * self.padding).checked_sub(self.kernel)?;
        let count = free.div_ceil(self.stride) + 1;
        Some(if (count - 1) * self.stride >= n + self.padding { count - 1 } else { count })
    }
}

/// What every operation can say of itself. Shapes are without a batch dimension.
pub trait Operation {
    /// Its name in the field's terms: `convolution`, `max pooling`.
    fn title(&self) -> &'static str;
    /// The shape it gives for these inputs, or why it cannot take them.
    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String>;
    /// The tensors it needs.
    fn tensors(&self, _input: Shape) -> Vec<TensorSpec> {
        Vec::new()
    }
    /// How many trainable parameters it has, as arithmetic.
    fn parameters(&self, _input: Shape) -> Expr {
        Expr::ZERO
    }
    /// How many of them serve one output channel.
    fn parameters_of_channel(&self, _input: Shape, _channel: usize) -> Expr {
        Expr::ZERO
    }
    /// Multiply-accumulates of one pass over one picture, as arithmetic.
    fn macs(&self, _input: Shape, _output: Shape) -> Expr {
        Expr::ZERO
    }
    /// The window it slides over `input`; `None` where each output value reads whole maps.
    fn window(&self, _input: Shape) -> Option<Window> {
        Some(Window::PIXEL)
    }
    /// The rows (or columns) of input maps of `side` pixels that output row (or column) `i` reads.
    fn span(&self, input: Shape, i: usize, side: usize) -> Range<usize> {
        self.window(input).map_or(0..side, |window| window.span(i, side))
    }
    /// The channels of input number `place` that an output channel reads, in order.
    fn channels_read(&self, _inputs: &[Shape], _place: usize, channel: usize) -> Vec<usize> {
        vec![channel]
    }
}

/// An operation of the graph. A new operation is one row here, one file in `ops`, one layer in each engine.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Op {
    /// The picture, as the network takes it.
    Input,
    /// Convolution, with an activation where the layer has one of its own.
    Conv2d(Conv2d),
    /// LeNet-5's trainable subsampling.
    Subsample(Subsample),
    /// Batch normalisation, with the statistics of training.
    BatchNorm2d(BatchNorm2d),
    /// Local response normalisation.
    LocalResponseNorm(LocalResponseNorm),
    /// Max pooling.
    MaxPool2d(MaxPool2d),
    /// Average pooling.
    AvgPool2d(AvgPool2d),
    /// Average pooling to a given size; to 1x1 it is global average pooling.
    AdaptiveAvgPool2d(AdaptiveAvgPool2d),
    /// Feature maps of several nodes, one after the other.
    Concat(Concat),
    /// The sum of several nodes, value by value.
    Add(Add),
    /// The shortcut without parameters.
    PadShortcut(PadShortcut),
    /// Dropout, the identity outside of training.
    Dropout(Dropout),
    /// Full connection.
    Linear(Linear),
    /// Euclidean radial basis function units.
    Rbf(Rbf),
    /// An activation that stands as a node of its own.
    Activation(Pointwise),
    /// Scores to probabilities.
    Softmax(Softmax),
}

impl Op {
    /// The operation behind it; `None` for the input.
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

    /// Its name in the field's terms.
    pub fn title(&self) -> &'static str {
        self.operation().map_or("input", Operation::title)
    }
}
