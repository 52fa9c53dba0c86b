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
    #[error("The GPU was not used: {0}. The CPU served instead")]
    Served(NotServed),
    /// The pass was run twice.
    #[error("The GPU device was lost ({reason}); the pass was repeated on a new one")]
    Repeated {
        /// What the system says.
        reason: String,
    },
}

/// Why the GPU was not used, the middle of a sentence.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(in crate::app) enum NotServed {
    /// It fails.
    #[error(transparent)]
    Fails(GpuError),
    /// It is none.
    #[error("{adapter} computes on the CPU itself")]
    Software {
        /// What it calls itself.
        adapter: String,
    },
    /// Its device does not stay.
    #[error("the GPU device was lost again and again")]
    LostAgain,
}

/// Why a script gets no answer.
#[derive(Debug, thiserror::Error)]
pub(in crate::app) enum SessionError {
    /// No such network, no such layer.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The weights did not arrive.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The weights are not those of the network.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The CPU engine failed.
    #[error(transparent)]
    Cpu(WorkerError),
    /// The GPU engine failed for a reason that no other engine mends.
    #[error(transparent)]
    Gpu(#[from] GpuError),
    /// Nothing was loaded.
    #[error("no network is loaded; call load(name, {{ weights }}) and wait for it first")]
    NotLoaded,
    /// An option that cannot be used.
    #[error("{option} is to be {expected}; give it so, or leave it out")]
    Option {
        /// The option.
        option: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// The input is not of the network's size.
    #[error("input is to be a Float32Array of {expected} values ({shape}, in CHW order), and it has {got}")]
    Input {
        /// Values that the network takes.
        expected: usize,
        /// Its shape.
        shape: String,
        /// Values that were given.
        got: usize,
    },
    /// The engine that was to be timed does not serve.
    #[error("{0}; time the other engine, or a smaller network")]
    NotServed(Note),
    /// The script stopped it.
    #[error("the pass was cancelled; call run again for another")]
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
