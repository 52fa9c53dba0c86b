//! How a pass may be divided: on a slow adapter, into parts that are seen one after another, and hold up nobody.

use std::ops::Range;

use net::{Graph, NodeId};

/// What a pass runs for outputs, in order: a leg is all that is run for one node's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    legs: Vec<(NodeId, Range<usize>)>,
    /// After so many legs: how many nodes, from the first, have their outputs.
    done: Vec<usize>,
    /// After so many legs: the work that lies behind.
    work: Vec<u64>,
    /// For each node whether it is run; empty where all are.
    stale: Vec<bool>,
}

/// What a value that is read and written takes, in multiply-accumulates: batch normalisation and the like have none.
const WORK_OF_VALUE: u64 = 4;

impl Course {
    /// Of steps in the order they run, each with the node whose output it gives.
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

    /// The part of it that gives the outputs of `stale` nodes.
    #[must_use]
    pub fn only(&self, graph: &Graph, stale: Vec<bool>) -> Self {
        let legs = self.legs.iter().filter(|(node, _)| stale[node.0]).cloned().collect();
        Self::of_legs(graph, legs, stale)
    }

    fn of_legs(graph: &Graph, legs: Vec<(NodeId, Range<usize>)>, stale: Vec<bool>) -> Self {
        // A node that no step gives (a concatenation whose lanes write where it lies) is there when those before it are.
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

    /// How many legs a whole pass has.
    pub fn len(&self) -> usize {
        self.legs.len()
    }

    /// Whether nothing is run.
    pub fn is_empty(&self) -> bool {
        self.legs.is_empty()
    }

    /// How many nodes, from the first, have their outputs once so many legs have been run.
    pub fn done(&self, legs: usize) -> usize {
        self.done[legs.min(self.len())]
    }

    /// The node that a leg gives the output of.
    pub fn node(&self, leg: usize) -> Option<NodeId> {
        self.legs.get(leg).map(|(node, _)| *node)
    }

    /// Whether it gives the output of `node`, or leads to it.
    pub fn gives(&self, node: NodeId) -> bool {
        self.stale.get(node.0) != Some(&false)
    }

    /// The work of some legs, in multiply-accumulates.
    pub fn work(&self, legs: &Range<usize>) -> u64 {
        self.work[legs.end.min(self.len())] - self.work[legs.start.min(self.len())]
    }

    /// Some legs: the node whose output each gives, and its steps.
    pub(super) fn legs(&self, legs: &Range<usize>) -> &[(NodeId, Range<usize>)] {
        self.legs.get(legs.clone()).unwrap_or_default()
    }
}

/// How fast an adapter has been, how much it is therefore given at once, and how often a pass under way is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pace {
    /// Multiply-accumulates a millisecond.
    speed: Option<f64>,
    /// What drawing takes beside a part, in milliseconds.
    drawing: f64,
    /// The milliseconds of parts since something was drawn.
    undrawn: f64,
}

/// A pass that takes longer, in milliseconds, is divided.
const WHOLE_MS: f64 = 150.0;
/// What a part may take, in milliseconds: some six pictures a second, and little beside it for the way there and back.
const PART_MS: f64 = 150.0;
/// Work that is done at once on any adapter, in multiply-accumulates.
const LITTLE: u64 = 10_000_000;
/// Of more than that, where nothing is known of the adapter, one part of so many is a first try.
const TRY: u64 = 40;
/// Drawing a pass under way takes a part of so many of its time, at most: software draws slowly too.
const DRAWN: f64 = 4.0;

impl Pace {
    /// The legs to run at once, from `from` on: at least one, where there is one.
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

    /// Whether a part that is not the last is drawn.
    pub fn draws(self) -> bool {
        self.speed.is_some() && self.undrawn >= DRAWN * self.drawing
    }

    /// Takes in how long some legs took, and whether they were drawn.
    pub fn learn(&mut self, course: &Course, legs: &Range<usize>, milliseconds: f64, drawn: bool) {
        let work = course.work(legs) as f64;
        let now = work / milliseconds.max(0.01);
        match self.speed {
            // What a part takes beyond what it should have is the drawing's.
            Some(speed) if drawn && now < speed => {
                self.drawing = f64::midpoint(self.drawing, milliseconds - work / speed);
            }
            Some(_) if drawn => (self.speed, self.drawing) = (Some(now), 0.0),
            // Layers differ: one that is slow does not make all of them so.
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

    /// A leg a node but the input, as where every output is kept and nothing is split.
    fn course(name: &str) -> Course {
        let graph = network(name).expect("should be declared");
        Course::new(&graph, (1..graph.nodes.len()).map(NodeId))
    }

    #[test]
    fn steps_of_one_node_are_one_leg_and_what_has_none_is_there_with_those_before() {
        let graph = network("lenet5").expect("should be declared");
        // Nodes 2 and 3 have no steps of their own, node 4 has two.
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
    fn a_part_of_it_is_the_work_of_what_is_stale() {
        let graph = network("googlenet").expect("should be declared");
        let whole = course("googlenet");
        let cuts = net::Cuts::read(&graph, "inception5b/lane2").expect("should be cuts");
        let stale = cuts.effects(&graph).stale(&graph, &net::Effects::default());
        let legs = stale.iter().filter(|stale| **stale).count();
        let part = whole.only(&graph, stale.clone());
        assert_eq!(part.len(), legs);
        assert!(part.work(&(0..legs)) < whole.work(&(0..whole.len())) / 40);
        assert_eq!(part.done(part.len()), graph.nodes.len());
        assert!(part.gives(graph.logits) && !part.gives(NodeId(1)) && whole.gives(NodeId(1)));
        // Whoever takes it by parts gets every stale node.
        let nodes: Vec<usize> = part.legs(&(0..legs)).iter().map(|(node, _)| node.0).collect();
        assert_eq!(nodes, (0..stale.len()).filter(|&node| stale[node]).collect::<Vec<_>>());
    }

    #[test]
    fn a_small_network_and_a_fast_adapter_run_at_once() {
        let small = course("lenet5");
        assert_eq!(Pace::default().next(&small, 0), 0..small.len());
        // A million million multiply-accumulates a second, and 2 ms of messages for every part.
        let large = course("vgg16");
        let (mut pace, mut at, mut parts) = (Pace::default(), 0, 0);
        while at < large.len() {
            let legs = pace.next(&large, at);
            assert!(at > 0 || legs.end < large.len() / 4, "{legs:?}");
            pace.learn(&large, &legs, large.work(&legs) as f64 / 1e9 + 2.0, pace.draws());
            (at, parts) = (legs.end, parts + 1);
        }
        assert!(parts <= 4, "{parts} parts before it is known");
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
            // Two thousand million multiply-accumulates a second, and 150 ms for a picture.
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
