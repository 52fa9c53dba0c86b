//! Decides which nodes to compute for the requested outputs, in which order, and which to fuse.

use net::{Activation, Graph, NodeId, Op};

/// A node to compute, with the nodes after it that are fused with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FusedUnit {
    /// The node whose operation runs.
    pub base: NodeId,
    /// The batch normalisation of its sums.
    pub norm: Option<NodeId>,
    /// The node whose output is added to the sums.
    pub residual: Option<NodeId>,
    /// The activation function applied last.
    pub activation: Activation,
    /// The last of the fused nodes, whose output this is.
    pub output: NodeId,
}

/// All units that one pass computes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FusionSchedule {
    /// The units in running order.
    pub units: Vec<FusedUnit>,
    /// For each node, the node whose values it has: itself, unless it passes its input on unchanged.
    pub root: Vec<NodeId>,
    /// The nodes that each unit reads, by the unit's index.
    pub reads: Vec<Vec<NodeId>>,
}

impl FusionSchedule {
    /// Returns the units that compute every node of `wanted`. Nodes of `have` exist already.
    ///
    /// If `can_fuse` is true, nodes that are not wanted are fused with the nodes before them.
    pub fn new(graph: &Graph, wanted: &[bool], have: &[bool], can_fuse: bool) -> Self {
        let mut root: Vec<NodeId> = Vec::with_capacity(graph.nodes.len());
        for (id, node) in graph.iter() {
            let from = node.inputs.first().filter(|_| node.op.passes_through());
            root.push(from.map_or(id, |input| root[input.0]));
        }
        let spread = |flags: &[bool]| {
            let mut spread = flags.to_vec();
            flags.iter().zip(&root).filter(|(flag, _)| **flag).for_each(|(_, root)| spread[root.0] = true);
            spread
        };
        let (wanted, mut have) = (spread(wanted), spread(have));
        have[0] = true;

        let computed = |id: NodeId| root[id.0] == id && !have[id.0];
        let mut needed = wanted.clone();
        let mut readers: Vec<Vec<NodeId>> = vec![Vec::new(); graph.nodes.len()];
        for (id, node) in graph.iter().collect::<Vec<_>>().into_iter().rev() {
            if needed[id.0] && computed(id) {
                for input in &node.inputs {
                    needed[root[input.0].0] = true;
                    readers[root[input.0].0].push(id);
                }
            }
        }

        let mut fused = vec![false; graph.nodes.len()];
        let mut units = Vec::new();
        for (id, _) in graph.iter() {
            if !needed[id.0] || !computed(id) || fused[id.0] {
                continue;
            }
            let mut unit = FusedUnit::alone(graph, id);
            while let [next] = readers[unit.output.0].as_slice() {
                if !can_fuse || wanted[unit.output.0] || fused[next.0] || !unit.fuse(graph, &root, *next) {
                    break;
                }
                fused[next.0] = true;
                unit.output = *next;
            }
            units.push(unit);
        }
        // A residual must be computed first, so order the units by their last node.
        net::order::sort_by_key(&mut units, |unit| unit.output);
        let reads = units
            .iter()
            .map(|unit| graph.node(unit.base).inputs.iter().map(|i| root[i.0]).chain(unit.residual).collect())
            .collect();
        Self { units, root, reads }
    }
}

impl FusedUnit {
    /// Returns a node without fusion.
    pub fn alone(graph: &Graph, node: NodeId) -> Self {
        let activation = graph.node(node).op.activation().unwrap_or(Activation::Identity);
        Self { base: node, norm: None, residual: None, activation, output: node }
    }

    /// Fuses `next`, the only reader of this unit's output, with the unit. Returns `false` if that is impossible.
    fn fuse(&mut self, graph: &Graph, root: &[NodeId], next: NodeId) -> bool {
        if self.activation != Activation::Identity {
            return false;
        }
        let convolves = matches!(graph.node(self.base).op, Op::Conv2d(_));
        let follower = graph.node(next);
        match &follower.op {
            Op::BatchNorm2d(_) if convolves && self.norm.is_none() && self.residual.is_none() => {
                self.norm = Some(next);
                true
            }
            Op::Add(_) if convolves && self.residual.is_none() => match follower.inputs.as_slice() {
                [a, b] => {
                    let (a, b) = (root[a.0], root[b.0]);
                    self.residual = Some(if a == self.output { b } else { a });
                    true
                }
                _ => false,
            },
            Op::Activation(op) => {
                let takes = graph.node(self.base).op.can_fuse_next();
                if takes {
                    self.activation = op.function;
                }
                takes
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeptOutputs;
    use net::network;

    fn schedule(name: &str, keep: &KeptOutputs) -> (Graph, FusionSchedule) {
        let graph = network(name).expect("should be declared");
        let schedule = FusionSchedule::new(&graph, &keep.flags(&graph), &vec![false; graph.nodes.len()], true);
        (graph, schedule)
    }

    #[test]
    fn nothing_is_fused_where_everything_is_kept() {
        let (graph, all) = schedule("resnet18", &KeptOutputs::All);
        assert_eq!(all.units.len(), graph.nodes.len() - 1);
        assert!(all.units.iter().all(|unit| unit.base == unit.output));
    }

    #[test]
    fn a_residual_block_is_its_convolutions() {
        let graph = network("resnet18").expect("should be declared");
        let (graph, fused) = schedule("resnet18", &KeptOutputs::Nodes(vec![graph.probabilities]));
        // 20 convolutions, max pooling, average pooling, fully connected layer, softmax.
        assert_eq!(fused.units.len(), 24);
        let last = graph.find("layer2.0").expect("should be a node");
        let unit = fused.units.iter().find(|unit| unit.output == last).expect("should be a unit");
        assert_eq!(graph.node(unit.base).name, "layer2.0.conv2");
        assert_eq!(graph.node(unit.residual.expect("should be added")).name, "layer2.0.downsample.1");
        assert_eq!(unit.activation, Activation::Relu);
        // The shortcut's convolution is a unit of its own: the addition is fused with one of its summands only.
        let outputs: std::collections::BTreeSet<NodeId> = fused.units.iter().map(|unit| unit.output).collect();
        assert_eq!(outputs.len(), fused.units.len());
        assert!(unit.residual.is_some_and(|residual| outputs.contains(&residual)));
    }

    #[test]
    fn auxiliary_classifiers_run_only_if_requested() {
        let graph = network("googlenet").expect("should be declared");
        let aux = graph.find("aux1.softmax").expect("should be a node");
        let (_, without) = schedule("googlenet", &KeptOutputs::Nodes(vec![graph.probabilities]));
        let (_, with) = schedule("googlenet", &KeptOutputs::Nodes(vec![graph.probabilities, aux]));
        let aux_units = |schedule: &FusionSchedule| {
            schedule.units.iter().filter(|unit| graph.node(unit.base).name.starts_with("aux")).count()
        };
        // Pooling, convolution, two fully connected layers (the first with its ReLU), softmax.
        assert_eq!((aux_units(&without), aux_units(&with)), (0, 5));
    }

    #[test]
    fn existing_outputs_are_not_computed() {
        let graph = network("alexnet").expect("should be declared");
        let mut wanted = vec![false; graph.nodes.len()];
        let mut have = wanted.clone();
        wanted[graph.logits.0] = true;
        have[graph.node(graph.logits).inputs[0].0] = true;
        assert_eq!(FusionSchedule::new(&graph, &wanted, &have, true).units.len(), 1);
    }
}
