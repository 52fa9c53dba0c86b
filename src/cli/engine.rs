//! The engines behind `--engine`, and the weights behind `--weights`.

use std::path::Path;

use super::error::{CliError, read};
use crate::engine::cpu::CpuNetwork;
use crate::net::Graph;
use crate::weights::Weights;

/// The most bytes of a checkpoint that is read.
const MOST_WEIGHT_BYTES: u64 = 2 << 30;

/// Which engine runs the passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum EngineKind {
    /// candle
    Cpu,
    /// WGSL
    Gpu,
}

impl EngineKind {
    /// Its name on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
        }
    }
}

/// A network on one engine.
pub(super) enum Engine {
    /// candle.
    Cpu(CpuNetwork),
}

impl Engine {
    /// Builds `graph` on the engine asked for.
    pub(super) fn new(kind: EngineKind, graph: &Graph, weights: &Weights) -> Result<Self, CliError> {
        match kind {
            EngineKind::Cpu => Ok(Self::Cpu(CpuNetwork::new(graph, weights)?)),
            EngineKind::Gpu => Err(CliError::NoGpu),
        }
    }

    /// One picture (CHW) through the network: every node's values, in the order of the nodes.
    pub(super) fn pass(&self, input: &[f32]) -> Result<Vec<Vec<f32>>, CliError> {
        match self {
            Self::Cpu(network) => Ok(network.pass(input)?),
        }
    }
}

/// The weights that `bundled`, `seed:N` or a file's name stands for.
pub(super) fn weights(graph: &Graph, source: &str) -> Result<Weights, CliError> {
    if source == "bundled" {
        return Ok(Weights::bundled(graph)?);
    }
    if let Some(seed) = source.strip_prefix("seed:") {
        let seed = seed.parse().map_err(|_| {
            CliError::Argument(format!("'{source}' is no seed; write seed: and a whole number, as in seed:1"))
        })?;
        return Ok(Weights::seeded(graph, seed));
    }
    Ok(Weights::from_safetensors(graph, &read(Path::new(source), MOST_WEIGHT_BYTES)?)?)
}
