//! The worker's side: one network, passes one after another.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::Float32Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, AbortSignal, DedicatedWorkerGlobalScope, MessageEvent};

use super::wire::{Answer, Order, Parcel, Step, Word};
use crate::app::clock::{now_ms, yield_to_messages};
use crate::app::yielding::{CancelledError, Yielder};
use engine::KeptOutputs;
use engine::cpu::{CpuError, CpuNetwork, CpuPass, PassOutputs};
use net::{self, AblationFactors, Ablations, Graph, NetError, NodeId};
use weights::{Array, BlobBytes, TensorSource, Weights, WeightsError};

/// Values that are taken from a source at once.
const PIECE_VALUES: usize = 1 << 20;
/// Milliseconds after which the page is told what has been done: half a frame. A message costs more than a small step.
const TELL_MS: f64 = 8.0;

thread_local! {
    static NETWORK: RefCell<Option<Rc<CpuNetwork>>> = const { RefCell::new(None) };
    /// What the last pass that flowed has left: under other cuts the next goes on from there.
    static KEPT: RefCell<PassOutputs> = RefCell::default();
    /// What can still be cancelled.
    static UNDER_WAY: RefCell<BTreeMap<u32, AbortController>> = const { RefCell::new(BTreeMap::new()) };
}

/// Why an order is not carried out.
#[derive(Debug, thiserror::Error)]
enum Fault {
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

/// Whether this is a worker: there is no document.
pub(in crate::app) fn is_here() -> bool {
    js_sys::global().is_instance_of::<DedicatedWorkerGlobalScope>()
}

/// Whether this is a worker that was called `name`.
pub(in crate::app) fn is_called(name: &str) -> bool {
    js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>().is_ok_and(|scope| scope.name() == name)
}

/// Sends the page a message; what is `moved` is not copied.
pub(in crate::app) fn post(message: &js_sys::Object, moved: &js_sys::Array) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    // What cannot be sent cannot be told either.
    let _ = scope.post_message_with_transfer(message, moved);
}

fn answer(id: u32, answer: &Answer) {
    let (message, moved) = answer.write(id);
    post(&message, &moved);
}

/// Has `take` hear what the page sends until it ends the worker, and a panic be told.
pub(in crate::app) fn open(take: impl Fn(MessageEvent) + 'static) {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        post(&Word::Died(info.to_string()).write(), &js_sys::Array::new());
    }));
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let take = Closure::<dyn Fn(MessageEvent)>::new(take);
    scope.set_onmessage(Some(take.as_ref().unchecked_ref()));
    take.forget();
    post(&Word::Ready.write(), &js_sys::Array::new());
}

/// Takes orders until the page ends the worker.
pub(in crate::app) fn serve() {
    open(|event: MessageEvent| {
        let Some((id, order)) = Order::read(&event.data()) else { return };
        if let Order::Cancel = order {
            if let Some(controller) = UNDER_WAY.with_borrow(|all| all.get(&id).cloned()) {
                controller.abort();
            }
            return;
        }
        spawn_local(async move {
            let controller = AbortController::new().ok();
            let signal = controller.as_ref().map(AbortController::signal);
            if let Some(controller) = controller {
                UNDER_WAY.with_borrow_mut(|all| all.insert(id, controller));
            }
            let result = carry_out(id, order, signal.as_ref()).await;
            UNDER_WAY.with_borrow_mut(|all| all.remove(&id));
            answer(
                id,
                &result.unwrap_or_else(|fault| match fault {
                    Fault::Cancelled(_) => Answer::Cancelled,
                    other => Answer::Failed(other.to_string()),
                }),
            );
        });
    });
}

async fn carry_out(id: u32, order: Order, signal: Option<&AbortSignal>) -> Result<Answer, Fault> {
    let yielder = Yielder::new(signal, yield_to_messages);
    match order {
        Order::Cancel => Ok(Answer::Cancelled),
        Order::Load { network, weights } => {
            let graph = net::network(&network)?;
            let source = match weights {
                Parcel::Seed(seed) => TensorSource::seeded(&graph, seed),
                Parcel::Blob(blob) => TensorSource::open(&graph, Box::new(BlobBytes(blob))).await?,
            };
            let weights = all(&graph, &source, &yielder).await?;
            KEPT.replace(PassOutputs::default());
            NETWORK.replace(Some(Rc::new(CpuNetwork::from_weights(&graph, weights)?)));
            Ok(Answer::Loaded)
        }
        Order::Pass { input, nodes, flow, cuts, stale } => {
            let network = NETWORK.with_borrow(Clone::clone).ok_or(Fault::NoNetwork)?;
            let effects = Ablations::read(network.graph(), &cuts)?.effects(network.graph());
            let wanted = Wanted { nodes: &nodes, flow, effects: &effects, stale: stale.as_deref() };
            pass(id, &network, &input, wanted, &yielder).await
        }
    }
}

/// The outputs that a pass is to give.
struct Wanted<'a> {
    nodes: &'a [NodeId],
    /// Each when it is there; else all at the end.
    flow: bool,
    effects: &'a AblationFactors,
    /// The nodes whose outputs are other ones than those of the last pass that flowed; none where all are.
    stale: Option<&'a [NodeId]>,
}

async fn pass<R: AsyncFn()>(
    id: u32,
    network: &CpuNetwork,
    input: &Float32Array,
    Wanted { nodes, flow, effects, stale }: Wanted<'_>,
    yielder: &Yielder<'_, R>,
) -> Result<Answer, Fault> {
    let kept = match stale {
        Some(stale) => {
            let flags: Vec<bool> = network.graph().iter().map(|(id, _)| stale.contains(&id)).collect();
            KEPT.take().without(&flags)
        }
        None => PassOutputs::default(),
    };
    let mut pass = network.begin_ablated(input.to_vec(), &KeptOutputs::Nodes(nodes.to_vec()), effects, kept)?;
    let total = pass.size_hint().1.unwrap_or(0);
    let (mut steps, mut done, mut told) = (Vec::new(), 0, now_ms());
    let mut left: Vec<NodeId> = if flow { nodes.to_vec() } else { Vec::new() };
    left.retain(|node| stale.is_none_or(|stale| stale.contains(node)));
    left.sort_unstable();
    left.dedup();
    loop {
        yielder.yield_if_due().await?;
        let start = now_ms();
        let Some(node) = pass.next() else { break };
        let (node, now) = (node?, now_ms());
        done += 1;
        steps.push(Step { done, total, node, milliseconds: now - start });
        if now - told >= TELL_MS {
            // Nodes run in their order; what was folded into another's step is there with it.
            let reached = left.partition_point(|&other| other <= node);
            let outputs: Vec<(NodeId, Float32Array)> =
                left[..reached].iter().filter_map(|&node| Some((node, output(&pass, node)?))).collect();
            left.retain(|node| !outputs.iter().any(|(told, _)| told == node));
            answer(id, &Answer::Steps(std::mem::take(&mut steps), outputs));
            told = now_ms();
        }
    }
    if flow {
        let outputs = left.into_iter().filter_map(|node| Some((node, output(&pass, node)?))).collect();
        answer(id, &Answer::Steps(std::mem::take(&mut steps), outputs));
        KEPT.replace(pass.into_outputs());
        return Ok(Answer::Passed { steps, outputs: Vec::new() });
    }
    let output = |&node: &NodeId| output(&pass, node).unwrap_or_else(|| Float32Array::new_with_length(0));
    Ok(Answer::Passed { steps, outputs: nodes.iter().map(output).collect() })
}

/// The output of a node, copied for the page; none where it is not there.
fn output(pass: &CpuPass<'_>, node: NodeId) -> Option<Float32Array> {
    pass.output(node, |values| Float32Array::from(values))
}

/// All tensors of a source, some megabytes at a time.
async fn all<R: AsyncFn()>(graph: &Graph, source: &TensorSource, yielder: &Yielder<'_, R>) -> Result<Weights, Fault> {
    let mut tensors = BTreeMap::new();
    for (name, dims) in source.tensors() {
        let row: usize = dims.iter().skip(1).product();
        let rows = dims.first().copied().unwrap_or(1);
        let step = (PIECE_VALUES / row.max(1)).max(1);
        let mut values = Vec::with_capacity(rows * row);
        for start in (0..rows).step_by(step) {
            values.extend(source.load_rows(name, start..rows.min(start + step)).await?);
            yielder.yield_if_due().await?;
        }
        tensors.insert(name.to_owned(), Array { dims: dims.to_vec(), values });
    }
    Ok(Weights::new(graph, tensors, source.metadata().clone())?)
}
