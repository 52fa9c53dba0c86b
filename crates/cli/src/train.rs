//! `layerscope train`: trains the weights of a network on digits.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::error::{CliError, write};
use engine::cpu::BatchNetwork;
use net::{Graph, network};
use train::{Digits, Distortion, Recipe, Trainer, count_errors};
use weights::to_safetensors;

/// The time between two progress lines if standard error is not a terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// Arguments of `train`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The network
    #[arg(value_name = "NET")]
    network: String,
    /// The folder with the IDX files, .gz or not
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The folder for the checkpoint and, at the end, NET.safetensors
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Continue from the checkpoint in --out, with the same recipe
    #[arg(long)]
    resume: bool,
    /// Passes over the digits
    #[arg(long, default_value_t = 50)]
    epochs: usize,
    /// Digits per step
    #[arg(long, default_value_t = 128)]
    batch: usize,
    /// The seed of all random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The peak of the one-cycle learning rate
    #[arg(long, default_value_t = 3e-3)]
    lr: f64,
    /// The weight decay
    #[arg(long, default_value_t = 1e-2)]
    decay: f64,
    /// The share of the averaged weights that is kept at each step
    #[arg(long, default_value_t = 0.999)]
    average: f64,
    /// The distance of an additional class, which stands for no digit; used if the output is distances
    #[arg(long, value_name = "DISTANCE")]
    rubbish: Option<f64>,
    /// Largest rotation, in degrees
    #[arg(long, default_value_t = 12.0)]
    rotation: f32,
    /// Largest growth or shrinkage, as a fraction of the length
    #[arg(long, default_value_t = 0.12)]
    scale: f32,
    /// Largest shear, as a fraction of the other axis
    #[arg(long, default_value_t = 0.15)]
    shear: f32,
    /// Largest shift, in pixels
    #[arg(long, default_value_t = 2.0)]
    shift: f32,
    /// Standard deviation of the elastic shifts of the grid, in pixels
    #[arg(long, default_value_t = 1.2)]
    elastic: f32,
    /// The fraction of the training after which distortions become weaker
    #[arg(long, default_value_t = 0.7)]
    calm_from: f32,
    /// The fraction of the distortions that is left at the end
    #[arg(long, default_value_t = 0.4)]
    calm_to: f32,
    /// Hold out the last N training digits and evaluate on them after each epoch
    #[arg(long, value_name = "N", default_value_t = 0)]
    hold_out: usize,
    /// Threads; they change the time, not the result
    #[arg(long, default_value_t = 2)]
    threads: usize,
}

impl Arguments {
    fn recipe(&self, graph: &Graph) -> Recipe {
        Recipe {
            network: graph.name.to_owned(),
            seed: self.seed,
            epochs: self.epochs,
            batch: self.batch,
            rate: self.lr,
            decay: self.decay,
            average: self.average,
            rubbish: self.rubbish.filter(|_| graph.lowest_wins),
            distortion: Distortion {
                rotation: self.rotation,
                scale: self.scale,
                shear: self.shear,
                shift: self.shift,
                elastic: self.elastic,
            },
            calm_from: self.calm_from,
            calm_to: self.calm_to,
        }
    }
}

/// The progress display of a training: a bar on a terminal, plain lines elsewhere.
struct ProgressDisplay {
    bar: ProgressBar,
    plain: bool,
    start: Instant,
    /// Steps that were done before this run; `None` before the first report.
    steps_before: Option<u64>,
    last_line: Instant,
}

impl ProgressDisplay {
    fn new() -> Self {
        let plain = !std::io::stderr().is_terminal();
        let bar = if plain { ProgressBar::hidden() } else { ProgressBar::new(0) };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} steps  {msg}") {
            bar.set_style(style);
        }
        Self { bar, plain, start: Instant::now(), steps_before: None, last_line: Instant::now() }
    }

    fn step(&mut self, report: train::StepReport) {
        let first = *self.steps_before.get_or_insert(report.step.saturating_sub(1));
        let per_step = self.start.elapsed().as_secs_f64() / (report.step - first).max(1) as f64;
        let left = per_step * (report.steps - report.step) as f64;
        let message =
            format!("loss {:.4}  error {:.2} %  {} left", report.loss, 100.0 * report.error, format_duration(left));
        if self.plain && self.last_line.elapsed() >= LINE_INTERVAL {
            eprintln!("step {}/{}  {message}", report.step, report.steps);
            self.last_line = Instant::now();
        }
        self.bar.set_length(report.steps);
        self.bar.set_position(report.step);
        self.bar.set_message(message);
    }

    fn line(&self, text: &str) {
        if self.plain {
            eprintln!("{text}");
        } else {
            self.bar.println(text);
        }
    }
}

/// Formats seconds as `hours:minutes:seconds`.
fn format_duration(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Trains, evaluates once on the test digits after the last epoch, and writes the weights.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let graph = network(&arguments.network)?;
    let mut digits = Digits::read(&arguments.data, "train")?;
    let held_out = digits.split_off(arguments.hold_out);
    let test = Digits::read(&arguments.data, "t10k")?;
    let recipe = arguments.recipe(&graph);
    let mut trainer =
        Trainer::new(&graph, recipe.clone(), &digits, &arguments.out, arguments.resume, arguments.threads)?;
    let mut display = ProgressDisplay::new();
    if trainer.epoch() > 0 {
        display.line(&format!("resumed after epoch {}", trainer.epoch()));
    }
    while let Some(report) = trainer.run_epoch(|step| display.step(step))? {
        let mut line = format!(
            "epoch {}/{}  loss {:.4}  error {:.2} % (distorted)",
            report.epoch,
            recipe.epochs,
            report.loss,
            100.0 * report.error
        );
        if !held_out.is_empty() {
            let network = BatchNetwork::new(&graph, &trainer.weights(BTreeMap::new())?)?;
            let errors = count_errors(&graph, &network, &held_out)?;
            line += &format!("  held out {:.2} %", 100.0 * errors as f64 / held_out.len() as f64);
        }
        display.line(&format!("{line}  {}", format_duration(display.start.elapsed().as_secs_f64())));
    }
    display.bar.finish_and_clear();
    let network = BatchNetwork::new(&graph, &trainer.weights(BTreeMap::new())?)?;
    let errors = count_errors(&graph, &network, &test)?;
    let error = 100.0 * errors as f64 / test.len() as f64;
    let weights = trainer.weights(metadata(&recipe, digits.len(), errors, test.len()))?;
    let path = arguments.out.join(format!("{}.safetensors", graph.name));
    write(&path, &to_safetensors(weights.iter(), &weights.metadata)?)?;
    println!("test error {error:.2} % ({errors} of {}), written to {}", test.len(), path.display());
    Ok(())
}

/// Returns the metadata of the weights: the recipe, the seed and the test error.
fn metadata(recipe: &Recipe, digits: usize, errors: usize, test: usize) -> BTreeMap<String, String> {
    let made = format!(
        "trained in candle on the first {digits} MNIST training digits, distorted (affine and elastic), AdamW with a \
         one-cycle rate, averaged weights; the test digits were read once, after the last epoch"
    );
    BTreeMap::from([
        ("network".to_owned(), recipe.network.clone()),
        ("made".to_owned(), made),
        ("recipe".to_owned(), recipe.json()),
        ("seed".to_owned(), recipe.seed.to_string()),
        ("epochs".to_owned(), recipe.epochs.to_string()),
        ("test_error".to_owned(), format!("{:.2} % ({errors} of {test})", 100.0 * errors as f64 / test as f64)),
    ])
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Arguments;
    use net::network;
    use weights::Weights;

    #[derive(Parser)]
    struct TestCli {
        #[command(flatten)]
        arguments: Arguments,
    }

    /// Anyone can reproduce the bundled weights: training with the default arguments uses their recipe.
    #[test]
    fn the_default_arguments_are_the_recipe_of_the_bundled_weights() {
        for name in ["lenet5", "lenet5-modern"] {
            let cli = TestCli::parse_from(["train", name, "--data", "d", "--out", "o"]);
            let graph = network(name).expect("should be declared");
            let weights = Weights::bundled(&graph).expect("should fit");
            assert_eq!(weights.metadata["recipe"], cli.arguments.recipe(&graph).json());
        }
    }
}
