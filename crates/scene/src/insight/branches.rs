//! Where branches part: the nodes of each, walked back from where they meet.

use net::{Graph, NodeId};

/// For each of `ends` the nodes that lead to it, in the order in which they run, back to where all of the branches
/// part. A branch is empty where it hands on what all of them start from. Nodes that some branches share, but not all,
/// are counted for the first of them.
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

/// For each node whether `end` needs it; `end` itself is among them.
fn leads_to(graph: &Graph, end: NodeId) -> Vec<bool> {
    let mut leads = vec![false; graph.nodes.len()];
    leads[end.0] = true;
    // Every node stands after what it reads.
    for place in (0..=end.0).rev() {
        if leads[place] {
            graph.nodes[place].inputs.iter().for_each(|input| leads[input.0] = true);
        }
    }
    leads
}
