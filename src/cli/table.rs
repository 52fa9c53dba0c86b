//! Tables as text.

use comfy_table::{CellAlignment, Table, presets};

/// How a table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum TableFormat {
    /// A table for the terminal
    #[value(alias = "text")]
    Table,
    /// JSON for a program
    Json,
    /// Comma-separated values
    Csv,
    /// A table for a document
    Markdown,
}

/// A table: its heads, its rows, and which columns are numbers.
pub(super) struct Cells {
    pub(super) heads: &'static [&'static str],
    pub(super) numbers: &'static [usize],
    pub(super) rows: Vec<Vec<String>>,
}

impl Cells {
    /// The table as text that ends with a line's end; JSON is no table, and is given as one for the terminal.
    pub(super) fn text(&self, format: TableFormat) -> String {
        match format {
            TableFormat::Csv => self.csv(),
            TableFormat::Markdown => format!("{}\n", self.drawn(presets::ASCII_MARKDOWN)),
            TableFormat::Table | TableFormat::Json => format!("{}\n", self.drawn(presets::UTF8_FULL_CONDENSED)),
        }
    }

    fn drawn(&self, preset: &str) -> Table {
        let mut table = Table::new();
        table.load_preset(preset).set_header(self.heads).add_rows(&self.rows);
        for &number in self.numbers {
            if let Some(column) = table.column_mut(number) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }

    fn csv(&self) -> String {
        let heads = self.heads.iter().map(|head| (*head).to_owned()).collect::<Vec<_>>();
        let lines = std::iter::once(&heads).chain(&self.rows).map(|row| {
            let quoted = row.iter().map(|cell| {
                if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
            });
            quoted.collect::<Vec<_>>().join(",") + "\n"
        });
        lines.collect()
    }
}
