//! The errors of a training.

use engine::cpu::CpuError;
use net::NetError;

/// The errors of a training.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// There are no images to train on.
    #[error("there are no pictures to train on; reload the page")]
    Pictures,
    /// The network could not be declared.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The engine returned an error.
    #[error(transparent)]
    Cpu(#[from] CpuError),
    /// candle returned an error.
    #[error("the training could not go on ({0}); begin it anew")]
    Candle(#[from] candle_core::Error),
}
