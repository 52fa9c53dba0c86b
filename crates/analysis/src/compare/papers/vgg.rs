//! Simonyan and Zisserman 2014, tables 1 and 2: the configurations A to E, and their parameters in millions.

use super::phrase::{ColumnHead, DifferenceReason, RowName, TablePhrase, TableWording};
use super::table::{PaperCell, PaperRow, PaperTable, rows};
use super::table_id::TableId;
use crate::compare::units::grouped;
use net::{BlockKind, Graph, NetError, NodeId, Op, network};

/// The networks of the columns, with the names of the columns.
const COLUMNS: [(&str, &str); 6] =
    [("vgg11", "A"), ("vgg11-lrn", "A-LRN"), ("vgg13", "B"), ("vgg16-c", "C"), ("vgg16", "D"), ("vgg19", "E")];

/// Table 1 as printed, row by row. A row of one cell applies to all columns. The names of the rows are ours.
const PRINTED: [(RowName<'_>, &[&str]); 16] = [
    (RowName::WeightLayers, &["11", "11", "13", "16", "16", "19"]),
    (RowName::Input, &["input (224 × 224 RGB image)"]),
    (RowName::Plain("224×224"), &["conv3-64", "conv3-64, LRN", "2 conv3-64", "2 conv3-64", "2 conv3-64", "2 conv3-64"]),
    (RowName::Pooling, &["maxpool"]),
    (
        RowName::Plain("112×112"),
        &["conv3-128", "conv3-128", "2 conv3-128", "2 conv3-128", "2 conv3-128", "2 conv3-128"],
    ),
    (RowName::Pooling, &["maxpool"]),
    (
        RowName::Plain("56×56"),
        &["2 conv3-256", "2 conv3-256", "2 conv3-256", "2 conv3-256, conv1-256", "3 conv3-256", "4 conv3-256"],
    ),
    (RowName::Pooling, &["maxpool"]),
    (
        RowName::Plain("28×28"),
        &["2 conv3-512", "2 conv3-512", "2 conv3-512", "2 conv3-512, conv1-512", "3 conv3-512", "4 conv3-512"],
    ),
    (RowName::Pooling, &["maxpool"]),
    (
        RowName::Plain("14×14"),
        &["2 conv3-512", "2 conv3-512", "2 conv3-512", "2 conv3-512, conv1-512", "3 conv3-512", "4 conv3-512"],
    ),
    (RowName::Pooling, &["maxpool"]),
    (RowName::FullyConnected, &["FC-4096"]),
    (RowName::FullyConnected, &["FC-4096"]),
    (RowName::FullyConnected, &["FC-1000"]),
    (RowName::Probabilities, &["soft-max"]),
];

/// Table 2 as printed, in millions of parameters. The paper gives one figure for A and A-LRN.
const MILLIONS: [&str; 6] = ["133", "133", "133", "134", "138", "144"];

/// Returns the words of table 1 for an operation. The table shows neither ReLU ("for brevity") nor dropout.
fn word(op: &Op) -> Option<String> {
    match op {
        Op::Conv2d(conv) => Some(format!("conv{}-{}", conv.window.kernel, conv.channels)),
        Op::LocalResponseNorm(_) => Some("LRN".to_owned()),
        Op::MaxPool2d(_) => Some("maxpool".to_owned()),
        Op::Linear(linear) => Some(format!("FC-{}", linear.units)),
        Op::Softmax(_) => Some("soft-max".to_owned()),
        _ => None,
    }
}

/// Joins words and counts repetitions: `2 conv3-512, conv1-512`.
fn runs(words: impl Iterator<Item = String>) -> String {
    let mut runs: Vec<(String, usize)> = Vec::new();
    for word in words {
        match runs.last_mut() {
            Some((last, count)) if *last == word => *count += 1,
            _ => runs.push((word, 1)),
        }
    }
    let text = |(word, count): (String, usize)| if count == 1 { word } else { format!("{count} {word}") };
    runs.into_iter().map(text).collect::<Vec<_>>().join(", ")
}

/// Computes the column of a network in table 1.
fn column(graph: &Graph) -> Vec<String> {
    let ops = |nodes: std::ops::Range<usize>| nodes.map(|place| &graph.node(NodeId(place)).op);
    let has_weights = |op: &&Op| matches!(op, Op::Conv2d(_) | Op::Linear(_));
    let mut rows = vec![ops(0..graph.nodes.len()).filter(has_weights).count().to_string()];
    let (channels, height, width) = graph.node(NodeId(0)).shape.chw();
    let colours = if channels == 3 { "RGB".to_owned() } else { format!("{channels}-channel") };
    rows.push(format!("input ({height} × {width} {colours} image)"));
    let mut end = 0;
    for block in graph.blocks.iter().filter(|block| block.kind == BlockKind::Stage) {
        let is_pool = |op: &&Op| matches!(op, Op::MaxPool2d(_));
        rows.push(runs(ops(block.nodes.clone()).filter(|op| !is_pool(op)).filter_map(word)));
        rows.push(runs(ops(block.nodes.clone()).filter(is_pool).filter_map(word)));
        end = block.nodes.end;
    }
    rows.extend(ops(end..graph.nodes.len()).filter_map(word));
    rows
}

fn heads(say: TableWording<'_>) -> Vec<String> {
    let names = COLUMNS.map(|(_, name)| ColumnHead::Plain(name));
    std::iter::once(ColumnHead::Configuration).chain(names).map(|head| say(TablePhrase::Head(head))).collect()
}

/// Reproduces table 1: the six configurations.
pub(super) fn table_1(say: TableWording<'_>) -> Result<PaperTable, NetError> {
    let graphs = COLUMNS.iter().map(|(name, _)| network(name)).collect::<Result<Vec<_>, _>>()?;
    let columns: Vec<Vec<String>> = graphs.iter().map(column).collect();
    let source = graphs.first().map_or("", |graph| graph.source);
    let rows = rows(&PRINTED, &columns, |_, _| DifferenceReason::Ours, say);
    Ok(PaperTable::new(TableId::Vgg1, source, heads(say), rows, say))
}

/// Reproduces table 2: the parameters in millions.
pub(super) fn table_2(say: TableWording<'_>) -> Result<PaperTable, NetError> {
    let graphs = COLUMNS.iter().map(|(name, _)| network(name)).collect::<Result<Vec<_>, _>>()?;
    let parameters: Vec<u64> = graphs.iter().map(Graph::total_parameters).collect();
    let millions = |(&count, printed): (&u64, &str)| {
        PaperCell::with_reason(format!("{:.0}", count as f64 / 1e6), printed, || {
            say(TablePhrase::Reason(DifferenceReason::Parameters(count)))
        })
    };
    let source = graphs.first().map_or("", |graph| graph.source);
    let row = |named, cells| PaperRow { name: say(TablePhrase::Row(named)), cells };
    let rows = vec![
        row(RowName::Millions, parameters.iter().zip(MILLIONS).map(millions).collect()),
        row(RowName::Exactly, parameters.iter().map(|&n| PaperCell::added(grouped(n))).collect()),
    ];
    Ok(PaperTable::new(TableId::Vgg2, source, heads(say), rows, say))
}

#[cfg(test)]
mod tests {
    use super::super::phrase::plainly;
    use super::*;

    #[test]
    fn both_tables_agree_with_the_paper() {
        for table in [table_1(&plainly), table_2(&plainly)] {
            let table = table.expect("should be declared");
            assert_eq!(table.differences().collect::<Vec<_>>(), Vec::<&PaperCell>::new(), "{}", table.title);
        }
    }

    #[test]
    fn sizes_of_rows_agree_with_the_graphs() {
        let sizes = PRINTED.iter().filter_map(|(name, _)| match name {
            RowName::Plain(name) => name.split_once('×')?.0.parse::<usize>().ok(),
            _ => None,
        });
        let graph = network("vgg16").expect("should be declared");
        let stages = graph.blocks.iter().filter(|block| block.kind == BlockKind::Stage);
        let of_first = stages.map(|block| graph.node(NodeId(block.nodes.start)).shape.chw().1);
        assert_eq!(of_first.collect::<Vec<_>>(), sizes.collect::<Vec<_>>());
    }

    #[test]
    fn repetitions_are_counted() {
        let words = ["a", "a", "b", "a"].map(str::to_owned);
        assert_eq!(runs(words.into_iter()), "2 a, b, a");
    }
}
