//! The names of operations, and sentences on what happens at a node.

use leptos_i18n::td_string;
use words::i18n::Locale;

use net::{Activation, Graph, NodeId, Op, Remark, Shape};
use scene::{BlockSummary, Scene, Shortcut};

/// Returns the name of an operation.
pub fn title(locale: Locale, op: &Op) -> &'static str {
    match op {
        Op::Input => td_string!(locale, measures.operation.input),
        Op::Conv2d(_) => td_string!(locale, measures.operation.convolution),
        Op::Subsample(_) => td_string!(locale, measures.operation.subsampling),
        Op::BatchNorm2d(_) => td_string!(locale, measures.operation.batch_norm),
        Op::ChannelAffine(_) => td_string!(locale, measures.operation.channel_affine),
        Op::LocalResponseNorm(_) => td_string!(locale, measures.operation.lrn),
        Op::MaxPool2d(_) => td_string!(locale, measures.operation.max_pool),
        Op::AvgPool2d(_) => td_string!(locale, measures.operation.average_pool),
        Op::AdaptiveAvgPool2d(pool) if pool.side == 1 => td_string!(locale, measures.operation.global_pool),
        Op::AdaptiveAvgPool2d(_) => td_string!(locale, measures.operation.adaptive_pool),
        Op::Concat(_) => td_string!(locale, measures.operation.concatenation),
        Op::Add(_) => td_string!(locale, measures.operation.addition),
        Op::PadShortcut(_) => td_string!(locale, measures.operation.shortcut),
        Op::Dropout(_) => td_string!(locale, measures.operation.dropout),
        Op::Linear(_) => td_string!(locale, measures.operation.full_connection),
        Op::Rbf(_) => td_string!(locale, measures.operation.rbf),
        Op::Softmax(_) => td_string!(locale, measures.operation.softmax),
        Op::Activation(pointwise) => activation(locale, pointwise.function),
    }
}

/// Returns the name of an activation function.
pub(in crate::app) fn activation(locale: Locale, function: Activation) -> &'static str {
    match function {
        Activation::Identity => td_string!(locale, measures.operation.identity),
        Activation::ScaledTanh => td_string!(locale, measures.operation.tanh),
        Activation::Relu => td_string!(locale, measures.operation.relu),
        Activation::Sigmoid => td_string!(locale, measures.operation.sigmoid),
    }
}

/// Returns a sentence on what happens at the tile of `node`: in the folded block whose output the tile shows, or else
/// at the node.
pub(in crate::app) fn sentence(locale: Locale, scene: &Scene, graph: &Graph, node: NodeId) -> String {
    match scene.folded(graph, node) {
        Some(folded) => of_folded(locale, folded),
        None => of_node(locale, graph, node),
    }
}

fn of_folded(locale: Locale, folded: BlockSummary) -> String {
    match folded {
        BlockSummary::Residual { convolutions, shortcut } => match shortcut {
            Some(Shortcut::Identity) => td_string!(locale, operations.folded.identity, count = convolutions),
            Some(Shortcut::Projection { .. }) => {
                td_string!(locale, operations.folded.projection, count = convolutions)
            }
            Some(Shortcut::Padded { .. }) => td_string!(locale, operations.folded.padded, count = convolutions),
            None => td_string!(locale, operations.folded.plain, count = convolutions),
        },
        BlockSummary::Inception { branches, maps } => {
            td_string!(locale, operations.folded.inception, branches, maps = maps)
        }
        BlockSummary::AuxiliaryClassifier => td_string!(locale, operations.folded.side).to_owned(),
        BlockSummary::Unit => td_string!(locale, operations.folded.unit).to_owned(),
    }
}

fn of_node(locale: Locale, graph: &Graph, id: NodeId) -> String {
    let node = graph.node(id);
    match node.remark {
        Some(Remark::NormalizedDigit) => td_string!(locale, operations.remark.normalised).to_owned(),
        Some(Remark::Plain) => td_string!(locale, operations.remark.plain).to_owned(),
        Some(Remark::Table) => td_string!(locale, operations.remark.table).to_owned(),
        Some(Remark::DigitBitmaps) => td_string!(locale, operations.remark.pictures).to_owned(),
        Some(Remark::NearestBitmap) => td_string!(locale, operations.remark.nearest).to_owned(),
        Some(Remark::GreatestScore) => td_string!(locale, operations.remark.greatest).to_owned(),
        None => of_operation(locale, &node.op, graph.input_shape(id), node.shape),
    }
}

/// Returns the end of a sentence about a sum: what the activation function does to it.
fn clause(locale: Locale, function: Activation) -> &'static str {
    match function {
        Activation::Identity => "",
        Activation::ScaledTanh => td_string!(locale, operations.clause.tanh),
        Activation::Relu => td_string!(locale, operations.clause.relu),
        Activation::Sigmoid => td_string!(locale, operations.clause.sigmoid),
    }
}

/// Returns a sentence on what an operation does with these shapes.
fn of_operation(locale: Locale, op: &Op, input: Shape, output: Shape) -> String {
    let ((maps_in, rows_in, columns_in), (maps, rows, columns)) = (input.chw(), output.chw());
    match op {
        Op::Input => td_string!(locale, operations.picture).to_owned(),
        Op::Conv2d(conv) => {
            let (side, clause) = (conv.window.kernel, clause(locale, conv.activation));
            // The four texts take the same arguments.
            macro_rules! says {
                ($key:ident) => {
                    td_string!(locale, operations.says.$key, kernels = maps, side = side, clause = clause)
                };
                ($key:ident, $maps:ident) => {
                    td_string!(locale, operations.says.$key, kernels = maps, side = side, maps = $maps, clause = clause)
                };
            }
            match (rows * columns == 1, maps_in == 1) {
                (true, true) => says!(convolution_all_picture),
                (true, false) => says!(convolution_all, maps_in),
                (false, true) => says!(convolution_picture),
                (false, false) => says!(convolution, maps_in),
            }
        }
        Op::Subsample(subsample) => td_string!(
            locale,
            operations.says.subsampling,
            side = subsample.kernel,
            clause = clause(locale, subsample.activation),
            maps = maps,
            rows = rows,
            columns = columns
        ),
        Op::BatchNorm2d(_) => td_string!(locale, operations.says.batch_norm, maps = maps),
        Op::ChannelAffine(_) => td_string!(locale, operations.says.channel_affine, maps = maps),
        Op::LocalResponseNorm(norm) => {
            let (size, k, alpha, beta) = (norm.size, norm.k, norm.alpha, norm.beta);
            td_string!(locale, operations.says.lrn, size = size, k = k, alpha = alpha, beta = beta)
        }
        Op::MaxPool2d(pool) => {
            let side = pool.window.kernel;
            td_string!(locale, operations.says.max_pool, side = side, maps = maps, rows = rows, columns = columns)
        }
        Op::AvgPool2d(pool) if rows * columns == 1 => {
            td_string!(locale, operations.says.mean_all, side = pool.kernel, maps = maps)
        }
        Op::AvgPool2d(pool) => {
            let side = pool.kernel;
            td_string!(locale, operations.says.mean, side = side, maps = maps, rows = rows, columns = columns)
        }
        Op::AdaptiveAvgPool2d(_) if rows == 1 => {
            td_string!(locale, operations.says.global, rows = rows_in, columns = columns_in, maps = maps)
        }
        Op::AdaptiveAvgPool2d(_) => {
            td_string!(locale, operations.says.adaptive, rows = rows_in, columns = columns_in, side = rows, maps = maps)
        }
        Op::Concat(_) => {
            td_string!(locale, operations.says.concatenation, maps = maps, rows = rows, columns = columns)
        }
        Op::Add(_) => td_string!(locale, operations.says.addition).to_owned(),
        Op::PadShortcut(shortcut) => {
            let (stride, zeros) = (shortcut.stride, maps - maps_in);
            td_string!(locale, operations.says.pad_shortcut, stride = stride, maps = maps_in, zeros = zeros)
        }
        Op::Dropout(dropout) => {
            td_string!(locale, operations.says.dropout, rate = (dropout.rate * 100.0).round())
        }
        Op::Linear(linear) => {
            let (values, clause) = (input.elements(), clause(locale, linear.activation));
            td_string!(locale, operations.says.linear, units = linear.units, values = values, clause = clause)
        }
        Op::Rbf(rbf) => td_string!(locale, operations.says.rbf, units = rbf.units, values = input.elements()),
        Op::Activation(pointwise) => match pointwise.function {
            Activation::Relu => td_string!(locale, operations.says.relu).to_owned(),
            Activation::ScaledTanh => td_string!(locale, operations.says.tanh).to_owned(),
            Activation::Sigmoid => td_string!(locale, operations.says.sigmoid).to_owned(),
            Activation::Identity => td_string!(locale, operations.says.identity).to_owned(),
        },
        Op::Softmax(_) => td_string!(locale, operations.says.softmax, scores = output.elements()),
    }
}
