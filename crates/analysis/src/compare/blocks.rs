//! Block against block: an Inception beside a VGG stage beside a bottleneck.

use super::column::depths;
use super::sizes::nearest;
use net::{BlockKind, Graph, NodeId, Op, Shape};

/// What a piece of a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A convolution.
    Convolution {
        /// The side of its kernels, in pixels.
        kernel: usize,
        /// Channels of its output.
        channels: usize,
        /// Its step, in pixels.
        stride: usize,
        /// Into how many groups its channels are parted.
        groups: usize,
    },
    /// A max pooling.
    MaxPooling {
        /// The side of its window, in pixels.
        kernel: usize,
        /// Its step, in pixels.
        stride: usize,
    },
    /// A full connection to so many units.
    FullConnection(usize),
}

/// A convolution, full connection or max pooling of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its node.
    pub name: String,
    /// What it is.
    pub what: What,
    /// Trainable parameters.
    pub parameters: u64,
    /// Multiply-accumulates of one pass.
    pub macs: u64,
}

/// A block, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockCount {
    /// Its name in the network.
    pub name: String,
    /// What it is.
    pub kind: BlockKind,
    /// What it reads, CHW.
    pub input: Shape,
    /// What it gives, CHW.
    pub output: Shape,
    /// Its convolutions, full connections and max poolings, in the order they run.
    pub pieces: Vec<Piece>,
    /// Trainable parameters of all of it, batch normalisations included.
    pub parameters: u64,
    /// Multiply-accumulates of all of it in one pass.
    pub macs: u64,
    /// The most layers with weights on a way through it.
    pub depth: usize,
}

impl BlockCount {
    /// Multiply-accumulates for one value of its output.
    pub fn macs_per_value(&self) -> f64 {
        self.macs as f64 / self.output.elements() as f64
    }
}

/// What a piece is, for those operations that are one.
fn what(op: &Op) -> Option<What> {
    match op {
        Op::Conv2d(conv) => Some(What::Convolution {
            kernel: conv.window.kernel,
            channels: conv.channels,
            stride: conv.window.stride,
            groups: conv.groups,
        }),
        Op::MaxPool2d(pool) => Some(What::MaxPooling { kernel: pool.window.kernel, stride: pool.window.stride }),
        Op::Linear(linear) => Some(What::FullConnection(linear.units)),
        _ => None,
    }
}

/// The blocks of a network that stand for themselves: Inceptions, residual blocks, and stages that hold neither.
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
    let pieces = nodes().filter_map(|id| {
        Some(Piece {
            name: graph.node(id).name.clone(),
            what: what(&graph.node(id).op)?,
            parameters: graph.parameters(id).value(),
            macs: graph.macs(id).value(),
        })
    });
    BlockCount {
        name: block.name.clone(),
        kind: block.kind,
        input: graph.input_shape(NodeId(block.nodes.start)),
        output: graph.node(block.output).shape,
        pieces: pieces.collect(),
        parameters: nodes().map(|id| graph.parameters(id).value()).sum(),
        macs: nodes().map(|id| graph.macs(id).value()).sum(),
        depth: depths(graph, block.nodes.clone()).into_iter().max().unwrap_or(0),
    }
}

/// The first block that reads maps of a size ([`super::SIZES`]), or else the first: where blocks of several networks are
/// set side by side, they do alike work there.
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
    fn an_inception_beside_a_stage_beside_a_bottleneck() {
        let inception = at_28("googlenet");
        assert_eq!((inception.name.as_str(), inception.depth, inception.pieces.len()), ("inception3a", 2, 7));
        // 192*64 + 192*96 + 96*128*9 + 192*16 + 16*32*25 + 192*32, and 368 biases.
        assert_eq!(inception.parameters, 163_696);
        let stage = at_28("vgg16");
        // 256*512*9 + 2*512*512*9, and 3*512 biases.
        assert_eq!((stage.name.as_str(), stage.parameters, stage.depth), ("stage4", 5_899_776, 3));
        let bottleneck = at_28("resnet50");
        // 2*512*128 + 128*128*9, and a scale and an offset for each of 128 + 128 + 512 maps.
        assert_eq!((bottleneck.name.as_str(), bottleneck.parameters, bottleneck.depth), ("layer2.1", 280_064, 3));
        let convolution = |kernel, channels| What::Convolution { kernel, channels, stride: 1, groups: 1 };
        assert_eq!(
            bottleneck.pieces.iter().map(|piece| piece.what).collect::<Vec<_>>(),
            [convolution(1, 128), convolution(3, 128), convolution(1, 512)]
        );
    }

    #[test]
    fn blocks_hold_what_their_nodes_hold() {
        for name in names() {
            let graph = network(name).expect("should be declared");
            for block in blocks(&graph) {
                let pieces: u64 = block.pieces.iter().map(|piece| piece.macs).sum();
                assert_eq!(pieces, block.macs, "{name}, {}", block.name);
            }
        }
        assert!(blocks(&network("lenet5").expect("should be declared")).is_empty());
    }
}
