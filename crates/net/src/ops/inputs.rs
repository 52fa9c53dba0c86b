//! The inputs of operations that take exactly one.

use crate::shape::Shape;

/// Returns the input of an operation that takes exactly one.
pub(super) fn single(inputs: &[Shape]) -> Result<Shape, String> {
    match inputs {
        [one] => Ok(*one),
        _ => Err(format!("it takes one input, not {}", inputs.len())),
    }
}

/// Returns channels, height and width of the input of an operation that takes exactly one input of feature maps.
pub(super) fn single_maps(inputs: &[Shape]) -> Result<(usize, usize, usize), String> {
    match single(inputs)? {
        Shape::Maps { channels, height, width } => Ok((channels, height, width)),
        Shape::Vector(n) => Err(format!("it takes feature maps, not a vector of {n}")),
    }
}
