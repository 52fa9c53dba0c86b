//! `layerscope run`: passes one picture through a network.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use serde::Serialize;

use super::engine::outputs;
use super::error::{CliError, write};
use super::graph_arguments::NamedClasses;
use super::not_numbers;
use super::output::{Format, print_json};
use super::pass_arguments::{PassArguments, PreparedPass};
use analysis::export::activations;
use net::Graph;

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    pass: PassArguments,
    /// Writes the output of every layer (F32, by name, with `logits`) to this .safetensors file
    #[arg(long, value_name = "FILE")]
    dump: Option<PathBuf>,
    /// How many of the best classes to print
    #[arg(long, default_value_t = 5)]
    top: usize,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// One class of the result.
#[derive(Debug, Serialize)]
pub(super) struct ClassScore {
    pub(super) class: usize,
    name: Option<String>,
    /// The distance if the lowest wins, otherwise the logit.
    score: f32,
    probability: f32,
}

/// The result of `run`, as printed.
#[derive(Debug, Serialize)]
struct Report<'a> {
    network: &'a str,
    weights: &'a str,
    engine: &'a str,
    milliseconds: f64,
    #[serde(skip_serializing_if = "String::is_empty")]
    cut: String,
    lowest_wins: bool,
    /// True if the network begins with the step that transforms its input.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    transform_input: bool,
    top: Vec<ClassScore>,
}

/// Passes one picture through the network and prints the best classes.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let PreparedPass { graph, classes, ablations, input, mut engine, .. } = arguments.pass.open()?;
    let start = Instant::now();
    let outputs = outputs(&mut engine, &graph, &input, &ablations.effects(&graph))?;
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    if let Some(path) = &arguments.dump {
        write(path, &activations(&graph, &outputs, &BTreeMap::new())?)?;
    }
    not_numbers::check(&graph, &outputs)?;
    let report = Report {
        network: graph.name,
        weights: &arguments.pass.weights,
        engine: arguments.pass.engine.name(),
        milliseconds,
        cut: ablations.write(&graph),
        lowest_wins: graph.lowest_wins,
        transform_input: graph.options.transform_input,
        top: best_classes(&graph, &classes, &outputs, arguments.top),
    };
    match arguments.format {
        Format::Json => print_json(&report),
        Format::Text => {
            let score = if graph.lowest_wins { "distance" } else { "score" };
            // A single score has no rivals: its sigmoid stands in the place of the probability.
            let share = if graph.classes.count() == 1 { "sigmoid" } else { "probability" };
            println!("class  {score:>10}  {share:>11}");
            for answer in &report.top {
                let name = answer.name.as_deref().unwrap_or_default();
                println!("{:>5}  {:>10.4}  {:>10.4}%  {name}", answer.class, answer.score, 100.0 * answer.probability);
            }
            if graph.options.transform_input {
                println!("(with transform_input, as torchvision runs its published GoogLeNet)");
            }
        }
    }
    Ok(())
}

/// Returns the `top` best classes, the best first.
pub(super) fn best_classes(graph: &Graph, classes: &NamedClasses, outputs: &[Vec<f32>], top: usize) -> Vec<ClassScore> {
    let (scores, probabilities) = (&outputs[graph.logits.0], &outputs[graph.probabilities.0]);
    let mut answers: Vec<ClassScore> = scores
        .iter()
        .zip(probabilities)
        .enumerate()
        .map(|(class, (&score, &probability))| ClassScore { class, name: classes.name(class), score, probability })
        .collect();
    answers.sort_by(|a, b| if graph.lowest_wins { a.score.total_cmp(&b.score) } else { b.score.total_cmp(&a.score) });
    answers.truncate(top);
    answers
}
