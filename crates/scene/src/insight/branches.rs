//! The nodes of each branch, traced back from the point where the branches meet.

use net::{Graph, NodeId};

/// Returns for each of `ends` the nodes that lead to it, in running order, back to the point where all branches part. A
/// branch is empty if it passes the common input on unchanged. Nodes that some branches share, but not all, count for
/// the first of them.
pub(super) fn branches(graph: &Graph, ends: &[NodeId]) -> Vec<Vec<NodeId>> {
    let leading: Vec<Vec<bool>> = ends.iter().map(|&end| leads_to(graph, end)).collect();
    let mut taken: Vec<bool> = (0..graph.nodes.len()).map(|place| leading.iter().all(|branch| branch[place])).collect();
    leading
        .iter()
        .map(|branch| {
            let own: Vec<usize> = (0..branch.len()).filter(|&place| branch[place] && !taken[place]).collect();
            own.iter().for_each(|&place| taken[place] = true);
            own.into_iter().map(NodeId).collect()
        })
        .collect()
}

/// Returns for each node whether `end` depends on it. `end` depends on itself.
fn leads_to(graph: &Graph, end: NodeId) -> Vec<bool> {
    let mut leads = vec![false; graph.nodes.len()];
    leads[end.0] = true;
    // Every node comes after its inputs.
    for place in (0..=end.0).rev() {
        if leads[place] {
            graph.nodes[place].inputs.iter().for_each(|input| leads[input.0] = true);
        }
    }
    leads
}
