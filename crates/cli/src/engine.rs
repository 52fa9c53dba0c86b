//! The engines behind `--engine`, and the weights behind `--weights`.

use std::path::Path;
use std::sync::Arc;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::error::CliError;
use super::output::note;
use engine::{Engine, EngineError, EngineKind, EngineOptions, LocalEngine, PassRequest};
use messages::Language;
use net::{AblationFactors, Graph, NodeId};
use weights::{Checkpoint, CheckpointError, LocalFile, TensorSource, Weights, fitted_graph, read_seed};

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

/// Opens the tensors that `text` names: `bundled`, `seed:N`, the path of a file, or the path of a file with the place of
/// the tensors in it (`FILE#PLACE`). Only the headers of a file are read here. What a file was taken for is said on
/// stderr. Returns `graph` with the classes and the auxiliary classifiers of the file, and its tensors.
pub(super) fn open_source(graph: &Graph, text: &str) -> Result<(Graph, TensorSource), CliError> {
    if text == "bundled" {
        return Ok((graph.clone(), TensorSource::weights(graph, Arc::new(Weights::bundled(graph)?))?));
    }
    if let Some(seed) = read_seed(text) {
        let seed = seed.map_err(|error| CliError::Argument(error.to_string()))?;
        return Ok((graph.clone(), TensorSource::seeded(graph, seed)));
    }
    let unfit = |reason| CliError::Checkpoint { path: text.to_owned(), reason };
    let checkpoint = open_checkpoint(text)?;
    let graph = fitted_graph(graph, &checkpoint);
    let source = TensorSource::checkpoint(&graph, checkpoint).map_err(unfit)?;
    for sentence in source.reading().sentences() {
        note(text, &sentence.text(Language::default()));
    }
    Ok((graph, source))
}

/// Opens the checkpoint that `text` names: the path of a file, or `FILE#PLACE`.
pub(super) fn open_checkpoint(text: &str) -> Result<Checkpoint, CliError> {
    // The name of a file may have the sign in it, too.
    let (path, place) = match text.rsplit_once('#') {
        Some((path, place)) if !Path::new(text).exists() => (path, Some(place)),
        _ => (text, None),
    };
    let file = LocalFile::open(Path::new(path)).map_err(|reason| CliError::Read { path: path.to_owned(), reason })?;
    let unread = |reason: CheckpointError| CliError::Checkpoint { path: path.to_owned(), reason: reason.into() };
    pollster::block_on(Checkpoint::open_at(Box::new(file), place)).map_err(unread)
}
