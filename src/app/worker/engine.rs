//! The worker as an engine.

use std::cell::RefCell;

use super::error::WorkerError;
use super::host::{CpuWorker, WorkerOutput};
use super::messages::Step;
use engine::{Engine, EngineKind, PassRequest, PassResult, PendingResult};

/// Posts the request. The future owns the receiver of the reply, so dropping it ignores the reply.
impl Engine for CpuWorker {
    type Error = WorkerError;

    fn kind(&self) -> EngineKind {
        EngineKind::Cpu
    }

    fn begin(&mut self, request: &PassRequest<'_>) -> Result<PendingResult<WorkerError>, WorkerError> {
        let PassRequest { input, nodes, effects, timed } = *request;
        let pending = self.begin_pass(input, nodes.to_vec(), effects)?;
        Ok(Box::pin(async move {
            let times = RefCell::new(Vec::new());
            let add = |step: Step| times.borrow_mut().extend(timed.then_some((step.node, step.milliseconds)));
            let WorkerOutput { outputs, milliseconds } = pending.finish(None, &add).await?;
            Ok(PassResult { outputs, times: times.into_inner(), elapsed_ms: milliseconds })
        }))
    }
}
