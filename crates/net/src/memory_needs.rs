//! The memory that a network takes.

use super::graph::{Graph, NodeId};

/// Bytes of one F32 value.
const F32_BYTES: u64 = 4;

/// The memory that a network takes while it runs on one image. All values are F32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryNeeds {
    /// Bytes of all tensors, including those that are not trained.
    pub weight_bytes: u64,
    /// Bytes of the outputs of all nodes except the input, if all of them are kept.
    pub activation_bytes: u64,
    /// Bytes of the input.
    pub input_bytes: u64,
}

impl MemoryNeeds {
    /// Computes the memory that `graph` takes if every output is kept, as the page does.
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

    /// Returns the bytes of the outputs of `nodes`, for a pass that keeps only these. Repeated nodes count once, and
    /// nodes that the graph does not have count as zero.
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

    /// Returns the sum of all three.
    pub fn total_bytes(self) -> u64 {
        self.weight_bytes + self.activation_bytes + self.input_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Summary, names, network};

    #[test]
    fn needs_agree_with_the_summary() {
        for name in names() {
            let graph = network(name).expect("should be declared");
            let (needs, totals) = (MemoryNeeds::of(&graph), Summary::of(&graph).totals);
            assert_eq!(needs.weight_bytes, totals.weight_bytes, "{name}");
            assert_eq!(needs.activation_bytes + needs.input_bytes, totals.activation_bytes, "{name}");
        }
    }

    #[test]
    fn lenet_by_hand() {
        let graph = network("lenet5").expect("should be declared");
        let needs = MemoryNeeds::of(&graph);
        // Table I leaves out 900 of the 2,400 weights of C3, but the tensor stores them. The bitmaps are not trained.
        assert_eq!(needs.weight_bytes, 4 * (60_000 + 900 + 840));
        assert_eq!(needs.input_bytes, 4 * 32 * 32);
        let c1 = graph.find("C1").expect("should be a layer");
        assert_eq!(MemoryNeeds::kept_bytes(&graph, &[c1]), 4 * 6 * 28 * 28);
    }

    #[test]
    fn repeated_nodes_count_once_and_unknown_nodes_count_as_zero() {
        let graph = network("lenet5").expect("should be declared");
        let (logits, none) = (graph.logits, NodeId(graph.nodes.len()));
        assert_eq!(MemoryNeeds::kept_bytes(&graph, &[logits, logits, none]), 4 * 10);
        assert_eq!(MemoryNeeds::kept_bytes(&graph, &[]), 0);
    }
}
