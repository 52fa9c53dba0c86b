//! Ablations as engines carry them out: factors for feature maps, summands and kernels.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::part::{Ablation, AblationPart, addition, concatenation};
use crate::graph::{Graph, NodeId};
use crate::ops::Op;

/// A kernel with its factor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KernelAblation {
    /// The output feature map that the kernel contributes to.
    pub map: usize,
    /// The index of the kernel among the kernels of that map, as the weight tensor stores them.
    pub slot: usize,
    /// The factor that the kernel is multiplied by.
    pub scale: f32,
}

/// All factors of an ablation, by node.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AblationFactors {
    /// Ranges of output feature maps, each with its factor.
    maps: BTreeMap<NodeId, Vec<(Range<usize>, f32)>>,
    /// One factor per summand of an addition.
    summands: BTreeMap<NodeId, Vec<f32>>,
    /// Kernels of a convolution, each with its factor.
    kernels: BTreeMap<NodeId, Vec<KernelAblation>>,
}

impl AblationFactors {
    /// The effects of no ablation.
    pub const NONE: &'static Self =
        &Self { maps: BTreeMap::new(), summands: BTreeMap::new(), kernels: BTreeMap::new() };

    pub(super) fn new(graph: &Graph, ablations: &[Ablation]) -> Self {
        let mut effects = Self::default();
        for Ablation { part, scale } in ablations {
            effects.add(graph, part, *scale);
        }
        effects
    }

    fn add(&mut self, graph: &Graph, part: &AblationPart, scale: f32) {
        let all = |node: NodeId| 0..graph.node(node).shape.chw().0;
        match part {
            AblationPart::Node(node) => self.add_maps(graph, *node, all(*node), scale),
            AblationPart::Maps { node, first, last } => self.add_maps(graph, *node, *first..last + 1, scale),
            AblationPart::Kernel { node, map, from } => {
                let slot = graph.kernel_slot(*node, *map, *from);
                let kernel = slot.map(|slot| KernelAblation { map: *map, slot, scale });
                self.kernels.entry(*node).or_default().extend(kernel);
            }
            AblationPart::ResidualBranch(block) => self.add_summand(graph, *block, 0, scale),
            AblationPart::Shortcut(block) => self.add_summand(graph, *block, 1, scale),
            AblationPart::InceptionBranch { block, branch } => {
                if let Some(&node) = concatenation(graph, *block).and_then(|join| join.inputs.get(*branch)) {
                    self.add_maps(graph, node, all(node), scale);
                }
            }
            AblationPart::Tower(tower) => {
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

    /// Scales feature maps at the node that computes them. Maps of a concatenation are scaled in its branches, and maps
    /// of a node that passes its input on unchanged are scaled in that input. In both cases the output may share memory
    /// with the inputs, so it must not be scaled itself.
    fn add_maps(&mut self, graph: &Graph, node: NodeId, maps: Range<usize>, scale: f32) {
        let this = graph.node(node);
        match &this.op {
            Op::Concat(_) => {
                let mut start = 0;
                for &branch in &this.inputs {
                    let end = start + graph.node(branch).shape.chw().0;
                    let (first, last) = (maps.start.max(start), maps.end.min(end));
                    if first < last {
                        self.add_maps(graph, branch, first - start..last - start, scale);
                    }
                    start = end;
                }
            }
            op if op.passes_through() => self.add_maps(graph, this.inputs[0], maps, scale),
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

    /// Returns whether nothing is scaled.
    pub fn is_empty(&self) -> bool {
        self.maps.is_empty() && self.summands.is_empty() && self.kernels.is_empty()
    }

    /// Returns the nodes at which something is scaled, in running order.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        let mut nodes: Vec<NodeId> =
            self.maps.keys().chain(self.summands.keys()).chain(self.kernels.keys()).copied().collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes.into_iter()
    }

    /// Returns whether something is scaled at `node`.
    pub fn at(&self, node: NodeId) -> bool {
        self.maps.contains_key(&node) || self.summands.contains_key(&node) || self.kernels.contains_key(&node)
    }

    /// Returns the ranges of feature maps of `node` that are scaled, each with its factor. Ranges may overlap.
    pub fn maps(&self, node: NodeId) -> &[(Range<usize>, f32)] {
        self.maps.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Returns the product of all factors of one feature map of `node`.
    pub fn factor(&self, node: NodeId, map: usize) -> f32 {
        self.maps(node).iter().filter(|(maps, _)| maps.contains(&map)).map(|(_, scale)| scale).product()
    }

    /// Returns the factors of the summands of an addition, or an empty slice if none is scaled.
    pub fn summands(&self, node: NodeId) -> &[f32] {
        self.summands.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Returns the scaled kernels of a convolution.
    pub fn kernels(&self, node: NodeId) -> &[KernelAblation] {
        self.kernels.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Returns for each node whether its output may differ under `other`. This is true of the nodes whose factors
    /// differ and of every node that depends on one of them. No values are compared.
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

impl Graph {
    /// Returns the index of a kernel in the weight tensor of convolution `node`: the kernel that its output map `map`
    /// has for input map `from`. The index counts the kernels of `map`. Returns `None` if `map` does not read `from`.
    /// With a table of connections the weight tensor keeps room for the kernels that do not exist.
    pub fn kernel_slot(&self, node: NodeId, map: usize, from: usize) -> Option<usize> {
        let Op::Conv2d(conv) = &self.node(node).op else { return None };
        let place = self.input_maps_read(node, map).position(|read| read == from)?;
        Some(conv.slot(place, from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ablations, network};

    fn effects(name: &str, text: &str) -> (Graph, AblationFactors) {
        let graph = network(name).expect("should be declared");
        let effects = Ablations::read(&graph, text).expect("should be read").effects(&graph);
        (graph, effects)
    }

    fn names(graph: &Graph, effects: &AblationFactors) -> Vec<String> {
        effects.nodes().map(|node| graph.node(node).name.clone()).collect()
    }

    #[test]
    fn maps_are_scaled_at_the_node_that_computes_them() {
        let (graph, branches) = effects("googlenet", "inception3a:60-70");
        assert_eq!(names(&graph, &branches), ["inception3a.branch1", "inception3a.branch2"]);
        let node = graph.find("inception3a.branch2").expect("should be a node");
        assert_eq!(branches.maps(node), [(0..7, 0.0)]);
        let (graph, input) = effects("googlenet", "dropout:3");
        assert_eq!(names(&graph, &input), ["avgpool"]);
    }

    #[test]
    fn a_tower_covers_its_maps_of_every_convolution() {
        let (graph, tower) = effects("alexnet", "tower2=0.5,conv2:200=0.5");
        assert_eq!(names(&graph, &tower), ["conv1", "conv2", "conv3", "conv4", "conv5"]);
        let node = |name| graph.find(name).expect("should be a node");
        assert_eq!(tower.maps(node("conv1")), [(48..96, 0.5)]);
        assert_eq!((tower.factor(node("conv2"), 200), tower.factor(node("conv2"), 127)), (0.25, 1.0));
    }

    #[test]
    fn outputs_after_an_ablation_are_stale() {
        let (graph, branch) = effects("googlenet", "inception4a/lane3");
        let stale = branch.stale(&graph, &AblationFactors::default());
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
        assert_eq!(branch.stale(&graph, &branch), vec![false; graph.nodes.len()]);
    }

    #[test]
    fn kernel_slots_index_the_weight_tensor() {
        let (graph, _) = effects("lenet5", "");
        let c3 = graph.find("C3").expect("should be a node");
        // Table I: map 1 of C3 reads maps 1, 2 and 3 of S2. Its weight tensor has room for a kernel of each of the six
        // maps.
        assert_eq!((graph.kernel_slot(c3, 1, 3), graph.kernel_slot(c3, 1, 0)), (Some(3), None));
        let (graph, _) = effects("alexnet", "");
        let conv2 = graph.find("conv2").expect("should be a node");
        assert_eq!((graph.kernel_slot(conv2, 130, 48), graph.kernel_slot(conv2, 0, 48)), (Some(0), None));
    }
}
