//! The worker's side: holds one network and runs passes one after another.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::Float32Array;
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, AbortSignal, DedicatedWorkerGlobalScope, MessageEvent};

use super::messages::{FromWorker, Numbered, SendableWeights, Step, Values, WorkerCommand, WorkerReply, read, write};
use crate::app::browser::clock::{now_ms, yield_to_messages};
use crate::app::browser::yielding::{CancelledError, Yielder};
use engine::KeptOutputs;
use engine::cpu::{CpuError, CpuNetwork, CpuPass, PassOutputs};
use net::{self, AblationFactors, Graph, NetError, NodeId};
use weights::{Array, BlobBytes, TensorSource, Weights, WeightsError};

/// Values that are read from a source at once.
const READ_VALUES: usize = 1 << 20;
/// Milliseconds between two messages about completed steps: half a frame. A message costs more than a small step.
const REPORT_MS: f64 = 8.0;

thread_local! {
    static NETWORK: RefCell<Option<Rc<CpuNetwork>>> = const { RefCell::new(None) };
    /// The outputs of the last streaming pass. The next one continues from them under other ablations.
    static KEPT: RefCell<PassOutputs> = RefCell::default();
    /// The commands that can still be cancelled, by their numbers.
    static RUNNING: RefCell<BTreeMap<u32, AbortController>> = const { RefCell::new(BTreeMap::new()) };
}

/// The reason why a command fails.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Net(#[from] NetError),
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error(transparent)]
    Cpu(#[from] CpuError),
    #[error("there is no network in the worker; load one first")]
    NoNetwork,
    #[error("cancelled")]
    Cancelled(#[from] CancelledError),
}

/// Returns whether this WebAssembly runs in a worker.
pub fn is_in_worker() -> bool {
    js_sys::global().is_instance_of::<DedicatedWorkerGlobalScope>()
}

/// Returns whether this WebAssembly runs in a worker called `name`.
pub fn is_named(name: &str) -> bool {
    js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>().is_ok_and(|scope| scope.name() == name)
}

/// Sends a message to the page. The buffers in `transferred` move in place of being copied.
pub fn post<Reply: Serialize>(message: &FromWorker<Reply>, transferred: &js_sys::Array) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    // If the browser refuses the message, it would refuse one about that too.
    let _ = write(message).and_then(|message| scope.post_message_with_transfer(&message, transferred));
}

fn reply(id: u32, reply: &WorkerReply) {
    post(&FromWorker::Reply(Numbered { id, body: reply }), &reply.transferred());
}

/// Calls `on_message` with each message of the page until the page ends the worker. A panic is reported to the page.
pub fn listen(on_message: impl Fn(MessageEvent) + 'static) {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        post(&FromWorker::<()>::Died(info.to_string()), &js_sys::Array::new());
    }));
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(on_message);
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    post(&FromWorker::<()>::Ready, &js_sys::Array::new());
}

/// Carries out commands until the page ends the worker.
pub fn serve() {
    listen(|event: MessageEvent| {
        let Some(Numbered { id, body: command }) = read::<Numbered<WorkerCommand>>(event.data()) else { return };
        if let WorkerCommand::Cancel = command {
            if let Some(controller) = RUNNING.with_borrow(|running| running.get(&id).cloned()) {
                controller.abort();
            }
            return;
        }
        spawn_local(async move {
            let controller = AbortController::new().ok();
            let signal = controller.as_ref().map(AbortController::signal);
            if let Some(controller) = controller {
                RUNNING.with_borrow_mut(|running| running.insert(id, controller));
            }
            let result = carry_out(id, command, signal.as_ref()).await;
            RUNNING.with_borrow_mut(|running| running.remove(&id));
            reply(
                id,
                &result.unwrap_or_else(|error| match error {
                    CommandError::Cancelled(_) => WorkerReply::Cancelled,
                    other => WorkerReply::Failed(other.to_string()),
                }),
            );
        });
    });
}

async fn carry_out(id: u32, command: WorkerCommand, signal: Option<&AbortSignal>) -> Result<WorkerReply, CommandError> {
    let yielder = Yielder::new(signal, yield_to_messages);
    match command {
        WorkerCommand::Cancel => Ok(WorkerReply::Cancelled),
        WorkerCommand::Load { network, options, weights } => {
            let graph = net::network(&network)?.with_options(options)?;
            let source = match weights {
                SendableWeights::Seed(seed) => TensorSource::seeded(&graph, seed),
                SendableWeights::Blob(blob) => TensorSource::open(&graph, Box::new(BlobBytes(blob))).await?,
            };
            let weights = read_all(&graph, &source, &yielder).await?;
            KEPT.replace(PassOutputs::default());
            NETWORK.replace(Some(Rc::new(CpuNetwork::from_weights(&graph, weights)?)));
            Ok(WorkerReply::Loaded)
        }
        WorkerCommand::Pass { input, nodes, streaming, effects, stale } => {
            let network = NETWORK.with_borrow(Clone::clone).ok_or(CommandError::NoNetwork)?;
            let effects = effects.as_ref().unwrap_or(AblationFactors::NONE);
            let requested = RequestedOutputs { nodes: &nodes, streaming, effects, stale: stale.as_deref() };
            pass(id, &network, &input.0, requested, &yielder).await
        }
    }
}

/// The requested outputs of a pass.
struct RequestedOutputs<'a> {
    nodes: &'a [NodeId],
    /// True if each output is sent as soon as it is computed, false if all are sent at the end.
    streaming: bool,
    effects: &'a AblationFactors,
    /// The nodes whose outputs differ from those of the last streaming pass; none if all may differ.
    stale: Option<&'a [NodeId]>,
}

async fn pass<R: AsyncFn()>(
    id: u32,
    network: &CpuNetwork,
    input: &Float32Array,
    RequestedOutputs { nodes, streaming, effects, stale }: RequestedOutputs<'_>,
    yielder: &Yielder<'_, R>,
) -> Result<WorkerReply, CommandError> {
    let kept = match stale {
        Some(stale) => {
            let flags: Vec<bool> = network.graph().iter().map(|(id, _)| stale.contains(&id)).collect();
            KEPT.take().without(&flags)
        }
        None => PassOutputs::default(),
    };
    let mut pass = network.begin_ablated(input.to_vec(), &KeptOutputs::Nodes(nodes.to_vec()), effects, kept)?;
    let total = pass.size_hint().1.unwrap_or(0);
    let (mut steps, mut done, mut reported_ms) = (Vec::new(), 0, now_ms());
    let mut unsent: Vec<NodeId> = if streaming { nodes.to_vec() } else { Vec::new() };
    unsent.retain(|node| stale.is_none_or(|stale| stale.contains(node)));
    unsent.sort_unstable();
    unsent.dedup();
    loop {
        yielder.yield_if_due().await?;
        let start = now_ms();
        let Some(node) = pass.next() else { break };
        let (node, now) = (node?, now_ms());
        done += 1;
        steps.push(Step { done, total, node, milliseconds: now - start });
        if now - reported_ms >= REPORT_MS {
            // Nodes run in their order. The output of a fused node is computed with the step that it is part of.
            let reached = unsent.partition_point(|&other| other <= node);
            let outputs: Vec<(NodeId, Values)> =
                unsent[..reached].iter().filter_map(|&node| Some((node, output(&pass, node)?))).collect();
            unsent.retain(|node| !outputs.iter().any(|(sent, _)| sent == node));
            reply(id, &WorkerReply::Steps(steps.as_slice().into(), outputs));
            steps.clear();
            reported_ms = now_ms();
        }
    }
    if streaming {
        let outputs = unsent.into_iter().filter_map(|node| Some((node, output(&pass, node)?))).collect();
        reply(id, &WorkerReply::Steps(steps.as_slice().into(), outputs));
        steps.clear();
        KEPT.replace(pass.into_outputs());
        return Ok(WorkerReply::Passed { steps: steps.as_slice().into(), outputs: Vec::new() });
    }
    let output = |&node: &NodeId| output(&pass, node).unwrap_or_else(|| Values(Float32Array::new_with_length(0)));
    Ok(WorkerReply::Passed { steps: steps.as_slice().into(), outputs: nodes.iter().map(output).collect() })
}

/// Copies the output of a node for the page; none if it was not computed.
fn output(pass: &CpuPass<'_>, node: NodeId) -> Option<Values> {
    pass.output(node, |values| Values(Float32Array::from(values)))
}

/// Reads all tensors of a source, a few megabytes at a time.
async fn read_all<R: AsyncFn()>(
    graph: &Graph,
    source: &TensorSource,
    yielder: &Yielder<'_, R>,
) -> Result<Weights, CommandError> {
    let mut tensors = BTreeMap::new();
    for (name, dims) in source.tensors() {
        let row: usize = dims.iter().skip(1).product();
        let rows = dims.first().copied().unwrap_or(1);
        let step = (READ_VALUES / row.max(1)).max(1);
        let mut values = Vec::with_capacity(rows * row);
        for start in (0..rows).step_by(step) {
            values.extend(source.load_rows(name, start..rows.min(start + step)).await?);
            yielder.yield_if_due().await?;
        }
        tensors.insert(name.to_owned(), Array { dims: dims.to_vec(), values });
    }
    Ok(Weights::new(graph, tensors, source.metadata().clone())?)
}
