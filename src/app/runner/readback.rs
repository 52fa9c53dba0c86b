//! Numbers of the last pass: those that the page shows, and those that scripts ask for.

use std::sync::Arc;

use engine::gpu::{PassReadback, ReadbackRequest};
use engine::{AnyEngine, Engine as _, OutputSlice, PassRequest};
use leptos::prelude::*;
use leptos::task::spawn_local;
use net::{Graph, NetError, NodeId};

use super::core::{self, settle};
use super::engines::{Arriving, Fault};
use super::job::{Job, Readback};
use crate::app::browser::clock::next_frame;
use crate::app::state::Page;
use messages::{Explain, Message, display_in_english, message};

/// Reads the numbers that the page shows from the last pass.
pub(super) fn begin(page: Page) {
    let readback = Readback::now(page);
    let graph = page.network.graph().get_untracked();
    // Before the first pass there is nothing to read. The pass reads these numbers itself.
    if page.run.readout().read_untracked().is_none() {
        return core::with(|runner| runner.schedule.drop_readback());
    }
    let (pending, readout) = core::with(|runner| {
        let facts = runner.facts.clone();
        let is_direct = match runner.engine(&graph) {
            Some(engine) => engine.is_direct(),
            None => return (None, None),
        };
        let generation = runner.schedule.begin_readback();
        if !is_direct {
            runner.schedule.finish(generation);
            return (None, readback.cut_from(&graph, &runner.outputs.values, facts));
        }
        let read = ReadbackRequest { slices: readback.slices(&graph), extents: false };
        let pending = runner.engine(&graph).and_then(|engine| Some(engine.direct()?.network.read(&read)));
        (pending.map(|pending| (generation, pending)), None)
    });
    if let Some(readout) = readout {
        page.run.show(&graph, readout);
    }
    let Some((generation, pending)) = pending else { return };
    spawn_local(async move {
        let reading = match pending {
            Ok(pending) => pending.finish().await.map_err(Fault::from),
            Err(error) => Err(error.into()),
        };
        if let Some(reading) = settle(page, generation, reading) {
            let facts = core::with(|runner| runner.facts.clone());
            if let Some(readout) = readback.readout(&graph, reading.slices, facts) {
                page.run.show(&graph, readout);
            }
        }
        core::resume(page);
    });
}

/// The values of a node cannot be given to a script.
#[derive(Debug, thiserror::Error)]
pub(in crate::app) enum ReadbackError {
    /// There is no pass to read from.
    NoPass,
    /// The engine returned no values.
    Nothing,
    /// There is no such node.
    Net(#[from] NetError),
    /// The engine failed.
    Pass(#[from] Fault),
}

display_in_english!(ReadbackError);

impl Explain for ReadbackError {
    fn message(&self) -> Message {
        match self {
            Self::NoPass => message!("look.no_pass"),
            Self::Nothing => message!("look.nothing"),
            Self::Net(error) => error.message(),
            Self::Pass(fault) => fault.message(),
        }
    }
}

/// Returns all values of a node in the pass of the current input. The name `logits` stands for the scores, whatever
/// their node is called.
///
/// # Errors
/// [`ReadbackError`] if there is no pass or no such node.
pub(in crate::app) async fn activation(page: Page, name: String) -> Result<Vec<f32>, ReadbackError> {
    whole_pass(page).await?;
    let graph = page.network.graph().get_untracked();
    let node = if name == "logits" { Ok(graph.logits) } else { graph.find(&name) };
    values_of(page, &graph, vec![node?]).await?.pop().ok_or(ReadbackError::Nothing)
}

/// Returns all values of every node in the pass of the current input, by node.
///
/// # Errors
/// [`ReadbackError`] if there is no pass.
pub(in crate::app) async fn activations(page: Page) -> Result<Vec<Vec<f32>>, ReadbackError> {
    whole_pass(page).await?;
    let graph = page.network.graph().get_untracked();
    let nodes = graph.iter().map(|(id, _)| id).collect();
    values_of(page, &graph, nodes).await
}

/// Waits until the engine holds all outputs of one pass of the current input.
///
/// Before the first pass its buffers hold zeros, and during a pass a mixture of two passes.
async fn whole_pass(page: Page) -> Result<(), ReadbackError> {
    let before = page.run.passes().get_untracked();
    loop {
        // A camera or a stroke requests one pass after another. The second one to end from now on began after this
        // call.
        let is_newest = page.run.passes().get_untracked() >= before + 2;
        let is_whole = core::with(|runner| {
            let (is_wanted, is_held) = (runner.schedule.wants_pass(), runner.last.is_some());
            let will_be_held = is_held || runner.schedule.is_busy();
            (runner.schedule.has_engine() && will_be_held).then_some(is_held && (is_newest || !is_wanted))
        });
        if is_whole.ok_or(ReadbackError::NoPass)? {
            return Ok(());
        }
        next_frame().await;
    }
}

async fn values_of(page: Page, graph: &Arc<Graph>, nodes: Vec<NodeId>) -> Result<Vec<Vec<f32>>, ReadbackError> {
    let Job { input, effects, .. } = Job::now(page);
    let arriving: Arriving = core::with(|runner| {
        let held = &runner.outputs.values;
        let kept = |node: &NodeId| held.get(node.0).filter(|values| !values.is_empty()).cloned();
        let kept: Option<Vec<Vec<f32>>> = nodes.iter().map(kept).collect();
        let engine = runner.engine(graph).ok_or(ReadbackError::NoPass)?;
        let arriving: Arriving = match (&mut engine.0, kept) {
            (AnyEngine::Gpu(side), _) => {
                let slices = nodes.iter().map(|&node| OutputSlice::whole(graph, node)).collect();
                let pending = side.network.read(&ReadbackRequest { slices, extents: false }).map_err(Fault::from)?;
                Box::pin(async move { Ok(pending.finish().await?) })
            }
            (AnyEngine::Cpu(_), Some(slices)) => {
                Box::pin(async move { Ok(PassReadback { slices, ..PassReadback::default() }) })
            }
            (AnyEngine::Cpu(worker), None) => {
                let request = PassRequest { input: &input, nodes: &nodes, effects: &effects, timed: false };
                let pending = worker.begin(&request).map_err(Fault::from)?;
                Box::pin(async move { Ok(PassReadback { slices: pending.await?.outputs, ..PassReadback::default() }) })
            }
        };
        Ok::<_, ReadbackError>(arriving)
    })?;
    Ok(arriving.await?.slices)
}
