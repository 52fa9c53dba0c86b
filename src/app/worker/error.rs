//! Errors of workers.

use engine::PassError;

/// The reason why a worker gives no result.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WorkerError {
    /// The browser does not start a worker.
    NoStart {
        /// The browser's message.
        reason: String,
    },
    /// The worker has ended, and its network with it.
    Died {
        /// The last message of the worker.
        reason: String,
    },
    /// The CPU engine refused.
    Failed {
        /// The message of the engine.
        reason: String,
    },
    /// The page cancelled the pass.
    Cancelled,
}

impl From<WorkerError> for PassError<WorkerError> {
    fn from(error: WorkerError) -> Self {
        Self::Cpu(error)
    }
}
