//! Counts of single blocks, so that an Inception module, a VGG stage and a bottleneck can be compared.

use super::column::depths;
use super::sizes::nearest;
use net::{BlockKind, Graph, NodeId, Op, Shape};

/// The operation of a layer of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockLayerKind {
    /// A convolution.
    Convolution {
        /// Side of the kernels, in pixels.
        kernel: usize,
        /// Channels of the output.
        channels: usize,
        /// Stride, in pixels.
        stride: usize,
        /// Number of groups of channels.
        groups: usize,
    },
    /// A max pooling.
    MaxPooling {
        /// Side of the window, in pixels.
        kernel: usize,
        /// Stride, in pixels.
        stride: usize,
    },
    /// A fully connected layer with this number of units.
    FullyConnected(usize),
}

/// A convolution, fully connected layer or max pooling of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockLayer {
    /// Name of its node.
    pub name: String,
    /// The operation.
    pub kind: BlockLayerKind,
    /// Trainable parameters.
    pub parameters: u64,
    /// MACs of one pass.
    pub macs: u64,
}

/// The counts of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockCount {
    /// Name of the block in the network.
    pub name: String,
    /// Kind of the block.
    pub kind: BlockKind,
    /// Shape of the input, CHW.
    pub input: Shape,
    /// Shape of the output, CHW.
    pub output: Shape,
    /// The convolutions, fully connected layers and max poolings, in running order.
    pub layers: Vec<BlockLayer>,
    /// Trainable parameters of the whole block, including batch normalizations.
    pub parameters: u64,
    /// MACs of the whole block in one pass.
    pub macs: u64,
    /// The greatest number of layers with weights on a path through the block.
    pub depth: usize,
}

impl BlockCount {
    /// Returns the MACs per value of the output.
    pub fn macs_per_value(&self) -> f64 {
        self.macs as f64 / self.output.elements() as f64
    }
}

/// Returns the kind of layer that an operation is, or `None` if the operation is not listed.
fn kind_of(op: &Op) -> Option<BlockLayerKind> {
    match op {
        Op::Conv2d(conv) => Some(BlockLayerKind::Convolution {
            kernel: conv.window.kernel,
            channels: conv.channels,
            stride: conv.window.stride,
            groups: conv.groups,
        }),
        Op::MaxPool2d(pool) => {
            Some(BlockLayerKind::MaxPooling { kernel: pool.window.kernel, stride: pool.window.stride })
        }
        Op::Linear(linear) => Some(BlockLayerKind::FullyConnected(linear.units)),
        _ => None,
    }
}

/// Returns the counts of the comparable blocks of a network: Inception modules, residual blocks, and stages that
/// contain neither.
pub fn blocks(graph: &Graph) -> Vec<BlockCount> {
    let holds_others = |block: usize| {
        let inside = graph.blocks.iter().filter(|inner| inner.parent.is_some_and(|parent| parent.0 == block));
        inside.into_iter().any(|inner| matches!(inner.kind, BlockKind::Inception | BlockKind::Residual))
    };
    let wanted = graph.blocks.iter().enumerate().filter(|(place, block)| match block.kind {
        BlockKind::Inception | BlockKind::Residual => true,
        BlockKind::Stage => !holds_others(*place),
        _ => false,
    });
    wanted.map(|(_, block)| counted(graph, block)).collect()
}

fn counted(graph: &Graph, block: &net::Block) -> BlockCount {
    let nodes = || block.nodes.clone().map(NodeId);
    let layers = nodes().filter_map(|id| {
        Some(BlockLayer {
            name: graph.node(id).name.clone(),
            kind: kind_of(&graph.node(id).op)?,
            parameters: graph.parameters(id).value(),
            macs: graph.macs(id).value(),
        })
    });
    BlockCount {
        name: block.name.clone(),
        kind: block.kind,
        input: graph.input_shape(NodeId(block.nodes.start)),
        output: graph.node(block.output).shape,
        layers: layers.collect(),
        parameters: nodes().map(|id| graph.parameters(id).value()).sum(),
        macs: nodes().map(|id| graph.macs(id).value()).sum(),
        depth: depths(graph, block.nodes.clone()).into_iter().max().unwrap_or(0),
    }
}

/// Returns the first block whose input maps have the given size ([`super::SIZES`]), or the first block if there is
/// none. Blocks of different networks do comparable work at the same size.
pub fn first_at(blocks: &[BlockCount], size: usize) -> Option<&BlockCount> {
    blocks.iter().find(|block| nearest(block.input.chw().1) == size).or(blocks.first())
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::{names, network};

    fn at_28(name: &str) -> BlockCount {
        let all = blocks(&network(name).expect("should be declared"));
        first_at(&all, 28).expect("should have blocks").clone()
    }

    #[test]
    fn an_inception_module_a_stage_and_a_bottleneck_are_counted() {
        let inception = at_28("googlenet");
        assert_eq!((inception.name.as_str(), inception.depth, inception.layers.len()), ("inception3a", 2, 7));
        // 192*64 + 192*96 + 96*128*9 + 192*16 + 16*32*25 + 192*32 weights, and 368 biases.
        assert_eq!(inception.parameters, 163_696);
        let stage = at_28("vgg16");
        // 256*512*9 + 2*512*512*9 weights, and 3*512 biases.
        assert_eq!((stage.name.as_str(), stage.parameters, stage.depth), ("stage4", 5_899_776, 3));
        let bottleneck = at_28("resnet50");
        // 2*512*128 + 128*128*9 weights, and a scale and a shift for each of 128 + 128 + 512 channels.
        assert_eq!((bottleneck.name.as_str(), bottleneck.parameters, bottleneck.depth), ("layer2.1", 280_064, 3));
        let convolution = |kernel, channels| BlockLayerKind::Convolution { kernel, channels, stride: 1, groups: 1 };
        assert_eq!(
            bottleneck.layers.iter().map(|layer| layer.kind).collect::<Vec<_>>(),
            [convolution(1, 128), convolution(3, 128), convolution(1, 512)]
        );
    }

    #[test]
    fn layers_account_for_all_macs_of_a_block() {
        for name in names() {
            let graph = network(name).expect("should be declared");
            for block in blocks(&graph) {
                let layers: u64 = block.layers.iter().map(|layer| layer.macs).sum();
                assert_eq!(layers, block.macs, "{name}, {}", block.name);
            }
        }
        assert!(blocks(&network("lenet5").expect("should be declared")).is_empty());
    }
}
