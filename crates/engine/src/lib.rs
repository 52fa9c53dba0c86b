//! Runs a network: the same graph and weights on the CPU (candle) or on the GPU (WGSL).

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
