//! The Inception module (Szegedy et al. 2014, section 4, figure 2), naive and with reductions, at any widths.

use super::mini_network::MiniNetwork;
use net::{Activation, Builder, Concat, Conv2d, Graph, MaxPool2d, NetError, NodeId, Op, Shape, Window};

/// The number of output channels of each convolution of a module. The names are those of the columns in the paper's
/// table 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Widths {
    /// Column `#1x1`.
    pub one: usize,
    /// Column `#3x3 reduce`.
    pub three_reduce: usize,
    /// Column `#3x3`.
    pub three: usize,
    /// Column `#5x5 reduce`.
    pub five_reduce: usize,
    /// Column `#5x5`.
    pub five: usize,
    /// Column `pool proj`.
    pub pool: usize,
}

impl Widths {
    /// Returns the widths of a module of `graph`, such as `inception3a`. Its branches must have the names of GoogLeNet.
    ///
    /// # Errors
    /// Returns [`NetError::UnknownNode`] if there is no such module.
    pub fn of(graph: &Graph, module: &str) -> Result<Self, NetError> {
        let width = |part: &str| Ok(graph.node(graph.find(&format!("{module}.{part}"))?).shape.chw().0);
        Ok(Self {
            one: width("branch1")?,
            three_reduce: width("branch2_reduce")?,
            three: width("branch2")?,
            five_reduce: width("branch3_reduce")?,
            five: width("branch3")?,
            pool: width("branch4")?,
        })
    }
}

/// A layer of a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BranchLayer {
    /// Side of the window, in pixels.
    pub kernel: usize,
    /// Input channels.
    pub from: usize,
    /// Output channels.
    pub channels: usize,
    /// Multiplications for one input.
    pub multiplications: u64,
    /// True if the layer is a pooling.
    pub pools: bool,
}

/// A module: its graph and its four branches, each with its layers from the input to the concatenation.
#[derive(Debug, Clone, PartialEq)]
pub struct InceptionModule {
    graph: Graph,
    branches: [Vec<NodeId>; 4],
}

impl InceptionModule {
    /// Builds figure 2 (a): 1x1, 3x3 and 5x5 convolutions over all channels of `input`, and an unreduced pooling.
    ///
    /// # Errors
    /// Returns [`NetError::Shape`] if `input` is not a shape of feature maps.
    pub fn naive(input: Shape, widths: Widths) -> Result<Self, NetError> {
        Self::build(input, [(widths.one, 0), (widths.three, 0), (widths.five, 0), (0, 0)])
    }

    /// Builds figure 2 (b): 1x1 convolutions before the 3x3 and the 5x5 convolution, and one after the pooling.
    ///
    /// # Errors
    /// Returns [`NetError::Shape`] if `input` is not a shape of feature maps.
    pub fn reduced(input: Shape, widths: Widths) -> Result<Self, NetError> {
        let Widths { one, three_reduce, three, five_reduce, five, pool } = widths;
        Self::build(input, [(one, 0), (three, three_reduce), (five, five_reduce), (pool, 0)])
    }

    /// Builds a module from the output channels and the reduction channels of each branch. Zero means that there is no
    /// such convolution.
    fn build(input: Shape, widths: [(usize, usize); 4]) -> Result<Self, NetError> {
        let mut branches = [const { Vec::new() }; 4];
        let graph = MiniNetwork::graph(input, |net| {
            let from = net.last();
            for (place, ((width, reduce), kernel)) in widths.into_iter().zip([1, 3, 5, 1]).enumerate() {
                let mut last = from;
                let mut layer = |net: &mut Builder, leaf: &str, op: Op| {
                    last = net.add(&format!("branch{}.{leaf}", place + 1), op, &[last])?;
                    branches[place].push(last);
                    Ok::<_, NetError>(())
                };
                if place == 3 {
                    layer(net, "pool", Op::MaxPool2d(MaxPool2d { window: Window::new(3, 1, 1), ceil: true }))?;
                }
                if reduce > 0 {
                    layer(net, "reduce", convolution(reduce, 1))?;
                }
                if width > 0 {
                    layer(net, "convolution", convolution(width, kernel))?;
                }
            }
            let ends: Vec<NodeId> = branches.iter().filter_map(|branch| branch.last().copied()).collect();
            net.add("concatenation", Op::Concat(Concat), &ends).map(drop)
        })?;
        Ok(Self { graph, branches })
    }

    /// Returns the graph of the module.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Returns the layers of branch `place` (0 is 1x1, 1 is 3x3, 2 is 5x5, 3 is the pooling).
    pub fn branch(&self, place: usize) -> Vec<BranchLayer> {
        let layer = |&id: &NodeId| {
            let node = self.graph.node(id);
            let (kernel, pools) = match &node.op {
                Op::Conv2d(conv) => (conv.window.kernel, false),
                Op::MaxPool2d(pool) => (pool.window.kernel, true),
                _ => (1, false),
            };
            BranchLayer {
                kernel,
                from: self.graph.input_shape(id).chw().0,
                channels: node.shape.chw().0,
                multiplications: self.graph.macs(id).value(),
                pools,
            }
        };
        self.branches[place].iter().map(layer).collect()
    }

    /// Returns the number of channels that branch `place` contributes to the output.
    pub fn channels(&self, place: usize) -> usize {
        self.branches[place].last().map_or(0, |&id| self.graph.node(id).shape.chw().0)
    }

    /// Returns the shape of the concatenated output.
    pub fn output(&self) -> Shape {
        self.graph.node(self.graph.probabilities).shape
    }

    /// Returns the multiplications of branch `place`.
    pub fn multiplications(&self, place: usize) -> u64 {
        self.branches[place].iter().map(|&id| self.graph.macs(id).value()).sum()
    }
}

/// Returns a convolution as in GoogLeNet: with bias and ReLU, and with a padding that keeps the size of the maps.
fn convolution(channels: usize, kernel: usize) -> Op {
    let window = Window::new(kernel, 1, kernel / 2);
    Op::Conv2d(Conv2d { channels, window, groups: 1, connections: None, bias: true, activation: Activation::Relu })
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    const INPUT: Shape = Shape::maps(192, 28, 28);

    /// Returns the parameters, the multiplications and the output shape of module `inception3a` of a network.
    fn counted(name: &str) -> (u64, u64, Shape) {
        let graph = network(name).expect("should be declared");
        let block = graph.blocks.iter().find(|block| block.name == "inception3a").expect("should be a block");
        let nodes = || block.nodes.clone().map(NodeId);
        let (parameters, macs) =
            (nodes().map(|id| graph.parameters(id).value()), nodes().map(|id| graph.macs(id).value()));
        (parameters.sum(), macs.sum(), graph.node(block.output).shape)
    }

    #[test]
    fn the_papers_widths_give_the_module_of_googlenet() {
        let graph = network("googlenet").expect("should be declared");
        let widths = Widths::of(&graph, "inception3a").expect("should be a module");
        let paper = Widths { one: 64, three_reduce: 96, three: 128, five_reduce: 16, five: 32, pool: 32 };
        assert_eq!(widths, paper);
        assert_eq!(graph.node(graph.find("pool2").expect("should be a node")).shape, INPUT);
        let pairs = [
            (InceptionModule::reduced(INPUT, widths), "googlenet"),
            (InceptionModule::naive(INPUT, widths), "googlenet-naive"),
        ];
        for (module, name) in pairs {
            let module = module.expect("should be built");
            let graph = module.graph();
            assert_eq!((graph.total_parameters(), graph.total_macs(), module.output()), counted(name), "{name}");
            let branches: u64 = (0..4).map(|branch| module.multiplications(branch)).sum();
            assert_eq!(branches, graph.total_macs());
        }
    }

    #[test]
    fn the_5x5_branch_has_the_known_cost() {
        let widths = Widths { one: 64, three_reduce: 96, three: 128, five_reduce: 16, five: 32, pool: 32 };
        let naive = InceptionModule::naive(INPUT, widths).expect("should be built");
        assert_eq!(naive.multiplications(2), 28 * 28 * 32 * 5 * 5 * 192);
        assert_eq!((naive.channels(3), naive.output().chw().0), (192, 64 + 128 + 32 + 192));
        let reduced = InceptionModule::reduced(INPUT, widths).expect("should be built");
        let steps: Vec<u64> = reduced.branch(2).iter().map(|layer| layer.multiplications).collect();
        assert_eq!(steps, [2_408_448, 10_035_200]);
        assert_eq!((reduced.channels(3), reduced.output().chw().0), (32, 256));
        assert!(reduced.branch(3)[0].pools);
    }

    #[test]
    fn modules_need_feature_maps() {
        let widths = Widths { one: 1, three_reduce: 1, three: 1, five_reduce: 1, five: 1, pool: 1 };
        assert!(InceptionModule::naive(Shape::Vector(8), widths).is_err());
        assert!(Widths::of(&network("vgg16").expect("should be declared"), "inception3a").is_err());
    }
}
