//! The errors of a training.

use engine::cpu::CpuError;
use net::NetError;

/// The errors of a training.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// There are no images to train on.
    Pictures,
    /// The network could not be declared.
    Net(#[from] NetError),
    /// The engine returned an error.
    Cpu(#[from] CpuError),
    /// candle returned an error.
    Candle(#[from] candle_core::Error),
}
