//! The inner loops of the CPU engine. They work on slices, allocate nothing, and know neither graphs nor tensors.
//!
//! They form their own crate for two reasons: the page is built for size while these loops are built for speed, and
//! tests built without optimisation can still run real networks.
//!
//! Feature maps are `[channels, height, width]`, row-major. A slice of another length than documented is a mistake of
//! the caller and panics.

mod activation;
mod im2col;
mod linear;
mod norm;
mod pool;
mod windows;

pub use activation::{ActivationFunction, apply_epilogue, tanh};
pub use im2col::im2col;
pub use linear::{matrix_vector, squared_distances};
pub use norm::{local_response_norm, softmax};
pub use pool::{average_pool, max_pool, mean_of_windows, pad_shortcut, window_sums};
pub use windows::Windows;
