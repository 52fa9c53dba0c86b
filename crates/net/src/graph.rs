//! A network as data: named nodes in the order they run, some of them grouped into blocks.

use std::ops::Range;

use serde::Serialize;

use super::NetError;
use super::classes::Classes;
use super::expr::Expr;
use super::op::{Op, TensorSpec};
use super::receptive::ReceptiveField;
use super::shape::Shape;

/// The place of a node in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub usize);

/// The place of a block in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockId(pub usize);

/// One operation of a network, with its name and what it gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The module path, by which activations and parameters go: `C1`, `layer1.0.conv1`.
    pub name: String,
    /// What it does.
    pub op: Op,
    /// The nodes it reads, all before it.
    pub inputs: Vec<NodeId>,
    /// What it gives.
    pub shape: Shape,
    /// What one of its pixels sees of the network's input.
    pub receptive: ReceptiveField,
    /// The innermost block it belongs to.
    pub block: Option<BlockId>,
    /// What the declaration has to say, where the paper says more than the operation can know.
    pub remark: Option<Remark>,
}

/// What a declaration says of a node; the page has the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remark {
    /// The digit in its field, paper and ink so that mean and variance are near 0 and 1 (LeCun et al. 1998, section II.B).
    Normalised,
    /// The digit in its field, paper 0 and ink 1.
    Plain,
    /// The partial connections of C3 (LeCun et al. 1998, table I).
    Table,
    /// 84 units, drawn as the pictures of digits are.
    Pictures,
    /// Distances from those pictures.
    Nearest,
    /// Scores, of which the greatest wins.
    Greatest,
}

/// What a block is, in the field's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockKind {
    /// Layers of one resolution.
    Stage,
    /// Lanes that part and meet in a concatenation.
    Inception,
    /// A branch and its shortcut (or, in a plain network, the branch alone).
    Residual,
    /// A branch that ends in an answer of its own.
    SideClassifier,
    /// A convolution with its normalisation and activation.
    Unit,
    /// The full connections at the end.
    Classifier,
}

/// A named run of nodes: an Inception, a residual block, a VGG stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its module path.
    pub name: String,
    /// What it is.
    pub kind: BlockKind,
    /// The node whose output is the block's.
    pub output: NodeId,
    /// The nodes in it, one after the other.
    pub nodes: Range<usize>,
    /// The block around it.
    pub parent: Option<BlockId>,
}

/// What kind of picture a network takes, and how its pixels become numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum InputKind {
    /// Grey digits, white on black; `value = ink * scale + offset`, ink in [0, 1].
    Digit {
        /// What full ink adds.
        scale: f32,
        /// What the empty paper is.
        offset: f32,
    },
    /// Colour photos, RGB; `value = (channel - mean) / deviation`, channel in [0, 1].
    Photo {
        /// The mean of each channel over the training set.
        mean: [f32; 3],
        /// The standard deviation of each channel over the training set.
        deviation: [f32; 3],
    },
}

/// The families, in the order of their years.
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

/// What is said of a network besides its nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The name that tests, links and the command line use.
    pub name: &'static str,
    /// The name people read.
    pub title: &'static str,
    /// Its family.
    pub family: Family,
    /// The year of its paper.
    pub year: u16,
    /// Its paper.
    pub source: &'static str,
    /// What it tells apart.
    pub classes: Classes,
}

/// The picture a network takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Input {
    /// CHW.
    pub shape: Shape,
    /// What it shows.
    pub kind: InputKind,
}

/// A whole network.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// The name that tests, links and the command line use.
    pub name: &'static str,
    /// The name people read.
    pub title: &'static str,
    /// Its family.
    pub family: Family,
    /// The year of its paper.
    pub year: u16,
    /// Its paper.
    pub source: &'static str,
    /// What it tells apart.
    pub classes: Classes,
    /// The picture it takes.
    pub input: Input,
    /// All nodes, each after what it reads; the first is the input.
    pub nodes: Vec<Node>,
    /// All blocks, outer before inner.
    pub blocks: Vec<Block>,
    /// The node whose values are the scores of the classes (the reference's `logits`).
    pub logits: NodeId,
    /// The node whose values are probabilities.
    pub probabilities: NodeId,
    /// Whether the best class is the one with the lowest score (a distance) instead of the highest.
    pub lowest_wins: bool,
}

impl Graph {
    /// The node at `id`.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// All nodes with their places.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(i, node)| (NodeId(i), node))
    }

    /// The node called `name`; or the output of the block called so, or the scores for `logits`.
    ///
    /// # Errors
    /// [`NetError::UnknownNode`] with the names there are.
    pub fn find(&self, name: &str) -> Result<NodeId, NetError> {
        let node = self.nodes.iter().position(|node| node.name == name).map(NodeId);
        let alias = || self.aliases().find(|(alias, _)| *alias == name).map(|(_, id)| id);
        node.or_else(alias).ok_or_else(|| NetError::UnknownNode {
            network: self.name.to_owned(),
            name: name.to_owned(),
            known: self.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    /// Names that are no node's own but stand for a node's output: blocks, and `logits`.
    pub fn aliases(&self) -> impl Iterator<Item = (&str, NodeId)> {
        let blocks = self.blocks.iter().map(|block| (block.name.as_str(), block.output));
        let all = blocks.chain([("logits", self.logits)]);
        all.filter(|(name, _)| self.nodes.iter().all(|node| node.name != *name))
    }

    /// The shapes of all that a node reads, in order.
    pub fn input_shapes(&self, id: NodeId) -> Vec<Shape> {
        self.node(id).inputs.iter().map(|&input| self.node(input).shape).collect()
    }

    /// The shape of a node's first input; for the input itself, its own.
    pub fn input_shape(&self, id: NodeId) -> Shape {
        let node = self.node(id);
        node.inputs.first().map_or(node.shape, |&input| self.node(input).shape)
    }

    /// The tensors a node needs, each with its full name.
    pub fn tensors(&self, id: NodeId) -> Vec<(String, TensorSpec)> {
        let node = self.node(id);
        let specs = node.op.operation().map_or_else(Vec::new, |op| op.tensors(self.input_shape(id)));
        specs.into_iter().map(|spec| (format!("{}.{}", node.name, spec.leaf), spec)).collect()
    }

    /// Every tensor of the network, in the order of its nodes.
    pub fn all_tensors(&self) -> Vec<(String, TensorSpec)> {
        self.iter().flat_map(|(id, _)| self.tensors(id)).collect()
    }

    /// Trainable parameters of a node, as arithmetic.
    pub fn parameters(&self, id: NodeId) -> Expr {
        self.node(id).op.operation().map_or(Expr::ZERO, |op| op.parameters(self.input_shape(id)))
    }

    /// Multiply-accumulates of a node in one pass over one picture, as arithmetic.
    pub fn macs(&self, id: NodeId) -> Expr {
        let node = self.node(id);
        node.op.operation().map_or(Expr::ZERO, |op| op.macs(self.input_shape(id), node.shape))
    }

    /// Multiply-accumulates of the network in one pass over one picture.
    pub fn total_macs(&self) -> u64 {
        self.iter().map(|(id, _)| self.macs(id).value()).sum()
    }

    /// Trainable parameters of the network.
    pub fn total_parameters(&self) -> u64 {
        self.iter().map(|(id, _)| self.parameters(id).value()).sum()
    }

    /// A block and those around it, the innermost first.
    pub fn and_around(&self, block: Option<BlockId>) -> impl Iterator<Item = BlockId> + '_ {
        std::iter::successors(block, |id| self.blocks[id.0].parent)
    }

    /// The blocks around a node, the innermost first.
    pub fn blocks_around(&self, node: NodeId) -> impl Iterator<Item = BlockId> + '_ {
        self.and_around(self.node(node).block)
    }

    /// The nodes that are steps of the way through: all but the turning of scores into probabilities.
    pub fn steps(&self) -> Vec<NodeId> {
        self.iter().filter(|(_, node)| !matches!(node.op, Op::Softmax(_))).map(|(id, _)| id).collect()
    }
}
