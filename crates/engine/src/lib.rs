//! Numbers for a network: the same graph and weights, run on the CPU (candle) or on the GPU (WGSL).

pub mod cpu;
pub mod gpu;
mod maps;
pub mod twin;

use net::NodeId;

pub use maps::{Extent, Fold, MapTable, NodeMaps};

/// Some consecutive values of a node's output, in its CHW (or N) order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// Whose output.
    pub node: NodeId,
    /// The first value.
    pub start: usize,
    /// How many values.
    pub len: usize,
}
