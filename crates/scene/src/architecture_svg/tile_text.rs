//! The words beside each tile: its name, its shape, its operation, and the fill that stands for the operation.

use crate::layout::{BlockFrame, SceneTile, TileSubject, format_shape, short_name};
use net::{BlockKind, Graph, Op, OperationKind};

/// Legend and colours of the fills. In greyscale print, each is a step darker than the one before it.
pub(super) const FILLS: [(&str, &str); 12] = [
    ("input", "#ffffff"),
    ("activation", "#fdf3d9"),
    ("normalization", "#dcebdb"),
    ("dropout", "#dadbde"),
    ("concatenation", "#e2c9e8"),
    ("convolution", "#a3c6f2"),
    ("addition", "#84c0aa"),
    ("pooling", "#e8975c"),
    ("folded block", "#7f96cf"),
    ("fully connected layer", "#8f78bb"),
    ("maps of zeros", "#76787e"),
    ("radial basis functions", "#6a6492"),
];

/// The word for a folded block that has a shortcut, which is drawn as an arch.
const RESIDUAL: &str = "residual";

/// Distance from the feature maps to the text above them, without and with an arch between.
const LIFTS: (f32, f32) = (6.0, 21.0);

/// The words beside one tile.
#[derive(Debug, Clone)]
pub(super) struct TileText {
    /// The full name.
    pub(super) full: String,
    /// The name without the prefix that the surrounding frame already shows.
    pub(super) name: String,
    /// Its shape.
    pub(super) shape: String,
    /// The operation.
    pub(super) kind: &'static str,
    /// The window of the operation, or another detail.
    pub(super) detail: String,
    /// Index into [`FILLS`].
    pub(super) fill: usize,
    /// True for a folded block.
    pub(super) folded: bool,
    /// Distance from the feature maps to the text above them.
    pub(super) lift: f32,
    /// True if the text is turned by 90 degrees and reads upwards.
    pub(super) turned: bool,
}

impl TileText {
    /// Returns whether an arch lies between the feature maps and the text above them.
    pub(super) fn is_arched(&self) -> bool {
        self.kind == RESIDUAL
    }
}

/// Returns the name of an operation, a detail and the index of its fill.
fn of_op(op: &Op) -> (&'static str, String, usize) {
    let Some(operation) = op.operation() else { return ("", String::new(), 0) };
    let label = operation.label();
    (label.name, label.detail, fill(operation.kind()))
}

/// Returns the index of the fill of operations of a kind.
fn fill(kind: OperationKind) -> usize {
    match kind {
        OperationKind::Function => 1,
        OperationKind::Normalization => 2,
        OperationKind::Dropout => 3,
        OperationKind::Concatenation => 4,
        OperationKind::Convolution => 5,
        OperationKind::Addition => 6,
        OperationKind::Pooling => 7,
        OperationKind::FullyConnected => 9,
        OperationKind::Shortcut => 10,
        OperationKind::Distance => 11,
    }
}

/// Returns the name of a folded block, a detail and the index of its fill.
fn of_block(graph: &Graph, block: usize) -> (&'static str, String, usize) {
    let block = &graph.blocks[block];
    let nodes = || graph.nodes[block.nodes.clone()].iter();
    let convolutions = nodes().filter(|node| matches!(node.op, Op::Conv2d(_))).count();
    let layers = || format!("{} layers", block.nodes.len());
    let (kind, detail) = match block.kind {
        BlockKind::Inception => ("Inception", format!("{} branches", graph.node(block.output).inputs.len())),
        BlockKind::Residual if nodes().any(|node| matches!(node.op, Op::Add(_))) => {
            (RESIDUAL, format!("{convolutions} conv"))
        }
        BlockKind::Residual => ("plain", format!("{convolutions} conv")),
        BlockKind::AuxiliaryClassifier => ("auxiliary", "classifier".to_owned()),
        BlockKind::Unit => ("conv unit", nodes().next().map(|node| of_op(&node.op).1).unwrap_or_default()),
        BlockKind::Stage => ("stage", layers()),
        BlockKind::Classifier => ("classifier", layers()),
    };
    (kind, detail, 8)
}

/// Returns the words for a tile that lies inside `frames`.
pub(super) fn tile_text(graph: &Graph, frames: &[BlockFrame], tile: &SceneTile) -> TileText {
    let (full, (kind, detail, fill)) = match tile.subject {
        TileSubject::Node(node) => (&graph.node(node).name, of_op(&graph.node(node).op)),
        TileSubject::Block(block) => (&graph.blocks[block].name, of_block(graph, block)),
    };
    let around: Vec<BlockFrame> =
        frames.iter().filter(|frame| graph.blocks[frame.block.0].nodes.contains(&tile.node.0)).cloned().collect();
    TileText {
        full: full.clone(),
        name: short_name(graph, &around, full),
        shape: format_shape(graph.node(tile.node).shape),
        kind,
        detail,
        fill,
        folded: matches!(tile.subject, TileSubject::Block(_)),
        lift: if kind == RESIDUAL { LIFTS.1 } else { LIFTS.0 },
        turned: false,
    }
}

/// Formats a count for reading: `60,000`, `61.1 million`, `15.5 billion`.
pub(super) fn format_count(n: u64) -> String {
    match n {
        0..1000 => n.to_string(),
        1000..1_000_000 => format!("{},{:03}", n / 1000, n % 1000),
        1_000_000..999_950_000 => format!("{:.1} million", n as f64 / 1e6),
        _ => format!("{:.1} billion", n as f64 / 1e9),
    }
}
