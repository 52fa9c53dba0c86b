//! The operations, one kind per file: shape rules, tensors, counts and names.

mod activation;
mod batch_norm;
mod conv;
mod join;
mod linear;
mod lrn;
mod passthrough;
mod pool;
mod rbf;
mod softmax;
mod subsample;

pub use activation::{Activation, Pointwise, TANH_AMPLITUDE, TANH_SLOPE};
pub use batch_norm::BatchNorm2d;
pub use conv::Conv2d;
pub use join::{Add, Concat};
pub use linear::Linear;
pub use lrn::LocalResponseNorm;
pub use passthrough::{Dropout, PadShortcut};
pub use pool::{AdaptiveAvgPool2d, AvgPool2d, MaxPool2d};
pub use rbf::Rbf;
pub use softmax::Softmax;
pub use subsample::Subsample;

use super::shape::Shape;

/// Returns the input of an operation that takes exactly one.
fn single(inputs: &[Shape]) -> Result<Shape, String> {
    match inputs {
        [one] => Ok(*one),
        _ => Err(format!("it takes one input, not {}", inputs.len())),
    }
}

/// Returns channels, height and width of the input of an operation that takes exactly one input of feature maps.
fn single_maps(inputs: &[Shape]) -> Result<(usize, usize, usize), String> {
    match single(inputs)? {
        Shape::Maps { channels, height, width } => Ok((channels, height, width)),
        Shape::Vector(n) => Err(format!("it takes feature maps, not a vector of {n}")),
    }
}
