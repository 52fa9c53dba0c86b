//! `layerscope eval`: counts errors over test digits, or over test pictures in one file or in one folder per class.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::class_folders;
use super::engine::{build, engine_parser, outputs, scores};
use super::error::{CliError, read};
use super::graph_arguments::GraphArguments;
use super::not_numbers;
use super::output::{Format, print_json};
use engine::{EngineKind, LocalEngine};
use input::ImagePack;
use net::{AblationFactors, Classes, Graph, InputKind};
use train::{Digits, FIELD_PIXELS, normalize_ink, write_centred};

/// The most bytes of a pack: enough for more than 60,000 pictures.
const MAX_PACK_BYTES: u64 = 200 << 20;

/// Arguments of `eval`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The network
    #[arg(value_name = "NET")]
    network: String,
    /// For digits, the folder with the IDX files, .gz or not; for other networks, a folder with pictures in
    /// `test/CLASS`, CIFAR-10's folder or one of its files, or a pack of pictures
    #[arg(long, value_name = "DIR|FILE")]
    data: PathBuf,
    /// Use only every Nth picture
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    every: u32,
    /// `bundled`, `seed:N`, or a .safetensors or .pth file
    #[arg(long, default_value = "bundled")]
    weights: String,
    #[command(flatten)]
    graph: GraphArguments,
    /// The engine
    #[arg(long, value_parser = engine_parser(), default_value_t = EngineKind::Cpu)]
    engine: EngineKind,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The result of an evaluation.
#[derive(Debug, Serialize)]
struct Report<'a> {
    network: &'a str,
    weights: &'a str,
    engine: &'a str,
    pictures: usize,
    errors: usize,
    error_percent: f64,
}

/// Classifies every test picture and prints how many were misclassified.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let (graph, source) = arguments.graph.open(&arguments.network, &arguments.weights)?;
    let mut engine = build(arguments.engine, &graph, &source, &arguments.weights)?;
    let engine = &mut engine;
    let every = arguments.every as usize;
    let (pictures, errors) = match graph.input.kind {
        InputKind::Digit { .. } => eval_digits(&graph, engine, &Digits::read(&arguments.data, "t10k")?, every)?,
        InputKind::Photo { .. } => match pack_file(&arguments.data) {
            Some(file) => eval_pack(&graph, engine, &file, every)?,
            None => eval_photos(&graph, engine, &arguments.data.join("test"), every)?,
        },
    };
    let report = Report {
        network: graph.name,
        weights: &arguments.weights,
        engine: arguments.engine.name(),
        pictures,
        errors,
        error_percent: 100.0 * errors as f64 / pictures as f64,
    };
    match arguments.format {
        Format::Json => print_json(&report),
        Format::Text => println!("test error {:.2} % ({errors} of {pictures})", report.error_percent),
    }
    Ok(())
}

/// Returns whether the engine assigns `input` to another class than `class`. Passes run on single pictures.
fn is_misclassified(graph: &Graph, engine: &mut LocalEngine, input: &[f32], class: usize) -> Result<bool, CliError> {
    let scores = scores(engine, graph, input)?;
    if scores.iter().any(|score| !score.is_finite()) {
        not_numbers::check(graph, &outputs(engine, graph, input, &AblationFactors::default())?)?;
    }
    let signed = |score: f32| if graph.lowest_wins { score } else { -score };
    let best = (0..scores.len()).min_by(|a, b| signed(scores[*a]).total_cmp(&signed(scores[*b])));
    Ok(best != Some(class))
}

/// Returns the number of digits evaluated and the number of them misclassified.
fn eval_digits(
    graph: &Graph,
    engine: &mut LocalEngine,
    digits: &Digits,
    every: usize,
) -> Result<(usize, usize), CliError> {
    if digits.is_empty() {
        return Err(CliError::Argument("there are no test digits in these files".to_owned()));
    }
    let (mut count, mut errors) = (0, 0);
    let mut field = vec![0.0; FIELD_PIXELS];
    for (index, &label) in digits.labels.iter().enumerate().step_by(every) {
        write_centred(digits.image(index), &mut field);
        normalize_ink(graph, &mut field);
        errors += usize::from(is_misclassified(graph, engine, &field, usize::from(label))?);
        count += 1;
    }
    Ok((count, errors))
}

/// Returns the file with all test pictures: the named one, or the one of CIFAR-10's archives in the named folder.
fn pack_file(data: &Path) -> Option<PathBuf> {
    let places = ["", "cifar-10-batches-bin", "cifar-10-batches-py"].map(|folder| data.join(folder));
    let files = places.iter().flat_map(|folder| ["test_batch.bin", "test_batch"].map(|name| folder.join(name)));
    std::iter::once(data.to_owned()).chain(files).find(|file| file.is_file())
}

/// Returns the number of pictures of a pack that were evaluated and the number of them misclassified.
fn eval_pack(graph: &Graph, engine: &mut LocalEngine, file: &Path, every: usize) -> Result<(usize, usize), CliError> {
    if graph.classes != Classes::Cifar10 {
        let words = format!("a pack has pictures of CIFAR-10, whose classes {} does not know", graph.name);
        return Err(CliError::Argument(words));
    }
    let fault = |reason: String| CliError::Picture { path: file.display().to_string(), reason };
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let pack = ImagePack::read_any(&name, &read(file, MAX_PACK_BYTES)?).map_err(|e| fault(e.to_string()))?;
    let (mut count, mut errors) = (0, 0);
    for at in (0..pack.len()).step_by(every) {
        let (Some(photo), Some(class)) = (pack.photo(at), pack.label(at)) else { break };
        let input = photo.input(graph).ok_or_else(|| fault("it has other pictures than the network's".to_owned()))?;
        errors += usize::from(is_misclassified(graph, engine, &input, class)?);
        count += 1;
    }
    Ok((count, errors))
}

/// Returns the number of photos evaluated and the number of them misclassified.
fn eval_photos(
    graph: &Graph,
    engine: &mut LocalEngine,
    folder: &Path,
    every: usize,
) -> Result<(usize, usize), CliError> {
    let (mut count, mut errors) = (0, 0);
    for (file, class) in class_folders::list(folder, graph.classes)?.into_iter().step_by(every) {
        let fault = |reason: String| CliError::Picture { path: file.display().to_string(), reason };
        let ready = class_folders::open(&file)?.prepare(graph).map_err(|e| fault(e.to_string()))?;
        let input = ready.input(graph).ok_or_else(|| fault("it does not become the network's size".to_owned()))?;
        errors += usize::from(is_misclassified(graph, engine, &input, class)?);
        count += 1;
    }
    Ok((count, errors))
}
