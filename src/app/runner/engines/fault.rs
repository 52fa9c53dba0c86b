//! The errors of engines, and what a pass under way gives and reports.

use std::pin::Pin;
use std::rc::Rc;

use engine::PassError;
use engine::gpu::PassReadback;

use crate::app::worker::{PassEvent, WorkerError};

/// There is no engine.
#[derive(Debug, thiserror::Error)]
pub(in crate::app) enum EngineError {
    /// The CPU engine, which is the last resort, cannot be built.
    Cpu(#[from] WorkerError),
}

/// A pass or a readback failed.
pub(in crate::app) type Fault = PassError<WorkerError>;

/// The result of a pass or a readback that is under way. It borrows nothing.
pub(in crate::app) type Arriving = Pin<Box<dyn Future<Output = Result<PassReadback, Fault>>>>;

/// Receives the steps and the outputs of a pass under way.
pub(in crate::app) type PassListener = Rc<dyn Fn(PassEvent)>;
