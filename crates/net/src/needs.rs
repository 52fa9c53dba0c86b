//! How much memory a network takes.

use super::graph::{Graph, NodeId};

/// Bytes of one F32 value.
const F32_BYTES: u64 = 4;

/// Bytes that a network takes while it runs on one picture, all values being F32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// Bytes of all tensors, those that do not train included.
    pub weight_bytes: u64,
    /// Bytes of every node's output but the input's, where all of them are kept.
    pub activation_bytes: u64,
    /// Bytes of the picture.
    pub input_bytes: u64,
}

impl Needs {
    /// What `graph` needs where every output is kept, as the page keeps them.
    pub fn of(graph: &Graph) -> Self {
        let values = |dims: &[usize]| dims.iter().product::<usize>() as u64;
        let weights: u64 = graph.all_tensors().iter().map(|(_, tensor)| values(&tensor.dims)).sum();
        let nodes: Vec<NodeId> = graph.iter().skip(1).map(|(id, _)| id).collect();
        Self {
            weight_bytes: weights * F32_BYTES,
            activation_bytes: Self::kept_bytes(graph, &nodes),
            input_bytes: graph.input.shape.elements() as u64 * F32_BYTES,
        }
    }

    /// Bytes of the outputs of `nodes`: what a pass leaves behind that keeps these alone. A node that is named twice
    /// counts once, and one that the graph does not have counts nothing.
    pub fn kept_bytes(graph: &Graph, nodes: &[NodeId]) -> u64 {
        let mut kept = vec![false; graph.nodes.len()];
        for node in nodes {
            if let Some(kept) = kept.get_mut(node.0) {
                *kept = true;
            }
        }
        let values =
            graph.nodes.iter().zip(kept).filter(|(_, kept)| *kept).map(|(node, _)| node.shape.elements() as u64);
        values.sum::<u64>() * F32_BYTES
    }

    /// All of it.
    pub fn total_bytes(self) -> u64 {
        self.weight_bytes + self.activation_bytes + self.input_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Summary, names, network};

    #[test]
    fn needs_are_those_of_the_summary() {
        for name in names() {
            let graph = network(name).expect("should be declared");
            let (needs, totals) = (Needs::of(&graph), Summary::of(&graph).totals);
            assert_eq!(needs.weight_bytes, totals.weight_bytes, "{name}");
            assert_eq!(needs.activation_bytes + needs.input_bytes, totals.activation_bytes, "{name}");
        }
    }

    #[test]
    fn lenet_by_hand() {
        let graph = network("lenet5").expect("should be declared");
        let needs = Needs::of(&graph);
        // Table I leaves 900 of C3's 2,400 weights out, and stores them all the same; the bitmaps do not train.
        assert_eq!(needs.weight_bytes, 4 * (60_000 + 900 + 840));
        assert_eq!(needs.input_bytes, 4 * 32 * 32);
        let c1 = graph.find("C1").expect("should be a layer");
        assert_eq!(Needs::kept_bytes(&graph, &[c1]), 4 * 6 * 28 * 28);
    }

    #[test]
    fn a_node_counts_once_and_only_if_it_is_there() {
        let graph = network("lenet5").expect("should be declared");
        let (logits, none) = (graph.logits, NodeId(graph.nodes.len()));
        assert_eq!(Needs::kept_bytes(&graph, &[logits, logits, none]), 4 * 10);
        assert_eq!(Needs::kept_bytes(&graph, &[]), 0);
    }
}
