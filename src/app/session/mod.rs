//! Networks that scripts load and run, independent of the one on the stage: any network, any weights, any layer's
//! output.

mod engine;
mod error;
mod explain;
mod rows;
mod weights;

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::AbortSignal;

pub(super) use engine::{EngineRequest, SessionResult, StepListener, adapter, lose_device};
pub(super) use error::SessionError;
pub(super) use rows::YieldingRows;
pub(super) use weights::{OpenedWeights, WeightsOrigin, WeightsRequest};

use ::engine::gpu::Kernel;
use ::engine::{AnyEngine, EngineChoice};
use ::weights::TensorSource;
use analysis::timing::TimedStep;
use engine::{SessionEngine, SessionPass};
use net::{self, Graph, NodeId};

use super::store::ProgressMonitor;
use super::worker::SendableWeights;

/// The loaded network with its weights and its engine.
struct Session {
    graph: Rc<Graph>,
    source: TensorSource,
    sendable: SendableWeights,
    engine: Option<SessionEngine>,
}

thread_local! {
    // The types of wgpu and candle cannot move to another thread.
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// A loaded network.
pub(super) struct LoadedNetwork {
    pub(super) graph: Rc<Graph>,
    pub(super) origin: WeightsOrigin,
    pub(super) metadata: std::collections::BTreeMap<String, String>,
}

/// Loads a network with its weights. It replaces the former network once its tensors have been checked.
///
/// # Errors
/// [`SessionError`] if the network does not exist, or its weights are not available or do not fit.
pub(super) async fn load(
    name: &str,
    weights: WeightsRequest,
    monitor: &ProgressMonitor,
) -> Result<LoadedNetwork, SessionError> {
    let declared = net::network(name)?;
    let OpenedWeights { graph, source, sendable, origin } = weights.open(&declared, monitor).await?;
    let graph = Rc::new(graph);
    let metadata = source.metadata().clone();
    SESSION.replace(Some(Session { graph: Rc::clone(&graph), source, sendable, engine: None }));
    Ok(LoadedNetwork { graph, origin, metadata })
}

/// Returns the loaded network.
///
/// # Errors
/// [`SessionError::NotLoaded`].
pub(super) fn graph() -> Result<Rc<Graph>, SessionError> {
    SESSION.with_borrow(|session| session.as_ref().map(|s| Rc::clone(&s.graph))).ok_or(SessionError::NotLoaded)
}

/// Runs a pass of the loaded network and returns the outputs of `nodes`.
///
/// # Errors
/// [`SessionError`] if no network is loaded, the input does not fit, the pass is cancelled, or the CPU fails too.
pub(super) async fn run(
    input: &[f32],
    nodes: &[NodeId],
    request: EngineRequest,
    signal: Option<&AbortSignal>,
    steps: &StepListener<'_>,
) -> Result<SessionResult, SessionError> {
    // Taken out during the pass. Calls run one after another.
    let mut session = SESSION.take().ok_or(SessionError::NotLoaded)?;
    let Session { graph, source, sendable, engine } = &mut session;
    let result = SessionPass { graph, source, sendable, input, nodes, signal, steps }.run(request, engine).await;
    SESSION.replace(Some(session));
    result
}

/// An engine for many passes of one network in a row, independent of the engines of scripts and of the stage.
#[derive(Default)]
pub(super) struct BatchEngine(Option<SessionEngine>);

impl BatchEngine {
    /// Returns the scores of `graph` for an input. `source` and `sendable` hold the same weights.
    ///
    /// # Errors
    /// [`SessionError`] if the input does not fit, the pass is cancelled, or the CPU fails too.
    pub(super) async fn scores(
        &mut self,
        (graph, source, sendable): (&Graph, &TensorSource, &SendableWeights),
        input: &[f32],
        choice: EngineChoice,
        signal: Option<&AbortSignal>,
    ) -> Result<Vec<f32>, SessionError> {
        let nodes = &[graph.logits];
        let pass = SessionPass { graph, source, sendable, input, nodes, signal, steps: &|_| {} };
        // The passes are short. Measuring kernels first would take longer than it saves.
        let result = pass.run(EngineRequest { engine: choice, tune_ms: Some(0.0) }, &mut self.0).await?;
        Ok(result.outputs.into_iter().next().unwrap_or_default())
    }
}

/// Measures the steps of a pass on the GPU one by one; none if the last pass did not run on the GPU.
///
/// # Errors
/// [`SessionError`] if no network is loaded or the GPU fails.
pub(super) async fn profile_gpu() -> Result<Option<Vec<TimedStep>>, SessionError> {
    let session = SESSION.take().ok_or(SessionError::NotLoaded)?;
    let steps = match &session.engine {
        Some(AnyEngine::Gpu(network)) => Some(network.profile().await),
        _ => None,
    };
    SESSION.replace(Some(session));
    let steps = steps.transpose()?;
    let timed = |(node, kernel, ms): (Option<NodeId>, Kernel, f64)| (node, Some(kernel.name()), ms);
    Ok(steps.map(|steps| steps.into_iter().map(timed).collect()))
}
