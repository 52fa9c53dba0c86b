//! Networks that scripts load and run, beside the one that is drawn: any network, any weights, any layer's output.

mod engine;
mod error;
mod explain;
mod rows;
mod weights;

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::AbortSignal;

pub(super) use engine::{Demand, Outcome, Steps, Wish, adapter, lose_device};
pub(super) use error::{NotServed, Note, SessionError};
pub(super) use rows::Rows;
pub(super) use weights::{Opened, Origin, Source};

use ::engine::gpu::Kernel;
use ::weights::TensorSource;
use analysis::timing::TimedStep;
use engine::{Engine, Pass};
use net::{self, Graph, NodeId};

use super::store::Watch;
use super::worker::Parcel;

/// What is loaded.
struct Session {
    graph: Rc<Graph>,
    source: TensorSource,
    parcel: Parcel,
    engine: Option<Engine>,
}

thread_local! {
    // wgpu's types and candle's layers stay on this thread.
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// A network that was loaded.
pub(super) struct Loaded {
    pub(super) graph: Rc<Graph>,
    pub(super) origin: Origin,
    pub(super) metadata: std::collections::BTreeMap<String, String>,
}

/// Loads a network with its weights. The one before it goes once the new one's tensors are known to be right.
///
/// # Errors
/// [`SessionError`]: no such network, no weights, or others than the network's.
pub(super) async fn load(name: &str, source: Source, watch: &Watch) -> Result<Loaded, SessionError> {
    let graph = Rc::new(net::network(name)?);
    let Opened { source, parcel, origin } = source.open(&graph, watch).await?;
    let metadata = source.metadata().clone();
    SESSION.replace(Some(Session { graph: Rc::clone(&graph), source, parcel, engine: None }));
    Ok(Loaded { graph, origin, metadata })
}

/// The network that is loaded.
///
/// # Errors
/// [`SessionError::NotLoaded`].
pub(super) fn graph() -> Result<Rc<Graph>, SessionError> {
    SESSION.with_borrow(|session| session.as_ref().map(|s| Rc::clone(&s.graph))).ok_or(SessionError::NotLoaded)
}

/// A pass through the network that is loaded, for the outputs of `nodes`.
///
/// # Errors
/// [`SessionError`]: nothing is loaded, the input is not the network's, it was cancelled, or the CPU failed too.
pub(super) async fn run(
    input: &[f32],
    nodes: &[NodeId],
    demand: Demand,
    signal: Option<&AbortSignal>,
    steps: &Steps<'_>,
) -> Result<Outcome, SessionError> {
    // Taken out while it is awaited; calls come one after another.
    let mut session = SESSION.take().ok_or(SessionError::NotLoaded)?;
    let Session { graph, source, parcel, engine } = &mut session;
    let result = Pass { graph, source, parcel, input, nodes, signal, steps }.run(demand, engine).await;
    SESSION.replace(Some(session));
    result
}

/// An engine beside that of scripts and that of the stage, for many passes of one network in a row.
#[derive(Default)]
pub(super) struct Beside(Option<Engine>);

impl Beside {
    /// The scores of `graph`, whose weights are `source` (and `parcel`, as a worker takes them), for an input.
    ///
    /// # Errors
    /// [`SessionError`]: the input is not the network's, it was cancelled, or the CPU failed too.
    pub(super) async fn scores(
        &mut self,
        (graph, source, parcel): (&Graph, &TensorSource, &Parcel),
        input: &[f32],
        wish: Wish,
        signal: Option<&AbortSignal>,
    ) -> Result<Vec<f32>, SessionError> {
        let nodes = &[graph.logits];
        let pass = Pass { graph, source, parcel, input, nodes, signal, steps: &|_| {} };
        // Passes are short here: measuring kernels first would take longer than it saves.
        let outcome = pass.run(Demand { wish, tune_ms: Some(0.0) }, &mut self.0).await?;
        Ok(outcome.outputs.into_iter().next().unwrap_or_default())
    }
}

/// The steps of a pass on the GPU, where the last pass ran there, each by itself; none where it did not.
///
/// # Errors
/// [`SessionError`]: nothing is loaded, or the GPU failed.
pub(super) async fn profile_gpu() -> Result<Option<Vec<TimedStep>>, SessionError> {
    let session = SESSION.take().ok_or(SessionError::NotLoaded)?;
    let steps = match &session.engine {
        Some(Engine::Gpu(network)) => Some(network.profile().await),
        _ => None,
    };
    SESSION.replace(Some(session));
    let steps = steps.transpose()?;
    let timed = |(node, kernel, ms): (Option<NodeId>, Kernel, f64)| (node, Some(kernel.name()), ms);
    Ok(steps.map(|steps| steps.into_iter().map(timed).collect()))
}
