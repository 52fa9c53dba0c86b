//! The network that `bench` times: built on one engine to compute the logits alone.

use std::time::Instant;

use crate::engine::EngineKind;
use crate::error::CliError;
use analysis::timing::{LayerTime, STEP_PASSES, TimedStep};
use engine::cpu::CpuNetwork;
use engine::gpu::{Gpu, GpuNetwork, GpuOptions, NetworkOptions, ReadbackRequest, Tuning, tune};
use engine::{KeptOutputs, OutputSlice};
use net::Graph;
use weights::Weights;

/// A network on one engine.
pub(super) enum Subject {
    /// The CPU engine (candle).
    Cpu(Box<CpuNetwork>),
    /// The GPU engine (WGSL).
    Gpu(Box<GpuNetwork>),
}

impl Subject {
    /// Builds `graph` with seeded weights so that a pass returns the logits and keeps no other output.
    ///
    /// On the GPU, the kernels are chosen by measurements that take at most `tune_ms` milliseconds.
    pub(super) fn new(kind: EngineKind, graph: &Graph, tune_ms: f64) -> Result<Self, CliError> {
        let weights = Weights::seeded(graph, 1);
        if kind == EngineKind::Cpu {
            return Ok(Self::Cpu(Box::new(CpuNetwork::from_weights(graph, weights)?)));
        }
        let network = pollster::block_on(async {
            let gpu = Gpu::new(&GpuOptions::default()).await?;
            let mut tuning = Tuning::default();
            tune(&gpu, graph, &mut tuning, tune_ms).await?;
            let options = NetworkOptions { keep: KeptOutputs::Nodes(vec![graph.logits]), tuning };
            GpuNetwork::build(&gpu, graph, &weights, options).await
        })?;
        Ok(Self::Gpu(Box::new(network)))
    }

    /// Returns the name of the GPU, or an empty text on the CPU.
    pub(super) fn adapter(&self) -> &str {
        match self {
            Self::Cpu(_) => "",
            Self::Gpu(network) => network.gpu().name(),
        }
    }

    /// Runs one pass over `input` (`[channels, height, width]`) and returns the milliseconds until the logits are on
    /// the CPU.
    pub(super) fn pass(&self, graph: &Graph, input: &[f32]) -> Result<f64, CliError> {
        let start = Instant::now();
        match self {
            Self::Cpu(network) => {
                network.pass_to(input, &[graph.logits])?;
            }
            Self::Gpu(network) => {
                let slice = OutputSlice::whole(graph, graph.logits);
                let read = ReadbackRequest { slices: vec![slice], extents: false };
                pollster::block_on(network.pass(input, &read, None))?;
            }
        }
        Ok(milliseconds(start))
    }

    /// Returns the time of each step of a pass, measured over [`STEP_PASSES`] passes.
    pub(super) fn layers(&self, graph: &Graph, input: &[f32]) -> Result<Vec<LayerTime>, CliError> {
        let mut runs: Vec<Vec<TimedStep>> = Vec::new();
        for _ in 0..STEP_PASSES {
            runs.push(match self {
                Self::Cpu(network) => {
                    let pass = network.begin(input.to_vec(), &KeptOutputs::Nodes(vec![graph.logits]), true)?;
                    let mut steps = Vec::new();
                    let mut start = Instant::now();
                    for node in pass {
                        steps.push((Some(node?), None, milliseconds(start)));
                        start = Instant::now();
                    }
                    steps
                }
                Self::Gpu(network) => {
                    let steps = pollster::block_on(network.profile())?.into_iter();
                    steps.map(|(node, kernel, ms)| (node, Some(kernel.name()), ms)).collect()
                }
            });
        }
        Ok(LayerTime::from_passes(graph, &runs))
    }
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}
