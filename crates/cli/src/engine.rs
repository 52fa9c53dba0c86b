//! The engines behind `--engine`, and the weights behind `--weights`.

use std::path::Path;
use std::sync::Arc;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::error::CliError;
use engine::{Engine, EngineError, EngineKind, EngineOptions, LocalEngine, PassRequest};
use net::{AblationFactors, Graph, NodeId};
use weights::{LocalFile, TensorSource, Weights, read_seed};

/// Returns the parser of `--engine`.
pub(super) fn engine_parser() -> impl TypedValueParser<Value = EngineKind> {
    let values = [(EngineKind::Cpu, "candle"), (EngineKind::Gpu, "WGSL")];
    let values = values.map(|(kind, help)| PossibleValue::new(kind.name()).help(help));
    PossibleValuesParser::new(values)
        .try_map(|name| EngineKind::named(&name).ok_or_else(|| format!("'{name}' is no engine")))
}

impl EngineKind {
    /// Returns the engine's name on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
        }
    }
}

/// A network on one engine.
pub(super) enum Engine {
    /// The CPU engine (candle).
    Cpu(CpuNetwork),
    /// The GPU engine (WGSL).
    Gpu(Box<GpuNetwork>),
}

impl Engine {
    /// Builds `graph` on the engine of this kind.
    pub(super) fn new(kind: EngineKind, graph: &Graph, weights: &Weights) -> Result<Self, CliError> {
        match kind {
            EngineKind::Cpu => Ok(Self::Cpu(CpuNetwork::new(graph, weights)?)),
            EngineKind::Gpu => {
                let network = async {
                    let gpu = Gpu::new(&GpuOptions::default()).await?;
                    GpuNetwork::new(&gpu, graph, weights).await
                };
                Ok(Self::Gpu(Box::new(pollster::block_on(network)?)))
            }
        }
    }

    /// Passes one input (`[channels, height, width]`) through the network with `effects`. Returns the output of every
    /// node, in the order of the nodes.
    pub(super) fn pass(
        &mut self,
        graph: &Graph,
        input: &[f32],
        effects: &AblationFactors,
    ) -> Result<Vec<Vec<f32>>, CliError> {
        match self {
            Self::Cpu(network) => Ok(network.ablated_pass(input, effects)?),
            Self::Gpu(network) => {
                network.ablate(effects)?;
                gpu_pass(network, graph, input, graph.iter().map(|(id, _)| id))
            }
        }
    }

    /// Passes one input (`[channels, height, width]`) through the network and returns the logits, one per class.
    pub(super) fn scores(&self, graph: &Graph, input: &[f32]) -> Result<Vec<f32>, CliError> {
        let mut outputs = match self {
            Self::Cpu(network) => network.pass_to(input, &[graph.logits])?,
            Self::Gpu(network) => gpu_pass(network, graph, input, std::iter::once(graph.logits))?,
        };
        Ok(outputs.pop().unwrap_or_default())
    }
}

/// Passes one input (`[channels, height, width]`) through the network with `effects`. Returns the output of every node,
/// in the order of the nodes.
pub(super) fn outputs(
    engine: &mut LocalEngine,
    graph: &Graph,
    input: &[f32],
    effects: &Effects,
) -> Result<Vec<Vec<f32>>, CliError> {
    let nodes: Vec<NodeId> = graph.iter().map(|(id, _)| id).collect();
    let request = PassRequest { input, nodes: &nodes, effects, timed: false };
    Ok(pollster::block_on(engine.pass(&request))?.outputs)
}

/// Passes one input (`[channels, height, width]`) through the network and returns the logits, one per class.
pub(super) fn scores(engine: &mut LocalEngine, graph: &Graph, input: &[f32]) -> Result<Vec<f32>, CliError> {
    let request = PassRequest { input, nodes: &[graph.logits], effects: &Effects::default(), timed: false };
    Ok(pollster::block_on(engine.pass(&request))?.outputs.pop().unwrap_or_default())
}

/// Opens the tensors that `text` names: `bundled`, `seed:N` or the path of a file. Only the headers of a file are read
/// here.
pub(super) fn source(graph: &Graph, text: &str) -> Result<TensorSource, CliError> {
    if text == "bundled" {
        return Ok(TensorSource::weights(graph, Arc::new(Weights::bundled(graph)?))?);
    }
    if let Some(seed) = read_seed(text) {
        let seed = seed.map_err(|error| CliError::Argument(error.to_string()))?;
        return Ok(TensorSource::seeded(graph, seed));
    }
    let path = Path::new(text);
    let file = LocalFile::open(path).map_err(|reason| CliError::Read { path: text.to_owned(), reason })?;
    let unfit = |reason| CliError::Checkpoint { path: text.to_owned(), reason };
    pollster::block_on(TensorSource::open(graph, Box::new(file))).map_err(unfit)
}
