//! `layerscope summary`: prints the table of layers of one network, or the table of all networks.

use serde::Serialize;

use super::error::CliError;
use super::graph_arguments::GraphArguments;
use super::output::print_json;
use analysis::compare::{Column, TableFormat, TextTable};
use net::{LayerRow, Summary, Totals, names, network};

/// Arguments of `summary`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The network; if none is named, all networks with their totals
    #[arg(value_name = "NET")]
    network: Option<String>,
    #[command(flatten)]
    graph: GraphArguments,
    /// How the table is printed
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    format: TableFormat,
}

/// Column heads of the table of layers.
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

/// Column heads of the table of networks.
const NETWORK_HEADS: &[&str] = &[
    "network",
    "title",
    "year",
    "input",
    "depth",
    "parameters",
    "MACs",
    "activation bytes",
    "weight bytes",
    "top-1 error, %",
    "top-5 error, %",
    "top-5 error of an ensemble, %",
];

/// Prints the table of one network, or of all networks.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    match &arguments.network {
        Some(name) => {
            let summary = Summary::of(&arguments.graph.graph(name, None)?);
            let title = format!("{}, {}", summary.title, summary.source);
            print(arguments.format, &summary, &title, &layers(&summary));
        }
        None => {
            let columns = names().map(|name| network(name).map(|graph| Column::of(&graph)));
            let columns = columns.collect::<Result<Vec<_>, _>>()?;
            print(arguments.format, &columns, "All networks", &networks(&columns));
        }
    }
    Ok(())
}

fn print(format: TableFormat, value: &impl Serialize, title: &str, cells: &TextTable) {
    match format {
        TableFormat::Json => print_json(value),
        TableFormat::Table => println!("{title}\n{}", cells.text(format)),
        TableFormat::Csv | TableFormat::Markdown => print!("{}", cells.text(format)),
    }
}

/// Formats dimensions, as in `1x6x28x28`.
fn dimensions(shape: &[usize]) -> String {
    shape.iter().map(ToString::to_string).collect::<Vec<_>>().join("x")
}

fn layers(summary: &Summary) -> TextTable {
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
    TextTable::new(LAYER_HEADS, &[3, 5, 7, 8, 10, 11], rows)
}

/// Formats a published error in percent, or an empty cell if none was published.
fn error(percent: Option<f64>) -> String {
    percent.map(|percent| format!("{percent:.2}")).unwrap_or_default()
}

fn networks(columns: &[Column]) -> TextTable {
    let row = |column: &Column| {
        let Totals { parameters, macs, activation_bytes, weight_bytes } = column.totals;
        let numbers = [parameters, macs, activation_bytes, weight_bytes].map(|n| n.to_string());
        let mut cells = vec![
            column.network.to_owned(),
            column.title.to_string(),
            column.year.to_string(),
            dimensions(&column.input_shape),
            column.depth.to_string(),
        ];
        cells.extend(numbers);
        cells.push(error(column.top1().and_then(|mark| mark.top1)));
        cells.push(error(column.top5().and_then(|mark| mark.top5)));
        cells.push(error(column.ensemble().and_then(|mark| mark.top5)));
        cells
    };
    TextTable::new(NETWORK_HEADS, &[4, 5, 6, 7, 8, 9, 10, 11], columns.iter().map(row).collect())
}
