//! LeCun et al. 1998, Table I: which maps of S2 each map of C3 reads.

use super::{Cell, OUR_FAULT, PaperTable, Row};
use crate::net::{Family, NetError, Op, network};

/// As printed: a row for each map of S2, a cross for each map of C3 that reads it.
const PRINTED: [&str; 6] = [
    "X...XXX..XXXX.XX",
    "XX...XXX..XXXX.X",
    "XXX...XXX..X.XXX",
    ".XXX..XXXX..X.XX",
    "..XXX..XXXX.XX.X",
    "...XXX..XXXX.XXX",
];

/// Table I from the connections of the node C3.
pub(super) fn table_1() -> Result<PaperTable, NetError> {
    let graph = network("lenet5")?;
    let connections = match &graph.node(graph.find("C3")?).op {
        Op::Conv2d(conv) => conv.connections.unwrap_or_default(),
        _ => &[],
    };
    let mark = |there: bool| if there { "×" } else { "" };
    let row = |(input, printed): (usize, &str)| Row {
        name: format!("S2, map {input}"),
        cells: printed
            .chars()
            .enumerate()
            .map(|(output, printed)| {
                let ours = connections.get(output).is_some_and(|inputs| inputs.contains(&input));
                Cell::held(mark(ours), mark(printed == 'X'), || OUR_FAULT.to_owned())
            })
            .collect(),
    };
    let outputs = (0..PRINTED[0].len()).map(|output| output.to_string());
    Ok(PaperTable {
        family: Family::LeNet,
        title: "LeNet-5, table I",
        caption: "Each column indicates which maps of S2 a map of C3 combines: 60 of 96 connections, so that maps are \
                  forced to find different things.",
        source: graph.source,
        heads: std::iter::once("C3, map".to_owned()).chain(outputs).collect(),
        rows: (0..).zip(PRINTED).map(row).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_as_printed() {
        let table = table_1().expect("should be declared");
        assert_eq!(table.differences().count(), 0);
        let crosses = table.rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.ours.is_empty()).count();
        // 60 connections of 25 weights each, with 16 biases: the 1,516 parameters of section II.B.
        assert_eq!((crosses, crosses * 25 + 16), (60, 1516));
    }
}
