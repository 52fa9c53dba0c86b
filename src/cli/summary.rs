//! `layerscope summary`: the table of layers, and the table of networks.

use serde::Serialize;

use super::error::CliError;
use super::print_json;
use super::table::{Cells, TableFormat};
use crate::net::{LayerRow, Summary, Totals, names, network};

/// What `summary` is told.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The network; without one, all networks with their totals
    #[arg(value_name = "NET")]
    network: Option<String>,
    /// How the table is printed
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    format: TableFormat,
}

/// The columns of one network's table.
const LAYER_HEADS: &[&str] = &[
    "layer",
    "operation",
    "output",
    "parameters",
    "arithmetic",
    "MACs",
    "arithmetic of MACs",
    "activation bytes",
    "weight bytes",
    "receptive field",
    "stride",
    "offset",
];

/// The columns of the table of networks.
const NETWORK_HEADS: &[&str] =
    &["network", "title", "year", "input", "layers", "parameters", "MACs", "activation bytes", "weight bytes"];

/// Prints the table of one network, or of all.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    match &arguments.network {
        Some(name) => {
            let summary = Summary::of(&network(name)?);
            let title = format!("{}, {}", summary.title, summary.source);
            print(arguments.format, &summary, &title, &layers(&summary));
        }
        None => {
            let summaries = names().map(|name| network(name).map(|graph| Summary::of(&graph)));
            let summaries = summaries.collect::<Result<Vec<_>, _>>()?;
            let totals: Vec<Total<'_>> = summaries.iter().map(Total::of).collect();
            print(arguments.format, &totals, "All networks", &networks(&summaries));
        }
    }
    Ok(())
}

/// A network without its layers.
#[derive(Serialize)]
struct Total<'a> {
    network: &'a str,
    title: &'a str,
    year: u16,
    source: &'a str,
    input_shape: &'a [usize],
    totals: &'a Totals,
}

impl<'a> Total<'a> {
    fn of(summary: &'a Summary) -> Self {
        let Summary { network, title, year, source, input_shape, totals, .. } = summary;
        Self { network, title, year: *year, source, input_shape, totals }
    }
}

fn print(format: TableFormat, value: &impl Serialize, title: &str, cells: &Cells) {
    match format {
        TableFormat::Json => print_json(value),
        TableFormat::Table => println!("{title}\n{}", cells.text(format)),
        TableFormat::Csv | TableFormat::Markdown => print!("{}", cells.text(format)),
    }
}

/// Dimensions as people write them: `1x6x28x28`.
fn dimensions(shape: &[usize]) -> String {
    shape.iter().map(ToString::to_string).collect::<Vec<_>>().join("x")
}

fn layers(summary: &Summary) -> Cells {
    let row = |row: &LayerRow| {
        let field = row.receptive_field;
        vec![
            row.name.clone(),
            row.operation.to_owned(),
            dimensions(&row.output_shape),
            row.parameters.to_string(),
            row.parameters_arithmetic.clone(),
            row.macs.to_string(),
            row.macs_arithmetic.clone(),
            row.activation_bytes.to_string(),
            row.weight_bytes.to_string(),
            format!("{0}x{0}", field.size),
            field.stride.to_string(),
            field.start.to_string(),
        ]
    };
    let none = String::new;
    let Totals { parameters, macs, activation_bytes, weight_bytes } = summary.totals;
    let totals = vec![
        "total".to_owned(),
        none(),
        none(),
        parameters.to_string(),
        none(),
        macs.to_string(),
        none(),
        activation_bytes.to_string(),
        weight_bytes.to_string(),
        none(),
        none(),
        none(),
    ];
    let rows = summary.layers.iter().map(row).chain([totals]).collect();
    Cells { heads: LAYER_HEADS, numbers: &[3, 5, 7, 8, 10, 11], rows }
}

fn networks(summaries: &[Summary]) -> Cells {
    let row = |summary: &Summary| {
        let Totals { parameters, macs, activation_bytes, weight_bytes } = summary.totals;
        let numbers = [parameters, macs, activation_bytes, weight_bytes].map(|n| n.to_string());
        let mut cells = vec![
            summary.network.to_owned(),
            summary.title.to_owned(),
            summary.year.to_string(),
            dimensions(&summary.input_shape),
            summary.layers.len().to_string(),
        ];
        cells.extend(numbers);
        cells
    };
    Cells { heads: NETWORK_HEADS, numbers: &[4, 5, 6, 7, 8], rows: summaries.iter().map(row).collect() }
}
