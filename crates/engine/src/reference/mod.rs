//! The references: each compute kernel of `shaders/` once more in plain Rust, with the same name and the same order of
//! bindings.
//!
//! The kernels of convolution share one reference. Tests compare the kernels with their references. `extent_maps` and
//! `extent_reduce` also measure the outputs of the CPU engine.

mod activation;
mod add;
mod avg_pool2d;
mod batch_norm;
mod channel_affine;
mod conv2d;
mod extent_maps;
mod extent_reduce;
mod linear;
mod lrn;
mod max_pool2d;
mod pad_shortcut;
mod rbf;
mod scale;
mod softmax;
mod subsample;

pub use activation::activation;
pub use add::add;
pub use avg_pool2d::avg_pool2d;
pub use batch_norm::batch_norm;
pub use channel_affine::channel_affine;
pub use conv2d::{Conv2dSizes, conv2d};
pub use extent_maps::extent_maps;
pub use extent_reduce::extent_reduce;
pub use linear::linear;
pub use lrn::lrn;
pub use max_pool2d::max_pool2d;
pub use pad_shortcut::pad_shortcut;
pub use rbf::rbf;
pub use scale::scale;
pub use softmax::softmax;
pub use subsample::subsample;
