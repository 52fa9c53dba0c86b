//! The tables of the papers, reproduced from the graphs and compared with the printed ones.
//!
//! Each module of a paper (`lenet`, `vgg`, `googlenet`, `resnet`) holds its tables as printed and computes the same
//! tables from the graphs. A [`PaperTable`] shows both; where a cell differs, it gives the reason. Words come from the
//! caller ([`TableWording`]), so that the tables can be read in every language.

mod googlenet;
mod lenet;
mod phrase;
mod resnet;
mod table;
mod table_id;
mod vgg;

use net::NetError;

pub use phrase::{ColumnHead, DifferenceReason, MacsReason, RowName, TablePhrase, TableWording, WeightsReason};
pub use resnet::format_flops;
pub use table::{PaperCell, PaperRow, PaperTable};
pub use table_id::TableId;

impl TableId {
    /// Reproduces the table. `say` gives its words.
    ///
    /// # Errors
    /// Returns [`NetError`] if a network of the table is not declared.
    pub fn reproduce(self, say: TableWording<'_>) -> Result<PaperTable, NetError> {
        match self {
            Self::LeNet1 => lenet::table_1(say),
            Self::Vgg1 => vgg::table_1(say),
            Self::Vgg2 => vgg::table_2(say),
            Self::GoogLeNet1 => googlenet::table_1(say),
            Self::ResNet1 => resnet::table_1(say),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::phrase::plainly;
    use super::*;

    #[test]
    fn rows_have_a_cell_per_head_and_our_declarations_cause_no_difference() {
        for table in TableId::ALL {
            let table = table.reproduce(&plainly).expect("should be declared");
            for row in &table.rows {
                assert_eq!(row.cells.len() + 1, table.heads.len(), "{}: {}", table.title, row.name);
            }
            for cell in table.differences() {
                assert!(
                    cell.note
                        .as_ref()
                        .is_some_and(|note| *note != plainly(TablePhrase::Reason(DifferenceReason::Ours))),
                    "{}: {cell:?}",
                    table.title
                );
            }
        }
    }
}
