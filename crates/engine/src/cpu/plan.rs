//! Plans the steps of a pass. A step runs one node, or several fused nodes if no output between them is needed.

use crate::KeptOutputs;
use net::{AblationFactors, Graph, NodeId, Op};

/// One step of a pass: runs the layer of `first` and the nodes fused with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassStep {
    /// The node whose layer runs.
    pub first: NodeId,
    /// The nodes fused with it, in order: batch normalisation, an addition, an activation.
    pub fused: Vec<NodeId>,
    /// The second summand, if `first` or a fused node is an addition.
    pub summand: Option<NodeId>,
    /// Outputs that no later step reads and that are not kept.
    pub(super) last_reads: Vec<NodeId>,
}

impl PassStep {
    /// Returns the node whose output this step computes.
    pub fn last(&self) -> NodeId {
        self.fused.last().copied().unwrap_or(self.first)
    }

    /// Returns the nodes whose outputs the step reads.
    fn reads<'a>(&'a self, graph: &'a Graph) -> impl Iterator<Item = NodeId> + 'a {
        graph.node(self.first).inputs.iter().copied().chain(self.summand)
    }
}

/// The requirements that a plan meets.
pub(super) struct PlanRequest<'a> {
    pub(super) keep: &'a KeptOutputs,
    /// True if nodes may be fused.
    pub(super) fuse: bool,
    /// The ablations. A node with a scaled output ends its step.
    pub(super) effects: &'a AblationFactors,
    /// Returns whether the output of a node exists already.
    pub(super) exists: &'a dyn Fn(NodeId) -> bool,
}

/// Returns the steps that compute the outputs `keep` that do not exist yet, in an order in which they can run.
///
/// If `fuse` is set, batch normalisation, addition and activation run in the step of the node before them, unless the
/// output between them is kept, scaled or has other readers.
pub(super) fn plan(graph: &Graph, wanted: &PlanRequest) -> Vec<PassStep> {
    let PlanRequest { keep, fuse, effects, exists } = *wanted;
    let mut needed: Vec<bool> = graph.iter().map(|(id, _)| keep.contains(id) && !exists(id)).collect();
    let mut readers = vec![Vec::new(); graph.nodes.len()];
    for (id, node) in graph.iter().collect::<Vec<_>>().into_iter().rev() {
        if needed[id.0] {
            for input in &node.inputs {
                needed[input.0] |= !exists(*input);
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
        let mut step = PassStep { first: id, fused: Vec::new(), summand: None, last_reads: Vec::new() };
        if matches!(node.op, Op::Add(_)) {
            step.summand = node.inputs.get(1).copied();
        }
        // An addition has used its step's one summand, so only an activation can still be fused with it.
        let mut can_fuse = node.op.can_fuse_next();
        let ends = |node| keep.contains(node) || effects.at(node);
        while let (true, true, false, [next]) = (fuse, can_fuse, ends(step.last()), &readers[step.last().0][..]) {
            // Another step has fused this node already, or it is an addition whose summands are scaled first.
            if done[next.0] || !effects.summands(*next).is_empty() {
                break;
            }
            match &graph.node(*next).op {
                Op::BatchNorm2d(_) if step.summand.is_none() => {}
                Op::Activation(_) => can_fuse = false,
                Op::Add(_) if step.summand.is_none() => {
                    let inputs = &graph.node(*next).inputs;
                    let [a, b] = inputs[..] else { break };
                    // An addition of a value to itself appears as two readers and is not fused. Here one input is this
                    // step's output, and the other is the summand.
                    step.summand = Some(if a == step.last() { b } else { a });
                }
                _ => break,
            }
            done[next.0] = true;
            step.fused.push(*next);
        }
        steps.push(step);
    }
    // A summand may be computed after the first node of its step: order the steps by their last node.
    net::order::sort_by_key(&mut steps, PassStep::last);
    note_last_reads(graph, keep, &mut steps);
    steps
}

/// Notes for each step the outputs that are read there for the last time.
fn note_last_reads(graph: &Graph, keep: &KeptOutputs, steps: &mut [PassStep]) {
    let mut read_again: Vec<bool> = graph.iter().map(|(id, _)| keep.contains(id)).collect();
    for step in steps.iter_mut().rev() {
        let reads: Vec<NodeId> = step.reads(graph).collect();
        for node in reads {
            if !std::mem::replace(&mut read_again[node.0], true) {
                step.last_reads.push(node);
            }
        }
    }
}
