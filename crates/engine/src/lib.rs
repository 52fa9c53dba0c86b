//! Runs a network: the same graph and weights on the CPU (candle) or on the GPU (WGSL).
//!
//! Both engines take a graph of `net` and tensors of `weights`, and compute the same outputs. A caller names the
//! outputs that it wants to keep. What they do not need is not computed, and operations between them are fused where
//! possible.
//!
//! - [`cpu`] needs no device. It also has the layers that training differentiates.
//! - [`gpu`] lowers a graph to dispatches as data before it touches a device. `shaders/` has its kernels.
//! - The references have each kernel once more in plain Rust. Tests compare the kernels with it.

mod any_engine;
mod clock;
pub mod cpu;
mod explain;
mod extent;
mod extent_table;
mod facade;
pub mod gpu;
mod kept_outputs;
mod local_engine;
mod output_slice;
pub mod reference;

pub use any_engine::{AnyEngine, PassError};
pub use extent::{Extent, ExtentReduction, NodeMaps};
pub use extent_table::{ExtentTable, NotFinite};
pub use facade::{Engine, EngineChoice, EngineKind, PassRequest, PassResult, PendingResult};
pub use kept_outputs::KeptOutputs;
pub use local_engine::{EngineError, EngineOptions, LocalEngine, StepTime};
pub use output_slice::OutputSlice;
