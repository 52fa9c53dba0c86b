//! The CPU engine: candle layers built from a graph.
//!
//! [`CpuNetwork`] runs one picture through any network. [`BatchNetwork`] runs batches and can be trained; it has the
//! operations of LeNet-5 only.

mod batch;
mod conv;
mod cutting;
mod layers;
mod network;
mod pass;
mod plan;
#[cfg(test)]
mod tests;
mod values;

pub use batch::BatchNetwork;
pub use network::CpuNetwork;
pub use pass::{Kept, Pass};
pub use plan::{Keep, Step};

/// An error of the CPU engine.
#[derive(Debug, thiserror::Error)]
pub enum CpuError {
    /// The input does not have the network's size.
    #[error("the input has {got} values, and the network takes {expected}")]
    Input {
        /// The number of values of one picture.
        expected: usize,
        /// The number of values given.
        got: usize,
    },
    /// candle refused an operation.
    #[error("the CPU engine could not compute this ({0})")]
    Candle(#[from] candle_core::Error),
}
