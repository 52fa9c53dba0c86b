//! The loops of the CPU engine: slices in, slices out, nothing allocated, nothing known of graphs or tensors.
//!
//! A crate of its own, so that the page, which is built for size, has these built for speed, and so that tests built
//! for debugging run real networks. Maps lie as CHW, row-major. Slices that do not have the lengths named are a mistake
//! of the caller and panic.

mod activation;
mod dense;
mod im2col;
mod norm;
mod pool;
mod windows;

pub use activation::{Function, finish, tanh};
pub use dense::{matrix_vector, squared_distances};
pub use im2col::im2col;
pub use norm::{local_response_norm, softmax};
pub use pool::{average_pool, max_pool, mean_of_windows, pad_shortcut, window_sums};
pub use windows::Windows;
