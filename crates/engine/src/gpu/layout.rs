//! Assigns each output to a buffer and a position within it.

use super::schedule::Schedule;
use net::{Concat, Graph, NodeId, Op};

/// The location of a node's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The index of the buffer in [`Layout::sizes`].
    pub buffer: usize,
    /// The index of the output's first value in the buffer.
    pub first: usize,
}

/// The locations of all outputs that a schedule computes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// The number of values of each buffer.
    pub sizes: Vec<usize>,
    /// The first node in each buffer. It gives the buffer its name.
    pub names: Vec<NodeId>,
    /// For each node, the location of its output, if it has one.
    pub places: Vec<Option<Place>>,
    /// For each node, whether its output still exists after the pass.
    pub kept: Vec<bool>,
}

/// The location of a node's output as a storage node and an offset. The storage node is the node itself, or the
/// concatenation that the node is a branch of.
type Home = (NodeId, usize);

impl Layout {
    /// Lays out the outputs of `schedule`, in addition to the buffers of `there`, a layout whose outputs exist already.
    ///
    /// Buffers of nodes in `keep` hold one output only. The other buffers are reused once no later unit reads them.
    pub fn new(graph: &Graph, schedule: &Schedule, keep: &[bool], there: &Self) -> Self {
        let count = graph.nodes.len();
        let homes = homes(graph, schedule);
        let mut layout = there.clone();
        layout.places.resize(count, None);
        layout.kept.resize(count, false);

        // For each storage node: the last unit that writes or reads it, and whether its buffer stays.
        let mut last = vec![0; count];
        let mut stays = vec![false; count];
        let storage = |id: NodeId| homes[id.0].map(|(storage, _)| storage.0);
        for (at, (unit, reads)) in schedule.units.iter().zip(&schedule.reads).enumerate() {
            for id in reads.iter().copied().chain([unit.output]) {
                if let Some(storage) = storage(id) {
                    last[storage] = at;
                }
            }
        }
        for (i, _) in keep.iter().enumerate().filter(|(_, keep)| **keep) {
            if let Some(storage) = storage(schedule.root[i]) {
                stays[storage] = true;
            }
        }

        let mut buffer_of: Vec<Option<usize>> = vec![None; count];
        let mut free: Vec<usize> = Vec::new();
        if layout.places[0].is_none() {
            let buffer = layout.buffer(&mut Vec::new(), NodeId(0), graph.nodes[0].shape.elements());
            layout.places[0] = Some(Place { buffer, first: 0 });
            layout.kept[0] = true;
        }
        for (at, (unit, reads)) in schedule.units.iter().zip(&schedule.reads).enumerate() {
            let Some((storage, first)) = homes[unit.output.0] else { continue };
            let buffer = *buffer_of[storage.0].get_or_insert_with(|| {
                let size = graph.node(storage).shape.elements();
                match stays[storage.0] {
                    true => layout.buffer(&mut Vec::new(), storage, size),
                    false => layout.buffer(&mut free, storage, size),
                }
            });
            layout.places[unit.output.0] = Some(Place { buffer, first });
            layout.kept[unit.output.0] = stays[storage.0];
            let mut done: Vec<usize> =
                reads.iter().copied().chain([unit.output]).filter_map(storage_of(&homes)).collect();
            done.sort_unstable();
            done.dedup();
            let ends = done.into_iter().filter(|&storage| last[storage] == at && !stays[storage]);
            free.extend(ends.filter_map(|storage| buffer_of[storage]));
        }
        for (i, root) in schedule.root.iter().enumerate() {
            if layout.places[i].is_none() {
                layout.places[i] = layout.places[root.0];
                layout.kept[i] = layout.kept[root.0];
            }
        }
        layout
    }

    /// Returns a buffer of at least `size` values: the free one whose size fits best, or a new one.
    fn buffer(&mut self, free: &mut Vec<usize>, name: NodeId, size: usize) -> usize {
        // Some kernels read four values at a time.
        let size = size.next_multiple_of(4);
        let fit = |&(_, &buffer): &(usize, &usize)| (self.sizes[buffer] < size, self.sizes[buffer].abs_diff(size));
        let best = free.iter().enumerate().min_by_key(fit).map(|(at, _)| at);
        let Some(at) = best else {
            self.sizes.push(size);
            self.names.push(name);
            return self.sizes.len() - 1;
        };
        let buffer = free.swap_remove(at);
        self.sizes[buffer] = self.sizes[buffer].max(size);
        buffer
    }

    /// Returns the layout after the pass: all buffers, but only the locations of kept outputs.
    #[must_use]
    pub fn remains(&self) -> Self {
        let mut rest = self.clone();
        rest.places.iter_mut().zip(&self.kept).filter(|(_, kept)| !**kept).for_each(|(place, _)| *place = None);
        rest
    }

    /// Returns the location of an output that a schedule reads or computes.
    pub fn place(&self, node: NodeId) -> Place {
        self.places[node.0].expect("should have a place in the layout")
    }
}

/// Returns a function that looks up the storage node of a node's output.
fn storage_of(homes: &[Option<Home>]) -> impl Fn(NodeId) -> Option<usize> + '_ {
    |id| homes[id.0].map(|(storage, _)| storage.0)
}

/// Returns the location of each output of the schedule.
///
/// A branch of a concatenation lies within the concatenation's storage, unless a kernel would then read and write the
/// same buffer.
fn homes(graph: &Graph, schedule: &Schedule) -> Vec<Option<Home>> {
    let mut homes: Vec<Option<Home>> = vec![None; graph.nodes.len()];
    let mut reads_of: Vec<&[NodeId]> = vec![&[]; graph.nodes.len()];
    for (unit, reads) in schedule.units.iter().zip(&schedule.reads) {
        homes[unit.output.0] = Some((unit.output, 0));
        reads_of[unit.output.0] = reads;
    }
    for unit in schedule.units.iter().rev() {
        let concat = unit.output;
        if !matches!(graph.node(unit.base).op, Op::Concat(_)) {
            continue;
        }
        let Some((storage, start)) = homes[concat.0] else { continue };
        let shapes = graph.input_shapes(unit.base);
        let lanes = reads_of[concat.0];
        for (i, &lane) in lanes.iter().enumerate() {
            let once = lanes.iter().filter(|&&other| other == lane).count() == 1;
            let inside = |id: &NodeId| homes[id.0].is_some_and(|(home, _)| home == storage);
            let reads_inside = reads_of[lane.0].iter().any(inside);
            let read_inside = schedule.units.iter().any(|other| {
                other.output != concat && inside(&other.output) && reads_of[other.output.0].contains(&lane)
            });
            if homes[lane.0] != Some((lane, 0)) || !once || reads_inside || read_inside {
                continue;
            }
            let (_, height, width) = shapes[i].chw();
            homes[lane.0] = Some((storage, start + Concat::first(&shapes, i) * height * width));
        }
    }
    homes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::schedule::Keep;
    use net::network;

    fn layout(name: &str, keep: &Keep) -> (Graph, Layout) {
        let graph = network(name).expect("should be declared");
        let flags = keep.flags(&graph);
        let schedule = Schedule::new(&graph, &flags, &vec![false; graph.nodes.len()], true);
        let layout = Layout::new(&graph, &schedule, &flags, &Layout::default());
        (graph, layout)
    }

    #[test]
    fn branches_lie_in_their_concatenation() {
        let (graph, layout) = layout("googlenet", &Keep::Everything);
        let place = |name: &str| layout.place(graph.find(name).expect("should be a node"));
        let whole = place("inception3a");
        assert_eq!(whole.first, 0);
        let third = Place { buffer: whole.buffer, first: (64 + 128) * 28 * 28 };
        assert_eq!(place("inception3a.branch3"), third);
        assert_ne!(place("inception3a.branch3_reduce").buffer, whole.buffer);
        assert!(layout.kept.iter().all(|&kept| kept));
        // Dropout shares the location of its input.
        assert_eq!(place("dropout"), place("avgpool"));
    }

    #[test]
    fn buffers_are_reused() {
        let graph = network("vgg16").expect("should be declared");
        let (_, all) = layout("vgg16", &Keep::Everything);
        let (_, few) = layout("vgg16", &Keep::Nodes(vec![graph.probabilities]));
        let bytes = |layout: &Layout| layout.sizes.iter().sum::<usize>();
        // Two large buffers alternate; the input and the probabilities have their own.
        assert_eq!(few.sizes.len(), 4);
        assert!(bytes(&few) * 4 < bytes(&all), "{} of {}", bytes(&few), bytes(&all));
        assert!(few.kept[graph.probabilities.0] && !few.kept[graph.logits.0]);
    }
}
