//! The table of layers: shapes, parameters, MACs and bytes of a network, per node and in total.

use serde::Serialize;

use super::classes::Classes;
use super::graph::{Family, Graph};
use super::ops::Op;
use super::receptive::ReceptiveField;

/// One node of a network with its counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerRow {
    /// The node's name.
    pub name: String,
    /// The name of its operation, in the field's terms.
    pub operation: &'static str,
    /// Its operation with all settings.
    pub op: Op,
    /// The names of the nodes that it reads.
    pub inputs: Vec<String>,
    /// The name of the innermost block that it belongs to.
    pub block: Option<String>,
    /// The dimensions of its output for a batch of one: `[1, channels, height, width]` or `[1, values]`.
    pub output_shape: Vec<usize>,
    /// Trainable parameters.
    pub parameters: u64,
    /// The arithmetic of `parameters`, for example `(5*5+1)*6`.
    pub parameters_arithmetic: String,
    /// MACs of one pass over one image.
    pub macs: u64,
    /// The arithmetic of `macs`.
    pub macs_arithmetic: String,
    /// The receptive field of one output cell in the input of the network.
    pub receptive_field: ReceptiveField,
    /// Bytes of its output in F32.
    pub activation_bytes: u64,
    /// Bytes of its tensors in F32, including those that are not trained.
    pub weight_bytes: u64,
}

/// The sums over all nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// Trainable parameters.
    pub parameters: u64,
    /// MACs of one pass over one image.
    pub macs: u64,
    /// Bytes of all outputs in F32, including the input.
    pub activation_bytes: u64,
    /// Bytes of all tensors in F32.
    pub weight_bytes: u64,
}

/// A network with its counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The network's name.
    pub network: &'static str,
    /// The name that people read.
    pub title: &'static str,
    /// Its family.
    pub family: Family,
    /// The classes that it tells apart.
    pub classes: Classes,
    /// The dimensions of its input, `[1, channels, height, width]`.
    pub input_shape: Vec<usize>,
    /// The year of its paper.
    pub year: u16,
    /// Its paper.
    pub source: &'static str,
    /// All nodes, in running order.
    pub layers: Vec<LayerRow>,
    /// The sums over all nodes.
    pub totals: Totals,
}

impl Totals {
    /// Adds up `rows`.
    pub fn of<'a>(rows: impl Iterator<Item = &'a LayerRow>) -> Self {
        rows.fold(Self::default(), |sum, row| Self {
            parameters: sum.parameters + row.parameters,
            macs: sum.macs + row.macs,
            activation_bytes: sum.activation_bytes + row.activation_bytes,
            weight_bytes: sum.weight_bytes + row.weight_bytes,
        })
    }
}

/// Bytes of one F32 value.
const F32_BYTES: u64 = 4;

impl Summary {
    /// Counts the layers of `graph`.
    pub fn of(graph: &Graph) -> Self {
        let layers: Vec<LayerRow> = graph
            .iter()
            .map(|(id, node)| {
                let (parameters, macs) = (graph.parameters(id), graph.macs(id));
                let values: usize = graph.tensors(id).iter().map(|(_, t)| t.dims.iter().product::<usize>()).sum();
                LayerRow {
                    name: node.name.clone(),
                    operation: node.op.title(),
                    op: node.op.clone(),
                    inputs: node.inputs.iter().map(|&input| graph.node(input).name.clone()).collect(),
                    block: node.block.map(|block| graph.blocks[block.0].name.clone()),
                    output_shape: node.shape.dims(),
                    parameters: parameters.value(),
                    parameters_arithmetic: parameters.to_string(),
                    macs: macs.value(),
                    macs_arithmetic: macs.to_string(),
                    receptive_field: node.receptive,
                    activation_bytes: node.shape.elements() as u64 * F32_BYTES,
                    weight_bytes: values as u64 * F32_BYTES,
                }
            })
            .collect();
        let totals = Totals::of(layers.iter());
        Self {
            network: graph.name,
            title: graph.title,
            family: graph.family,
            classes: graph.classes,
            input_shape: graph.input.shape.dims(),
            year: graph.year,
            source: graph.source,
            layers,
            totals,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{names, network};

    /// Published numbers of parameters, from the papers and from torchvision's model cards. Those of the CIFAR-10
    /// variants are PyTorch's counts.
    const PARAMETERS: &[(&str, u64)] = &[
        ("lenet5", 60_000),
        ("lenet5-modern", 61_706),
        ("alexnet", 60_965_224),
        ("alexnet-relu-last", 60_965_224),
        ("alexnet-torchvision", 61_100_840),
        ("alexnet-cifar10", 1_436_874),
        ("vgg11", 132_863_336),
        ("vgg11-lrn", 132_863_336),
        ("vgg13", 133_047_848),
        ("vgg16-c", 133_638_952),
        ("vgg16", 138_357_544),
        ("vgg19", 143_667_240),
        ("vgg16-cifar10", 2_437_250),
        ("googlenet", 13_378_280),
        ("googlenet-naive", 97_526_008),
        ("googlenet-torchvision", 13_004_888),
        ("googlenet-cifar10", 1_805_686),
        ("resnet18", 11_689_512),
        ("resnet34", 21_797_672),
        ("resnet50", 25_557_032),
        ("resnet50-paper", 25_557_032),
        ("resnet101", 44_549_160),
        ("resnet152", 60_192_808),
        ("resnet18-cifar10", 2_797_610),
        ("resnet20-cifar", 269_722),
        ("resnet56-cifar", 853_018),
        ("plain20-cifar", 269_722),
        ("plain56-cifar", 853_018),
    ];

    #[test]
    fn published_parameters() {
        assert_eq!(names().count(), PARAMETERS.len());
        for &(name, parameters) in PARAMETERS {
            let net = network(name).expect("should be declared");
            assert_eq!(Summary::of(&net).totals.parameters, parameters, "{name}");
        }
    }

    /// Published MACs of convolutions and fully connected layers at the sizes of the networks, in units of 10^9 with
    /// the published digits (torchvision's model cards).
    #[test]
    fn published_macs() {
        for (name, format_flops) in [
            ("alexnet-torchvision", 0.71),
            ("vgg11", 7.61),
            ("vgg13", 11.31),
            ("vgg16", 15.47),
            ("vgg19", 19.63),
            ("resnet18", 1.81),
            ("resnet34", 3.66),
            ("resnet50", 4.09),
            ("resnet101", 7.8),
            ("resnet152", 11.51),
        ] {
            let macs = Summary::of(&network(name).expect("should be declared")).totals.macs as f64 / 1e9;
            assert!((macs - format_flops).abs() < 0.011, "{name}: {macs} GMAC");
        }
    }
}
