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
    /// What the paper has, where it has that cell.
    pub printed: Option<String>,
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
    /// A cell that the paper does not have.
    fn added(ours: impl Into<String>) -> Self {
        Self { ours: ours.into(), printed: None, note: None }
    }

    /// What we have and what was printed; where they differ, `note` says why.
    fn held(ours: impl Into<String>, printed: &str, note: impl FnOnce() -> String) -> Self {
        let ours = ours.into();
        let note = (ours != printed).then(note);
        Self { ours, printed: Some(printed.to_owned()), note }
    }

    /// Whether the two differ.
    pub fn differs(&self) -> bool {
        self.printed.as_ref().is_some_and(|printed| *printed != self.ours)
    }
}

impl PaperTable {
    /// The cells that differ.
    pub fn differences(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.differs())
    }

    /// As text: what we have, and in brackets what was printed where it differs.
    pub fn cells(&self) -> Cells {
        let text = |cell: &Cell| match &cell.printed {
            Some(printed) if cell.differs() => format!("{} (printed: {printed})", cell.ours),
            _ => cell.ours.clone(),
        };
        let row = |row: &Row| std::iter::once(row.name.clone()).chain(row.cells.iter().map(text)).collect();
        let heads: Vec<&str> = self.heads.iter().map(String::as_str).collect();
        Cells::new(&heads, &[], self.rows.iter().map(row).collect())
    }
}

/// Rows as printed, each with its name, and beside them the columns that graphs give; a row of one cell goes over all
/// columns. `note` says why a cell differs, by the row's name and the place of its column.
fn rows(printed: &[(&str, &[&str])], columns: &[Vec<String>], note: impl Fn(&str, usize) -> String) -> Vec<Row> {
    let row = |(place, (name, printed)): (usize, &(&str, &[&str]))| {
        let cell = |(column, ours): (usize, &Vec<String>)| {
            let printed = printed.get(column).or(printed.first()).copied().unwrap_or_default();
            Cell::held(ours.get(place).map_or("", String::as_str), printed, || note(name, column))
        };
        Row { name: (*name).to_owned(), cells: columns.iter().enumerate().map(cell).collect() }
    };
    printed.iter().enumerate().map(row).collect()
}

/// What is said where a declaration is not that of the paper.
const OUR_FAULT: &str = "Our declaration differs from the paper here.";

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
    fn rows_are_as_long_as_heads_and_no_difference_is_of_our_making() {
        for table in tables().expect("should be declared") {
            for row in &table.rows {
                assert_eq!(row.cells.len() + 1, table.heads.len(), "{}: {}", table.title, row.name);
            }
            for cell in table.differences() {
                assert!(cell.note.as_ref().is_some_and(|note| note != OUR_FAULT), "{}: {cell:?}", table.title);
            }
        }
    }
}
