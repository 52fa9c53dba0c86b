//! The papers' own tables, made again from the graphs and held against what was printed.

mod googlenet;
mod lenet;
mod resnet;
mod vgg;

use serde::Serialize;

use super::cells::Cells;
use crate::net::{Family, NetError};

/// A cell as we have it and as it was printed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Cell {
    /// What the graph gives.
    pub ours: String,
    /// What the paper has.
    pub printed: String,
    /// Why they differ, where they do.
    pub note: Option<String>,
}

/// A row with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its cells, one under each head after the first.
    pub cells: Vec<Cell>,
}

/// A table of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaperTable {
    /// Its family.
    pub family: Family,
    /// What it is called: `GoogLeNet, table 1`.
    pub title: &'static str,
    /// What it says, in a sentence.
    pub caption: &'static str,
    /// The paper.
    pub source: &'static str,
    /// The heads, that of the rows' names first.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Cell {
    /// A cell that both have alike.
    fn same(ours: impl Into<String>) -> Self {
        let ours = ours.into();
        Self { printed: ours.clone(), ours, note: None }
    }

    /// What we have and what was printed; where they differ, `note` says why.
    fn held(ours: impl Into<String>, printed: &str, note: impl FnOnce() -> String) -> Self {
        let ours = ours.into();
        let note = (ours != printed).then(note);
        Self { ours, printed: printed.to_owned(), note }
    }

    /// Whether the two differ.
    pub fn differs(&self) -> bool {
        self.ours != self.printed
    }
}

impl PaperTable {
    /// The cells that differ.
    pub fn differences(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.differs())
    }

    /// As text: what we have, and in brackets what was printed where it differs.
    pub fn cells(&self) -> Cells {
        let text = |cell: &Cell| {
            if cell.differs() { format!("{} (printed: {})", cell.ours, cell.printed) } else { cell.ours.clone() }
        };
        let row = |row: &Row| std::iter::once(row.name.clone()).chain(row.cells.iter().map(text)).collect();
        let heads: Vec<&str> = self.heads.iter().map(String::as_str).collect();
        Cells::new(&heads, &[], self.rows.iter().map(row).collect())
    }
}

/// All tables, in the order of their years.
///
/// # Errors
/// [`NetError`] where a network is not declared.
pub fn tables() -> Result<Vec<PaperTable>, NetError> {
    Ok(vec![lenet::table_1()?, vgg::table_1()?, vgg::table_2()?, googlenet::table_1()?, resnet::table_1()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_as_long_as_heads_and_every_difference_has_its_reason() {
        for table in tables().expect("should be declared") {
            for row in &table.rows {
                assert_eq!(row.cells.len() + 1, table.heads.len(), "{}: {}", table.title, row.name);
            }
            for cell in table.differences() {
                assert!(cell.note.as_ref().is_some_and(|note| !note.is_empty()), "{}: {cell:?}", table.title);
            }
        }
    }
}
