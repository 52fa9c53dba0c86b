//! A table of a paper: computed cells beside the printed ones.

use serde::Serialize;

use super::phrase::{DifferenceReason, RowName, TablePhrase, TableWording};
use super::table_id::TableId;
use crate::compare::text_table::TextTable;
use net::{Family, family_info};

/// A cell as computed and as printed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PaperCell {
    /// The text that follows from the graph.
    pub ours: String,
    /// The printed text, if the paper has this cell.
    pub printed: Option<String>,
    /// The reason for a difference.
    pub note: Option<String>,
}

/// A row with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaperRow {
    /// Name of the row.
    pub name: String,
    /// The cells, one for each head after the first.
    pub cells: Vec<PaperCell>,
}

/// A table of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaperTable {
    /// The network family.
    pub family: Family,
    /// The title: `GoogLeNet, table 1`.
    pub title: String,
    /// The subject of the table in one sentence.
    pub caption: String,
    /// The paper.
    pub source: &'static str,
    /// The heads. The first belongs to the names of the rows.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<PaperRow>,
}

impl PaperCell {
    /// Creates a cell that the paper does not have.
    pub(super) fn added(ours: impl Into<String>) -> Self {
        Self { ours: ours.into(), printed: None, note: None }
    }

    /// Creates a cell from the computed and the printed text. `note` gives the reason if they differ.
    pub(super) fn with_reason(ours: impl Into<String>, printed: &str, note: impl FnOnce() -> String) -> Self {
        let ours = ours.into();
        let note = (ours != printed).then(note);
        Self { ours, printed: Some(printed.to_owned()), note }
    }

    /// Returns whether the computed text differs from the printed one.
    pub fn differs(&self) -> bool {
        self.printed.as_ref().is_some_and(|printed| *printed != self.ours)
    }
}

impl PaperTable {
    pub(super) fn new(
        table: TableId,
        source: &'static str,
        heads: Vec<String>,
        rows: Vec<PaperRow>,
        say: TableWording<'_>,
    ) -> Self {
        let family = table.family();
        Self {
            family,
            title: say(TablePhrase::Title(family_info(family).title, table.number())),
            caption: say(TablePhrase::Caption(table)),
            source,
            heads,
            rows,
        }
    }

    /// Returns the cells that differ from the printed ones.
    pub fn differences(&self) -> impl Iterator<Item = &PaperCell> {
        self.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.differs())
    }

    /// Returns the table as text. A cell that differs shows the printed text in brackets.
    pub fn cells(&self, say: TableWording<'_>) -> TextTable {
        let text = |cell: &PaperCell| match &cell.printed {
            Some(printed) if cell.differs() => say(TablePhrase::Printed(&cell.ours, printed)),
            _ => cell.ours.clone(),
        };
        let row = |row: &PaperRow| std::iter::once(row.name.clone()).chain(row.cells.iter().map(text)).collect();
        let heads: Vec<&str> = self.heads.iter().map(String::as_str).collect();
        TextTable::new(&heads, &[], self.rows.iter().map(row).collect())
    }
}

/// Combines printed rows with columns computed from graphs. A printed row of one cell applies to all columns. `note`
/// gives the reason for a difference, from the name of the row and the index of the column.
pub(super) fn rows(
    printed: &[(RowName<'_>, &[&str])],
    columns: &[Vec<String>],
    note: impl Fn(RowName<'_>, usize) -> DifferenceReason,
    say: TableWording<'_>,
) -> Vec<PaperRow> {
    let row = |(place, (name, printed)): (usize, &(RowName<'_>, &[&str]))| {
        let cell = |(column, ours): (usize, &Vec<String>)| {
            let printed = printed.get(column).or(printed.first()).copied().unwrap_or_default();
            PaperCell::with_reason(ours.get(place).map_or("", String::as_str), printed, || {
                say(TablePhrase::Reason(note(*name, column)))
            })
        };
        PaperRow { name: say(TablePhrase::Row(*name)), cells: columns.iter().enumerate().map(cell).collect() }
    };
    printed.iter().enumerate().map(row).collect()
}
