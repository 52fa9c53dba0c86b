//! In which steps a pass runs: a node each, or several in one where nobody asks for what lies between them.

use net::{Effects, Graph, NodeId, Op};

/// Which outputs a pass keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// Every node's.
    All,
    /// These nodes' alone; what they do not need is not computed.
    Nodes(Vec<NodeId>),
}

impl Keep {
    fn holds(&self, node: NodeId) -> bool {
        match self {
            Self::All => true,
            Self::Nodes(nodes) => nodes.contains(&node),
        }
    }
}

/// One step of a pass: the layer of `first`, and all that is done to its values until they are the output of `last`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The node whose layer runs.
    pub first: NodeId,
    /// The nodes that are joined with it, one after the other: batch normalisation, an addition, an activation.
    pub joined: Vec<NodeId>,
    /// What is added on the way, where an addition is joined or is the first.
    pub summand: Option<NodeId>,
    /// Outputs that nobody reads after this step.
    pub(super) freed: Vec<NodeId>,
}

impl Step {
    /// The node whose output this step gives.
    pub fn last(&self) -> NodeId {
        self.joined.last().copied().unwrap_or(self.first)
    }

    /// What it reads.
    fn reads<'a>(&'a self, graph: &'a Graph) -> impl Iterator<Item = NodeId> + 'a {
        graph.node(self.first).inputs.iter().copied().chain(self.summand)
    }
}

/// What a plan is made for.
pub(super) struct Wanted<'a> {
    pub(super) keep: &'a Keep,
    /// Whether nodes may be joined.
    pub(super) join: bool,
    /// A node at which something is multiplied ends its step.
    pub(super) effects: &'a Effects,
    /// Whether an output is there already, by node.
    pub(super) there: &'a dyn Fn(NodeId) -> bool,
}

/// The steps that give the outputs of `keep` that are not there, in an order in which they can run. Where `join` is set,
/// batch normalisation, addition and activation run in the step of what they follow, unless something between is kept or
/// has other readers.
pub(super) fn plan(graph: &Graph, wanted: &Wanted) -> Vec<Step> {
    let Wanted { keep, join, effects, there } = *wanted;
    let mut needed: Vec<bool> = graph.iter().map(|(id, _)| keep.holds(id) && !there(id)).collect();
    let mut readers = vec![Vec::new(); graph.nodes.len()];
    for (id, node) in graph.iter().collect::<Vec<_>>().into_iter().rev() {
        if needed[id.0] {
            for input in &node.inputs {
                needed[input.0] |= !there(*input);
                readers[input.0].push(id);
            }
        }
    }
    let mut done = vec![false; graph.nodes.len()];
    let mut steps = Vec::new();
    for (id, node) in graph.iter().filter(|(id, _)| needed[id.0]) {
        if done[id.0] {
            continue;
        }
        let mut step = Step { first: id, joined: Vec::new(), summand: None, freed: Vec::new() };
        if matches!(node.op, Op::Add(_)) {
            step.summand = node.inputs.get(1).copied();
        }
        let mut open = opens(&node.op);
        let ends = |node| keep.holds(node) || effects.at(node);
        while let (true, true, false, [next]) = (join, open, ends(step.last()), &readers[step.last().0][..]) {
            // The other branch of an addition has taken it; or its summands are multiplied first.
            if done[next.0] || !effects.summands(*next).is_empty() {
                break;
            }
            match &graph.node(*next).op {
                Op::BatchNorm2d(_) if step.summand.is_none() => {}
                Op::Activation(_) => open = false,
                Op::Add(_) if step.summand.is_none() => {
                    let inputs = &graph.node(*next).inputs;
                    let [a, b] = inputs[..] else { break };
                    // An addition of a value to itself has one reader twice; the step's own output is not its summand.
                    step.summand = Some(if a == step.last() { b } else { a });
                }
                _ => break,
            }
            done[next.0] = true;
            step.joined.push(*next);
        }
        steps.push(step);
    }
    // What a step adds may be computed after its first node: it runs when its last would.
    steps.sort_by_key(Step::last);
    free(graph, keep, &mut steps);
    steps
}

/// Whether an operation's sums can go on into a next operation before they are written.
fn opens(op: &Op) -> bool {
    match op {
        Op::Conv2d(conv) => conv.activation == net::Activation::Identity,
        Op::Linear(linear) => linear.activation == net::Activation::Identity,
        // With two inputs: one step adds one summand.
        Op::BatchNorm2d(_) | Op::Add(_) => true,
        _ => false,
    }
}

/// Notes after which step each output has been read for the last time.
fn free(graph: &Graph, keep: &Keep, steps: &mut [Step]) {
    let mut read_again: Vec<bool> = graph.iter().map(|(id, _)| keep.holds(id)).collect();
    for step in steps.iter_mut().rev() {
        let reads: Vec<NodeId> = step.reads(graph).collect();
        for node in reads {
            if !std::mem::replace(&mut read_again[node.0], true) {
                step.freed.push(node);
            }
        }
    }
}
