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

/// Builds `graph` with the tensors of `source` on the engine of this kind. `text` names the source in errors.
pub(super) fn build(
    kind: EngineKind,
    graph: &Graph,
    source: &TensorSource,
    text: &str,
) -> Result<LocalEngine, CliError> {
    let built = pollster::block_on(LocalEngine::build(kind, graph, source, EngineOptions::default()));
    built.map_err(|error| match error {
        EngineError::Weights(reason) => CliError::Checkpoint { path: text.to_owned(), reason },
        other => other.into(),
    })
}

/// Passes one input (`[channels, height, width]`) through the network with `effects`. Returns the output of every node,
/// in the order of the nodes.
pub(super) fn outputs(
    engine: &mut LocalEngine,
    graph: &Graph,
    input: &[f32],
    effects: &AblationFactors,
) -> Result<Vec<Vec<f32>>, CliError> {
    let nodes: Vec<NodeId> = graph.iter().map(|(id, _)| id).collect();
    let request = PassRequest { input, nodes: &nodes, effects, timed: false };
    Ok(pollster::block_on(engine.pass(&request)).map_err(EngineError::from)?.outputs)
}

/// Passes one input (`[channels, height, width]`) through the network and returns the logits, one per class.
pub(super) fn scores(engine: &mut LocalEngine, graph: &Graph, input: &[f32]) -> Result<Vec<f32>, CliError> {
    let request = PassRequest { input, nodes: &[graph.logits], effects: &AblationFactors::default(), timed: false };
    Ok(pollster::block_on(engine.pass(&request)).map_err(EngineError::from)?.outputs.pop().unwrap_or_default())
}

/// Opens the tensors that `text` names: `bundled`, `seed:N` or the path of a file. Only the headers of a file are read
/// here. Returns `graph` with the classes and the auxiliary classifiers of the file, and its tensors.
pub(super) fn open_source(graph: &Graph, text: &str) -> Result<(Graph, TensorSource), CliError> {
    if text == "bundled" {
        return Ok((graph.clone(), TensorSource::weights(graph, Arc::new(Weights::bundled(graph)?))?));
    }
    if let Some(seed) = read_seed(text) {
        let seed = seed.map_err(|error| CliError::Argument(error.to_string()))?;
        return Ok((graph.clone(), TensorSource::seeded(graph, seed)));
    }
    let path = Path::new(text);
    let file = LocalFile::open(path).map_err(|reason| CliError::Read { path: text.to_owned(), reason })?;
    let unfit = |reason| CliError::Checkpoint { path: text.to_owned(), reason };
    pollster::block_on(TensorSource::open_fitted(graph, Box::new(file))).map_err(unfit)
}
