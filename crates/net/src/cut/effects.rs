//! Cuts as engines carry them out: maps, summands and kernels that are multiplied.

use std::collections::BTreeMap;
use std::ops::Range;

use super::part::{addition, join};
use super::{Cut, Part};
use crate::graph::{Graph, NodeId};
use crate::op::Op;
use crate::ops::Activation;

/// A kernel that is multiplied.
#[derive(Debug, Clone, PartialEq)]
pub struct KernelCut {
    /// The map that it makes.
    pub map: usize,
    /// Its place among the kernels of that map, as the weight tensor has them.
    pub slot: usize,
    /// The factor.
    pub scale: f32,
}

/// What is multiplied at each node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effects {
    /// Maps of a node's output.
    maps: BTreeMap<NodeId, Vec<(Range<usize>, f32)>>,
    /// The summands of an addition, one factor each.
    summands: BTreeMap<NodeId, Vec<f32>>,
    /// Kernels of a convolution.
    kernels: BTreeMap<NodeId, Vec<KernelCut>>,
}

impl Effects {
    /// Nothing is multiplied.
    pub const NONE: &'static Self =
        &Self { maps: BTreeMap::new(), summands: BTreeMap::new(), kernels: BTreeMap::new() };

    pub(super) fn new(graph: &Graph, cuts: &[Cut]) -> Self {
        let mut effects = Self::default();
        for Cut { part, scale } in cuts {
            effects.add(graph, part, *scale);
        }
        effects
    }

    fn add(&mut self, graph: &Graph, part: &Part, scale: f32) {
        let all = |node: NodeId| 0..graph.node(node).shape.chw().0;
        match part {
            Part::Node(node) => self.add_maps(graph, *node, all(*node), scale),
            Part::Maps { node, first, last } => self.add_maps(graph, *node, *first..last + 1, scale),
            Part::Kernel { node, map, from } => {
                let slot = graph.kernel_slot(*node, *map, *from);
                let cut = slot.map(|slot| KernelCut { map: *map, slot, scale });
                self.kernels.entry(*node).or_default().extend(cut);
            }
            Part::Branch(block) => self.add_summand(graph, *block, 0, scale),
            Part::Shortcut(block) => self.add_summand(graph, *block, 1, scale),
            Part::Lane { block, lane } => {
                if let Some(&node) = join(graph, *block).and_then(|join| join.inputs.get(*lane)) {
                    self.add_maps(graph, node, all(node), scale);
                }
            }
            Part::Tower(tower) => {
                let towers = graph.towers();
                for (node, _) in graph.iter().filter(|(_, node)| matches!(node.op, Op::Conv2d(_))) {
                    let of_tower = all(node).len() / towers[node.0];
                    if towers[node.0] > *tower && towers[node.0] > 1 {
                        self.add_maps(graph, node, tower * of_tower..(tower + 1) * of_tower, scale);
                    }
                }
            }
        }
    }

    /// Multiplies maps where they come about: those of a concatenation in its lanes, those of what hands its input on in
    /// its input. The outputs of both may lie in one place.
    fn add_maps(&mut self, graph: &Graph, node: NodeId, maps: Range<usize>, scale: f32) {
        let this = graph.node(node);
        match &this.op {
            Op::Concat(_) => {
                let mut start = 0;
                for &lane in &this.inputs {
                    let end = start + graph.node(lane).shape.chw().0;
                    let (first, last) = (maps.start.max(start), maps.end.min(end));
                    if first < last {
                        self.add_maps(graph, lane, first - start..last - start, scale);
                    }
                    start = end;
                }
            }
            op if op.hands_on() => self.add_maps(graph, this.inputs[0], maps, scale),
            _ => self.maps.entry(node).or_default().push((maps, scale)),
        }
    }

    fn add_summand(&mut self, graph: &Graph, block: usize, place: usize, scale: f32) {
        let Some(node) = addition(graph, block) else { return };
        let factors = self.summands.entry(node).or_insert_with(|| vec![1.0; graph.node(node).inputs.len()]);
        if let Some(factor) = factors.get_mut(place) {
            *factor *= scale;
        }
    }

    /// Whether nothing is multiplied.
    pub fn is_empty(&self) -> bool {
        self.maps.is_empty() && self.summands.is_empty() && self.kernels.is_empty()
    }

    /// The nodes at which something is multiplied.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        let mut nodes: Vec<NodeId> =
            self.maps.keys().chain(self.summands.keys()).chain(self.kernels.keys()).copied().collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes.into_iter()
    }

    /// Whether something is multiplied at `node`.
    pub fn at(&self, node: NodeId) -> bool {
        self.maps.contains_key(&node) || self.summands.contains_key(&node) || self.kernels.contains_key(&node)
    }

    /// The maps of `node` that are multiplied, one after the other.
    pub fn maps(&self, node: NodeId) -> &[(Range<usize>, f32)] {
        self.maps.get(&node).map_or(&[], Vec::as_slice)
    }

    /// What a map of `node` is multiplied with, all together.
    pub fn factor(&self, node: NodeId, map: usize) -> f32 {
        self.maps(node).iter().filter(|(maps, _)| maps.contains(&map)).map(|(_, scale)| scale).product()
    }

    /// The factors of the summands of an addition; none where all are 1.
    pub fn summands(&self, node: NodeId) -> &[f32] {
        self.summands.get(&node).map_or(&[], Vec::as_slice)
    }

    /// The kernels of a convolution that are multiplied.
    pub fn kernels(&self, node: NodeId) -> &[KernelCut] {
        self.kernels.get(&node).map_or(&[], Vec::as_slice)
    }

    /// For each node whether its output is another one under `other`, as far as can be told without computing it: what is
    /// multiplied otherwise, and all that lies after.
    pub fn stale(&self, graph: &Graph, other: &Self) -> Vec<bool> {
        let mut stale: Vec<bool> = Vec::with_capacity(graph.nodes.len());
        for (id, node) in graph.iter() {
            let same = self.maps(id) == other.maps(id)
                && self.summands(id) == other.summands(id)
                && self.kernels(id) == other.kernels(id);
            stale.push(!same || node.inputs.iter().any(|input| stale[input.0]));
        }
        stale
    }
}

impl Op {
    /// Whether a node hands its input on as it is.
    pub fn hands_on(&self) -> bool {
        matches!(self, Self::Dropout(_)) || matches!(self, Self::Activation(a) if a.function == Activation::Identity)
    }
}

impl Graph {
    /// Where the kernel of a convolution's `map` for map `from` of its input stands among those of `map` in the weight
    /// tensor; `None` where there is no such kernel. A table of connections leaves the places of those that are not there.
    pub fn kernel_slot(&self, node: NodeId, map: usize, from: usize) -> Option<usize> {
        let Op::Conv2d(conv) = &self.node(node).op else { return None };
        let place = self.maps_read(node, map).iter().position(|&read| read == from)?;
        Some(conv.slot(place, from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cuts, network};

    fn effects(name: &str, text: &str) -> (Graph, Effects) {
        let graph = network(name).expect("should be declared");
        let effects = Cuts::read(&graph, text).expect("should be read").effects(&graph);
        (graph, effects)
    }

    fn names(graph: &Graph, effects: &Effects) -> Vec<String> {
        effects.nodes().map(|node| graph.node(node).name.clone()).collect()
    }

    #[test]
    fn maps_are_multiplied_where_they_come_about() {
        let (graph, lanes) = effects("googlenet", "inception3a:60-70");
        assert_eq!(names(&graph, &lanes), ["inception3a.branch1", "inception3a.branch2"]);
        let node = graph.find("inception3a.branch2").expect("should be a node");
        assert_eq!(lanes.maps(node), [(0..7, 0.0)]);
        let (graph, input) = effects("googlenet", "dropout:3");
        assert_eq!(names(&graph, &input), ["avgpool"]);
    }

    #[test]
    fn a_tower_is_its_part_of_every_convolution() {
        let (graph, tower) = effects("alexnet", "tower2=0.5,conv2:200=0.5");
        assert_eq!(names(&graph, &tower), ["conv1", "conv2", "conv3", "conv4", "conv5"]);
        let node = |name| graph.find(name).expect("should be a node");
        assert_eq!(tower.maps(node("conv1")), [(48..96, 0.5)]);
        assert_eq!((tower.factor(node("conv2"), 200), tower.factor(node("conv2"), 127)), (0.25, 1.0));
    }

    #[test]
    fn stale_is_what_lies_after() {
        let (graph, lane) = effects("googlenet", "inception4a/lane3");
        let stale = lane.stale(&graph, &Effects::default());
        let of = |name: &str| stale[graph.find(name).expect("should be a node").0];
        for (name, is) in [
            ("inception3b", false),
            ("inception4a.branch2", false),
            ("inception4a.branch3_reduce", false),
            ("inception4a.branch3", true),
            ("inception4a.branch4_pool", false),
            ("inception4a", true),
            ("aux1.softmax", true),
            ("softmax", true),
        ] {
            assert_eq!(of(name), is, "{name}");
        }
        assert_eq!(lane.stale(&graph, &lane), vec![false; graph.nodes.len()]);
    }

    #[test]
    fn kernels_have_the_places_of_the_weight_tensor() {
        let (graph, _) = effects("lenet5", "");
        let c3 = graph.find("C3").expect("should be a node");
        // Table I: map 1 of C3 reads maps 1, 2 and 3 of S2; its weight tensor has a place for each of the six.
        assert_eq!((graph.kernel_slot(c3, 1, 3), graph.kernel_slot(c3, 1, 0)), (Some(3), None));
        let (graph, _) = effects("alexnet", "");
        let conv2 = graph.find("conv2").expect("should be a node");
        assert_eq!((graph.kernel_slot(conv2, 130, 48), graph.kernel_slot(conv2, 0, 48)), (Some(0), None));
    }
}
