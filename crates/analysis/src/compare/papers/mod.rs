//! The papers' own tables, made again from the graphs and held against what was printed.

mod googlenet;
mod lenet;
mod phrase;
mod resnet;
mod vgg;

use serde::Serialize;

use super::cells::Cells;
use net::{Family, NetError, lineage};

pub use resnet::giga;

pub use phrase::{Head, Named, Note, Phrase, Say, WhyMacs, WhyWeights};

/// The tables that are made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// LeCun et al. 1998, Table I.
    LeNet1,
    /// Simonyan and Zisserman 2014, Table 1.
    Vgg1,
    /// Simonyan and Zisserman 2014, Table 2.
    Vgg2,
    /// Szegedy et al. 2014, Table 1.
    GoogLeNet1,
    /// He et al. 2015, Table 1.
    ResNet1,
}

impl Table {
    /// All of them, in the order of their years.
    pub const ALL: [Self; 5] = [Self::LeNet1, Self::Vgg1, Self::Vgg2, Self::GoogLeNet1, Self::ResNet1];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::LeNet1 => "lenet-5-table-i",
            Self::Vgg1 => "vgg-table-1",
            Self::Vgg2 => "vgg-table-2",
            Self::GoogLeNet1 => "googlenet-table-1",
            Self::ResNet1 => "resnet-table-1",
        }
    }

    fn family(self) -> Family {
        match self {
            Self::LeNet1 => Family::LeNet,
            Self::Vgg1 | Self::Vgg2 => Family::Vgg,
            Self::GoogLeNet1 => Family::GoogLeNet,
            Self::ResNet1 => Family::ResNet,
        }
    }

    /// Its number in its paper.
    fn number(self) -> &'static str {
        match self {
            Self::LeNet1 => "I",
            Self::Vgg2 => "2",
            _ => "1",
        }
    }

    /// It made again.
    ///
    /// # Errors
    /// [`NetError`] where a network of it is not declared.
    pub fn made(self, say: Say<'_>) -> Result<PaperTable, NetError> {
        match self {
            Self::LeNet1 => lenet::table_1(say),
            Self::Vgg1 => vgg::table_1(say),
            Self::Vgg2 => vgg::table_2(say),
            Self::GoogLeNet1 => googlenet::table_1(say),
            Self::ResNet1 => resnet::table_1(say),
        }
    }
}

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
    pub title: String,
    /// What it says, in a sentence.
    pub caption: String,
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
    fn new(table: Table, source: &'static str, heads: Vec<String>, rows: Vec<Row>, say: Say<'_>) -> Self {
        let family = table.family();
        Self {
            family,
            title: say(Phrase::Title(lineage(family).title, table.number())),
            caption: say(Phrase::Caption(table)),
            source,
            heads,
            rows,
        }
    }

    /// The cells that differ.
    pub fn differences(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.differs())
    }

    /// As text: what we have, and in brackets what was printed where it differs.
    pub fn cells(&self, say: Say<'_>) -> Cells {
        let text = |cell: &Cell| match &cell.printed {
            Some(printed) if cell.differs() => say(Phrase::Printed(&cell.ours, printed)),
            _ => cell.ours.clone(),
        };
        let row = |row: &Row| std::iter::once(row.name.clone()).chain(row.cells.iter().map(text)).collect();
        let heads: Vec<&str> = self.heads.iter().map(String::as_str).collect();
        Cells::new(&heads, &[], self.rows.iter().map(row).collect())
    }
}

/// Rows as printed, each with its name, and beside them the columns that graphs give; a row of one cell goes over all
/// columns. `note` says why a cell differs, by the row's name and the place of its column.
fn rows(
    printed: &[(Named<'_>, &[&str])],
    columns: &[Vec<String>],
    note: impl Fn(Named<'_>, usize) -> Note,
    say: Say<'_>,
) -> Vec<Row> {
    let row = |(place, (name, printed)): (usize, &(Named<'_>, &[&str]))| {
        let cell = |(column, ours): (usize, &Vec<String>)| {
            let printed = printed.get(column).or(printed.first()).copied().unwrap_or_default();
            Cell::held(ours.get(place).map_or("", String::as_str), printed, || say(Phrase::Note(note(*name, column))))
        };
        Row { name: say(Phrase::Row(*name)), cells: columns.iter().enumerate().map(cell).collect() }
    };
    printed.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::phrase::plainly;
    use super::*;

    #[test]
    fn rows_are_as_long_as_heads_and_no_difference_is_of_our_making() {
        for table in Table::ALL {
            let table = table.made(&plainly).expect("should be declared");
            for row in &table.rows {
                assert_eq!(row.cells.len() + 1, table.heads.len(), "{}: {}", table.title, row.name);
            }
            for cell in table.differences() {
                assert!(
                    cell.note.as_ref().is_some_and(|note| *note != plainly(Phrase::Note(Note::Ours))),
                    "{}: {cell:?}",
                    table.title
                );
            }
        }
    }
}
