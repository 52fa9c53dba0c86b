//! What to run for a graph, as data: kernels, their bindings, uniforms and sizes. No device is needed to make it.

use super::kernel::Kernel;
use super::pack::{BLOCK, Pack, blocks};
use super::params::{
    ActivationParams, Conv2dParams, ExtentFoldParams, ExtentMapsParams, LinearParams, MaxPool2dParams, RbfParams,
    SoftmaxParams, SubsampleParams, code,
};
use crate::engine::maps::{Fold, MapTable};
use crate::net::{Conv2d, Graph, NodeId, Op};

/// A storage buffer that a dispatch binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// A node's output.
    Node(NodeId),
    /// A tensor, by its place in [`Plan::tensors`].
    Tensor(usize),
    /// The extents.
    Extents,
    /// The folds of extents.
    Folds,
}

/// One run of a kernel.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispatch {
    /// The kernel.
    pub kernel: Kernel,
    /// Bytes of its uniform, binding 0.
    pub params: Vec<u8>,
    /// Its storage buffers, from binding 1 on.
    pub bindings: Vec<Binding>,
    /// How many workgroups, over all dimensions.
    pub workgroups: usize,
}

/// All that one pass runs, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The tensors to upload.
    pub tensors: Vec<Pack>,
    /// From the input to the probabilities.
    pub forward: Vec<Dispatch>,
    /// From the outputs to their extents.
    pub extents: Vec<Dispatch>,
    /// Where the extents stand.
    pub maps: MapTable,
    /// How layers' and then the network's extents come about.
    pub folds: Vec<Fold>,
}

/// Whether an operation can be run here.
pub(super) fn has_kernel(op: &Op) -> bool {
    match op {
        Op::MaxPool2d(pool) => !pool.ceil,
        Op::BatchNorm2d(_)
        | Op::LocalResponseNorm(_)
        | Op::AvgPool2d(_)
        | Op::AdaptiveAvgPool2d(_)
        | Op::Concat(_)
        | Op::Add(_)
        | Op::PadShortcut(_)
        | Op::Dropout(_) => false,
        _ => true,
    }
}

/// A size on its way into a uniform.
fn size(n: usize) -> u32 {
    u32::try_from(n).expect("a size of a network should fit in 32 bits")
}

impl Plan {
    /// Lowers `graph`.
    pub fn of(graph: &Graph) -> Self {
        let maps = MapTable::new(graph);
        let layers = maps.layer_folds();
        let mut plan = Self { tensors: Vec::new(), forward: Vec::new(), extents: Vec::new(), folds: layers, maps };
        for (id, _) in graph.iter() {
            plan.lower(graph, id);
            plan.measure(id);
        }
        let layers = plan.folds.len();
        plan.folds.push(plan.maps.network_fold());
        plan.fold(0, layers);
        plan.fold(layers, 1);
        plan
    }

    /// One node to one dispatch.
    fn lower(&mut self, graph: &Graph, id: NodeId) {
        let node = graph.node(id);
        let Some(&input) = node.inputs.first() else { return };
        let from = graph.node(input).shape;
        let count = node.shape.elements();
        let (channels, height, width) = node.shape.chw();
        let tensor = |leaf: &str| format!("{}.{leaf}", node.name);
        match &node.op {
            Op::Input => {}
            // `GpuNetwork::new` refuses what has no kernel.
            _ if !has_kernel(&node.op) => {}
            Op::BatchNorm2d(_)
            | Op::LocalResponseNorm(_)
            | Op::AvgPool2d(_)
            | Op::AdaptiveAvgPool2d(_)
            | Op::Concat(_)
            | Op::Add(_)
            | Op::PadShortcut(_)
            | Op::Dropout(_) => {}
            Op::Conv2d(conv) => self.conv2d(graph, id, *conv),
            Op::Subsample(op) => {
                let params = SubsampleParams {
                    channels: size(channels),
                    out_height: size(height),
                    out_width: size(width),
                    kernel: size(op.kernel),
                    activation: code(op.activation),
                };
                let weight = self.tensor(Pack::Plain { name: tensor("weight") });
                let bias = self.tensor(Pack::Plain { name: tensor("bias") });
                let bindings = vec![Binding::Node(input), weight, bias, Binding::Node(id)];
                self.run(Kernel::Subsample, bytemuck::bytes_of(&params), bindings, count);
            }
            Op::MaxPool2d(op) => {
                let (_, in_height, in_width) = from.chw();
                let params = MaxPool2dParams {
                    channels: size(channels),
                    in_height: size(in_height),
                    in_width: size(in_width),
                    out_height: size(height),
                    out_width: size(width),
                    kernel: size(op.window.kernel),
                    stride: size(op.window.stride),
                    padding: size(op.window.padding),
                };
                let bindings = vec![Binding::Node(input), Binding::Node(id)];
                self.run(Kernel::MaxPool2d, bytemuck::bytes_of(&params), bindings, count);
            }
            Op::Linear(op) => {
                let params = LinearParams {
                    inputs: size(from.elements()),
                    units: size(op.units),
                    activation: code(op.activation),
                };
                let weight = self.tensor(Pack::LinearWeight { name: tensor("weight") });
                let bias = self.tensor(Pack::Blocks { name: Some(tensor("bias")), channels: op.units, groups: 1 });
                let bindings = vec![Binding::Node(input), weight, bias, Binding::Node(id)];
                self.run(Kernel::Linear, bytemuck::bytes_of(&params), bindings, op.units.div_ceil(BLOCK));
            }
            Op::Rbf(op) => {
                let params = RbfParams { inputs: size(from.elements()), units: size(op.units) };
                let weight = self.tensor(Pack::Plain { name: tensor("weight") });
                let bindings = vec![Binding::Node(input), weight, Binding::Node(id)];
                self.run(Kernel::Rbf, bytemuck::bytes_of(&params), bindings, op.units);
            }
            Op::Activation(op) => {
                let params = ActivationParams { count: size(count), activation: code(op.function) };
                let bindings = vec![Binding::Node(input), Binding::Node(id)];
                self.run(Kernel::Activation, bytemuck::bytes_of(&params), bindings, count);
            }
            Op::Softmax(op) => {
                let params = SoftmaxParams { count: size(count), scale: op.scale };
                let bindings = vec![Binding::Node(input), Binding::Node(id)];
                // One workgroup for all values.
                self.run(Kernel::Softmax, bytemuck::bytes_of(&params), bindings, 1);
            }
        }
    }

    fn conv2d(&mut self, graph: &Graph, id: NodeId, conv: Conv2d) {
        let node = graph.node(id);
        let input = node.inputs[0];
        let (in_channels, in_height, in_width) = graph.node(input).shape.chw();
        let (out_channels, out_height, out_width) = node.shape.chw();
        let params = Conv2dParams {
            in_channels: size(in_channels),
            in_height: size(in_height),
            in_width: size(in_width),
            out_channels: size(out_channels),
            out_height: size(out_height),
            out_width: size(out_width),
            kernel: size(conv.window.kernel),
            stride: size(conv.window.stride),
            padding: size(conv.window.padding),
            groups: size(conv.groups),
            activation: code(conv.activation),
        };
        let groups = conv.groups;
        let bias = conv.bias.then(|| format!("{}.bias", node.name));
        let weight = self.tensor(Pack::ConvWeight { name: format!("{}.weight", node.name), groups });
        let bias = self.tensor(Pack::Blocks { name: bias, channels: out_channels, groups });
        let bindings = vec![Binding::Node(input), weight, bias, Binding::Node(id)];
        let invocations = blocks(out_channels, groups) * out_height * out_width;
        self.run(Kernel::Conv2d, bytemuck::bytes_of(&params), bindings, invocations);
    }

    /// The extents of a node's maps.
    fn measure(&mut self, id: NodeId) {
        let row = self.maps.node(id);
        let params = ExtentMapsParams { first: size(row.first), maps: size(row.maps), values: size(row.values) };
        self.extents.push(Dispatch {
            kernel: Kernel::ExtentMaps,
            params: bytemuck::bytes_of(&params).to_vec(),
            bindings: vec![Binding::Node(id), Binding::Extents],
            workgroups: row.maps,
        });
    }

    /// Some of the folds.
    fn fold(&mut self, first: usize, folds: usize) {
        let params = ExtentFoldParams { first: size(first), folds: size(folds) };
        self.extents.push(Dispatch {
            kernel: Kernel::ExtentFold,
            params: bytemuck::bytes_of(&params).to_vec(),
            bindings: vec![Binding::Folds, Binding::Extents],
            workgroups: folds,
        });
    }

    fn tensor(&mut self, pack: Pack) -> Binding {
        self.tensors.push(pack);
        Binding::Tensor(self.tensors.len() - 1)
    }

    fn run(&mut self, kernel: Kernel, params: &[u8], bindings: Vec<Binding>, invocations: usize) {
        let workgroups = invocations.div_ceil(Kernel::WORKGROUP);
        self.forward.push(Dispatch { kernel, params: params.to_vec(), bindings, workgroups });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::network;

    #[test]
    fn one_dispatch_a_node_in_order() {
        let net = network("lenet5").expect("should be declared");
        let plan = Plan::of(&net);
        let kernels: Vec<&str> = plan.forward.iter().map(|d| d.kernel.name()).collect();
        assert_eq!(kernels, ["conv2d", "subsample", "conv2d", "subsample", "conv2d", "linear", "rbf", "softmax"]);
        // C1: two blocks of channels, 28x28 pixels.
        assert_eq!(plan.forward[0].workgroups, (2 * 28 * 28_usize).div_ceil(64));
        assert_eq!(plan.extents.len(), net.nodes.len() + 2);
    }
}
