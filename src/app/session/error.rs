//! What can go wrong while a script loads and runs networks.

use crate::app::store::StoreError;
use crate::app::worker::WorkerError;
use engine::gpu::GpuError;
use net::NetError;
use weights::WeightsError;

/// What is to be said of a pass, or a sentence without its end. In English for scripts.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(in crate::app) enum Note {
    /// The CPU took over.
    Served(NotServed),
    /// The pass was run twice.
    Repeated {
        /// What the system says.
        reason: String,
    },
}

/// Why the GPU was not used, the middle of a sentence.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(in crate::app) enum NotServed {
    /// It fails.
    Fails(GpuError),
    /// It is none.
    Software {
        /// What it calls itself.
        adapter: String,
    },
    /// Its device does not stay.
    LostAgain,
}

/// Why a script gets no answer.
#[derive(Debug, thiserror::Error)]
pub(in crate::app) enum SessionError {
    /// No such network, no such layer.
    Net(#[from] NetError),
    /// The weights did not arrive.
    Store(#[from] StoreError),
    /// The weights are not those of the network.
    Weights(#[from] WeightsError),
    /// The CPU engine failed.
    Cpu(WorkerError),
    /// The GPU engine failed for a reason that no other engine mends.
    Gpu(#[from] GpuError),
    /// Nothing was loaded.
    NotLoaded,
    /// An option that cannot be used.
    Option {
        /// The option.
        option: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// The input is not of the network's size.
    Input {
        /// Values that the network takes.
        expected: usize,
        /// Its shape.
        shape: String,
        /// Values that were given.
        got: usize,
    },
    /// The engine that was to be timed does not serve.
    NotServed(Note),
    /// The script stopped it.
    Cancelled,
}

impl SessionError {
    /// Whether it was the script's own wish.
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
