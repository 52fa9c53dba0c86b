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
mod epilogue;
mod error;
mod layers;
mod network;
mod pass;
mod plan;
#[cfg(test)]
mod tests;
mod values;

pub use batch::BatchNetwork;
pub use error::CpuError;
pub use network::CpuNetwork;
pub use pass::{CpuPass, PassOutputs};
pub use plan::PassStep;
