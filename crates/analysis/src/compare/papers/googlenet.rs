//! Szegedy et al. 2014, table 1: GoogLeNet, row by row.

use std::ops::Range;

use super::phrase::{ColumnHead, DifferenceReason, MacsReason, RowName, TablePhrase, TableWording, WeightsReason};
use super::table::{PaperCell, PaperRow, PaperTable};
use super::table_id::TableId;
use crate::compare::column::depths;
use net::{Graph, NetError, NodeId, Op, network};

/// A row as printed.
struct PrintedRow {
    /// The kind of the row, as printed.
    kind: RowName<'static>,
    /// The nodes that the row describes, from the first to the last.
    nodes: (&'static str, &'static str),
    patch: &'static str,
    output: &'static str,
    depth: &'static str,
    /// Channels of the columns #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj.
    widths: [&'static str; 6],
    parameters: &'static str,
    operations: &'static str,
}

const NO_WIDTHS: [&str; 6] = [""; 6];

const fn plain(
    kind: RowName<'static>,
    nodes: (&'static str, &'static str),
    patch: &'static str,
    output: &'static str,
    depth: &'static str,
) -> PrintedRow {
    PrintedRow { kind, nodes, patch, output, depth, widths: NO_WIDTHS, parameters: "", operations: "" }
}

const fn inception(
    kind: &'static str,
    node: &'static str,
    output: &'static str,
    widths: [&'static str; 6],
    (parameters, operations): (&'static str, &'static str),
) -> PrintedRow {
    PrintedRow {
        kind: RowName::Plain(kind),
        nodes: (node, node),
        patch: "",
        output,
        depth: "2",
        widths,
        parameters,
        operations,
    }
}

const PRINTED: [PrintedRow; 19] = [
    PrintedRow {
        parameters: "2.7K",
        operations: "34M",
        ..plain(RowName::Convolution, ("conv1", "conv1"), "7×7/2", "112×112×64", "1")
    },
    plain(RowName::MaxPool, ("pool1", "pool1"), "3×3/2", "56×56×64", "0"),
    PrintedRow {
        widths: ["", "64", "192", "", "", ""],
        parameters: "112K",
        operations: "360M",
        ..plain(RowName::Convolution, ("conv2_reduce", "conv2"), "3×3/1", "56×56×192", "2")
    },
    plain(RowName::MaxPool, ("pool2", "pool2"), "3×3/2", "28×28×192", "0"),
    inception("inception (3a)", "inception3a", "28×28×256", ["64", "96", "128", "16", "32", "32"], ("159K", "128M")),
    inception("inception (3b)", "inception3b", "28×28×480", ["128", "128", "192", "32", "96", "64"], ("380K", "304M")),
    plain(RowName::MaxPool, ("pool3", "pool3"), "3×3/2", "14×14×480", "0"),
    inception("inception (4a)", "inception4a", "14×14×512", ["192", "96", "208", "16", "48", "64"], ("364K", "73M")),
    inception("inception (4b)", "inception4b", "14×14×512", ["160", "112", "224", "24", "64", "64"], ("437K", "88M")),
    inception("inception (4c)", "inception4c", "14×14×512", ["128", "128", "256", "24", "64", "64"], ("463K", "100M")),
    inception("inception (4d)", "inception4d", "14×14×528", ["112", "144", "288", "32", "64", "64"], ("580K", "119M")),
    inception(
        "inception (4e)",
        "inception4e",
        "14×14×832",
        ["256", "160", "320", "32", "128", "128"],
        ("840K", "170M"),
    ),
    plain(RowName::MaxPool, ("pool4", "pool4"), "3×3/2", "7×7×832", "0"),
    inception("inception (5a)", "inception5a", "7×7×832", ["256", "160", "320", "32", "128", "128"], ("1072K", "54M")),
    inception("inception (5b)", "inception5b", "7×7×1024", ["384", "192", "384", "48", "128", "128"], ("1388K", "71M")),
    plain(RowName::AveragePool, ("avgpool", "avgpool"), "7×7/1", "1×1×1024", "0"),
    plain(RowName::Dropout(40), ("dropout", "dropout"), "", "1×1×1024", "0"),
    PrintedRow { parameters: "1000K", operations: "1M", ..plain(RowName::Linear, ("fc", "fc"), "", "1×1×1000", "1") },
    plain(RowName::Plain("softmax"), ("softmax", "softmax"), "", "1×1×1000", "0"),
];

const HEADS: [ColumnHead; 12] = [
    ColumnHead::Type,
    ColumnHead::Patch,
    ColumnHead::OutputSize,
    ColumnHead::Depth,
    ColumnHead::Plain("#1×1"),
    ColumnHead::Reduce("#3×3"),
    ColumnHead::Plain("#3×3"),
    ColumnHead::Reduce("#5×5"),
    ColumnHead::Plain("#5×5"),
    ColumnHead::PoolProjection,
    ColumnHead::Parameters,
    ColumnHead::Operations,
];

/// Returns the nodes of a block, or of the range from one node or block to another.
fn nodes(graph: &Graph, (first, last): (&str, &str)) -> Result<Range<usize>, NetError> {
    let block = |name: &str| graph.blocks.iter().find(|block| block.name == name).map(|block| block.nodes.clone());
    let start = match block(first) {
        Some(nodes) => nodes.start,
        None => graph.find(first)?.0,
    };
    let end = match block(last) {
        Some(nodes) => nodes.end,
        None => graph.find(last)?.0 + 1,
    };
    Ok(start..end)
}

/// Formats the window of the last node that has one, as `7×7/2`.
fn patch(graph: &Graph, nodes: Range<usize>) -> String {
    let window = |place: usize| match &graph.node(NodeId(place)).op {
        Op::Conv2d(conv) => Some((conv.window.kernel, conv.window.stride)),
        Op::MaxPool2d(pool) => Some((pool.window.kernel, pool.window.stride)),
        Op::AvgPool2d(pool) => Some((pool.kernel, pool.stride)),
        // The pooling averages the whole map once.
        Op::AdaptiveAvgPool2d(_) => Some((graph.input_shape(NodeId(place)).chw().1, 1)),
        _ => None,
    };
    nodes.rev().find_map(window).map(|(kernel, stride)| format!("{kernel}×{kernel}/{stride}")).unwrap_or_default()
}

/// Returns the channels of the convolutions of a module in the columns of the table. The column follows from the kernel
/// and from the input: the module's input, a pooling, or a reduction.
fn widths(graph: &Graph, nodes: Range<usize>) -> [String; 6] {
    let mut widths: [Option<usize>; 6] = [None; 6];
    let input = graph.node(NodeId(nodes.start)).inputs.first().copied();
    let read = |id: NodeId| graph.node(id).inputs.first().copied();
    let kernel = |id: NodeId| match &graph.node(id).op {
        Op::Conv2d(conv) => Some((conv.window.kernel, conv.channels)),
        _ => None,
    };
    for id in nodes.clone().map(NodeId) {
        let Some((side, channels)) = kernel(id) else { continue };
        // The next convolution that reads this one, possibly after a ReLU, tells whether this one is a reduction.
        let next = nodes.clone().map(NodeId).find_map(|later| {
            let (later_side, _) = kernel(later)?;
            let mut from = read(later)?;
            while from != id && from.0 > nodes.start && kernel(from).is_none() {
                from = read(from)?;
            }
            (from == id).then_some(later_side)
        });
        let place = match (side, next) {
            (3, _) => 2,
            (5, _) => 4,
            (1, Some(3)) => 1,
            (1, Some(5)) => 3,
            (1, None) if read(id) == input => 0,
            _ => 5,
        };
        widths[place] = Some(channels);
    }
    widths.map(|width| width.map(|channels| channels.to_string()).unwrap_or_default())
}

/// Formats a number of weights (without biases) in units of 1024, as the paper does.
fn kilo(weights: u64) -> String {
    match weights as f64 / 1024.0 {
        k if k < 10.0 => format!("{k:.1}K"),
        k => format!("{k:.0}K"),
    }
}

/// Weights of a separable convolution with a depth multiplier of 8, which Ioffe and Szegedy 2015 (appendix) use in
/// place of the first convolution.
const SEPARABLE: u64 = 7 * 7 * 3 * 8 + 8 * 3 * 64;

/// Counts of a row that follow from its widths, and the printed row.
struct Counts<'a> {
    weights: u64,
    parameters: u64,
    macs: u64,
    /// Rows times columns of the output.
    places: u64,
    printed: &'a PrintedRow,
}

fn figure(printed: &str) -> f64 {
    printed.trim_end_matches(['K', 'M']).parse().unwrap_or(f64::NAN)
}

impl Counts<'_> {
    /// Returns whether the row is the first convolution and the printed operations are those of the separable
    /// convolution.
    fn is_separable(&self) -> bool {
        let operations = (SEPARABLE * self.places) as f64 / 1e6;
        self.printed.nodes.0 == "conv1" && operations.round() == figure(self.printed.operations)
    }

    fn of_parameters(&self) -> DifferenceReason {
        let (ours, with_biases) = (self.weights as f64 / 1024.0, self.parameters as f64 / 1024.0);
        let printed = figure(self.printed.parameters);
        let why = if self.is_separable() {
            WeightsReason::Separable(SEPARABLE)
        } else if ours.fract() == 0.5 && ours.floor() == printed {
            WeightsReason::Half
        } else if with_biases.round() == printed {
            WeightsReason::WithBiases
        } else if (ours - printed).abs() <= 1.0 {
            WeightsReason::OneOff
        } else {
            WeightsReason::Unknown
        };
        DifferenceReason::Weights(self.weights, self.parameters, why)
    }

    fn of_operations(&self) -> DifferenceReason {
        let printed = figure(self.printed.operations);
        let of_printed_weights = figure(self.printed.parameters) * 1024.0 * self.places as f64 / 1e6;
        let why = if self.is_separable() {
            MacsReason::Separable(SEPARABLE * self.places)
        } else if of_printed_weights.round() == printed {
            MacsReason::OfPrinted
        } else {
            MacsReason::Unknown
        };
        DifferenceReason::Macs(self.macs, why)
    }
}

fn row(graph: &Graph, printed: &PrintedRow, say: TableWording<'_>) -> Result<PaperRow, NetError> {
    let nodes = nodes(graph, printed.nodes)?;
    let ids = || nodes.clone().map(NodeId);
    let shape = graph.node(NodeId(nodes.end - 1)).shape;
    let (channels, rows, columns) = shape.chw();
    let sum = |count: fn(&Graph, NodeId) -> u64| ids().map(|id| count(graph, id)).sum::<u64>();
    let parameters = sum(|graph, id| graph.parameters(id).value());
    let weights = sum(|graph, id| {
        let weight = |(name, spec): &(String, net::TensorSpec)| {
            name.ends_with(".weight").then(|| spec.dims.iter().product::<usize>() as u64)
        };
        graph.tensors(id).iter().filter_map(weight).sum()
    });
    let macs = sum(|graph, id| graph.macs(id).value());
    let is_inception = printed.nodes.0.starts_with("inception");
    let depth = depths(graph, nodes.clone()).into_iter().max().unwrap_or(0);
    let differs = || say(TablePhrase::Reason(DifferenceReason::Ours));
    let widths = if printed.widths == NO_WIDTHS { NO_WIDTHS.map(str::to_owned) } else { widths(graph, nodes.clone()) };
    let places = (rows * columns) as u64;
    let counts = Counts { weights, parameters, macs, places, printed };
    let has_patch = !is_inception && !printed.patch.is_empty();
    let counted = !printed.parameters.is_empty();
    let mut cells = vec![
        PaperCell::with_reason(
            if has_patch { patch(graph, nodes.clone()) } else { String::new() },
            printed.patch,
            differs,
        ),
        PaperCell::with_reason(format!("{rows}×{columns}×{channels}"), printed.output, differs),
        PaperCell::with_reason(depth.to_string(), printed.depth, differs),
    ];
    cells.extend(
        widths.into_iter().zip(printed.widths).map(|(ours, printed)| PaperCell::with_reason(ours, printed, differs)),
    );
    let million = format!("{:.0}M", macs as f64 / 1e6);
    cells.push(PaperCell::with_reason(if counted { kilo(weights) } else { String::new() }, printed.parameters, || {
        say(TablePhrase::Reason(counts.of_parameters()))
    }));
    cells.push(PaperCell::with_reason(if counted { million } else { String::new() }, printed.operations, || {
        say(TablePhrase::Reason(counts.of_operations()))
    }));
    Ok(PaperRow { name: say(TablePhrase::Row(printed.kind)), cells })
}

/// Reproduces table 1 from `googlenet`, the network of the paper.
pub(super) fn table_1(say: TableWording<'_>) -> Result<PaperTable, NetError> {
    let graph = network("googlenet")?;
    let rows = PRINTED.iter().map(|printed| row(&graph, printed, say)).collect::<Result<Vec<_>, _>>()?;
    let heads = HEADS.map(|head| say(TablePhrase::Head(head))).to_vec();
    Ok(PaperTable::new(TableId::GoogLeNet1, graph.source, heads, rows, say))
}

#[cfg(test)]
mod tests {
    use super::super::phrase::plainly;
    use super::*;

    #[test]
    fn only_counts_differ_from_the_paper() {
        let table = table_1(&plainly).expect("should be declared");
        let differences: Vec<(&str, &str, &str, &str)> = table
            .rows
            .iter()
            .flat_map(|row| {
                let cells = row.cells.iter().zip(&table.heads[1..]);
                cells.filter(|(cell, _)| cell.differs()).map(|(cell, head)| {
                    (row.name.as_str(), head.as_str(), cell.ours.as_str(), cell.printed.as_deref().unwrap_or_default())
                })
            })
            .collect();
        assert_eq!(
            differences,
            [
                ("Convolution", "Parameters", "9.2K", "2.7K"),
                ("Convolution", "Operations", "118M", "34M"),
                ("inception (3a)", "Parameters", "160K", "159K"),
                ("inception (3b)", "Parameters", "379K", "380K"),
                ("inception (4a)", "Parameters", "367K", "364K"),
                ("inception (4a)", "Operations", "74M", "73M"),
                ("inception (4b)", "Parameters", "438K", "437K"),
                // The printed operations agree with the widths; the printed parameters do not.
                ("inception (4c)", "Parameters", "498K", "463K"),
                ("inception (4d)", "Parameters", "590K", "580K"),
                ("inception (4e)", "Parameters", "847K", "840K"),
                ("inception (5a)", "Parameters", "1018K", "1072K"),
                ("inception (5a)", "Operations", "51M", "54M"),
                ("inception (5b)", "Parameters", "1409K", "1388K"),
            ]
        );
        let note = |row: usize, cell: usize| table.rows[row].cells[cell].note.clone().unwrap_or_default();
        for (row, cell, expected) in [
            (0, 9, DifferenceReason::Weights(9408, 9472, WeightsReason::Separable(2712))),
            (0, 10, DifferenceReason::Macs(118_013_952, MacsReason::Separable(34_019_328))),
            // 159.5 times 1024, and 159.9 times 1024 with biases.
            (4, 9, DifferenceReason::Weights(163_328, 163_696, WeightsReason::Half)),
        ] {
            assert_eq!(note(row, cell), plainly(TablePhrase::Reason(expected)));
        }
        for (row, cell, why) in
            [(5, 9, "WithBiases"), (7, 10, "OfPrinted"), (9, 9, "Unknown"), (13, 10, "OfPrinted"), (13, 9, "Unknown")]
        {
            assert!(note(row, cell).contains(why), "{row}: {}", note(row, cell));
        }
    }
}
