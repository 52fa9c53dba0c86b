//! `layerscope summary`: the table of layers.

use comfy_table::{CellAlignment, Table, presets};

use super::error::CliError;
use super::print_json;
use crate::net::{LayerRow, Summary, network};

/// How the table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum TableFormat {
    /// A table for the terminal
    Table,
    /// JSON for a program
    Json,
    /// Comma-separated values
    Csv,
    /// A table for a document
    Markdown,
}

/// What `summary` is told.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The network
    #[arg(value_name = "NET")]
    network: String,
    /// How the table is printed
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    format: TableFormat,
}

/// The heads of the columns.
const HEADS: [&str; 8] =
    ["layer", "operation", "output", "parameters", "arithmetic", "MACs", "arithmetic of MACs", "receptive field"];

/// Prints the table of one network.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let summary = Summary::of(&network(&arguments.network)?);
    match arguments.format {
        TableFormat::Json => print_json(&summary),
        TableFormat::Csv => print!("{}", csv(&summary)),
        TableFormat::Table => {
            println!("{}, {}\n{}", summary.title, summary.source, table(&summary, presets::UTF8_FULL_CONDENSED));
        }
        TableFormat::Markdown => println!("{}", table(&summary, presets::ASCII_MARKDOWN)),
    }
    Ok(())
}

/// One layer's cells.
fn cells(row: &LayerRow) -> [String; 8] {
    let shape = row.output_shape.iter().map(ToString::to_string).collect::<Vec<_>>().join("x");
    let field = row.receptive_field.size;
    [
        row.name.clone(),
        row.operation.to_owned(),
        shape,
        row.parameters.to_string(),
        row.parameters_arithmetic.clone(),
        row.macs.to_string(),
        row.macs_arithmetic.clone(),
        format!("{field}x{field}"),
    ]
}

/// The totals' cells.
fn totals(summary: &Summary) -> [String; 8] {
    let none = String::new;
    let (parameters, macs) = (summary.totals.parameters.to_string(), summary.totals.macs.to_string());
    ["total".to_owned(), none(), none(), parameters, none(), macs, none(), none()]
}

fn table(summary: &Summary, preset: &str) -> Table {
    let mut table = Table::new();
    table.load_preset(preset).set_header(HEADS);
    table.add_rows(summary.layers.iter().map(cells)).add_row(totals(summary));
    for column in [3, 5] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn csv(summary: &Summary) -> String {
    let rows = summary.layers.iter().map(cells).chain([totals(summary)]);
    let lines = std::iter::once(HEADS.map(str::to_owned)).chain(rows).map(|cells| {
        let quoted = cells
            .map(|cell| if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell });
        quoted.join(",") + "\n"
    });
    lines.collect()
}
