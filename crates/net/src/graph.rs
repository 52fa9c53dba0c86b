//! A network as data: named nodes in running order, some of them grouped into blocks.

use std::ops::Range;

use serde::Serialize;

use super::classes::Classes;
use super::error::NetError;
use super::expr::Expr;
use super::operation::TensorSpec;
use super::ops::Op;
use super::options::GraphOptions;
use super::receptive::ReceptiveField;
use super::shape::Shape;

/// The index of a node in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct NodeId(pub usize);

/// The index of a block in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockId(pub usize);

/// One operation of a network, with its name, its inputs and its output shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The module path, by which activations and parameters are looked up: `C1`, `layer1.0.conv1`.
    pub name: String,
    /// The operation.
    pub op: Op,
    /// The nodes that it reads. All of them come before it.
    pub inputs: Vec<NodeId>,
    /// The shape of its output.
    pub shape: Shape,
    /// The receptive field of one cell of its output in the input of the network.
    pub receptive: ReceptiveField,
    /// The innermost block that it belongs to.
    pub block: Option<BlockId>,
    /// A remark of the declaration, if the paper says more about this node than its operation shows.
    pub remark: Option<Remark>,
}

/// A remark on one node. The page has the sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// The digit in its 32x32 field, with values for paper and ink that make the mean about 0 and the variance about 1
    /// (LeCun et al. 1998, section II.B).
    NormalizedDigit,
    /// The digit in its 32x32 field, with 0 for paper and 1 for ink.
    Plain,
    /// The partial connections of C3 (LeCun et al. 1998, table I).
    Table,
    /// 84 units, which are drawn as the 7x12 bitmaps of the output are.
    DigitBitmaps,
    /// Distances from those bitmaps. The nearest bitmap wins.
    NearestBitmap,
    /// Scores. The greatest score wins.
    GreatestScore,
}

/// The kind of a block, in the field's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// The layers of one resolution.
    Stage,
    /// Parallel branches that a concatenation joins: an Inception module.
    Inception,
    /// A branch and its shortcut. In a plain network, the branch alone.
    Residual,
    /// An auxiliary classifier: a branch with class scores of its own, used in training only.
    AuxiliaryClassifier,
    /// A convolution with its batch normalization and activation function.
    Unit,
    /// The layers from the last feature maps to the scores.
    Classifier,
}

/// A named run of nodes: an Inception module, a residual block, a stage of VGG.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its module path.
    pub name: String,
    /// Its kind.
    pub kind: BlockKind,
    /// The node whose output is the output of the block.
    pub output: NodeId,
    /// The indices of its nodes, which are consecutive.
    pub nodes: Range<usize>,
    /// The block around it, if any.
    pub parent: Option<BlockId>,
}

/// The kind of image that a network takes, and the conversion of pixels to input values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum InputKind {
    /// Grey digits, white on black: `value = ink * scale + offset` with ink in [0, 1].
    Digit {
        /// The difference between full ink and empty paper.
        scale: f32,
        /// The value of empty paper.
        offset: f32,
    },
    /// RGB photos: `value = (channel - mean) / deviation` with channel in [0, 1].
    Photo {
        /// The mean of each channel over the training set, in the order R, G, B.
        mean: [f32; 3],
        /// The standard deviation of each channel over the training set, in the order R, G, B.
        deviation: [f32; 3],
    },
}

/// The families, in the order of the years of their papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// LeNet-5, 1998.
    LeNet,
    /// AlexNet, 2012.
    AlexNet,
    /// VGG, 2014.
    Vgg,
    /// GoogLeNet, 2014.
    GoogLeNet,
    /// ResNet, 2015.
    ResNet,
}

/// The description of a network, apart from its nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The name that tests, links and the command line use.
    pub name: &'static str,
    /// The name that people read.
    pub title: &'static str,
    /// Its family.
    pub family: Family,
    /// The year of its paper.
    pub year: u16,
    /// Its paper.
    pub source: &'static str,
    /// The classes that it tells apart.
    pub classes: Classes,
}

/// The input of a network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Input {
    /// Its shape, `[channels, height, width]`.
    pub shape: Shape,
    /// The kind of image, with the conversion of its pixels.
    pub kind: InputKind,
}

/// A complete network.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// The name that tests, links and the command line use.
    pub name: &'static str,
    /// The name that people read.
    pub title: &'static str,
    /// Its family.
    pub family: Family,
    /// The year of its paper.
    pub year: u16,
    /// Its paper.
    pub source: &'static str,
    /// The classes that it tells apart.
    pub classes: Classes,
    /// The input.
    pub input: Input,
    /// All nodes in running order: each comes after the nodes that it reads. The first is the input.
    pub nodes: Vec<Node>,
    /// All blocks. Outer blocks come before the blocks inside them.
    pub blocks: Vec<Block>,
    /// The node whose values are the class scores, also found under the name `logits`.
    pub logits: NodeId,
    /// The node whose values are the class probabilities.
    pub probabilities: NodeId,
    /// True if the class with the lowest score wins, because the scores are distances.
    pub lowest_wins: bool,
    /// The differences from the declaration of this name.
    pub options: GraphOptions,
}

impl Graph {
    /// Returns the node with index `id`.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// Returns all nodes with their indices.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(i, node)| (NodeId(i), node))
    }

    /// Returns the node called `name`. The name of a block stands for its output, and `logits` for the scores.
    ///
    /// # Errors
    /// [`NetError::UnknownNode`] with the names that exist.
    pub fn find(&self, name: &str) -> Result<NodeId, NetError> {
        let node = self.nodes.iter().position(|node| node.name == name).map(NodeId);
        let alias = || self.aliases().find(|(alias, _)| *alias == name).map(|(_, id)| id);
        node.or_else(alias).ok_or_else(|| NetError::UnknownNode {
            network: self.name.to_owned(),
            name: name.to_owned(),
            known: self.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    /// Returns the names that stand for the output of a node but are not its own name: those of blocks, and `logits`.
    pub fn aliases(&self) -> impl Iterator<Item = (&str, NodeId)> {
        let blocks = self.blocks.iter().map(|block| (block.name.as_str(), block.output));
        let all = blocks.chain([("logits", self.logits)]);
        all.filter(|(name, _)| self.nodes.iter().all(|node| node.name != *name))
    }

    /// Returns the output shapes of all nodes that a node reads, in order.
    pub fn input_shapes(&self, id: NodeId) -> Vec<Shape> {
        self.node(id).inputs.iter().map(|&input| self.node(input).shape).collect()
    }

    /// Returns the shape of a node's first input. For the input node, returns its own shape.
    pub fn input_shape(&self, id: NodeId) -> Shape {
        let node = self.node(id);
        node.inputs.first().map_or(node.shape, |&input| self.node(input).shape)
    }

    /// Returns the tensors of a node, each with its full name.
    pub fn tensors(&self, id: NodeId) -> Vec<(String, TensorSpec)> {
        let node = self.node(id);
        let specs = node.op.operation().map_or_else(Vec::new, |op| op.tensors(self.input_shape(id)));
        specs.into_iter().map(|spec| (format!("{}.{}", node.name, spec.leaf), spec)).collect()
    }

    /// Returns every tensor of the network, in the order of its nodes.
    pub fn all_tensors(&self) -> Vec<(String, TensorSpec)> {
        self.iter().flat_map(|(id, _)| self.tensors(id)).collect()
    }

    /// Returns the number of trainable parameters of a node, as arithmetic.
    pub fn parameters(&self, id: NodeId) -> Expr {
        self.node(id).op.operation().map_or(Expr::ZERO, |op| op.parameters(self.input_shape(id)))
    }

    /// Returns the MACs of a node in one pass over one image, as arithmetic.
    pub fn macs(&self, id: NodeId) -> Expr {
        let node = self.node(id);
        node.op.operation().map_or(Expr::ZERO, |op| op.macs(self.input_shape(id), node.shape))
    }

    /// Returns the MACs of the network in one pass over one image.
    pub fn total_macs(&self) -> u64 {
        self.iter().map(|(id, _)| self.macs(id).value()).sum()
    }

    /// Returns the number of trainable parameters of the network.
    pub fn total_parameters(&self) -> u64 {
        self.iter().map(|(id, _)| self.parameters(id).value()).sum()
    }

    /// Returns a block and the blocks around it, the innermost first.
    pub fn block_and_enclosing(&self, block: Option<BlockId>) -> impl Iterator<Item = BlockId> + '_ {
        std::iter::successors(block, |id| self.blocks[id.0].parent)
    }

    /// Returns the blocks around a node, the innermost first.
    pub fn enclosing_blocks(&self, node: NodeId) -> impl Iterator<Item = BlockId> + '_ {
        self.block_and_enclosing(self.node(node).block)
    }

    /// Returns whether values of a node can be negative.
    pub fn is_signed(&self, id: NodeId) -> bool {
        let node = self.node(id);
        let Some(operation) = node.op.operation() else { return true };
        operation.is_signed().unwrap_or_else(|| node.inputs.iter().any(|&input| self.is_signed(input)))
    }

    /// Returns whether a node only turns scores into probabilities: a softmax, or the sigmoid of a single score.
    pub fn is_probabilities(&self, id: NodeId) -> bool {
        matches!(self.node(id).op, Op::Softmax(_)) || id == self.probabilities && id != self.logits
    }

    /// Returns the nodes that are steps of the network: all except those that turn scores into probabilities.
    pub fn steps(&self) -> Vec<NodeId> {
        self.iter().map(|(id, _)| id).filter(|&id| !self.is_probabilities(id)).collect()
    }
}
