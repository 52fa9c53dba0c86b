//! `layerscope eval`: the error over the test digits.

use std::path::PathBuf;

use serde::Serialize;

use super::engine::{Engine, EngineKind, weights};
use super::error::CliError;
use super::{Format, print_json};
use crate::net::{Graph, network};
use crate::train::{Digits, FIELD_PIXELS, centred, picture};

/// What `eval` is told.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The network
    #[arg(value_name = "NET")]
    network: String,
    /// The directory of the IDX files, .gz or not
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// `bundled`, `seed:N`, or a .safetensors file
    #[arg(long, default_value = "bundled")]
    weights: String,
    /// The engine
    #[arg(long, value_enum, default_value_t = EngineKind::Cpu)]
    engine: EngineKind,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What came out.
#[derive(Debug, Serialize)]
struct Report<'a> {
    network: &'a str,
    weights: &'a str,
    engine: &'a str,
    digits: usize,
    errors: usize,
    error_percent: f64,
}

/// Reads every test digit and prints how many were read wrongly.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let graph = network(&arguments.network)?;
    let digits = Digits::read(&arguments.data, "t10k")?;
    if digits.is_empty() {
        return Err(CliError::Argument("there are no test digits in these files".to_owned()));
    }
    let engine = Engine::new(arguments.engine, &graph, &weights(&graph, &arguments.weights)?)?;
    let errors = count_one_by_one(&graph, &engine, &digits)?;
    let report = Report {
        network: graph.name,
        weights: &arguments.weights,
        engine: arguments.engine.name(),
        digits: digits.len(),
        errors,
        error_percent: 100.0 * errors as f64 / digits.len() as f64,
    };
    match arguments.format {
        Format::Json => print_json(&report),
        Format::Text => println!("test error {:.2} % ({errors} of {})", report.error_percent, report.digits),
    }
    Ok(())
}

/// How many digits an engine, which takes one picture at a time, reads wrongly.
fn count_one_by_one(graph: &Graph, engine: &Engine, digits: &Digits) -> Result<usize, CliError> {
    let mut errors = 0;
    let mut field = vec![0.0; FIELD_PIXELS];
    for (index, label) in digits.labels.iter().enumerate() {
        centred(digits.image(index), &mut field);
        picture(graph, &mut field);
        let scores = engine.scores(graph, &field)?;
        let signed = |score: f32| if graph.lowest_wins { score } else { -score };
        let best = (0..scores.len()).min_by(|a, b| signed(scores[*a]).total_cmp(&signed(scores[*b])));
        errors += usize::from(best != Some(usize::from(*label)));
    }
    Ok(errors)
}
