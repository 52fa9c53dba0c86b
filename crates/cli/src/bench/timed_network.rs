//! The network that `bench` times: built on one engine to compute the logits alone.

use std::time::Instant;

use crate::error::CliError;
use analysis::timing::{LayerTime, STEP_PASSES, TimedStep};
use engine::{Engine, EngineError, EngineKind, EngineOptions, KeptOutputs, LocalEngine, PassRequest, StepTime};
use net::{AblationFactors, Graph};
use weights::TensorSource;

/// A network on one engine, built to compute the logits.
pub(super) struct TimedNetwork(LocalEngine);

impl TimedNetwork {
    /// Builds `graph` with seeded weights so that a pass returns the logits and keeps no other output.
    ///
    /// On the GPU, the kernels are chosen by measurements that take at most `tune_ms` milliseconds.
    pub(super) fn new(kind: EngineKind, graph: &Graph, tune_ms: f64) -> Result<Self, CliError> {
        let options = EngineOptions { keep: KeptOutputs::Nodes(vec![graph.logits]), tune_ms };
        let source = TensorSource::seeded(graph, 1);
        Ok(Self(pollster::block_on(LocalEngine::build(kind, graph, &source, options))?))
    }

    /// Returns the name of the GPU, or an empty text on the CPU.
    pub(super) fn adapter(&self) -> &str {
        self.0.adapter()
    }

    /// Runs one pass over `input` (`[channels, height, width]`) and returns the milliseconds until the logits are on
    /// the CPU.
    pub(super) fn pass(&mut self, graph: &Graph, input: &[f32]) -> Result<f64, CliError> {
        let request = PassRequest { input, nodes: &[graph.logits], effects: &AblationFactors::default(), timed: false };
        let start = Instant::now();
        pollster::block_on(self.0.pass(&request)).map_err(EngineError::from)?;
        Ok(start.elapsed().as_secs_f64() * 1e3)
    }

    /// Returns the time of each step of a pass, measured over [`STEP_PASSES`] passes.
    pub(super) fn layers(&self, graph: &Graph, input: &[f32]) -> Result<Vec<LayerTime>, CliError> {
        let step = |StepTime { node, kernel, elapsed_ms }: StepTime| -> TimedStep { (node, kernel, elapsed_ms) };
        let mut runs: Vec<Vec<TimedStep>> = Vec::new();
        for _ in 0..STEP_PASSES {
            let times = pollster::block_on(self.0.profile(input, &[graph.logits]))?;
            runs.push(times.into_iter().map(step).collect());
        }
        Ok(LayerTime::from_passes(graph, &runs))
    }
}
