//! Errors of workers.

/// The reason why a worker gives no result.
#[derive(Debug, Clone, thiserror::Error)]
pub(in crate::app) enum WorkerError {
    /// The browser does not start a worker.
    #[error(
        "the browser starts no Web Worker for the CPU engine ({reason}); allow workers for this page and reload it"
    )]
    NoStart {
        /// The browser's message.
        reason: String,
    },
    /// The worker has ended, and its network with it.
    #[error("the CPU engine's worker has died ({reason}); if its memory was full, choose a smaller network")]
    Died {
        /// The last message of the worker.
        reason: String,
    },
    /// The CPU engine refused.
    #[error("{reason}")]
    Failed {
        /// The message of the engine.
        reason: String,
    },
    /// The page cancelled the pass.
    #[error("the pass was cancelled; run it again")]
    Cancelled,
}
