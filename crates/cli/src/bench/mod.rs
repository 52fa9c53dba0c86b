//! `layerscope bench`: measures the time of a pass, the rates that follow from it, and the share of each layer.

mod timed_network;

use std::time::{Duration, Instant};

use super::engine::engine_parser;
use super::error::CliError;
use super::output::print_json;
use analysis::compare::{TableFormat, TextTable};
use analysis::timing::BenchRow;
use engine::EngineKind;
use net::{Graph, network};
use timed_network::TimedNetwork;

/// The networks that are timed if none is named: one of each family, and the deeper ResNet.
const NETWORKS: [&str; 6] =
    ["lenet5-modern", "alexnet-torchvision", "googlenet-torchvision", "resnet18", "resnet50", "vgg16"];

/// Layers with a smaller share of the time are printed only with `--layers`.
const MIN_SHARE: f64 = 0.01;

/// Arguments of `bench`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The networks; if none is named, one of each family
    #[arg(value_name = "NET")]
    networks: Vec<String>,
    /// The engine; may be given several times
    #[arg(long = "engine", value_parser = engine_parser(), default_values_t = [EngineKind::Cpu], value_delimiter = ',')]
    engines: Vec<EngineKind>,
    /// Most passes to time per network and engine
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    passes: u32,
    /// Most passes to run before timing starts, so that caches and pipelines are warm
    #[arg(long, default_value_t = 3)]
    warm_up: u32,
    /// Seconds after which no further pass starts
    #[arg(long, default_value_t = 30.0)]
    seconds: f64,
    /// Seconds to spend on measuring which kernels are fastest on this GPU; 0 uses the usual kernels
    #[arg(long, default_value_t = 20.0)]
    tune: f64,
    /// Print every layer, not only those with at least 1 % of the time; in CSV, print layers instead of networks
    #[arg(long)]
    layers: bool,
    /// How the result is printed; JSON always contains the layers
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    format: TableFormat,
}

/// Times passes with seeded weights over a synthetic input.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let named = arguments.networks.iter().map(String::as_str);
    let names: Vec<&str> = if arguments.networks.is_empty() { NETWORKS.to_vec() } else { named.collect() };
    // Check all names first: an unknown name should not surface after minutes spent on the others.
    let graphs = names.into_iter().map(network).collect::<Result<Vec<_>, _>>()?;
    let mut rows = Vec::new();
    let outcome = graphs.iter().try_for_each(|graph| {
        arguments.engines.iter().try_for_each(|&kind| {
            rows.push(time(graph, kind, arguments)?);
            Ok(())
        })
    });
    // Print the measurements made before a failure, too.
    if outcome.is_ok() || !rows.is_empty() {
        print(&rows, arguments);
    }
    outcome
}

/// Measures one network on one engine.
fn time(graph: &Graph, kind: EngineKind, arguments: &Arguments) -> Result<BenchRow, CliError> {
    let input: Vec<f32> = (0..graph.input.shape.elements()).map(|i| (i * 37 % 101) as f32 / 100.0).collect();
    let mut network = TimedNetwork::new(kind, graph, arguments.tune * 1e3)?;
    let longest = Duration::try_from_secs_f64(arguments.seconds).unwrap_or(Duration::MAX);
    let mut several = |most: u32| -> Result<Vec<f64>, CliError> {
        let start = Instant::now();
        let mut times = Vec::new();
        while times.len() < most as usize && (times.is_empty() || start.elapsed() < longest) {
            times.push(network.pass(graph, &input)?);
        }
        Ok(times)
    };
    several(arguments.warm_up)?;
    let times = several(arguments.passes)?;
    let layers = network.layers(graph, &input)?;
    Ok(BenchRow::new(graph, kind.name(), network.adapter(), times, layers))
}

fn print(rows: &[BenchRow], arguments: &Arguments) {
    let format = arguments.format;
    let shown = |row: &BenchRow| layers(row, if arguments.layers { 0.0 } else { MIN_SHARE });
    match format {
        TableFormat::Json => print_json(&rows),
        TableFormat::Csv if arguments.layers => {
            let rows = rows.iter().flat_map(|row| shown(row).into_rows()).collect();
            print!("{}", TextTable::new(LAYER_HEADS, &[], rows).text(format));
        }
        TableFormat::Csv => print!("{}", totals(rows).text(format)),
        TableFormat::Table | TableFormat::Markdown => {
            print!("{}", totals(rows).text(format));
            for row in rows {
                print!("\n{}", shown(row).text(format));
            }
        }
    }
}

/// Column heads of the table of networks.
const HEADS: &[&str] = &["network", "engine", "passes", "median ms", "p10 ms", "p90 ms", "GFLOP/s", "GB/s", "adapter"];

fn totals(rows: &[BenchRow]) -> TextTable {
    let cells = |row: &BenchRow| {
        let times = row.times;
        let mut cells = vec![row.network.to_owned(), row.engine.to_owned(), times.passes.to_string()];
        cells.extend([times.median_ms, times.p10_ms, times.p90_ms].map(|ms| format!("{ms:.3}")));
        cells.extend([row.gflops, row.gbytes_per_second].map(|rate| format!("{rate:.2}")));
        cells.push(row.adapter.clone());
        cells
    };
    TextTable::new(HEADS, &[2, 3, 4, 5, 6, 7], rows.iter().map(cells).collect())
}

/// Column heads of the table of layers.
const LAYER_HEADS: &[&str] = &["network", "engine", "layer", "kernel", "ms", "% of the time"];

fn layers(row: &BenchRow, least: f64) -> TextTable {
    let shown = row.layers.iter().filter(|layer| layer.share >= least);
    let cells = shown.map(|layer| {
        vec![
            row.network.to_owned(),
            row.engine.to_owned(),
            layer.layer.clone(),
            layer.kernel.unwrap_or_default().to_owned(),
            format!("{:.3}", layer.milliseconds),
            format!("{:.1}", 100.0 * layer.share),
        ]
    });
    TextTable::new(LAYER_HEADS, &[4, 5], cells.collect())
}
