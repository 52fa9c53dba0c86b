//! What is timed: a network on an engine, built for its scores alone.

use std::time::Instant;

use crate::engine::EngineKind;
use crate::error::CliError;
use analysis::timing::{LayerTime, STEP_PASSES, TimedStep};
use engine::Slice;
use engine::cpu::{self, CpuNetwork};
use engine::gpu::{self, Gpu, GpuNetwork, GpuOptions, NetworkOptions, Read, Tuning, tune};
use net::Graph;
use weights::Weights;

/// A network on an engine.
pub(super) enum Subject {
    /// candle.
    Cpu(Box<CpuNetwork>),
    /// WGSL.
    Gpu(Box<GpuNetwork>),
}

impl Subject {
    /// Builds `graph` so that a pass gives its scores and keeps nothing else. On the GPU, kernels are chosen by
    /// measuring for at most `tune_ms` milliseconds.
    pub(super) fn new(kind: EngineKind, graph: &Graph, tune_ms: f64) -> Result<Self, CliError> {
        let weights = Weights::seeded(graph, 1);
        if kind == EngineKind::Cpu {
            return Ok(Self::Cpu(Box::new(CpuNetwork::from_weights(graph, weights)?)));
        }
        let network = pollster::block_on(async {
            let gpu = Gpu::new(&GpuOptions::default()).await?;
            let mut tuning = Tuning::default();
            tune(&gpu, graph, &mut tuning, tune_ms).await?;
            let options = NetworkOptions { keep: gpu::Keep::Nodes(vec![graph.logits]), tuning };
            GpuNetwork::build(&gpu, graph, &weights, options).await
        })?;
        Ok(Self::Gpu(Box::new(network)))
    }

    /// The GPU's name; empty on the CPU.
    pub(super) fn adapter(&self) -> &str {
        match self {
            Self::Cpu(_) => "",
            Self::Gpu(network) => network.gpu().name(),
        }
    }

    /// Milliseconds from giving a picture (CHW) to having its scores.
    pub(super) fn pass(&self, graph: &Graph, input: &[f32]) -> Result<f64, CliError> {
        let start = Instant::now();
        match self {
            Self::Cpu(network) => {
                network.pass_to(input, &[graph.logits])?;
            }
            Self::Gpu(network) => {
                let slice = Slice { node: graph.logits, start: 0, len: graph.node(graph.logits).shape.elements() };
                let read = Read { slices: vec![slice], extents: false };
                pollster::block_on(network.pass(input, &read, None))?;
            }
        }
        Ok(milliseconds(start))
    }

    /// How the time spreads over the steps of a pass.
    pub(super) fn layers(&self, graph: &Graph, input: &[f32]) -> Result<Vec<LayerTime>, CliError> {
        let mut runs: Vec<Vec<TimedStep>> = Vec::new();
        for _ in 0..STEP_PASSES {
            runs.push(match self {
                Self::Cpu(network) => {
                    let pass = network.begin(input.to_vec(), &cpu::Keep::Nodes(vec![graph.logits]), true)?;
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
        Ok(LayerTime::of_runs(graph, &runs))
    }
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}
