//! `layerscope agreement`: measures how far both engines deviate from the reference, network by network.

use std::path::PathBuf;
use std::sync::Arc;

use comfy_table::{Table, presets};
use serde::Serialize;

use super::engine::{build, engine_parser, outputs};
use super::error::CliError;
use super::input::{Resample, load};
use super::output::{Format, print_json};
use crate::fixture::Reference;
use engine::EngineKind;
use net::{AblationFactors, InputKind, names, network};
use weights::{TensorSource, Weights};

/// Arguments of `agreement`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The networks; all of them if none is named
    #[arg(value_name = "NET")]
    networks: Vec<String>,
    /// The folder with one NETWORK.json per network
    #[arg(long, value_name = "DIR")]
    fixtures: PathBuf,
    /// The photo on which the references were computed
    #[arg(long, value_name = "FILE")]
    photo: PathBuf,
    /// The digits on which the references were computed (IDX)
    #[arg(long, value_name = "FILE")]
    digits: PathBuf,
    /// The engine; may be given several times
    #[arg(long = "engine", value_parser = engine_parser(), default_values_t = [EngineKind::Cpu, EngineKind::Gpu])]
    engines: Vec<EngineKind>,
    /// How the table is printed; `text` is a Markdown table
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The output with the largest error, for one network on one engine.
#[derive(Debug, Serialize)]
struct Row {
    network: &'static str,
    engine: &'static str,
    outputs: usize,
    /// Error in standard deviations of that output.
    worst_error: f64,
    worst_output: String,
    /// The largest error of PyTorch's own pass in float32, over all outputs, in standard deviations.
    pytorch_f32_error: f64,
}

/// Runs every network on every engine and prints the largest error of each.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let mut rows = Vec::new();
    let chosen: Vec<String> = match arguments.networks.as_slice() {
        [] => names().map(str::to_owned).collect(),
        some => some.to_vec(),
    };
    for name in &chosen {
        let graph = network(name)?;
        let reference = Reference::read(&arguments.fixtures, name)?;
        let input = match graph.input.kind {
            InputKind::Digit { .. } => load(&graph, &arguments.digits, 0, None)?,
            InputKind::Photo { .. } => load(&graph, &arguments.photo, 0, Some(Resample::Nearest))?,
        };
        let weights = Arc::new(Weights::seeded(&graph, reference.seed));
        let source = TensorSource::weights(&graph, weights)?;
        for &kind in &arguments.engines {
            let seed = format!("seed:{}", reference.seed);
            let outputs =
                outputs(&mut build(kind, &graph, &source, &seed)?, &graph, &input, &AblationFactors::default())?;
            let (mut worst_error, mut worst_output, mut pytorch) = (0.0, String::new(), 0.0_f64);
            for wanted in &reference.activations {
                let error = wanted.error(&outputs[graph.find(&wanted.name)?.0]);
                if error >= worst_error {
                    (worst_error, worst_output) = (error, wanted.name.clone());
                }
                pytorch = pytorch.max(wanted.pytorch_f32_max_abs_err / (wanted.std + 1e-12));
            }
            rows.push(Row {
                network: graph.name,
                engine: kind.name(),
                outputs: reference.activations.len(),
                worst_error,
                worst_output,
                pytorch_f32_error: pytorch,
            });
        }
    }
    match arguments.format {
        Format::Json => print_json(&rows),
        Format::Text => println!("{}", table(&rows)),
    }
    Ok(())
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    let heads = ["network", "engine", "outputs", "worst error", "at", "PyTorch in float32"];
    table.load_preset(presets::ASCII_MARKDOWN).set_header(heads);
    table.add_rows(rows.iter().map(|row| {
        [
            row.network.to_owned(),
            row.engine.to_owned(),
            row.outputs.to_string(),
            format!("{:.1e}", row.worst_error),
            row.worst_output.clone(),
            format!("{:.1e}", row.pytorch_f32_error),
        ]
    }));
    table
}
