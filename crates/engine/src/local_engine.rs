//! A network on either engine, in this thread: the engine of the command line.

use std::cell::RefCell;
use std::ops::Range;

use crate::any_engine::{AnyEngine, PassError};
use crate::clock::Stopwatch;
use crate::cpu::{CpuError, CpuNetwork};
use crate::facade::EngineKind;
use crate::gpu::{Gpu, GpuError, GpuNetwork, GpuOptions, Kernel, NetworkOptions, TensorRows, Tuning, tune};
use crate::kept_outputs::KeptOutputs;
use net::{Graph, NodeId};
use weights::{TensorSource, Weights, WeightsError};

/// An error of an engine that runs in this thread.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The CPU engine failed.
    Cpu(#[from] CpuError),
    /// The GPU engine failed.
    Gpu(#[from] GpuError),
    /// The weights cannot be read.
    Weights(#[from] WeightsError),
}

impl From<CpuError> for PassError<CpuError> {
    fn from(error: CpuError) -> Self {
        Self::Cpu(error)
    }
}

impl From<PassError<CpuError>> for EngineError {
    fn from(error: PassError<CpuError>) -> Self {
        match error {
            PassError::Cpu(error) => Self::Cpu(error),
            PassError::Gpu(error) => Self::Gpu(error),
        }
    }
}

/// The time of one step of a pass, run by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepTime {
    /// The node whose output it computes, or `None` if it measures extents.
    pub node: Option<NodeId>,
    /// The name of the kernel, on the GPU.
    pub kernel: Option<&'static str>,
    /// The time in milliseconds.
    pub elapsed_ms: f64,
}

/// Options for building a [`LocalEngine`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EngineOptions {
    /// The outputs to keep after a pass. Ablation needs all of them on the GPU.
    pub keep: KeptOutputs,
    /// The most milliseconds to spend on measuring which kernels are fastest on the GPU. 0 chooses the default kernels.
    pub tune_ms: f64,
}

/// A network on an engine that runs in this thread.
pub type LocalEngine = AnyEngine<Box<CpuNetwork>, Box<GpuNetwork>>;

impl LocalEngine {
    /// Builds `graph` with the tensors of `source`. Tensors go to the GPU some rows at a time.
    ///
    /// # Errors
    /// [`EngineError::Weights`] if a tensor cannot be read, and errors of the engine.
    pub async fn build(
        kind: EngineKind,
        graph: &Graph,
        source: &TensorSource,
        options: EngineOptions,
    ) -> Result<Self, EngineError> {
        if kind == EngineKind::Cpu {
            let weights = Weights::from_source(source).await?;
            return Ok(Self::Cpu(Box::new(CpuNetwork::from_weights(graph, weights)?)));
        }
        let gpu = Gpu::new(&GpuOptions::default()).await?;
        let mut tuning = Tuning::default();
        if options.tune_ms > 0.0 {
            tune(&gpu, graph, &mut tuning, options.tune_ms).await?;
        }
        let rows = SourceRows { source, fault: RefCell::default() };
        let built = GpuNetwork::build(&gpu, graph, &rows, NetworkOptions { keep: options.keep, tuning }).await;
        match rows.fault.into_inner() {
            Some(fault) => Err(fault.into()),
            None => Ok(Self::Gpu(Box::new(built?))),
        }
    }

    /// Runs a pass for the outputs of `nodes` and returns the time of each step by itself.
    ///
    /// On the GPU each dispatch is submitted and awaited separately, on the values of the last pass.
    ///
    /// # Errors
    /// Errors of the engine.
    pub async fn profile(&self, input: &[f32], nodes: &[NodeId]) -> Result<Vec<StepTime>, EngineError> {
        match self {
            Self::Cpu(network) => {
                let mut pass = network.begin(input.to_vec(), &KeptOutputs::Nodes(nodes.to_vec()), true)?;
                let mut times = Vec::new();
                loop {
                    let stopwatch = Stopwatch::start();
                    let Some(node) = pass.next() else { return Ok(times) };
                    times.push(StepTime { node: Some(node?), kernel: None, elapsed_ms: stopwatch.elapsed_ms() });
                }
            }
            Self::Gpu(network) => {
                let times = network.profile().await?.into_iter();
                let time = |(node, kernel, elapsed_ms): (_, Kernel, _)| StepTime {
                    node,
                    kernel: Some(kernel.name()),
                    elapsed_ms,
                };
                Ok(times.map(time).collect())
            }
        }
    }
}

/// Rows of a source of tensors. It keeps the first error of the source.
struct SourceRows<'a> {
    source: &'a TensorSource,
    fault: RefCell<Option<WeightsError>>,
}

impl TensorRows for SourceRows<'_> {
    async fn rows(&self, name: &str, rows: Range<usize>) -> Result<Vec<f32>, GpuError> {
        self.source.load_rows(name, rows).await.map_err(|error| {
            let fault = GpuError::Tensor { name: name.to_owned(), reason: error.to_string() };
            self.fault.borrow_mut().get_or_insert(error);
            fault
        })
    }
}
