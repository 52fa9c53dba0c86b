//! The operations, one family a file: what each does to shapes, what it costs, what it says.

mod activation;
mod conv;
mod linear;
mod pool;
mod rbf;
mod softmax;
mod subsample;

pub use activation::{Activation, Pointwise, TANH_AMPLITUDE, TANH_SLOPE};
pub use conv::Conv2d;
pub use linear::Linear;
pub use pool::MaxPool2d;
pub use rbf::Rbf;
pub use softmax::Softmax;
pub use subsample::Subsample;

use super::shape::Shape;

/// The only input of an operation that takes one.
fn single(inputs: &[Shape]) -> Result<Shape, String> {
    match inputs {
        [one] => Ok(*one),
        _ => Err(format!("it takes one input, not {}", inputs.len())),
    }
}

/// The only input of an operation that takes feature maps, as channels, height and width.
fn single_maps(inputs: &[Shape]) -> Result<(usize, usize, usize), String> {
    match single(inputs)? {
        Shape::Maps { channels, height, width } => Ok((channels, height, width)),
        Shape::Vector(n) => Err(format!("it takes feature maps, not a vector of {n}")),
    }
}
