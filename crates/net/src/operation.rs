//! The interface of an operation: its names, its shape rule, its tensors, its counts and its arithmetic.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use super::activation::Activation;
use super::channels_read::ChannelsRead;
use super::expr::Expr;
use super::formula::{Formula, Operands, WeightedWindow};
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

/// Writes the side of the kernel, and the stride unless it is 1: `3×3 / 2`.
impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{0}×{0}", self.kernel)?;
        if self.stride == 1 { Ok(()) } else { write!(f, " / {}", self.stride) }
    }
}

/// The kind of an operation. Figures give each kind its own colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// Convolution.
    Convolution,
    /// Pooling and subsampling.
    Pooling,
    /// Normalization.
    Normalization,
    /// Concatenation.
    Concatenation,
    /// Addition.
    Addition,
    /// A shortcut that changes the shape of its input.
    Shortcut,
    /// Dropout.
    Dropout,
    /// A fully connected layer.
    FullyConnected,
    /// Distances from fixed targets.
    Distance,
    /// A function of each value, or of all values together.
    Function,
}

/// The words for an operation in a figure, where there is room for few.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationLabel {
    /// The short name, for example `conv`.
    pub name: &'static str,
    /// The detail that matters most, for example the window. It may be empty.
    pub detail: String,
}

impl OperationLabel {
    /// Returns a label without a detail.
    pub const fn plain(name: &'static str) -> Self {
        Self { name, detail: String::new() }
    }

    /// Returns a label with a detail.
    pub fn new(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, detail: detail.into() }
    }
}

/// The properties of an operation: everything that can be said of it once, for all engines and pages. Shapes have no
/// batch dimension.
///
/// A method with a default needs an answer only from operations that differ from it.
pub trait Operation {
    /// Returns its name in the field's terms, for example `max pooling`.
    fn title(&self) -> &'static str;
    /// Returns its kind.
    fn kind(&self) -> OperationKind;
    /// Returns its words in a figure.
    fn label(&self) -> OperationLabel;
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
    fn channels_read(&self, _inputs: &[Shape], _place: usize, channel: usize) -> ChannelsRead {
        ChannelsRead::one(channel)
    }
    /// Returns whether each output channel comes from the input channel of the same index, with or without the channels
    /// next to it. Towers of feature maps stay apart in such an operation.
    fn is_channelwise(&self) -> bool {
        false
    }
    /// Returns the activation function that it applies to each result, or `None` if it applies none.
    fn activation(&self) -> Option<Activation> {
        None
    }
    /// Returns whether its values can be negative, or `None` if they can be where values of an input can be.
    fn is_signed(&self) -> Option<bool> {
        self.activation().map(Activation::is_signed)
    }
    /// Returns whether it passes its input on unchanged outside of training. Engines then compute nothing.
    fn passes_through(&self) -> bool {
        false
    }
    /// Returns whether the engines can compute the node that follows together with it: a batch normalization, an
    /// addition or an activation function, applied to each result before it is written.
    fn can_fuse_next(&self) -> bool {
        false
    }
    /// Returns whether it counts as reading its inputs from memory and writing its output there. False if an engine can
    /// compute it where a neighbouring node reads or writes the values.
    fn moves_activations(&self) -> bool {
        true
    }
    /// Returns the weights that meet the values of a window, in the order of the values. They are empty if the
    /// operation has no weights for single values. `weight` is the row of the tensor `weight` for the channel, empty if
    /// there is no such tensor. Returns `None` if it does not fit.
    fn window_weights(&self, _weight: &[f32], _window: &WeightedWindow) -> Option<Vec<f32>> {
        Some(Vec::new())
    }
    /// Returns the term that a value and its weight contribute to the sum.
    fn term(&self, value: f32, weight: f32) -> f32 {
        value * weight
    }
    /// Returns the formula of one value, and its result before any activation function. Returns `None` if the value has
    /// no formula of its own, or if a parameter is missing.
    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        Some((Formula::Unchanged, operands.sum))
    }
}
