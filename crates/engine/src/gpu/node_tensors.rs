//! The packed tensors of each node.

use super::pack::TensorPacking;
use net::{Conv2d, Graph, NodeId, Op};

/// Returns the packed tensors of a node that runs without fusion.
pub(super) fn packs(graph: &Graph, id: NodeId) -> Vec<TensorPacking> {
    let node = graph.node(id);
    let plain = |leaf: &str, rows, values| TensorPacking::Plain { name: format!("{}.{leaf}", node.name), rows, values };
    let channels = node.shape.chw().0;
    match &node.op {
        Op::Conv2d(conv) => vec![conv_weight(graph, id, conv), conv_affine(graph, id, conv, None)],
        Op::BatchNorm2d(_) => vec![norm_affine(graph, id)],
        Op::Linear(op) => {
            let (name, inputs) = (format!("{}.weight", node.name), graph.input_shape(id).elements());
            vec![TensorPacking::LinearWeight { name, units: op.units, inputs }, plain("bias", op.units, 1)]
        }
        Op::Subsample(_) => vec![plain("weight", channels, 1), plain("bias", channels, 1)],
        Op::Rbf(op) => vec![plain("weight", op.units, graph.input_shape(id).elements())],
        _ => Vec::new(),
    }
}

/// Returns the packed weight of a convolution.
pub(super) fn conv_weight(graph: &Graph, id: NodeId, conv: &Conv2d) -> TensorPacking {
    let (inputs, ..) = graph.input_shape(id).chw();
    let taps = inputs / conv.groups * conv.window.kernel * conv.window.kernel;
    let name = format!("{}.weight", graph.node(id).name);
    TensorPacking::ConvWeight { name, channels: conv.channels, taps, groups: conv.groups }
}

/// Returns the factor and term per channel of a convolution, from its bias and the batch normalisation fused with it.
pub(super) fn conv_affine(graph: &Graph, id: NodeId, conv: &Conv2d, norm: Option<NodeId>) -> TensorPacking {
    let bias = conv.bias.then(|| format!("{}.bias", graph.node(id).name));
    let norm = norm.and_then(|norm| epsilon(graph, norm));
    TensorPacking::Affine { bias, norm, channels: conv.channels, groups: conv.groups }
}

/// Returns the factor and term per channel of a batch normalisation that is not fused.
pub(super) fn norm_affine(graph: &Graph, id: NodeId) -> TensorPacking {
    let channels = graph.node(id).shape.chw().0;
    TensorPacking::Affine { bias: None, norm: epsilon(graph, id), channels, groups: 1 }
}

/// Returns the name and the epsilon of a batch normalisation.
fn epsilon(graph: &Graph, norm: NodeId) -> Option<(String, f64)> {
    let node = graph.node(norm);
    match &node.op {
        Op::BatchNorm2d(op) => Some((node.name.clone(), op.epsilon)),
        _ => None,
    }
}
