//! The tables of the papers, reproduced from the graphs and compared with the printed ones.

mod googlenet;
mod lenet;
mod phrase;
mod resnet;
mod vgg;

use serde::Serialize;

use super::text_table::Cells;
use net::{Family, NetError, lineage};

pub use resnet::giga;

pub use phrase::{Head, Named, Note, Phrase, Say, WhyMacs, WhyWeights};

/// The tables that are reproduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// LeCun et al. 1998, table I.
    LeNet1,
    /// Simonyan and Zisserman 2014, table 1.
    Vgg1,
    /// Simonyan and Zisserman 2014, table 2.
    Vgg2,
    /// Szegedy et al. 2014, table 1.
    GoogLeNet1,
    /// He et al. 2015, table 1.
    ResNet1,
}

impl Table {
    /// All tables, by year.
    pub const ALL: [Self; 5] = [Self::LeNet1, Self::Vgg1, Self::Vgg2, Self::GoogLeNet1, Self::ResNet1];

    /// Returns the name in file names.
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

    /// Returns the number of the table in its paper.
    fn number(self) -> &'static str {
        match self {
            Self::LeNet1 => "I",
            Self::Vgg2 => "2",
            _ => "1",
        }
    }

    /// Reproduces the table. `say` gives its words.
    ///
    /// # Errors
    /// Returns [`NetError`] if a network of the table is not declared.
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

/// A cell as computed and as printed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Cell {
    /// The text that follows from the graph.
    pub ours: String,
    /// The printed text, if the paper has this cell.
    pub printed: Option<String>,
    /// The reason for a difference.
    pub note: Option<String>,
}

/// A row with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Name of the row.
    pub name: String,
    /// The cells, one for each head after the first.
    pub cells: Vec<Cell>,
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
    pub rows: Vec<Row>,
}

impl Cell {
    /// Creates a cell that the paper does not have.
    fn added(ours: impl Into<String>) -> Self {
        Self { ours: ours.into(), printed: None, note: None }
    }

    /// Creates a cell from the computed and the printed text. `note` gives the reason if they differ.
    fn held(ours: impl Into<String>, printed: &str, note: impl FnOnce() -> String) -> Self {
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

    /// Returns the cells that differ from the printed ones.
    pub fn differences(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.differs())
    }

    /// Returns the table as text. A cell that differs shows the printed text in brackets.
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

/// Combines printed rows with columns computed from graphs. A printed row of one cell applies to all columns. `note`
/// gives the reason for a difference, from the name of the row and the index of the column.
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
    fn rows_have_a_cell_per_head_and_our_declarations_cause_no_difference() {
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
