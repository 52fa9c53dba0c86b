//! The declaration of a network, node by node.

use super::NetError;
use super::graph::{About, Block, BlockId, BlockKind, Graph, Input, Node, NodeId, Remark};
use super::op::{Op, Operation};
use super::receptive::ReceptiveField;
use super::shape::Shape;

/// Declares a graph node by node, and derives each node's shape and receptive field at once.
#[derive(Debug)]
pub struct Builder {
    nodes: Vec<Node>,
    blocks: Vec<Block>,
    open: Vec<BlockId>,
    input: Input,
}

impl Builder {
    /// A graph with nothing but its input.
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

    /// The node added last.
    pub fn last(&self) -> NodeId {
        NodeId(self.nodes.len() - 1)
    }

    /// What a node added before gives.
    pub fn shape(&self, id: NodeId) -> Shape {
        self.nodes[id.0].shape
    }

    /// Adds a node that reads the one before it.
    ///
    /// # Errors
    /// [`NetError::Shape`] where the operation cannot take what it is given.
    pub fn then(&mut self, name: &str, op: Op) -> Result<NodeId, NetError> {
        let last = self.last();
        self.add(name, op, &[last])
    }

    /// Adds a node that reads `inputs`.
    ///
    /// # Errors
    /// [`NetError::Shape`] where the operation cannot take what it is given, or the name stands already.
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

    /// Gives the node added last a remark of its own.
    pub fn remark(&mut self, remark: Remark) {
        if let Some(node) = self.nodes.last_mut() {
            node.remark = Some(remark);
        }
    }

    /// Opens a block: nodes added until [`Builder::close`] belong to it.
    pub fn open(&mut self, name: &str, kind: BlockKind) {
        let start = self.nodes.len();
        let (output, parent) = (NodeId(start), self.open.last().copied());
        self.blocks.push(Block { name: name.to_owned(), kind, output, nodes: start..start, parent });
        self.open.push(BlockId(self.blocks.len() - 1));
    }

    /// Closes the block opened last; its output is the node added last.
    pub fn close(&mut self) {
        self.close_with(self.last());
    }

    /// Closes the block opened last, whose output is `output`.
    pub fn close_with(&mut self, output: NodeId) {
        if let Some(id) = self.open.pop() {
            let block = &mut self.blocks[id.0];
            block.nodes.end = self.nodes.len();
            block.output = output;
        }
    }

    /// The graph of some layers alone, which need not end in a softmax: its scores are what the last of them gives.
    pub fn piece(self, about: About) -> Graph {
        let last = self.last();
        self.graph(about, last, last, false)
    }

    /// The finished graph, whose last node gives the probabilities and reads the scores.
    ///
    /// # Errors
    /// [`NetError::Shape`] where the last node is not a softmax.
    pub fn finish(self, about: About) -> Result<Graph, NetError> {
        let probabilities = self.last();
        let last = &self.nodes[probabilities.0];
        let (Op::Softmax(softmax), Some(&logits)) = (&last.op, last.inputs.first()) else {
            return Err(NetError::Shape { node: last.name.clone(), reason: "a network ends in a softmax".to_owned() });
        };
        let lowest_wins = softmax.scale < 0.0;
        Ok(self.graph(about, logits, probabilities, lowest_wins))
    }

    fn graph(self, about: About, logits: NodeId, probabilities: NodeId, lowest_wins: bool) -> Graph {
        let Self { nodes, blocks, input, .. } = self;
        let About { name, title, family, year, source, classes } = about;
        Graph { name, title, family, year, source, classes, input, nodes, blocks, logits, probabilities, lowest_wins }
    }
}

/// What an operation over `node` sees of the network's input.
fn see(node: &Node, operation: &dyn Operation) -> ReceptiveField {
    match operation.window(node.shape) {
        Some(window) => node.receptive.through(window),
        None => node.receptive.whole(node.shape.chw().1),
    }
}
