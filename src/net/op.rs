//! What an operation is: its shape rule, its tensors, its counts, its window and its sentence.

use super::expr::Expr;
use super::ops::{Conv2d, Linear, MaxPool2d, Pointwise, Rbf, Softmax, Subsample};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    /// How many positions it has along a side of `n` pixels (rounded down), if it fits at all.
    pub fn positions(self, n: usize) -> Option<usize> {
        (n + 2 * self.padding).checked_sub(self.kernel).map(|free| free / self.stride + 1)
    }

    /// The rows (or columns) of a map of `side` pixels that output pixel `i` reads, padding left out.
    pub fn span(self, i: usize, side: usize) -> std::ops::Range<usize> {
        let start = i * self.stride;
        start.saturating_sub(self.padding)..(start + self.kernel).saturating_sub(self.padding).min(side)
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
    /// The window it slides; `None` where each output value reads the whole input.
    fn window(&self) -> Option<Window> {
        Some(Window::PIXEL)
    }
    /// The input channels that an output channel reads, in order.
    fn channels_read(&self, _input: Shape, channel: usize) -> Vec<usize> {
        vec![channel]
    }
    /// What happens here, in one sentence that is true of these shapes.
    fn sentence(&self, input: Shape, output: Shape) -> String;
}

/// An operation of the graph. A new operation is one row here, one file in `ops`, one layer in each engine.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// The picture, as the network takes it.
    Input,
    /// Convolution, with an activation where the layer has one of its own.
    Conv2d(Conv2d),
    /// LeNet-5's trainable subsampling.
    Subsample(Subsample),
    /// Max pooling.
    MaxPool2d(MaxPool2d),
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
            Self::MaxPool2d(op) => Some(op),
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
