//! The engines that run the networks of scripts, and the rules for replacing one that fails.

use std::cell::RefCell;

use leptos::prelude::window;
use web_sys::AbortSignal;

use super::error::{EngineNote, GpuUnused, SessionError};
use super::rows::YieldingRows;
use crate::app::browser::clock::yield_to_browser;
use crate::app::browser::yielding::Yielder;
use crate::app::worker::{CpuWorker, SendableWeights, Step, WorkerError, WorkerOutput};
use engine::gpu::{Gpu, GpuError, GpuNetwork, GpuOptions, NetworkOptions, Tuning, tune};
use engine::{AnyEngine, EngineChoice, EngineKind, KeptOutputs, PassRequest};
use net::{AblationFactors, Graph, NodeId};
use weights::TensorSource;

/// Devices that are tried before the CPU takes the GPU's place.
const MAX_DEVICES: usize = 3;
/// The longest time for which the kernels of a network are measured, in milliseconds.
const TUNE_MS: f64 = 1500.0;
/// The key of the local storage that holds the fastest kernels of each adapter.
const TUNING_KEY: &str = "layerscope.tuning";

thread_local! {
    /// The device of this session. The stage has a device of its own, so that neither loses the other.
    static GPU: RefCell<Option<Gpu>> = const { RefCell::new(None) };
}

/// The engine of a pass, and the time for choosing its kernels.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct EngineRequest {
    pub(in crate::app) engine: EngineChoice,
    /// The time for which kernels may be measured before a network is built on the GPU, in milliseconds. The default is
    /// [`TUNE_MS`], and no time on an emulated GPU, for which the default kernels are chosen.
    pub(in crate::app) tune_ms: Option<f64>,
}

impl EngineRequest {
    /// Makes a request for `engine` with the default time for choosing kernels.
    pub(in crate::app) fn new(engine: EngineChoice) -> Self {
        Self { engine, tune_ms: None }
    }
}

/// A network of a script on an engine. The CPU engine runs in a worker.
pub(super) type SessionEngine = AnyEngine<CpuWorker, Box<GpuNetwork>>;

/// The result of a pass.
#[derive(Debug)]
pub(in crate::app) struct SessionResult {
    /// The engine that ran it.
    pub(in crate::app) engine: EngineKind,
    /// The reason for another engine than the requested one, or for repeating the pass.
    pub(in crate::app) note: Option<EngineNote>,
    /// The time of the pass, in milliseconds.
    pub(in crate::app) milliseconds: f64,
    /// The outputs of the requested nodes, in their order.
    pub(in crate::app) outputs: Vec<Vec<f32>>,
}

/// Receives the steps of a pass on the CPU as they are completed.
pub(in crate::app) type StepListener<'a> = dyn Fn(Step) + 'a;

/// A pass to run.
pub(super) struct SessionPass<'a> {
    pub(super) graph: &'a Graph,
    pub(super) source: &'a TensorSource,
    /// The same weights in the form that can be sent to a worker.
    pub(super) sendable: &'a SendableWeights,
    pub(super) input: &'a [f32],
    /// The nodes whose outputs are requested.
    pub(super) nodes: &'a [NodeId],
    pub(super) signal: Option<&'a AbortSignal>,
    pub(super) steps: &'a StepListener<'a>,
}

/// Returns the name of the session's device; empty if it has none.
pub(in crate::app) fn adapter() -> String {
    GPU.with_borrow(|gpu| gpu.as_ref().map_or_else(String::new, |gpu| gpu.name().to_owned()))
}

/// Destroys the session's device, as a driver or a browser may at any time. Only tests call it.
pub(in crate::app) fn lose_device() {
    if let Some(gpu) = GPU.with_borrow(Clone::clone) {
        gpu.destroy();
    }
}

/// Returns the session's device, or a new one if it has none or lost it.
async fn device() -> Result<Gpu, GpuError> {
    if let Some(gpu) = GPU.with_borrow(Clone::clone).filter(|gpu| !gpu.is_lost()) {
        return Ok(gpu);
    }
    let gpu = Gpu::new(&GpuOptions::default()).await?;
    GPU.replace(Some(gpu.clone()));
    Ok(gpu)
}

impl SessionPass<'_> {
    /// Runs the pass on the requested engine, or on the CPU if that engine fails. `engine` holds the network of the
    /// last pass, if any, and then the network of this pass.
    pub(super) async fn run(
        &self,
        request: EngineRequest,
        engine: &mut Option<SessionEngine>,
    ) -> Result<SessionResult, SessionError> {
        let EngineRequest { engine: choice, tune_ms } = request;
        if choice == EngineChoice::Only(EngineKind::Cpu) {
            return self.on_cpu(engine, None).await;
        }
        let mut note = None;
        for _ in 0..MAX_DEVICES {
            if self.signal.is_some_and(AbortSignal::aborted) {
                return Err(SessionError::Cancelled);
            }
            let gpu = match device().await {
                Ok(gpu) => gpu,
                Err(error) => return self.on_cpu(engine, Some(EngineNote::CpuInstead(GpuUnused::Failed(error)))).await,
            };
            if choice == EngineChoice::Auto && gpu.is_software() {
                let reason = GpuUnused::Software { adapter: gpu.name().to_owned() };
                return self.on_cpu(engine, Some(EngineNote::CpuInstead(reason))).await;
            }
            match self.on_gpu(&gpu, tune_ms, engine).await {
                Ok((milliseconds, outputs)) => {
                    return Ok(SessionResult { engine: EngineKind::Gpu, note, milliseconds, outputs });
                }
                Err(_) if self.signal.is_some_and(AbortSignal::aborted) => return Err(SessionError::Cancelled),
                // Wrong weights or inputs fail on the CPU too.
                Err(error @ (GpuError::Tensor { .. } | GpuError::Input { .. } | GpuError::Slice { .. })) => {
                    *engine = None;
                    return Err(error.into());
                }
                Err(GpuError::Lost { reason }) => {
                    *engine = None;
                    note = Some(EngineNote::Repeated { reason });
                }
                Err(error) => {
                    *engine = None;
                    return self.on_cpu(engine, Some(EngineNote::CpuInstead(GpuUnused::Failed(error)))).await;
                }
            }
        }
        self.on_cpu(engine, Some(EngineNote::CpuInstead(GpuUnused::LostAgain))).await
    }

    async fn on_gpu(
        &self,
        gpu: &Gpu,
        tune_ms: Option<f64>,
        engine: &mut Option<SessionEngine>,
    ) -> Result<(f64, Vec<Vec<f32>>), GpuError> {
        let ready = matches!(engine, Some(AnyEngine::Gpu(network)) if !network.gpu().is_lost());
        if !ready {
            // Free the memory of the former network before the new one is built.
            *engine = None;
            let tuning = tuning(gpu, self.graph, tune_ms).await?;
            let keep = KeptOutputs::Nodes(vec![self.graph.logits, self.graph.probabilities]);
            let yielder = Yielder::new(self.signal, yield_to_browser);
            let rows = YieldingRows { source: self.source, yielder: &yielder };
            let options = NetworkOptions { keep, tuning };
            *engine = Some(AnyEngine::Gpu(Box::new(GpuNetwork::build(gpu, self.graph, &rows, options).await?)));
        }
        let Some(AnyEngine::Gpu(network)) = engine else {
            return Err(GpuError::Lost { reason: "there is no network on it".to_owned() });
        };
        let effects = AblationFactors::NONE;
        let request = PassRequest { input: self.input, nodes: self.nodes, effects, timed: false };
        let result = engine::Engine::pass(network, &request).await?;
        Ok((result.elapsed_ms, result.outputs))
    }

    async fn on_cpu(
        &self,
        engine: &mut Option<SessionEngine>,
        note: Option<EngineNote>,
    ) -> Result<SessionResult, SessionError> {
        let result = self.in_worker(engine).await;
        if matches!(result, Err(WorkerError::Died { .. })) {
            *engine = None;
        }
        let WorkerOutput { outputs, milliseconds } = result?;
        Ok(SessionResult { engine: EngineKind::Cpu, note, milliseconds, outputs })
    }

    async fn in_worker(&self, engine: &mut Option<SessionEngine>) -> Result<WorkerOutput, WorkerError> {
        if !matches!(engine, Some(AnyEngine::Cpu(_))) {
            *engine = None;
            *engine = Some(AnyEngine::Cpu(CpuWorker::start(self.graph, self.sendable.clone(), self.signal).await?));
        }
        match engine {
            Some(AnyEngine::Cpu(worker)) => {
                worker
                    .begin_pass(self.input, self.nodes.to_vec(), AblationFactors::NONE)?
                    .finish(self.signal, self.steps)
                    .await
            }
            _ => Err(WorkerError::Died { reason: "it was not started".to_owned() }),
        }
    }
}

/// Returns the fastest kernels on this device: those of earlier sessions, and those measured for this network now.
async fn tuning(gpu: &Gpu, graph: &Graph, tune_ms: Option<f64>) -> Result<Tuning, GpuError> {
    let storage = window().local_storage().ok().flatten();
    let stored = storage.as_ref().and_then(|storage| storage.get_item(TUNING_KEY).ok().flatten());
    let mut tuning: Tuning = stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let budget = tune_ms.unwrap_or(if gpu.is_software() { 0.0 } else { TUNE_MS });
    if budget > 0.0
        && tune(gpu, graph, &mut tuning, budget).await? > 0
        && let (Some(storage), Ok(text)) = (storage, serde_json::to_string(&tuning))
    {
        // If the browser refuses, the kernels are measured again the next time.
        let _ = storage.set_item(TUNING_KEY, &text);
    }
    Ok(tuning)
}
