//! The two residual blocks (He et al. 2015, figure 5), and the networks that four block counts make of them (table 1).

use super::mini_network::MiniNetwork;
use crate::compare::Column;
use net::{Activation, BlockKind, Conv2d, Expr, Graph, NetError, Node, NodeId, Op, Shape, Window, resnet_of};

/// The greatest selectable numbers of blocks in conv2_x to conv5_x: at least those of table 1.
pub const MAX_BLOCKS: [usize; 4] = [8, 8, 36, 8];

/// The networks of table 1: their depth, their block counts, and whether the blocks are bottlenecks.
pub const TABLE: [(usize, [usize; 4], bool); 5] = [
    (18, [2, 2, 2, 2], false),
    (34, [3, 4, 6, 3], false),
    (50, [3, 4, 6, 3], true),
    (101, [3, 4, 23, 3], true),
    (152, [3, 8, 36, 3], true),
];

/// The counts of a convolution of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct ConvolutionCosts {
    /// Side of the kernels.
    pub kernel: usize,
    /// The stride.
    pub stride: usize,
    /// Input channels.
    pub reads: usize,
    /// Shape of the output, CHW.
    pub gives: Shape,
    /// The number of parameters, as an arithmetic expression.
    pub parameters: Expr,
    /// MACs for one image.
    pub macs: u64,
}

impl ConvolutionCosts {
    fn of(graph: &Graph, id: NodeId) -> Option<Self> {
        let node = graph.node(id);
        let Op::Conv2d(conv) = &node.op else { return None };
        Some(Self {
            kernel: conv.window.kernel,
            stride: conv.window.stride,
            reads: graph.input_shape(id).chw().0,
            gives: node.shape,
            parameters: graph.parameters(id),
            macs: graph.macs(id).value(),
        })
    }
}

/// The counts of a residual block.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidualBlock {
    /// Name of the block in the network.
    pub name: String,
    /// Shape of the input, CHW.
    pub reads: Shape,
    /// Shape of the output, CHW.
    pub gives: Shape,
    /// The convolutions of F, in order.
    pub branch: Vec<ConvolutionCosts>,
    /// The 1x1 convolution of the shortcut, or `None` for an identity shortcut.
    pub projection: Option<ConvolutionCosts>,
    /// Parameters, including those of the batch normalizations.
    pub parameters: u64,
    /// MACs for one image.
    pub macs: u64,
}

impl ResidualBlock {
    /// Counts a block of stage `stage` in the networks of table 1: the first block of its stage, or a later one. Stage
    /// 0 is conv2_x with a width of 64; each further stage doubles the width.
    ///
    /// # Errors
    /// Returns [`NetError`] if there is no such stage.
    pub fn new(bottleneck: bool, stage: usize, first: bool) -> Result<Self, NetError> {
        let graph = resnet_of([2; 4], bottleneck)?;
        let name = format!("layer{}.{}", stage + 1, usize::from(!first));
        Self::of(&graph, &name)
    }

    fn of(graph: &Graph, name: &str) -> Result<Self, NetError> {
        let gives = graph.node(graph.find(name)?).shape;
        let block = graph.blocks.iter().find(|block| block.kind == BlockKind::Residual && block.name == name);
        let nodes: Vec<NodeId> = block.map(|block| block.nodes.clone().map(NodeId).collect()).unwrap_or_default();
        let fault = |reason: &str| NetError::Shape { node: name.to_owned(), reason: reason.to_owned() };
        let first = *nodes.first().ok_or_else(|| fault("it is no residual block"))?;
        let is_projection = |node: &Node| node.name.contains("downsample");
        let (beside, along): (Vec<NodeId>, Vec<NodeId>) = nodes.iter().partition(|id| is_projection(graph.node(**id)));
        Ok(Self {
            name: name.to_owned(),
            reads: graph.input_shape(first),
            gives,
            branch: along.into_iter().filter_map(|id| ConvolutionCosts::of(graph, id)).collect(),
            projection: beside.into_iter().find_map(|id| ConvolutionCosts::of(graph, id)),
            parameters: nodes.iter().map(|&id| graph.parameters(id).value()).sum(),
            macs: nodes.iter().map(|&id| graph.macs(id).value()).sum(),
        })
    }
}

/// The weights of three ways to compute F over the maps of one stage, with identity shortcuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockWeights {
    /// Two 3x3 convolutions over the width of the stage (a basic block).
    pub basic: u64,
    /// 1x1, 3x3 and 1x1 convolutions over four times the width (a bottleneck).
    pub bottleneck: u64,
    /// Two 3x3 convolutions over four times the width.
    pub wide: u64,
}

impl BlockWeights {
    /// Counts the weights for stage `stage`.
    ///
    /// # Errors
    /// Returns the errors of [`ResidualBlock::new`].
    pub fn new(stage: usize) -> Result<Self, NetError> {
        let weights = |convs: &[ConvolutionCosts]| convs.iter().map(|conv| conv.parameters.value()).sum();
        let [basic, bottleneck] = [false, true].map(|kind| ResidualBlock::new(kind, stage, false));
        let (basic, bottleneck) = (basic?, bottleneck?);
        let maps = bottleneck.gives;
        let channels = maps.chw().0;
        let wide = MiniNetwork::graph(maps, |net| {
            net.then("conv1", three_by_three(channels))?;
            net.then("conv2", three_by_three(channels)).map(drop)
        })?;
        Ok(Self {
            basic: weights(&basic.branch),
            bottleneck: weights(&bottleneck.branch),
            wide: wide.total_parameters(),
        })
    }
}

/// Returns a 3x3 convolution without bias that keeps the size of the maps.
fn three_by_three(channels: usize) -> Op {
    let (window, activation) = (Window::new(3, 1, 1), Activation::Identity);
    Op::Conv2d(Conv2d { channels, window, groups: 1, connections: None, bias: false, activation })
}

/// The counts of a network with a given number of blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResNetCosts {
    /// The title of the network, if it is one of table 1.
    pub title: Option<&'static str>,
    /// Number of layers with weights on the longest path, as the paper counts depth.
    pub depth: usize,
    /// Number of parameters.
    pub parameters: u64,
    /// MACs for one image.
    pub macs: u64,
}

impl ResNetCosts {
    /// Counts the network with `blocks` blocks in conv2_x to conv5_x.
    ///
    /// # Errors
    /// Returns the errors of [`resnet_of`].
    pub fn new(blocks: [usize; 4], bottleneck: bool) -> Result<Self, NetError> {
        let graph = resnet_of(blocks, bottleneck)?;
        let named = TABLE.iter().any(|(_, numbers, kind)| *numbers == blocks && *kind == bottleneck);
        let column = Column::of(&graph);
        Ok(Self {
            title: named.then_some(graph.title),
            depth: column.depth,
            parameters: column.totals.parameters,
            macs: column.totals.macs,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    #[test]
    fn block_counts_of_the_table_give_its_networks() {
        for (depth, blocks, bottleneck) in TABLE {
            let costs = ResNetCosts::new(blocks, bottleneck).expect("should be built");
            let graph = network(&format!("resnet{depth}")).expect("should be declared");
            assert_eq!(costs.depth, depth);
            assert_eq!(costs.title, Some(graph.title));
            assert_eq!((costs.parameters, costs.macs), (graph.total_parameters(), graph.total_macs()));
            assert!(blocks.iter().zip(MAX_BLOCKS).all(|(&blocks, most)| blocks <= most));
            // Two or three convolutions per block, the first convolution and the fully connected layer.
            let each = if bottleneck { 3 } else { 2 };
            assert_eq!(depth, each * blocks.iter().sum::<usize>() + 2);
        }
        assert_eq!(ResNetCosts::new([1, 1, 1, 1], false).expect("should be built").title, None);
        assert_eq!(ResNetCosts::new([3, 4, 23, 3], false).expect("should be built").title, None);
    }

    #[test]
    fn blocks_agree_with_figure_5() {
        let block = |bottleneck, stage, first| ResidualBlock::new(bottleneck, stage, first).expect("should be there");
        let kernels = |block: &ResidualBlock| block.branch.iter().map(|conv| conv.kernel).collect::<Vec<_>>();
        let (basic, bottleneck) = (block(false, 0, false), block(true, 0, false));
        assert_eq!((kernels(&basic), kernels(&bottleneck)), (vec![3, 3], vec![1, 3, 1]));
        assert_eq!((basic.reads, bottleneck.gives), (Shape::maps(64, 56, 56), Shape::maps(256, 56, 56)));
        assert_eq!((&basic.projection, &bottleneck.projection), (&None, &None));
        assert_eq!(basic.parameters, 2 * 9 * 64 * 64 + 2 * 2 * 64);
        assert_eq!(basic.macs, 2 * 9 * 64 * 64 * 56 * 56);
        // The first block of conv2_x reads 64 maps. A basic block keeps them; a bottleneck has to project them to 256.
        assert_eq!(block(false, 0, true).projection, None);
        let first = block(true, 0, true).projection.expect("should be projected");
        assert_eq!((first.reads, first.stride, first.parameters.value()), (64, 1, 64 * 256));
        let halved = block(false, 1, true);
        assert_eq!((halved.reads, halved.gives), (Shape::maps(64, 56, 56), Shape::maps(128, 28, 28)));
        assert_eq!(halved.projection.map(|conv| (conv.kernel, conv.stride)), Some((1, 2)));
        assert!(ResidualBlock::new(false, 4, false).is_err());
    }

    #[test]
    fn a_bottleneck_costs_as_much_as_a_basic_block_of_a_quarter_of_its_width() {
        let weights = BlockWeights::new(0).expect("should be there");
        assert_eq!(weights, BlockWeights { basic: 18 * 64 * 64, bottleneck: 17 * 64 * 64, wide: 18 * 256 * 256 });
    }
}
