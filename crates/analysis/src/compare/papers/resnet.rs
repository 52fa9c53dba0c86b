//! He et al. 2015, table 1: the architectures for ImageNet.

use super::phrase::{ColumnHead, DifferenceReason, RowName, TablePhrase, TableWording};
use super::table::{PaperTable, rows};
use super::table_id::TableId;
use net::{BlockKind, Graph, NetError, NodeId, Op, network};

/// The networks of the columns, with the names of the columns.
const COLUMNS: [(&str, &str); 5] = [
    ("resnet18", "18-layer"),
    ("resnet34", "34-layer"),
    ("resnet50", "50-layer"),
    ("resnet101", "101-layer"),
    ("resnet152", "152-layer"),
];

/// The row of operations.
const FLOPS: RowName<'_> = RowName::Plain("FLOPs");

/// The table as printed. A row of one cell applies to all columns.
const PRINTED: [(RowName<'_>, &[&str]); 8] = [
    (RowName::Plain("conv1, 112×112"), &["7×7, 64, stride 2"]),
    (RowName::Plain("conv2_x, 56×56"), &["3×3 max pool, stride 2"]),
    (
        RowName::Plain("conv2_x, 56×56"),
        &[
            "[3×3, 64; 3×3, 64] × 2",
            "[3×3, 64; 3×3, 64] × 3",
            "[1×1, 64; 3×3, 64; 1×1, 256] × 3",
            "[1×1, 64; 3×3, 64; 1×1, 256] × 3",
            "[1×1, 64; 3×3, 64; 1×1, 256] × 3",
        ],
    ),
    (
        RowName::Plain("conv3_x, 28×28"),
        &[
            "[3×3, 128; 3×3, 128] × 2",
            "[3×3, 128; 3×3, 128] × 4",
            "[1×1, 128; 3×3, 128; 1×1, 512] × 4",
            "[1×1, 128; 3×3, 128; 1×1, 512] × 4",
            "[1×1, 128; 3×3, 128; 1×1, 512] × 8",
        ],
    ),
    (
        RowName::Plain("conv4_x, 14×14"),
        &[
            "[3×3, 256; 3×3, 256] × 2",
            "[3×3, 256; 3×3, 256] × 6",
            "[1×1, 256; 3×3, 256; 1×1, 1024] × 6",
            "[1×1, 256; 3×3, 256; 1×1, 1024] × 23",
            "[1×1, 256; 3×3, 256; 1×1, 1024] × 36",
        ],
    ),
    (
        RowName::Plain("conv5_x, 7×7"),
        &[
            "[3×3, 512; 3×3, 512] × 2",
            "[3×3, 512; 3×3, 512] × 3",
            "[1×1, 512; 3×3, 512; 1×1, 2048] × 3",
            "[1×1, 512; 3×3, 512; 1×1, 2048] × 3",
            "[1×1, 512; 3×3, 512; 1×1, 2048] × 3",
        ],
    ),
    (RowName::Plain("1×1"), &["average pool, 1000-d fc, softmax"]),
    (FLOPS, &["1.8·10⁹", "3.6·10⁹", "3.8·10⁹", "7.6·10⁹", "11.3·10⁹"]),
];

/// Returns the words of the table for a node.
fn word(graph: &Graph, id: NodeId) -> Option<String> {
    match &graph.node(id).op {
        Op::Conv2d(conv) => {
            let (kernel, channels, stride) = (conv.window.kernel, conv.channels, conv.window.stride);
            let text = format!("{kernel}×{kernel}, {channels}");
            // The caption of the table gives all strides except that of the first row.
            Some(if graph.node(id).name == "conv1" { format!("{text}, stride {stride}") } else { text })
        }
        Op::MaxPool2d(pool) => {
            let (kernel, stride) = (pool.window.kernel, pool.window.stride);
            Some(format!("{kernel}×{kernel} max pool, stride {stride}"))
        }
        Op::AdaptiveAvgPool2d(_) => Some("average pool".to_owned()),
        Op::Linear(linear) => Some(format!("{}-d fc", linear.units)),
        Op::Softmax(_) => Some("softmax".to_owned()),
        _ => None,
    }
}

/// Formats a stage: the convolutions of a block, without those of the shortcut, and the number of blocks.
fn stage(graph: &Graph, name: &str) -> String {
    let blocks = graph.blocks.iter().filter(|block| {
        let parent = block.parent.map(|parent| graph.blocks[parent.0].name.as_str());
        block.kind == BlockKind::Residual && parent == Some(name)
    });
    let text = |block: &net::Block| {
        let main = block.nodes.clone().map(NodeId).filter(|&id| !graph.node(id).name.contains("downsample"));
        main.filter_map(|id| word(graph, id)).collect::<Vec<_>>().join("; ")
    };
    let mut texts: Vec<String> = blocks.map(text).collect();
    let count = texts.len();
    texts.dedup();
    texts.into_iter().map(|text| format!("[{text}] × {count}")).collect::<Vec<_>>().join(", ")
}

/// Computes the column of a network.
fn column(graph: &Graph) -> Vec<String> {
    let named = |name: &str| graph.find(name).ok().and_then(|id| word(graph, id)).unwrap_or_default();
    let mut rows = vec![named("conv1"), named("maxpool")];
    rows.extend(["layer1", "layer2", "layer3", "layer4"].map(|name| stage(graph, name)));
    rows.push(["avgpool", "fc", "softmax"].map(named).join(", "));
    rows.push(format_flops(graph.total_macs()));
    rows
}

/// Returns the MACs of the convolutions on the shortcuts.
fn projections(graph: &Graph) -> u64 {
    let ids = (0..graph.nodes.len()).map(NodeId).filter(|&id| graph.node(id).name.contains("downsample"));
    ids.map(|id| graph.macs(id).value()).sum()
}

/// Formats MACs as the table does.
pub fn format_flops(macs: u64) -> String {
    format!("{:.1}·10⁹", macs as f64 / 1e9)
}

/// Reproduces table 1. Its FLOPs are multiply-adds (section 3.3).
pub(super) fn table_1(say: TableWording<'_>) -> Result<PaperTable, NetError> {
    let graphs = COLUMNS.iter().map(|(name, _)| network(name)).collect::<Result<Vec<_>, _>>()?;
    let columns: Vec<Vec<String>> = graphs.iter().map(column).collect();
    let paper = network("resnet50-paper")?.total_macs();
    let note = |row: RowName<'_>, column: usize| {
        let (macs, graph) = (graphs[column].total_macs(), &graphs[column]);
        match (row, graph.name) {
            (FLOPS, "resnet34") => DifferenceReason::Projections(macs, projections(graph)),
            (FLOPS, "resnet50") => DifferenceReason::Strides(macs, paper),
            (FLOPS, _) => DifferenceReason::Halved(macs),
            _ => DifferenceReason::Ours,
        }
    };
    let heads = std::iter::once(ColumnHead::LayerAndSize).chain(COLUMNS.map(|(_, name)| ColumnHead::Plain(name)));
    let heads = heads.map(|head| say(TablePhrase::Head(head))).collect();
    let source = graphs.first().map_or("", |graph| graph.source);
    Ok(PaperTable::new(TableId::ResNet1, source, heads, rows(&PRINTED, &columns, note, say), say))
}

#[cfg(test)]
mod tests {
    use super::super::phrase::plainly;
    use super::*;

    #[test]
    fn only_operations_differ_from_the_paper() {
        let table = table_1(&plainly).expect("should be declared");
        let (last, rest) = table.rows.split_last().expect("should have rows");
        for row in rest {
            assert!(row.cells.iter().all(|cell| !cell.differs()), "{row:?}");
        }
        let ours: Vec<&str> = last.cells.iter().map(|cell| cell.ours.as_str()).collect();
        // torchvision's model cards give 1.81, 3.66, 4.09, 7.80 and 11.51.
        assert_eq!(ours, ["1.8·10⁹", "3.7·10⁹", "4.1·10⁹", "7.8·10⁹", "11.5·10⁹"]);
    }

    #[test]
    fn the_reasons_for_differences_hold() {
        let resnet34 = network("resnet34").expect("should be declared");
        assert_eq!(format_flops(resnet34.total_macs() - projections(&resnet34)), "3.6·10⁹");
        // The strides of the paper give 3.9, not the printed 3.8.
        assert_eq!(format_flops(network("resnet50-paper").expect("should be declared").total_macs()), "3.9·10⁹");
    }

    #[test]
    fn sizes_of_rows_agree_with_the_graphs() {
        for (network_name, _) in COLUMNS {
            let graph = network(network_name).expect("should be declared");
            let rows = |name: &str| graph.node(graph.find(name).expect("should be there")).shape.chw().1;
            let sizes = ["conv1", "maxpool", "layer1", "layer2", "layer3", "layer4"].map(rows);
            let printed = PRINTED.iter().filter_map(|(name, _)| match name {
                RowName::Plain(name) => name.split_once(", ")?.1.split_once('×')?.0.parse().ok(),
                _ => None,
            });
            assert_eq!(printed.collect::<Vec<usize>>(), sizes, "{network_name}");
        }
    }
}
