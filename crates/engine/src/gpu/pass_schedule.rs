//! Divides a pass into parts. A slow adapter then shows progress and does not block other work for long.
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
pub struct Course {
    legs: Vec<(NodeId, Range<usize>)>,
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
const WORK_OF_VALUE: u64 = 4;

impl Course {
    /// Groups steps, given in running order by the node whose output each computes.
    pub(super) fn new(graph: &Graph, steps: impl Iterator<Item = NodeId>) -> Self {
        let mut legs: Vec<(NodeId, Range<usize>)> = Vec::new();
        for (place, node) in steps.enumerate() {
            match legs.last_mut() {
                Some((last, range)) if *last == node => range.end = place + 1,
                _ => legs.push((node, place..place + 1)),
            }
        }
        Self::of_legs(graph, legs, Vec::new())
    }

    /// Returns the part of this schedule that computes the outputs of `stale` nodes. `stale` has one flag per node.
    #[must_use]
    pub fn only(&self, graph: &Graph, stale: Vec<bool>) -> Self {
        let legs = self.legs.iter().filter(|(node, _)| stale[node.0]).cloned().collect();
        Self::of_legs(graph, legs, stale)
    }

    /// Builds the schedule of some segments. `stale` is empty if they compute all nodes.
    fn of_legs(graph: &Graph, legs: Vec<(NodeId, Range<usize>)>, stale: Vec<bool>) -> Self {
        // A node without a segment of its own (a concatenation into whose buffer its branches write) is done when the
        // nodes before it are.
        let nodes = graph.nodes.len();
        let mut done = vec![nodes; legs.len() + 1];
        for place in (1..legs.len()).rev() {
            done[place] = done[place + 1].min(legs[place].0.0);
        }
        done[0] = 0;
        let mut before = vec![0; nodes + 1];
        for (id, node) in graph.iter() {
            let own = graph.macs(id).value() + WORK_OF_VALUE * node.shape.elements() as u64;
            before[id.0 + 1] = before[id.0] + if stale.get(id.0) == Some(&false) { 0 } else { own };
        }
        let work = done.iter().map(|&done| before[done]).collect();
        Self { legs, done, work, stale }
    }

    /// Returns the number of segments.
    pub fn len(&self) -> usize {
        self.legs.len()
    }

    /// Returns whether the pass computes nothing.
    pub fn is_empty(&self) -> bool {
        self.legs.is_empty()
    }

    /// Returns how many nodes, counted from the first, have their outputs after `legs` segments.
    pub fn done(&self, legs: usize) -> usize {
        self.done[legs.min(self.len())]
    }

    /// Returns the node whose output a segment computes.
    pub fn node(&self, leg: usize) -> Option<NodeId> {
        self.legs.get(leg).map(|(node, _)| *node)
    }

    /// Returns whether the pass computes the output of `node`.
    pub fn gives(&self, node: NodeId) -> bool {
        self.stale.get(node.0) != Some(&false)
    }

    /// Returns the work of a range of segments, in multiply-accumulates.
    pub fn work(&self, legs: &Range<usize>) -> u64 {
        self.work[legs.end.min(self.len())] - self.work[legs.start.min(self.len())]
    }

    /// Returns a range of segments, each as the node whose output it computes and the range of its steps.
    pub(super) fn legs(&self, legs: &Range<usize>) -> &[(NodeId, Range<usize>)] {
        self.legs.get(legs.clone()).unwrap_or_default()
    }
}

/// The measured speed of an adapter. It decides how much work to submit at once and how often to draw a running pass.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pace {
    /// Multiply-accumulates per millisecond. `None` before the first measurement.
    speed: Option<f64>,
    /// The time to draw once, in milliseconds.
    drawing: f64,
    /// The time of all parts since the last drawing, in milliseconds.
    undrawn: f64,
}

/// A pass that takes longer than this is divided, in milliseconds.
const WHOLE_MS: f64 = 150.0;
/// The target time of a part, in milliseconds: about six pictures per second, with little overhead of submitting and
/// waiting.
const PART_MS: f64 = 150.0;
/// Work that every adapter does in one part, in multiply-accumulates.
const LITTLE: u64 = 10_000_000;
/// While the speed is unknown, a part of a larger pass has at most one in this many of its work.
const TRY: u64 = 40;
/// Draw a running pass only after computing this many times as long as drawing takes: software adapters draw slowly
/// too.
const DRAWN: f64 = 4.0;

impl Pace {
    /// Returns the segments to submit next, beginning at `from`. There is at least one, unless `from` is the end.
    pub fn next(self, course: &Course, from: usize) -> Range<usize> {
        let whole = course.work(&(0..course.len()));
        let most = match self.speed {
            Some(speed) if whole as f64 / speed > WHOLE_MS => (PART_MS * speed) as u64,
            None if whole > LITTLE => whole / TRY,
            _ => return from..course.len(),
        };
        let mut end = (from + 1).min(course.len());
        while end < course.len() && course.work(&(from..end + 1)) <= most {
            end += 1;
        }
        from..end
    }

    /// Returns whether to draw after the next part, if it is not the last.
    pub fn draws(self) -> bool {
        self.speed.is_some() && self.undrawn >= DRAWN * self.drawing
    }

    /// Updates the estimates with the time that some segments took, and whether the time included drawing.
    pub fn learn(&mut self, course: &Course, legs: &Range<usize>, milliseconds: f64, drawn: bool) {
        let work = course.work(legs) as f64;
        let now = work / milliseconds.max(0.01);
        match self.speed {
            // Attribute the time beyond the expected one to drawing.
            Some(speed) if drawn && now < speed => {
                self.drawing = f64::midpoint(self.drawing, milliseconds - work / speed);
            }
            Some(_) if drawn => (self.speed, self.drawing) = (Some(now), 0.0),
            // Average, because layers differ: a single slow one does not make all of them slow.
            Some(speed) => self.speed = Some(f64::midpoint(speed, now)),
            None => self.speed = Some(now),
        }
        self.undrawn = if drawn { 0.0 } else { self.undrawn + milliseconds };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    /// A schedule with one segment per node but the input, as when every output is kept and no weights are split.
    fn course(name: &str) -> Course {
        let graph = network(name).expect("should be declared");
        Course::new(&graph, (1..graph.nodes.len()).map(NodeId))
    }

    #[test]
    fn steps_of_one_node_are_one_segment_and_nodes_without_steps_follow_those_before() {
        let graph = network("lenet5").expect("should be declared");
        // Nodes 2 and 3 have no steps of their own; node 4 has two.
        let course = Course::new(&graph, [1, 4, 4, 5, 6, 7, 8].map(NodeId).into_iter());
        assert_eq!(course.len(), 6);
        assert_eq!((course.done(0), course.done(1), course.done(2)), (0, 4, 5));
        assert_eq!(course.done(6), graph.nodes.len());
        assert_eq!(course.legs(&(0..2)), [(NodeId(1), 0..1), (NodeId(4), 1..3)]);
        assert_eq!(course.legs(&(2..2)), []);
        let parts = course.work(&(0..2)) + course.work(&(2..6));
        assert_eq!(parts, course.work(&(0..6)));
    }

    #[test]
    fn a_partial_pass_has_the_work_of_its_stale_nodes() {
        let graph = network("googlenet").expect("should be declared");
        let whole = course("googlenet");
        let cuts = net::Ablations::read(&graph, "inception5b/lane2").expect("should be cuts");
        let stale = cuts.effects(&graph).stale(&graph, &net::AblationFactors::default());
        let legs = stale.iter().filter(|stale| **stale).count();
        let part = whole.only(&graph, stale.clone());
        assert_eq!(part.len(), legs);
        assert!(part.work(&(0..legs)) < whole.work(&(0..whole.len())) / 40);
        assert_eq!(part.done(part.len()), graph.nodes.len());
        assert!(part.gives(graph.logits) && !part.gives(NodeId(1)) && whole.gives(NodeId(1)));
        // The segments cover exactly the stale nodes.
        let nodes: Vec<usize> = part.legs(&(0..legs)).iter().map(|(node, _)| node.0).collect();
        assert_eq!(nodes, (0..stale.len()).filter(|&node| stale[node]).collect::<Vec<_>>());
    }

    #[test]
    fn a_small_network_and_a_fast_adapter_run_at_once() {
        let small = course("lenet5");
        assert_eq!(Pace::default().next(&small, 0), 0..small.len());
        // An adapter of 10^12 multiply-accumulates per second, with an overhead of 2 ms per part.
        let large = course("vgg16");
        let (mut pace, mut at, mut parts) = (Pace::default(), 0, 0);
        while at < large.len() {
            let legs = pace.next(&large, at);
            assert!(at > 0 || legs.end < large.len() / 4, "{legs:?}");
            pace.learn(&large, &legs, large.work(&legs) as f64 / 1e9 + 2.0, pace.draws());
            (at, parts) = (legs.end, parts + 1);
        }
        assert!(parts <= 4, "{parts} parts before the speed is known");
        assert_eq!(pace.next(&large, 0), 0..large.len());
    }

    #[test]
    fn a_slow_adapter_gets_parts_that_make_up_the_whole() {
        let course = course("vgg16");
        let mut pace = Pace::default();
        let (mut at, mut parts, mut pictures, mut times) = (0, 0, 0, (0.0, 0.0));
        while at < course.len() {
            let legs = pace.next(&course, at);
            assert!(legs.start == at && legs.end > at);
            let drawn = pace.draws();
            // An adapter of 2 * 10^9 multiply-accumulates per second that needs 150 ms to draw.
            let computing = course.work(&legs) as f64 / 2e6;
            let drawing = if drawn { 150.0 } else { 0.0 };
            pace.learn(&course, &legs, computing + drawing, drawn);
            (at, parts, pictures) = (legs.end, parts + 1, pictures + u32::from(drawn));
            times = (times.0 + computing, times.1 + drawing);
        }
        assert!(parts > 12 && pictures > 5, "{parts} parts, {pictures} pictures");
        assert!(times.1 < times.0 / 3.0, "{times:?} ms");
        assert_eq!(pace.next(&course, course.len()), course.len()..course.len());
    }
}
