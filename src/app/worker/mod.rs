//! The CPU engine in a Web Worker, so that the page draws and answers while a pass runs. A worker holds one network.
//! Ending the worker frees its memory, which the WebAssembly of the page could not.

mod error;
mod host;
mod messages;
mod serve;

pub(super) use host::{CpuWorker, Outcome, begin};
pub(super) use serve::{is_called, is_here, open, post, serve};
pub(super) use wire::{Parcel, Step, Told, Word, get, number, object};

/// Why a worker gives no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum WorkerError {
    /// The browser does not start one.
    NoStart {
        /// What the browser says.
        reason: String,
    },
    /// It is gone, with its network.
    Died {
        /// Its last words.
        reason: String,
    },
    /// The engine refused.
    Failed {
        /// Its message.
        reason: String,
    },
    /// It was told to stop.
    Cancelled,
}
