//! Inputs and operations that several declarations share.

use super::activation::Activation;
use super::graph::{Input, InputKind};
use super::operation::Window;
use super::ops::{BatchNorm2d, Conv2d, Dropout, Linear, MaxPool2d, Op, Pointwise, Softmax};
use super::shape::Shape;

/// Mean and standard deviation of the channels over the training set of ImageNet, as torchvision's checkpoints expect.
pub(super) const IMAGENET: InputKind =
    InputKind::Photo { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/// Returns an input of RGB photos of `side` x `side` pixels.
pub(super) const fn photo(side: usize) -> Input {
    Input { shape: Shape::maps(3, side, side), kind: IMAGENET }
}

/// Returns a convolution with bias and no activation function.
pub(super) const fn conv(channels: usize, kernel: usize, stride: usize, padding: usize) -> Conv2d {
    let window = Window::new(kernel, stride, padding);
    let activation = Activation::Identity;
    Conv2d { channels, window, groups: 1, connections: None, bias: true, activation }
}

/// Returns ReLU as a node of its own.
pub(super) const fn relu() -> Op {
    Op::Activation(Pointwise { function: Activation::Relu })
}

/// Returns batch normalization with PyTorch's default epsilon.
pub(super) const fn batch_norm() -> Op {
    Op::BatchNorm2d(BatchNorm2d { epsilon: 1e-5 })
}

/// Returns max pooling without padding.
pub(super) const fn max_pool(kernel: usize, stride: usize) -> Op {
    Op::MaxPool2d(MaxPool2d::plain(kernel, stride))
}

/// Returns a fully connected layer without an activation function.
pub(super) const fn linear(units: usize) -> Op {
    Op::Linear(Linear { units, activation: Activation::Identity })
}

/// Returns dropout at `rate`.
pub(super) const fn dropout(rate: f64) -> Op {
    Op::Dropout(Dropout { rate })
}

/// Returns the softmax of scores.
pub(super) const fn softmax() -> Op {
    Op::Softmax(Softmax { scale: 1.0 })
}
