//! LeCun et al. 1998, table I: the maps of S2 that each map of C3 reads.

use super::phrase::{ColumnHead, DifferenceReason, RowName, TablePhrase, TableWording};
use super::table::{PaperCell, PaperRow, PaperTable};
use super::table_id::TableId;
use net::{NetError, Op, network};

/// The table as printed: one row for each map of S2, with a cross for each map of C3 that reads it.
const PRINTED: [&str; 6] = [
    "X...XXX..XXXX.XX",
    "XX...XXX..XXXX.X",
    "XXX...XXX..X.XXX",
    ".XXX..XXXX..X.XX",
    "..XXX..XXXX.XX.X",
    "...XXX..XXXX.XXX",
];

/// Reproduces table I from the connections of the node C3.
pub(super) fn table_1(say: TableWording<'_>) -> Result<PaperTable, NetError> {
    let graph = network("lenet5")?;
    let connections = match &graph.node(graph.find("C3")?).op {
        Op::Conv2d(conv) => conv.connections.unwrap_or_default(),
        _ => &[],
    };
    let mark = |there: bool| if there { "×" } else { "" };
    let row = |(input, printed): (usize, &str)| PaperRow {
        name: say(TablePhrase::Row(RowName::MapOfS2(input))),
        cells: printed
            .chars()
            .enumerate()
            .map(|(output, printed)| {
                let ours = connections.get(output).is_some_and(|inputs| inputs.contains(&input));
                PaperCell::with_reason(mark(ours), mark(printed == 'X'), || {
                    say(TablePhrase::Reason(DifferenceReason::Ours))
                })
            })
            .collect(),
    };
    let outputs = (0..PRINTED[0].len()).map(|output| output.to_string());
    let heads = std::iter::once(say(TablePhrase::Head(ColumnHead::MapOfC3))).chain(outputs).collect();
    Ok(PaperTable::new(TableId::LeNet1, graph.source, heads, (0..).zip(PRINTED).map(row).collect(), say))
}

#[cfg(test)]
mod tests {
    use super::super::phrase::plainly;
    use super::*;

    #[test]
    fn the_table_agrees_with_the_paper() {
        let table = table_1(&plainly).expect("should be declared");
        assert_eq!(table.differences().count(), 0);
        let crosses = table.rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.ours.is_empty()).count();
        // 60 connections of 25 weights each and 16 biases: the 1,516 parameters of section II.B.
        assert_eq!((crosses, crosses * 25 + 16), (60, 1516));
    }
}
