//! Two residual blocks (He et al. 2015, figure 5), and the networks that four numbers make of them (table 1).

use super::piece::Piece;
use crate::compare::Column;
use net::{Activation, BlockKind, Conv2d, Expr, Graph, NetError, Node, NodeId, Op, Shape, Window, resnet_of};

/// How many blocks conv2_x to conv5_x may have here: the most of table 1, and a few more where it has few.
pub const MOST_BLOCKS: [usize; 4] = [8, 8, 36, 8];

/// The networks of table 1: their depth, their blocks, and whether these are bottlenecks.
pub const TABLE: [(usize, [usize; 4], bool); 5] = [
    (18, [2, 2, 2, 2], false),
    (34, [3, 4, 6, 3], false),
    (50, [3, 4, 6, 3], true),
    (101, [3, 4, 23, 3], true),
    (152, [3, 8, 36, 3], true),
];

/// A convolution of a block, counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The side of its kernels.
    pub kernel: usize,
    /// Its stride.
    pub stride: usize,
    /// Channels that it reads.
    pub reads: usize,
    /// Its output, CHW.
    pub gives: Shape,
    /// Its parameters.
    pub parameters: Expr,
    /// Its multiply-accumulates for one picture.
    pub macs: u64,
}

impl Counted {
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

/// A residual block, counted.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidualBlock {
    /// Its name in the network.
    pub name: String,
    /// What it reads, CHW.
    pub reads: Shape,
    /// What it gives, CHW.
    pub gives: Shape,
    /// The convolutions of F, in order.
    pub branch: Vec<Counted>,
    /// The 1x1 convolution of its shortcut, where that is no identity.
    pub projection: Option<Counted>,
    /// Its parameters, those of its batch normalisations included.
    pub parameters: u64,
    /// Its multiply-accumulates for one picture.
    pub macs: u64,
}

impl ResidualBlock {
    /// A block of stage `stage` (0 is conv2_x, of width 64; each next one doubles it) in the networks of table 1: the
    /// `first` of its stage, or one that follows.
    ///
    /// # Errors
    /// [`NetError`] where there is no such stage.
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
            branch: along.into_iter().filter_map(|id| Counted::of(graph, id)).collect(),
            projection: beside.into_iter().find_map(|id| Counted::of(graph, id)),
            parameters: nodes.iter().map(|&id| graph.parameters(id).value()).sum(),
            macs: nodes.iter().map(|&id| graph.macs(id).value()).sum(),
        })
    }
}

/// Weights of the convolutions that do the same work over the maps of a stage, identity shortcuts: a basic block's over
/// its maps, a bottleneck's over four times as many, and a basic block's over as many as the bottleneck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// Two 3x3 over the stage's width.
    pub basic: u64,
    /// 1x1, 3x3, 1x1 over four times the width.
    pub bottleneck: u64,
    /// Two 3x3 over four times the width.
    pub wide: u64,
}

impl Ways {
    /// Those of stage `stage`.
    ///
    /// # Errors
    /// As [`ResidualBlock::new`].
    pub fn new(stage: usize) -> Result<Self, NetError> {
        let weights = |convs: &[Counted]| convs.iter().map(|conv| conv.parameters.value()).sum();
        let [basic, bottleneck] = [false, true].map(|kind| ResidualBlock::new(kind, stage, false));
        let (basic, bottleneck) = (basic?, bottleneck?);
        let maps = bottleneck.gives;
        let channels = maps.chw().0;
        let wide = Piece::graph(maps, |net| {
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

/// A 3x3 convolution without bias that keeps the size of its maps.
fn three_by_three(channels: usize) -> Op {
    let (window, activation) = (Window::new(3, 1, 1), Activation::Identity);
    Op::Conv2d(Conv2d { channels, window, groups: 1, connections: None, bias: false, activation })
}

/// A network of so many blocks, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What it is called, where it is one of table 1.
    pub title: Option<&'static str>,
    /// Its layers with weights, one after the other, as the paper counts them.
    pub depth: usize,
    /// Its parameters.
    pub parameters: u64,
    /// Its multiply-accumulates for one picture.
    pub macs: u64,
}

impl Made {
    /// The network with `blocks` blocks in conv2_x to conv5_x.
    ///
    /// # Errors
    /// As [`resnet_of`].
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
    fn the_table_is_made_of_its_numbers() {
        for (depth, blocks, bottleneck) in TABLE {
            let made = Made::new(blocks, bottleneck).expect("should be built");
            let graph = network(&format!("resnet{depth}")).expect("should be declared");
            assert_eq!(made.depth, depth);
            assert_eq!(made.title, Some(graph.title));
            assert_eq!((made.parameters, made.macs), (graph.total_parameters(), graph.total_macs()));
            assert!(blocks.iter().zip(MOST_BLOCKS).all(|(&blocks, most)| blocks <= most));
            // 2 or 3 a block, the first convolution and the last connection.
            let each = if bottleneck { 3 } else { 2 };
            assert_eq!(depth, each * blocks.iter().sum::<usize>() + 2);
        }
        assert_eq!(Made::new([1, 1, 1, 1], false).expect("should be built").title, None);
        assert_eq!(Made::new([3, 4, 23, 3], false).expect("should be built").title, None);
    }

    #[test]
    fn blocks_are_those_of_figure_5() {
        let block = |bottleneck, stage, first| ResidualBlock::new(bottleneck, stage, first).expect("should be there");
        let kernels = |block: &ResidualBlock| block.branch.iter().map(|conv| conv.kernel).collect::<Vec<_>>();
        let (basic, bottleneck) = (block(false, 0, false), block(true, 0, false));
        assert_eq!((kernels(&basic), kernels(&bottleneck)), (vec![3, 3], vec![1, 3, 1]));
        assert_eq!((basic.reads, bottleneck.gives), (Shape::maps(64, 56, 56), Shape::maps(256, 56, 56)));
        assert_eq!((&basic.projection, &bottleneck.projection), (&None, &None));
        assert_eq!(basic.parameters, 2 * 9 * 64 * 64 + 2 * 2 * 64);
        assert_eq!(basic.macs, 2 * 9 * 64 * 64 * 56 * 56);
        // The first of conv2_x finds 64 maps: a basic block keeps them, a bottleneck has to make 256 of them.
        assert_eq!(block(false, 0, true).projection, None);
        let first = block(true, 0, true).projection.expect("should be projected");
        assert_eq!((first.reads, first.stride, first.parameters.value()), (64, 1, 64 * 256));
        let halved = block(false, 1, true);
        assert_eq!((halved.reads, halved.gives), (Shape::maps(64, 56, 56), Shape::maps(128, 28, 28)));
        assert_eq!(halved.projection.map(|conv| (conv.kernel, conv.stride)), Some((1, 2)));
        assert!(ResidualBlock::new(false, 4, false).is_err());
    }

    #[test]
    fn a_bottleneck_costs_what_a_basic_block_of_a_quarter_does() {
        let ways = Ways::new(0).expect("should be there");
        assert_eq!(ways, Ways { basic: 18 * 64 * 64, bottleneck: 17 * 64 * 64, wide: 18 * 256 * 256 });
    }
}
