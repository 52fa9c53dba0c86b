//! Errors of networks that scripts load and run, and notes on their passes.

use crate::app::worker::WorkerError;
use engine::gpu::GpuError;
use logic::download::StoreError;
use net::NetError;
use weights::WeightsError;

/// A note on a pass: an English sentence without its full stop, for scripts.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(in crate::app) enum EngineNote {
    /// The CPU took the GPU's place.
    CpuInstead(GpuUnused),
    /// The pass was repeated on a new device.
    Repeated {
        /// The message of the system.
        reason: String,
    },
}

/// The reason why the GPU was not used, as a part of a sentence.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(in crate::app) enum GpuUnused {
    /// The GPU failed.
    Failed(GpuError),
    /// The GPU is emulated on the CPU.
    Software {
        /// The name of the adapter.
        adapter: String,
    },
    /// Every device was lost.
    LostAgain,
}

/// The reason why a script gets no result.
#[derive(Debug, thiserror::Error)]
pub(in crate::app) enum SessionError {
    /// The network or the layer does not exist.
    Net(#[from] NetError),
    /// The weights could not be fetched or stored.
    Store(#[from] StoreError),
    /// The weights do not fit the network.
    Weights(#[from] WeightsError),
    /// The CPU engine failed.
    Cpu(WorkerError),
    /// The GPU engine failed for a reason that would fail another engine too.
    Gpu(#[from] GpuError),
    /// No network is loaded.
    NotLoaded,
    /// An option has an invalid value.
    Option {
        /// The name of the option.
        option: &'static str,
        /// The values that it takes.
        expected: &'static str,
    },
    /// The input does not have the network's size.
    Input {
        /// The values that the network takes.
        expected: usize,
        /// The shape of its input.
        shape: String,
        /// The given values.
        got: usize,
    },
    /// The engine that was to be timed was not used.
    EngineUnused(EngineNote),
    /// The script cancelled the pass.
    Cancelled,
}

impl SessionError {
    /// Returns whether the script itself cancelled the work.
    pub(in crate::app) fn is_abort(&self) -> bool {
        matches!(self, Self::Cancelled | Self::Store(StoreError::Cancelled { .. }))
    }
}

impl From<WorkerError> for SessionError {
    fn from(error: WorkerError) -> Self {
        match error {
            WorkerError::Cancelled => Self::Cancelled,
            other => Self::Cpu(other),
        }
    }
}
