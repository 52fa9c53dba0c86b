//! The CPU engine: candle layers built from a graph. [`CpuNetwork`] passes one picture, every operation there is;
//! [`BatchNetwork`] passes batches and can be trained, as far as LeNet-5 needs it.

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

/// What can go wrong on the CPU.
#[derive(Debug, thiserror::Error)]
pub enum CpuError {
    /// The input is not of the network's size.
    #[error("the input has {got} values, and the network takes {expected}")]
    Input {
        /// The values that one picture has.
        expected: usize,
        /// What was given.
        got: usize,
    },
    /// candle refused an operation.
    #[error("the CPU engine could not compute this ({0})")]
    Candle(#[from] candle_core::Error),
}
