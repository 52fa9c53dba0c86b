//! Runs a network: the same graph and weights on the CPU (candle) or on the GPU (WGSL).
//!
//! Both engines take a graph of `net` and tensors of `weights`, and compute the same outputs. A caller names the
//! outputs that it wants to keep. What they do not need is not computed, and operations between them are fused where
//! possible.
//!
//! - [`cpu`] needs no device. It also has the layers that training differentiates.
//! - [`gpu`] lowers a graph to dispatches as data before it touches a device. `shaders/` has its kernels.
//! - The references have each kernel once more in plain Rust. Tests compare the kernels with it.

pub mod cpu;
pub mod gpu;
mod maps;
pub mod twin;

use net::NodeId;

pub use maps::{Extent, Fold, MapTable, NodeMaps};

/// A run of consecutive values of a node's output, in `[channels, height, width]` (or `[values]`) order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// The node whose output this is a part of.
    pub node: NodeId,
    /// The index of the first value.
    pub start: usize,
    /// The number of values.
    pub len: usize,
}
