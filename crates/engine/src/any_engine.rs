//! Either engine behind one type: the engine of a page, of a lesson, of a script and of the command line.

use std::error::Error;
use std::fmt;

use crate::facade::{Engine, EngineKind, PassRequest, PendingResult};
use crate::gpu::GpuError;

/// A network on the CPU engine `C` or on the GPU engine `G`.
///
/// The command line runs both in its own thread. A page runs the CPU engine in a worker.
#[derive(Debug)]
pub enum AnyEngine<C, G> {
    /// The CPU engine.
    Cpu(C),
    /// The GPU engine.
    Gpu(G),
}

/// The error of a pass on either engine. `C` is the error of the CPU engine.
#[derive(Debug)]
pub enum PassError<C> {
    /// The CPU engine failed.
    Cpu(C),
    /// The GPU engine failed.
    Gpu(GpuError),
}

impl<C> From<GpuError> for PassError<C> {
    fn from(error: GpuError) -> Self {
        Self::Gpu(error)
    }
}

impl<C: Error + 'static> Error for PassError<C>
where
    Self: fmt::Display,
{
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(match self {
            Self::Cpu(error) => error,
            Self::Gpu(error) => error,
        })
    }
}

impl<C: Engine, G: Engine<Error = GpuError>> Engine for AnyEngine<C, G>
where
    C::Error: 'static,
{
    type Error = PassError<C::Error>;

    fn kind(&self) -> EngineKind {
        match self {
            Self::Cpu(engine) => engine.kind(),
            Self::Gpu(engine) => engine.kind(),
        }
    }

    fn adapter(&self) -> &str {
        match self {
            Self::Cpu(engine) => engine.adapter(),
            Self::Gpu(engine) => engine.adapter(),
        }
    }

    fn begin(&mut self, request: &PassRequest<'_>) -> Result<PendingResult<Self::Error>, Self::Error> {
        Ok(match self {
            Self::Cpu(engine) => {
                let pending = engine.begin(request).map_err(PassError::Cpu)?;
                Box::pin(async move { pending.await.map_err(PassError::Cpu) })
            }
            Self::Gpu(engine) => {
                let pending = engine.begin(request)?;
                Box::pin(async move { Ok(pending.await?) })
            }
        })
    }
}

impl<E: Engine> Engine for Box<E> {
    type Error = E::Error;

    fn kind(&self) -> EngineKind {
        (**self).kind()
    }

    fn adapter(&self) -> &str {
        (**self).adapter()
    }

    fn begin(&mut self, request: &PassRequest<'_>) -> Result<PendingResult<E::Error>, E::Error> {
        (**self).begin(request)
    }
}
