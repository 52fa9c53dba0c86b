//! `layerscope explain`: shows which regions of a picture are evidence for a class.

use serde::Serialize;

use super::engine::outputs;
use super::error::CliError;
use super::not_numbers;
use super::output::{Format, print_json};
use super::pass_arguments::{PassArguments, PreparedPass};
use super::run::best_classes;
use analysis::evidence::{ClassActivation, Occlusion};
use engine::LocalEngine;
use net::{AblationFactors, Graph};
use scene::ChannelParameters;
use weights::TensorSource;

/// The method that locates the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Method {
    /// The class activation map (Zhou et al. 2016)
    Cam,
    /// Occlusion sensitivity (Zeiler and Fergus 2014)
    Occlusion,
}

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    pass: PassArguments,
    /// The method; a class activation map needs a network that ends in global average pooling
    #[arg(long, value_enum, default_value_t = Method::Occlusion)]
    method: Method,
    /// The class, counted from 0; the best class if not given
    #[arg(long)]
    class: Option<usize>,
    /// Side of the patch, in pixels of the network's input; a quarter of the input's shorter side if not given
    #[arg(long)]
    patch: Option<usize>,
    /// Pixels from one position of the patch to the next; half the patch if not given
    #[arg(long)]
    stride: Option<usize>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The result of `explain`, as printed.
#[derive(Debug, Serialize)]
struct Report {
    network: &'static str,
    class: usize,
    name: Option<String>,
    /// Score of the unmodified picture.
    score: f32,
    probability: f32,
    #[serde(flatten)]
    evidence: EvidenceGrid,
}

/// The evidence as a grid of cells over the picture.
#[derive(Debug, Serialize)]
struct EvidenceGrid {
    method: &'static str,
    rows: usize,
    columns: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    patch: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stride: Option<usize>,
    /// Row-major, `[rows, columns]`. Class activation map: what each cell adds to the score. Occlusion: the probability
    /// of the class while the patch hides that region.
    values: Vec<f32>,
}

/// Computes the evidence and prints it.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let PreparedPass { graph, classes, ablations, input, source, mut engine } = arguments.pass.open()?;
    let effects = ablations.effects(&graph);
    let outputs = outputs(&mut engine, &graph, &input, &effects)?;
    not_numbers::check(&graph, &outputs)?;
    let (scores, probabilities) = (&outputs[graph.logits.0], &outputs[graph.probabilities.0]);
    let best = best_classes(&graph, &classes, &outputs, 1).first().map_or(0, |answer| answer.class);
    let class = arguments.class.unwrap_or(best);
    if class >= scores.len() {
        let last = scores.len().saturating_sub(1);
        return Err(CliError::Argument(format!("{} tells classes 0 to {last} apart; there is no {class}", graph.name)));
    }
    let (score, probability) = (scores[class], probabilities[class]);
    let evidence = match arguments.method {
        Method::Cam => cam(&graph, &effects, &source, &outputs, class)?,
        Method::Occlusion => occlusion(&graph, arguments, &effects, &mut engine, &input, class)?,
    };
    let report = Report { network: graph.name, class, name: classes.name(class), score, probability, evidence };
    match arguments.format {
        Format::Json => print_json(&report),
        Format::Text => print(&report),
    }
    Ok(())
}

fn cam(
    graph: &Graph,
    effects: &AblationFactors,
    source: &TensorSource,
    outputs: &[Vec<f32>],
    class: usize,
) -> Result<EvidenceGrid, CliError> {
    let cam = ClassActivation::of(graph).ok_or_else(|| {
        let name = graph.name;
        CliError::Argument(format!("{name} does not end in global average pooling; use --method occlusion"))
    })?;
    let row = pollster::block_on(ChannelParameters::load(graph, source, cam.linear, class))?;
    let (_, rows, columns) = graph.node(cam.maps).shape.chw();
    let values = cam.map(graph, effects, &outputs[cam.maps.0], row.get("weight").unwrap_or_default());
    Ok(EvidenceGrid { method: "cam", rows, columns, patch: None, stride: None, values })
}

fn occlusion(
    graph: &Graph,
    arguments: &Arguments,
    effects: &AblationFactors,
    engine: &mut LocalEngine,
    input: &[f32],
    class: usize,
) -> Result<EvidenceGrid, CliError> {
    let (_, height, width) = graph.input.shape.chw();
    let patch = arguments.patch.unwrap_or(height.min(width) / 4);
    let stride = arguments.stride.unwrap_or(patch.div_ceil(2));
    let occlusion = Occlusion::new(graph, patch, stride).map_err(|error| CliError::Argument(error.to_string()))?;
    let (rows, columns) = occlusion.grid_size();
    let mut values = Vec::with_capacity(rows * columns);
    for place in 0..rows * columns {
        let outputs = outputs(engine, graph, &occlusion.hide_patch(graph, input, place), effects)?;
        values.push(outputs[graph.probabilities.0][class]);
    }
    let (patch, stride) = (Some(patch), Some(stride));
    Ok(EvidenceGrid { method: "occlusion", rows, columns, patch, stride, values })
}

fn print(report: &Report) {
    let Report { class, name, score, probability, evidence, .. } = report;
    let EvidenceGrid { rows, columns, values, .. } = evidence;
    let name = name.as_deref().unwrap_or_default();
    println!("class {class} {name}: score {score:.4}, probability {:.4} %", 100.0 * probability);
    match evidence.patch.zip(evidence.stride) {
        Some((patch, stride)) => {
            println!("its probability in % where a patch of {patch}x{patch}, moved by {stride}, hides the picture:");
        }
        None => println!("what each of {rows}x{columns} places adds; the mean and the class's bias make up the score:"),
    }
    let factor = if evidence.patch.is_some() { 100.0 } else { 1.0 };
    for row in values.chunks(*columns) {
        println!("{}", row.iter().map(|value| format!("{:>9.3}", factor * value)).collect::<String>());
    }
}
