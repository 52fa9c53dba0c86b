//! Assigns each output to a buffer and a position within it.

use super::schedule::FusionSchedule;
use net::{Concat, Graph, NodeId, Op};

/// The location of a node's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutputLocation {
    /// The index of the buffer in [`OutputLayout::sizes`].
    pub buffer: usize,
    /// The index of the output's first value in the buffer.
    pub first: usize,
}

/// The locations of all outputs that a schedule computes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutputLayout {
    /// The number of values of each buffer.
    pub sizes: Vec<usize>,
    /// The first node in each buffer. It gives the buffer its name.
    pub names: Vec<NodeId>,
    /// For each node, the location of its output, if it has one.
    pub locations: Vec<Option<OutputLocation>>,
    /// For each node, whether its output still exists after the pass.
    pub kept: Vec<bool>,
}

/// The location of a node's output as a storage node and an offset. The storage node is the node itself, or the
/// concatenation that the node is a branch of.
type StorageOffset = (NodeId, usize);

impl OutputLayout {
    /// Lays out the outputs of `schedule`, in addition to the buffers of `existing`, a layout whose outputs exist
    /// already.
    ///
    /// Buffers of nodes in `keep` hold one output only. The other buffers are reused once no later unit reads them.
    pub fn new(graph: &Graph, schedule: &FusionSchedule, keep: &[bool], existing: &Self) -> Self {
        let count = graph.nodes.len();
        let storage_offsets = storage_offsets(graph, schedule);
        let mut layout = existing.clone();
        layout.locations.resize(count, None);
        layout.kept.resize(count, false);

        // For each storage node: the last unit that writes or reads it, and whether its buffer stays.
        let mut last = vec![0; count];
        let mut stays = vec![false; count];
        let storage = |id: NodeId| storage_offsets[id.0].map(|(storage, _)| storage.0);
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
        if layout.locations[0].is_none() {
            let buffer = layout.buffer(&mut Vec::new(), NodeId(0), graph.nodes[0].shape.elements());
            layout.locations[0] = Some(OutputLocation { buffer, first: 0 });
            layout.kept[0] = true;
        }
        for (at, (unit, reads)) in schedule.units.iter().zip(&schedule.reads).enumerate() {
            let Some((storage, first)) = storage_offsets[unit.output.0] else { continue };
            let buffer = *buffer_of[storage.0].get_or_insert_with(|| {
                let size = graph.node(storage).shape.elements();
                match stays[storage.0] {
                    true => layout.buffer(&mut Vec::new(), storage, size),
                    false => layout.buffer(&mut free, storage, size),
                }
            });
            layout.locations[unit.output.0] = Some(OutputLocation { buffer, first });
            layout.kept[unit.output.0] = stays[storage.0];
            let mut done: Vec<usize> =
                reads.iter().copied().chain([unit.output]).filter_map(storage_of(&storage_offsets)).collect();
            done.sort_unstable();
            done.dedup();
            let ends = done.into_iter().filter(|&storage| last[storage] == at && !stays[storage]);
            free.extend(ends.filter_map(|storage| buffer_of[storage]));
        }
        for (i, root) in schedule.root.iter().enumerate() {
            if layout.locations[i].is_none() {
                layout.locations[i] = layout.locations[root.0];
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
    pub fn after_pass(&self) -> Self {
        let mut rest = self.clone();
        rest.locations
            .iter_mut()
            .zip(&self.kept)
            .filter(|(_, kept)| !**kept)
            .for_each(|(location, _)| *location = None);
        rest
    }

    /// Returns the location of an output that a schedule reads or computes.
    pub fn location(&self, node: NodeId) -> OutputLocation {
        self.locations[node.0].expect("should have a location in the layout")
    }
}

/// Returns a function that looks up the storage node of a node's output.
fn storage_of(storage_offsets: &[Option<StorageOffset>]) -> impl Fn(NodeId) -> Option<usize> + '_ {
    |id| storage_offsets[id.0].map(|(storage, _)| storage.0)
}

/// Returns the location of each output of the schedule.
///
/// A branch of a concatenation lies within the concatenation's storage, unless a kernel would then read and write the
/// same buffer.
fn storage_offsets(graph: &Graph, schedule: &FusionSchedule) -> Vec<Option<StorageOffset>> {
    let mut storage_offsets: Vec<Option<StorageOffset>> = vec![None; graph.nodes.len()];
    let mut reads_of: Vec<&[NodeId]> = vec![&[]; graph.nodes.len()];
    for (unit, reads) in schedule.units.iter().zip(&schedule.reads) {
        storage_offsets[unit.output.0] = Some((unit.output, 0));
        reads_of[unit.output.0] = reads;
    }
    for unit in schedule.units.iter().rev() {
        let concat = unit.output;
        if !matches!(graph.node(unit.base).op, Op::Concat(_)) {
            continue;
        }
        let Some((storage, start)) = storage_offsets[concat.0] else { continue };
        let shapes = graph.input_shapes(unit.base);
        let branches = reads_of[concat.0];
        for (i, &branch) in branches.iter().enumerate() {
            let once = branches.iter().filter(|&&other| other == branch).count() == 1;
            let inside = |id: &NodeId| storage_offsets[id.0].is_some_and(|(home, _)| home == storage);
            let reads_inside = reads_of[branch.0].iter().any(inside);
            let read_inside = schedule.units.iter().any(|other| {
                other.output != concat && inside(&other.output) && reads_of[other.output.0].contains(&branch)
            });
            if storage_offsets[branch.0] != Some((branch, 0)) || !once || reads_inside || read_inside {
                continue;
            }
            let (_, height, width) = shapes[i].chw();
            storage_offsets[branch.0] = Some((storage, start + Concat::first(&shapes, i) * height * width));
        }
    }
    storage_offsets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeptOutputs;
    use net::network;

    fn layout(name: &str, keep: &KeptOutputs) -> (Graph, OutputLayout) {
        let graph = network(name).expect("should be declared");
        let flags = keep.flags(&graph);
        let schedule = FusionSchedule::new(&graph, &flags, &vec![false; graph.nodes.len()], true);
        let layout = OutputLayout::new(&graph, &schedule, &flags, &OutputLayout::default());
        (graph, layout)
    }

    #[test]
    fn branches_lie_in_their_concatenation() {
        let (graph, layout) = layout("googlenet", &KeptOutputs::All);
        let location = |name: &str| layout.location(graph.find(name).expect("should be a node"));
        let whole = location("inception3a");
        assert_eq!(whole.first, 0);
        let third = OutputLocation { buffer: whole.buffer, first: (64 + 128) * 28 * 28 };
        assert_eq!(location("inception3a.branch3"), third);
        assert_ne!(location("inception3a.branch3_reduce").buffer, whole.buffer);
        assert!(layout.kept.iter().all(|&kept| kept));
        // Dropout shares the location of its input.
        assert_eq!(location("dropout"), location("avgpool"));
    }

    #[test]
    fn buffers_are_reused() {
        let graph = network("vgg16").expect("should be declared");
        let (_, all) = layout("vgg16", &KeptOutputs::All);
        let (_, few) = layout("vgg16", &KeptOutputs::Nodes(vec![graph.probabilities]));
        let bytes = |layout: &OutputLayout| layout.sizes.iter().sum::<usize>();
        // Two large buffers alternate; the input and the probabilities have their own.
        assert_eq!(few.sizes.len(), 4);
        assert!(bytes(&few) * 4 < bytes(&all), "{} of {}", bytes(&few), bytes(&all));
        assert!(few.kept[graph.probabilities.0] && !few.kept[graph.logits.0]);
    }
}
