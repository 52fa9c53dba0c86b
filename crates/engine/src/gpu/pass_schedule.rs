//! Groups the dispatches of a pass into segments, at whose ends the pass can be divided into parts.
//!
//! A pass that takes more than 150 ms is divided between nodes. Each part holds about 150 ms of work at the speed of
//! the parts before; the first part of a large pass, whose speed is unknown, holds at most a fortieth of it. After each
//! part, the extents of its nodes are measured and the stage is drawn, as long as drawing takes no more than a fifth of
//! the time.
//!
//! The caller submits the next part when the last one is done and the browser has drawn a frame. On a software adapter,
//! parts that follow at once would leave no time for a frame.

use std::ops::Range;

use net::{Graph, NodeId};

/// The dispatches of a pass in running order, grouped into segments. A segment holds all dispatches that compute the
/// output of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassSchedule {
    segments: Vec<(NodeId, Range<usize>)>,
    /// After n segments, this many nodes, counted from the first, have their outputs. Has one entry more than there are
    /// segments.
    done: Vec<usize>,
    /// After n segments, this much work is done, in multiply-accumulates.
    work: Vec<u64>,
    /// For each node, whether the pass computes it. Empty if it computes all nodes.
    stale: Vec<bool>,
}

/// The work to read and write one value, in multiply-accumulates. It stands for operations without any, such as batch
/// normalisation.
const MACS_PER_VALUE: u64 = 4;

impl PassSchedule {
    /// Groups steps, given in running order by the node whose output each computes.
    pub(super) fn new(graph: &Graph, steps: impl Iterator<Item = NodeId>) -> Self {
        let mut segments: Vec<(NodeId, Range<usize>)> = Vec::new();
        for (index, node) in steps.enumerate() {
            match segments.last_mut() {
                Some((last, range)) if *last == node => range.end = index + 1,
                _ => segments.push((node, index..index + 1)),
            }
        }
        Self::of_segments(graph, segments, Vec::new())
    }

    /// Returns the part of this schedule that computes the outputs of `stale` nodes. `stale` has one flag per node.
    #[must_use]
    pub fn only(&self, graph: &Graph, stale: Vec<bool>) -> Self {
        let segments = self.segments.iter().filter(|(node, _)| stale[node.0]).cloned().collect();
        Self::of_segments(graph, segments, stale)
    }

    /// Builds the schedule of some segments. `stale` is empty if they compute all nodes.
    fn of_segments(graph: &Graph, segments: Vec<(NodeId, Range<usize>)>, stale: Vec<bool>) -> Self {
        // A node without a segment of its own (a concatenation into whose buffer its branches write) is done when the
        // nodes before it are.
        let nodes = graph.nodes.len();
        let mut done = vec![nodes; segments.len() + 1];
        for index in (1..segments.len()).rev() {
            done[index] = done[index + 1].min(segments[index].0.0);
        }
        done[0] = 0;
        let mut before = vec![0; nodes + 1];
        for (id, node) in graph.iter() {
            let own = graph.macs(id).value() + MACS_PER_VALUE * node.shape.elements() as u64;
            before[id.0 + 1] = before[id.0] + if stale.get(id.0) == Some(&false) { 0 } else { own };
        }
        let work = done.iter().map(|&done| before[done]).collect();
        Self { segments, done, work, stale }
    }

    /// Returns the number of segments.
    pub fn len(&self) -> usize {
        self.segments.len()
    }

    /// Returns whether the pass computes nothing.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Returns how many nodes, counted from the first, have their outputs after `segments` segments.
    pub fn done(&self, segments: usize) -> usize {
        self.done[segments.min(self.len())]
    }

    /// Returns the node whose output a segment computes.
    pub fn node(&self, segment: usize) -> Option<NodeId> {
        self.segments.get(segment).map(|(node, _)| *node)
    }

    /// Returns whether the pass computes the output of `node`.
    pub fn computes(&self, node: NodeId) -> bool {
        self.stale.get(node.0) != Some(&false)
    }

    /// Returns the work of a range of segments, in multiply-accumulates.
    pub fn work(&self, segments: &Range<usize>) -> u64 {
        self.work[segments.end.min(self.len())] - self.work[segments.start.min(self.len())]
    }

    /// Returns a range of segments, each as the node whose output it computes and the range of its steps.
    pub(super) fn segments(&self, segments: &Range<usize>) -> &[(NodeId, Range<usize>)] {
        self.segments.get(segments.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    /// A schedule with one segment per node but the input, as when every output is kept and no weights are split.
    fn pass_schedule(name: &str) -> PassSchedule {
        let graph = network(name).expect("should be declared");
        PassSchedule::new(&graph, (1..graph.nodes.len()).map(NodeId))
    }

    #[test]
    fn steps_of_one_node_are_one_segment_and_nodes_without_steps_follow_those_before() {
        let graph = network("lenet5").expect("should be declared");
        // Nodes 2 and 3 have no steps of their own; node 4 has two.
        let pass_schedule = PassSchedule::new(&graph, [1, 4, 4, 5, 6, 7, 8].map(NodeId).into_iter());
        assert_eq!(pass_schedule.len(), 6);
        assert_eq!((pass_schedule.done(0), pass_schedule.done(1), pass_schedule.done(2)), (0, 4, 5));
        assert_eq!(pass_schedule.done(6), graph.nodes.len());
        assert_eq!(pass_schedule.segments(&(0..2)), [(NodeId(1), 0..1), (NodeId(4), 1..3)]);
        assert_eq!(pass_schedule.segments(&(2..2)), []);
        let parts = pass_schedule.work(&(0..2)) + pass_schedule.work(&(2..6));
        assert_eq!(parts, pass_schedule.work(&(0..6)));
    }

    #[test]
    fn a_partial_pass_has_the_work_of_its_stale_nodes() {
        let graph = network("googlenet").expect("should be declared");
        let whole = pass_schedule("googlenet");
        let ablations = net::Ablations::read(&graph, "inception5b/lane2").expect("should be ablations");
        let stale = ablations.effects(&graph).stale(&graph, &net::AblationFactors::default());
        let segments = stale.iter().filter(|stale| **stale).count();
        let part = whole.only(&graph, stale.clone());
        assert_eq!(part.len(), segments);
        assert!(part.work(&(0..segments)) < whole.work(&(0..whole.len())) / 40);
        assert_eq!(part.done(part.len()), graph.nodes.len());
        assert!(part.computes(graph.logits) && !part.computes(NodeId(1)) && whole.computes(NodeId(1)));
        // The segments cover exactly the stale nodes.
        let nodes: Vec<usize> = part.segments(&(0..segments)).iter().map(|(node, _)| node.0).collect();
        assert_eq!(nodes, (0..stale.len()).filter(|&node| stale[node]).collect::<Vec<_>>());
    }
}
