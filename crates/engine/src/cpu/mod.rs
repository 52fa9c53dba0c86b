//! The CPU engine: candle layers built from a graph.
//!
//! [`CpuNetwork`] runs one picture through any network. [`BatchNetwork`] runs batches and can be trained; it has the
//! operations of LeNet-5 only.
//!
//! A pass is planned from the outputs to keep. Nodes that they do not need are not computed. A batch normalization, an
//! addition and an activation run in the step of the layer before them, unless an output between is kept or has other
//! readers: the scale and shift of the channel, the summand and the function are applied to the sums before they are
//! written. An output that is not kept is freed after its last reader. A pass is an iterator over its steps, and
//! dropping it stops it.
//!
//! Values are candle tensors. The loops over them are those of the crate `kernels`, and candle (gemm) computes the
//! matrix products of convolutions. candle's own layers would pass over memory once for each operation.

mod ablation;
mod batch;
mod conv;
mod layers;
mod network;
mod pass;
mod plan;
#[cfg(test)]
mod tests;
mod values;

pub use batch::BatchNetwork;
pub use network::CpuNetwork;
pub use pass::{CpuPass, PassOutputs};
pub use plan::PassStep;

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
