//! The words beside each tile: its name, its shape, its operation, and the fill that stands for the operation.

use crate::layout::{BlockFrame, SceneTile, TileSubject, format_shape, short_name};
use net::{BlockKind, Graph, Op, Window};

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

fn window(window: Window) -> String {
    let side = format!("{0}×{0}", window.kernel);
    if window.stride == 1 { side } else { format!("{side} / {}", window.stride) }
}

/// Returns the name of an operation, a detail and the index of its fill.
fn of_op(op: &Op) -> (&'static str, String, usize) {
    let none = String::new;
    match op {
        Op::Input => ("", none(), 0),
        Op::Conv2d(conv) => ("conv", window(conv.window), 5),
        Op::Subsample(pool) => ("subsampling", window(Window::new(pool.kernel, pool.kernel, 0)), 7),
        Op::BatchNorm2d(_) => ("batch norm", none(), 2),
        Op::LocalResponseNorm(norm) => ("LRN", format!("n = {}", norm.size), 2),
        Op::MaxPool2d(pool) => ("max pool", window(pool.window), 7),
        Op::AvgPool2d(pool) => ("avg pool", window(Window::new(pool.kernel, pool.stride, 0)), 7),
        Op::AdaptiveAvgPool2d(pool) if pool.side == 1 => ("global", "avg pool".to_owned(), 7),
        Op::AdaptiveAvgPool2d(pool) => ("avg pool", format!("to {0}×{0}", pool.side), 7),
        Op::Concat(_) => ("concat", none(), 4),
        Op::Add(_) => ("add", none(), 6),
        Op::PadShortcut(pad) => ("zero pad", format!("/ {}", pad.stride), 10),
        Op::Dropout(dropout) => ("dropout", format!("p = {}", dropout.rate), 3),
        Op::Linear(_) => ("fc", none(), 9),
        Op::Rbf(_) => ("RBF", none(), 11),
        Op::Activation(activation) => (activation.function.title(), none(), 1),
        Op::Softmax(_) => ("softmax", none(), 1),
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
