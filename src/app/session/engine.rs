//! The engines of a session: which of them serves, and what is done when one fails.

use std::cell::RefCell;

use leptos::prelude::window;
use web_sys::AbortSignal;

use super::rows::Rows;
use super::{NotServed, Note, SessionError};
use crate::app::clock::yield_to_browser;
use crate::app::worker::{CpuWorker, Outcome as WorkerOutcome, Parcel, Step, WorkerError};
use crate::app::yielding::Yielder;
use engine::gpu::{Gpu, GpuError, GpuNetwork, GpuOptions, NetworkOptions, ReadbackRequest, Tuning, tune};
use engine::{KeptOutputs, OutputSlice};
use net::{Graph, NodeId};
use weights::TensorSource;

/// Devices that are tried before the CPU takes over.
const MOST_DEVICES: usize = 3;
/// The most that the kernels of a network are measured, in milliseconds.
const TUNE_MS: f64 = 1500.0;
/// Where it is remembered which kernel is the fastest on which adapter.
const TUNING_KEY: &str = "layerscope.tuning";

thread_local! {
    /// The session's device: another than the one that draws, so that neither takes the other down.
    static GPU: RefCell<Option<Gpu>> = const { RefCell::new(None) };
}

/// The engine that a script asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Wish {
    /// The GPU where there is one, the CPU where there is none or it is software itself.
    Auto,
    /// The GPU, if it can.
    Gpu,
    /// The CPU.
    Cpu,
}

/// On what a pass is to run.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct Demand {
    pub(in crate::app) wish: Wish,
    /// Milliseconds in which kernels may be measured before a network is built on the GPU. By default [`TUNE_MS`]; none
    /// on software, for which the kernels are made that serve there by default.
    pub(in crate::app) tune_ms: Option<f64>,
}

impl Demand {
    /// What `wish` says, and measured as by default.
    pub(in crate::app) fn of(wish: Wish) -> Self {
        Self { wish, tune_ms: None }
    }
}

/// A network on an engine.
pub(super) enum Engine {
    Gpu(Box<GpuNetwork>),
    Cpu(CpuWorker),
}

/// What a pass gave.
#[derive(Debug)]
pub(in crate::app) struct Outcome {
    /// `gpu` or `cpu`.
    pub(in crate::app) engine: &'static str,
    /// Why it is another engine than the one that was asked for, or what happened on the way.
    pub(in crate::app) note: Option<Note>,
    /// How long the pass took.
    pub(in crate::app) milliseconds: f64,
    /// The outputs of the nodes asked for, in their order.
    pub(in crate::app) outputs: Vec<Vec<f32>>,
}

/// Is told how far a pass on the CPU is.
pub(in crate::app) type Steps<'a> = dyn Fn(Step) + 'a;

/// What is to be passed.
pub(super) struct Pass<'a> {
    pub(super) graph: &'a Graph,
    pub(super) source: &'a TensorSource,
    /// The same weights, as a worker takes them.
    pub(super) parcel: &'a Parcel,
    pub(super) input: &'a [f32],
    /// The nodes whose outputs are wanted.
    pub(super) nodes: &'a [NodeId],
    pub(super) signal: Option<&'a AbortSignal>,
    pub(super) steps: &'a Steps<'a>,
}

/// The name of the session's device; empty where it has none.
pub(in crate::app) fn adapter() -> String {
    GPU.with_borrow(|gpu| gpu.as_ref().map_or_else(String::new, |gpu| gpu.name().to_owned()))
}

/// Destroys the session's device, as a driver or a browser may at any time: for tests.
pub(in crate::app) fn lose_device() {
    if let Some(gpu) = GPU.with_borrow(Clone::clone) {
        gpu.destroy();
    }
}

/// The session's device; a new one where it has none or lost it.
async fn device() -> Result<Gpu, GpuError> {
    if let Some(gpu) = GPU.with_borrow(Clone::clone).filter(|gpu| !gpu.is_lost()) {
        return Ok(gpu);
    }
    let gpu = Gpu::new(&GpuOptions::default()).await?;
    GPU.replace(Some(gpu.clone()));
    Ok(gpu)
}

impl Pass<'_> {
    /// Runs it on the engine that `demand` names, or on the CPU where that one cannot. `engine` is the network of the
    /// last pass, if any, and that of this one afterwards.
    pub(super) async fn run(&self, demand: Demand, engine: &mut Option<Engine>) -> Result<Outcome, SessionError> {
        let Demand { wish, tune_ms } = demand;
        if wish == Wish::Cpu {
            return self.on_cpu(engine, None).await;
        }
        let mut note = None;
        for _ in 0..MOST_DEVICES {
            if self.signal.is_some_and(AbortSignal::aborted) {
                return Err(SessionError::Cancelled);
            }
            let gpu = match device().await {
                Ok(gpu) => gpu,
                Err(error) => return self.on_cpu(engine, Some(Note::Served(NotServed::Fails(error)))).await,
            };
            if wish == Wish::Auto && gpu.is_software() {
                let why = NotServed::Software { adapter: gpu.name().to_owned() };
                return self.on_cpu(engine, Some(Note::Served(why))).await;
            }
            match self.on_gpu(&gpu, tune_ms, engine).await {
                Ok((milliseconds, outputs)) => return Ok(Outcome { engine: "gpu", note, milliseconds, outputs }),
                Err(_) if self.signal.is_some_and(AbortSignal::aborted) => return Err(SessionError::Cancelled),
                // What is wrong with the weights is so on the CPU too.
                Err(error @ (GpuError::Tensor { .. } | GpuError::Input { .. } | GpuError::Slice { .. })) => {
                    *engine = None;
                    return Err(error.into());
                }
                Err(GpuError::Lost { reason }) => {
                    *engine = None;
                    note = Some(Note::Repeated { reason });
                }
                Err(error) => {
                    *engine = None;
                    return self.on_cpu(engine, Some(Note::Served(NotServed::Fails(error)))).await;
                }
            }
        }
        self.on_cpu(engine, Some(Note::Served(NotServed::LostAgain))).await
    }

    async fn on_gpu(
        &self,
        gpu: &Gpu,
        tune_ms: Option<f64>,
        engine: &mut Option<Engine>,
    ) -> Result<(f64, Vec<Vec<f32>>), GpuError> {
        let ready = matches!(engine, Some(Engine::Gpu(network)) if !network.gpu().is_lost());
        if !ready {
            // The former network's memory goes before the new one's comes.
            *engine = None;
            let tuning = tuning(gpu, self.graph, tune_ms).await?;
            let keep = KeptOutputs::Nodes(vec![self.graph.logits, self.graph.probabilities]);
            let yielder = Yielder::new(self.signal, yield_to_browser);
            let rows = Rows { source: self.source, yielder: &yielder };
            let options = NetworkOptions { keep, tuning };
            *engine = Some(Engine::Gpu(Box::new(GpuNetwork::build(gpu, self.graph, &rows, options).await?)));
        }
        let Some(Engine::Gpu(network)) = engine else {
            return Err(GpuError::Lost { reason: "there is no network on it".to_owned() });
        };
        let slices = self.nodes.iter().map(|&node| OutputSlice::whole(self.graph, node)).collect();
        let reading = network.pass(self.input, &ReadbackRequest { slices, extents: false }, None).await?;
        Ok((reading.elapsed_ms, reading.slices))
    }

    async fn on_cpu(&self, engine: &mut Option<Engine>, note: Option<Note>) -> Result<Outcome, SessionError> {
        let result = self.in_worker(engine).await;
        if matches!(result, Err(WorkerError::Died { .. })) {
            *engine = None;
        }
        let WorkerOutcome { outputs, milliseconds } = result?;
        Ok(Outcome { engine: "cpu", note, milliseconds, outputs })
    }

    async fn in_worker(&self, engine: &mut Option<Engine>) -> Result<WorkerOutcome, WorkerError> {
        if !matches!(engine, Some(Engine::Cpu(_))) {
            *engine = None;
            *engine = Some(Engine::Cpu(CpuWorker::start(self.graph.name, self.parcel.clone(), self.signal).await?));
        }
        match engine {
            Some(Engine::Cpu(worker)) => {
                worker.pass(self.input, self.nodes.to_vec())?.finish(self.signal, self.steps).await
            }
            _ => Err(WorkerError::Died { reason: "it was not started".to_owned() }),
        }
    }
}

/// Which kernels are the fastest here: what is remembered, and what is measured for this network now.
async fn tuning(gpu: &Gpu, graph: &Graph, tune_ms: Option<f64>) -> Result<Tuning, GpuError> {
    let storage = window().local_storage().ok().flatten();
    let kept = storage.as_ref().and_then(|storage| storage.get_item(TUNING_KEY).ok().flatten());
    let mut tuning: Tuning = kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let budget = tune_ms.unwrap_or(if gpu.is_software() { 0.0 } else { TUNE_MS });
    if budget > 0.0
        && tune(gpu, graph, &mut tuning, budget).await? > 0
        && let (Some(storage), Ok(text)) = (storage, serde_json::to_string(&tuning))
    {
        // Where nothing is kept, it is measured again the next time.
        let _ = storage.set_item(TUNING_KEY, &text);
    }
    Ok(tuning)
}
