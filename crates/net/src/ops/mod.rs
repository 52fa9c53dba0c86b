//! The operations, one family per file, and [`Op`], which lists them.

mod batch_norm;
mod channel_affine;
mod conv;
mod inputs;
mod join;
mod linear;
mod lrn;
mod passthrough;
mod pointwise;
mod pool;
mod rbf;
mod softmax;
mod subsample;

pub use batch_norm::BatchNorm2d;
pub use channel_affine::ChannelAffine;
pub use conv::Conv2d;
pub use join::{Add, Concat};
pub use linear::Linear;
pub use lrn::LocalResponseNorm;
pub use passthrough::{Dropout, PadShortcut};
pub use pointwise::Pointwise;
pub use pool::{AdaptiveAvgPool2d, AvgPool2d, MaxPool2d};
pub use rbf::Rbf;
pub use softmax::Softmax;
pub use subsample::Subsample;

use serde::Serialize;

use super::activation::Activation;
use super::operation::Operation;

/// The operation of a node. `docs/adding-an-operation.md` lists what a new one needs.
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
    /// A fixed scale and shift of each channel.
    ChannelAffine(ChannelAffine),
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
            Self::ChannelAffine(op) => Some(op),
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

    /// Returns the activation function that a node with this operation applies to each result, or `None` if it applies
    /// none.
    pub fn activation(&self) -> Option<Activation> {
        self.operation().and_then(Operation::activation)
    }

    /// Returns whether a node with this operation passes its input on unchanged.
    pub fn passes_through(&self) -> bool {
        self.operation().is_some_and(Operation::passes_through)
    }

    /// Returns whether the node that follows can be fused with this operation.
    pub fn can_fuse_next(&self) -> bool {
        self.operation().is_some_and(Operation::can_fuse_next)
    }
}
