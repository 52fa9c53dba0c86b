//! The sizes of digits and of the pad that they are drawn on.

/// The side of an MNIST digit, in pixels.
pub const DIGIT_SIDE: usize = 28;
/// The side of LeNet-5's input, in pixels.
pub const FIELD_SIDE: usize = 32;
/// The side of the image of the pad, in pixels.
pub const INK_SIDE: usize = 140;
