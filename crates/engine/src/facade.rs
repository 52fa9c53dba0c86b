//! One interface to both engines: how an engine is named and chosen, and how it is asked for a pass.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::clock::Stopwatch;
use crate::cpu::{CpuError, CpuNetwork, PassOutputs};
use crate::gpu::{GpuError, GpuNetwork, PassPart, ReadbackRequest};
use crate::kept_outputs::KeptOutputs;
use crate::output_slice::OutputSlice;
use net::{AblationFactors, NodeId};

/// The two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineKind {
    /// The CPU engine (candle).
    Cpu,
    /// The GPU engine (WGSL).
    Gpu,
}

impl EngineKind {
    /// Both engines, in the order in which they are timed.
    pub const ALL: [Self; 2] = [Self::Gpu, Self::Cpu];

    /// Returns the name of the engine in options, links and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
        }
    }

    /// Returns the engine called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for EngineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The choice of a person or a script between the engines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The engine that is expected to be faster.
    #[default]
    Auto,
    /// This engine, if it runs here.
    Only(EngineKind),
}

impl EngineChoice {
    /// Returns the name of the choice in options, links and lists.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Only(kind) => kind.name(),
        }
    }

    /// Returns the choice called `name`.
    pub fn named(name: &str) -> Option<Self> {
        if name == Self::Auto.name() { Some(Self::Auto) } else { EngineKind::named(name).map(Self::Only) }
    }
}

/// A pass to run.
#[derive(Debug, Clone, Copy)]
pub struct PassRequest<'a> {
    /// The preprocessed input, `[channels, height, width]`.
    pub input: &'a [f32],
    /// The nodes whose whole outputs to return, in this order.
    pub nodes: &'a [NodeId],
    /// The ablations.
    pub effects: &'a AblationFactors,
    /// Times each node if the engine has a clock for it.
    pub timed: bool,
}

/// The result of a pass.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PassResult {
    /// The outputs of the requested nodes, each in `[channels, height, width]` (or `[values]`) order.
    pub outputs: Vec<Vec<f32>>,
    /// The milliseconds of each step, with the last node that it computes. Empty if not requested or not measurable.
    pub times: Vec<(NodeId, f64)>,
    /// The milliseconds of the pass, until its outputs are in the memory of the CPU.
    pub elapsed_ms: f64,
}

/// A pass that has begun. It borrows neither the engine nor the request.
pub type PendingResult<E> = Pin<Box<dyn Future<Output = Result<PassResult, E>>>>;

/// A network on an engine.
///
/// A pass begins with [`Engine::begin`] and ends when the returned future resolves. The future owns all it needs, so
/// the engine stays free while the future is awaited, and the caller may hold both in different places: a page keeps
/// the engine in a thread-local and awaits the future without it.
///
/// The form suits an engine behind a channel, such as a worker of a page. There `begin` posts the request as a message
/// and returns a future that resolves with the answer. Dropping the future cancels the pass or ignores its answer. Such
/// an engine measures times where the pass runs. Neither the engine nor the future needs to be `Send`.
pub trait Engine {
    /// The error of a pass.
    type Error;

    /// Returns which of the two engines this is.
    fn kind(&self) -> EngineKind;

    /// Returns the name of the GPU. It is empty for the CPU engine.
    fn adapter(&self) -> &str {
        ""
    }

    /// Begins a pass.
    ///
    /// # Errors
    /// The engine's error if the request does not fit the network, or if the engine does not run any more.
    fn begin(&mut self, request: &PassRequest<'_>) -> Result<PendingResult<Self::Error>, Self::Error>;

    /// Runs a pass.
    ///
    /// # Errors
    /// As [`Engine::begin`], and errors of the pass itself.
    fn pass(&mut self, request: &PassRequest<'_>) -> impl Future<Output = Result<PassResult, Self::Error>> {
        let pending = self.begin(request);
        async move { pending?.await }
    }
}

/// Runs the whole pass in `begin`. The future is ready at once.
impl Engine for CpuNetwork {
    type Error = CpuError;

    fn kind(&self) -> EngineKind {
        EngineKind::Cpu
    }

    fn begin(&mut self, request: &PassRequest<'_>) -> Result<PendingResult<CpuError>, CpuError> {
        let stopwatch = Stopwatch::start();
        let PassRequest { input, nodes, effects, timed } = *request;
        let keep = KeptOutputs::Nodes(nodes.to_vec());
        let mut pass = self.begin_ablated(input.to_vec(), &keep, effects, PassOutputs::default())?;
        let mut times = Vec::new();
        loop {
            let step = Stopwatch::start();
            let Some(node) = pass.next() else { break };
            let node = node?;
            if timed {
                times.push((node, step.elapsed_ms()));
            }
        }
        let outputs = nodes.iter().map(|&node| pass.output(node, <[f32]>::to_vec).unwrap_or_default()).collect();
        let result = PassResult { outputs, times, elapsed_ms: stopwatch.elapsed_ms() };
        Ok(Box::pin(std::future::ready(Ok(result))))
    }
}

/// Submits the pass in `begin` and reads it back in the future.
impl Engine for GpuNetwork {
    type Error = GpuError;

    fn kind(&self) -> EngineKind {
        EngineKind::Gpu
    }

    fn adapter(&self) -> &str {
        self.gpu().name()
    }

    fn begin(&mut self, request: &PassRequest<'_>) -> Result<PendingResult<GpuError>, GpuError> {
        let PassRequest { input, nodes, effects, timed } = *request;
        self.ablate(effects)?;
        let slices = nodes.iter().map(|&node| OutputSlice::whole(self.graph(), node)).collect();
        let pass_schedule = self.pass_schedule();
        let part = PassPart { input: Some(input), pass_schedule, segments: 0..pass_schedule.len(), timed };
        let pending = self.submit_part(&part, &ReadbackRequest { slices, extents: false }, None)?;
        Ok(Box::pin(async move {
            let readback = pending.finish().await?;
            Ok(PassResult { outputs: readback.slices, times: readback.times, elapsed_ms: readback.elapsed_ms })
        }))
    }
}
