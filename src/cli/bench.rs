//! `layerscope bench`: the time of a pass.

use std::time::Instant;

use serde::Serialize;

use super::engine::{Engine, EngineKind};
use super::error::CliError;
use super::print_json;
use crate::net::network;
use crate::weights::Weights;

/// Passes before the clock runs, so that caches and pipelines are warm.
const WARM_UP: usize = 10;

/// What `bench` is told.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The network
    #[arg(value_name = "NET")]
    network: String,
    /// The engine; may be given again
    #[arg(long = "engine", value_enum, default_values_t = [EngineKind::Cpu])]
    engines: Vec<EngineKind>,
    /// Passes timed on each
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    passes: u32,
}

/// Times of one engine, in milliseconds.
#[derive(Debug, Serialize)]
struct Row {
    network: &'static str,
    engine: &'static str,
    passes: usize,
    median_ms: f64,
    p10_ms: f64,
    p90_ms: f64,
}

/// Times passes with seeded weights over a seeded picture, and prints JSON.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let graph = network(&arguments.network)?;
    let weights = Weights::seeded(&graph, 1);
    let input: Vec<f32> = (0..graph.input.shape.elements()).map(|i| (i * 37 % 101) as f32 / 100.0).collect();
    let mut rows = Vec::new();
    for &kind in &arguments.engines {
        let engine = Engine::new(kind, &graph, &weights)?;
        for _ in 0..WARM_UP {
            engine.scores(&graph, &input)?;
        }
        let mut times = Vec::new();
        for _ in 0..arguments.passes {
            let start = Instant::now();
            engine.scores(&graph, &input)?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        let at = |part: f64| times[((times.len() - 1) as f64 * part).round() as usize];
        rows.push(Row {
            network: graph.name,
            engine: kind.name(),
            passes: times.len(),
            median_ms: at(0.5),
            p10_ms: at(0.1),
            p90_ms: at(0.9),
        });
    }
    print_json(&rows);
    Ok(())
}
