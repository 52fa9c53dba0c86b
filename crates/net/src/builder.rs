//! A builder that declares a network node by node.

use super::activation::Activation;
use super::error::NetError;
use super::graph::{About, Block, BlockId, BlockKind, Graph, Input, Node, NodeId, Remark};
use super::operation::Operation;
use super::ops::{Op, Pointwise};
use super::options::GraphOptions;
use super::receptive::ReceptiveField;
use super::shape::Shape;

/// Declares a graph node by node. The shape and the receptive field of each node are derived as it is added.
#[derive(Debug)]
pub struct Builder {
    nodes: Vec<Node>,
    blocks: Vec<Block>,
    open: Vec<BlockId>,
    input: Input,
}

impl Builder {
    /// Starts a graph that holds the input node only.
    pub fn new(input: Input) -> Self {
        let first = Node {
            name: "input".to_owned(),
            op: Op::Input,
            inputs: Vec::new(),
            shape: input.shape,
            receptive: ReceptiveField::INPUT,
            block: None,
            remark: None,
        };
        Self { nodes: vec![first], blocks: Vec::new(), open: Vec::new(), input }
    }

    /// Returns the node that was added last.
    pub fn last(&self) -> NodeId {
        NodeId(self.nodes.len() - 1)
    }

    /// Returns the output shape of a node.
    pub fn shape(&self, id: NodeId) -> Shape {
        self.nodes[id.0].shape
    }

    /// Adds a node that reads the node before it.
    ///
    /// # Errors
    /// [`NetError::Shape`] if the operation cannot take the shape of its input.
    pub fn then(&mut self, name: &str, op: Op) -> Result<NodeId, NetError> {
        let last = self.last();
        self.add(name, op, &[last])
    }

    /// Adds a node that reads `inputs`.
    ///
    /// # Errors
    /// [`NetError::Shape`] if the operation cannot take the shapes of its inputs, if there are no inputs, or if a node
    /// has this name already.
    pub fn add(&mut self, name: &str, op: Op, inputs: &[NodeId]) -> Result<NodeId, NetError> {
        let fault = |reason: String| NetError::Shape { node: name.to_owned(), reason };
        if self.nodes.iter().any(|node| node.name == name) {
            return Err(fault("this name stands already".to_owned()));
        }
        let shapes: Vec<Shape> = inputs.iter().map(|id| self.nodes[id.0].shape).collect();
        let operation = op.operation().ok_or_else(|| fault("a graph has one input".to_owned()))?;
        let shape = operation.shape(&shapes).map_err(fault)?;
        let receptive = inputs
            .iter()
            .map(|id| see(&self.nodes[id.0], operation))
            .reduce(ReceptiveField::union)
            .ok_or_else(|| NetError::Shape { node: name.to_owned(), reason: "it reads nothing".to_owned() })?;
        let block = self.open.last().copied();
        self.nodes.push(Node {
            name: name.to_owned(),
            op,
            inputs: inputs.to_vec(),
            shape,
            receptive,
            block,
            remark: None,
        });
        Ok(self.last())
    }

    /// Attaches a remark to the node that was added last.
    pub fn remark(&mut self, remark: Remark) {
        if let Some(node) = self.nodes.last_mut() {
            node.remark = Some(remark);
        }
    }

    /// Opens a block. Nodes added until [`Builder::close`] belong to it.
    pub fn open(&mut self, name: &str, kind: BlockKind) {
        let start = self.nodes.len();
        let (output, parent) = (NodeId(start), self.open.last().copied());
        self.blocks.push(Block { name: name.to_owned(), kind, output, nodes: start..start, parent });
        self.open.push(BlockId(self.blocks.len() - 1));
    }

    /// Closes the innermost open block. Its output is the node that was added last.
    pub fn close(&mut self) {
        self.close_with(self.last());
    }

    /// Closes the innermost open block. Its output is `output`.
    pub fn close_with(&mut self, output: NodeId) {
        if let Some(id) = self.open.pop() {
            let block = &mut self.blocks[id.0];
            block.nodes.end = self.nodes.len();
            block.output = output;
        }
    }

    /// Returns the graph of a few layers, which need not end in a softmax. The output of the last layer stands for both
    /// the scores and the probabilities.
    pub fn piece(self, about: About) -> Graph {
        let last = self.last();
        self.graph(about, last, last, false)
    }

    /// Returns the finished graph. Its last node computes the probabilities from the scores.
    ///
    /// # Errors
    /// [`NetError::Shape`] if the last node is neither a softmax nor, over a single score, a sigmoid.
    pub fn finish(self, about: About) -> Result<Graph, NetError> {
        let probabilities = self.last();
        let last = &self.nodes[probabilities.0];
        let lowest_wins = match last.op {
            Op::Softmax(softmax) => Some(softmax.scale < 0.0),
            Op::Activation(Pointwise { function: Activation::Sigmoid }) if last.shape.elements() == 1 => Some(false),
            _ => None,
        };
        let (Some(lowest_wins), Some(&logits)) = (lowest_wins, last.inputs.first()) else {
            return Err(NetError::Shape { node: last.name.clone(), reason: "a network ends in a softmax".to_owned() });
        };
        Ok(self.graph(about, logits, probabilities, lowest_wins))
    }

    fn graph(self, about: About, logits: NodeId, probabilities: NodeId, lowest_wins: bool) -> Graph {
        let Self { nodes, blocks, input, .. } = self;
        let About { name, title, family, year, source, classes } = about;
        let options = GraphOptions::default();
        Graph {
            name,
            title,
            family,
            year,
            source,
            classes,
            input,
            nodes,
            blocks,
            logits,
            probabilities,
            lowest_wins,
            options,
        }
    }
}

/// Returns the receptive field of `operation` when it reads `node`.
fn see(node: &Node, operation: &dyn Operation) -> ReceptiveField {
    match operation.window(node.shape) {
        Some(window) => node.receptive.through(window),
        None => node.receptive.whole(node.shape.chw().1),
    }
}
