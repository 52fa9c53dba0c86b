//! The CPU engine in a Web Worker, so that the page draws and answers while a pass runs. A worker holds one network.
//! Ending the worker frees its memory, which the WebAssembly of the page could not.

mod engine;
mod error;
mod explain;
mod host;
mod messages;
mod serve;

pub use error::WorkerError;
pub use host::{CpuWorker, WorkerOutput, start_worker};
pub use messages::{FromWorker, SendableWeights, decimal, read, write};
pub(super) use messages::{PassEvent, Step};
pub use serve::{is_in_worker, is_named, listen, post, serve};
