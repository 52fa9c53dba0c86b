//! Tables as text, for the terminal, for programs and for documents.

use comfy_table::{CellAlignment, Table, presets};

/// How a table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(clap::ValueEnum))]
pub enum TableFormat {
    /// A table for the terminal
    #[cfg_attr(not(target_arch = "wasm32"), value(alias = "text"))]
    Table,
    /// JSON for a program
    Json,
    /// Comma-separated values
    Csv,
    /// A table for a document
    Markdown,
}

/// A table: the heads of its columns, its rows, and the indices of its numeric columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTable {
    heads: Vec<String>,
    numbers: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl TextTable {
    /// Creates a table of `rows`, each as long as `heads`. The columns in `numbers` are aligned to the right.
    pub fn new(heads: &[&str], numbers: &[usize], rows: Vec<Vec<String>>) -> Self {
        Self { heads: heads.iter().map(|&head| head.to_owned()).collect(), numbers: numbers.to_vec(), rows }
    }

    /// Returns the rows.
    pub fn into_rows(self) -> Vec<Vec<String>> {
        self.rows
    }

    /// Formats the table as text that ends with a line break. A JSON document is not made here: for
    /// [`TableFormat::Json`] the result is the table for the terminal.
    pub fn text(&self, format: TableFormat) -> String {
        match format {
            TableFormat::Csv => self.csv(),
            TableFormat::Markdown => format!("{}\n", self.drawn(presets::ASCII_MARKDOWN)),
            TableFormat::Table | TableFormat::Json => format!("{}\n", self.drawn(presets::UTF8_FULL_CONDENSED)),
        }
    }

    fn drawn(&self, preset: &str) -> Table {
        let mut table = Table::new();
        table.load_preset(preset).set_header(&self.heads).add_rows(&self.rows);
        for &number in &self.numbers {
            if let Some(column) = table.column_mut(number) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }

    fn csv(&self) -> String {
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in std::iter::once(&self.heads).chain(&self.rows) {
            // Writing to memory cannot fail.
            let _ = out.write_record(row);
        }
        out.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_if_necessary() {
        let cells = TextTable::new(&["name", "what"], &[], vec![vec!["a,b".to_owned(), "say \"c\"".to_owned()]]);
        assert_eq!(cells.text(TableFormat::Csv), "name,what\n\"a,b\",\"say \"\"c\"\"\"\n");
    }

    #[test]
    fn numbers_are_aligned_to_the_right() {
        let cells = TextTable::new(&["name", "count"], &[1], vec![vec!["a".to_owned(), "12".to_owned()]]);
        assert_eq!(cells.text(TableFormat::Markdown), "| name | count |\n|------|-------|\n| a    |    12 |\n");
    }
}
