//! The table that gives each feature map, each layer and the network an index for its extent (least and greatest
//! value), and each map and each layer one for its counts of values that are not finite.
//!
//! Counts are stored as extents, with minus the number of NaN as the least and the number of infinities as the greatest
//! value. So the reduction of extents finds the greatest counts, too.

use super::extent::{Extent, ExtentReduction, NodeMaps};
use super::reference;
use net::{Graph, NodeId};

/// The values of a layer that are not finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotFinite {
    /// Some are NaN.
    NaN,
    /// Some are infinite, and none is NaN.
    Infinite,
}

/// The index of each extent: first all maps, node by node, then the layers, then the network. The counts of all maps and
/// then those of the layers follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtentTable {
    nodes: Vec<NodeMaps>,
    layers: Vec<usize>,
    /// The number of layers that count for the network: all but the input, the logits and the probabilities.
    counted: usize,
    maps: usize,
}

impl ExtentTable {
    /// Builds the table of `graph`.
    pub fn new(graph: &Graph) -> Self {
        let mut maps = 0;
        let nodes: Vec<NodeMaps> = graph
            .nodes
            .iter()
            .map(|node| {
                let (channels, height, width) = node.shape.chw();
                let flat = node.shape.is_flat();
                let (count, values) = if flat { (1, channels) } else { (channels, height * width) };
                let row = NodeMaps { first: maps, maps: count, values };
                maps += count;
                row
            })
            .collect();
        // Layers that count for the network are consecutive, so that one reduction covers them.
        let left_out = |i: usize| i == 0 || NodeId(i) == graph.logits || NodeId(i) == graph.probabilities;
        let counted: Vec<usize> = (0..nodes.len()).filter(|&i| !left_out(i)).collect();
        let others = (0..nodes.len()).filter(|&i| left_out(i));
        let mut layers = vec![0; nodes.len()];
        for (index, node) in counted.iter().copied().chain(others).enumerate() {
            layers[node] = maps + index;
        }
        Self { nodes, layers, counted: counted.len(), maps }
    }

    /// Returns the maps of a node.
    pub fn node(&self, node: NodeId) -> NodeMaps {
        self.nodes[node.0]
    }

    /// Returns the index of the extent of one map. A node of single values has one map, whatever `channel` is.
    pub fn map(&self, node: NodeId, channel: usize) -> usize {
        let row = self.node(node);
        row.first + channel.min(row.maps - 1)
    }

    /// Returns the index of the extent of all maps of a node.
    pub fn layer(&self, node: NodeId) -> usize {
        self.layers[node.0]
    }

    /// Returns the index of the extent of all layers but the input, the logits and the probabilities.
    pub fn network(&self) -> usize {
        self.maps + self.nodes.len()
    }

    /// Returns the index of the first counts, those of the first map. The counts of a map or a layer are as far behind
    /// it as its extent is behind the first one.
    fn counts(&self) -> usize {
        self.network() + 1
    }

    /// Returns the index of the counts of the first map of a node.
    pub fn counts_of(&self, row: NodeMaps) -> usize {
        self.counts() + row.first
    }

    /// Returns which values of a node are not finite, or `None` if all are, or if it was not measured.
    pub fn not_finite(&self, node: NodeId, extents: &[Extent]) -> Option<NotFinite> {
        let counts = extents.get(self.counts() + self.layer(node)).filter(|counts| !counts.is_empty())?;
        match (counts.min < 0.0, counts.max > 0.0) {
            (true, _) => Some(NotFinite::NaN),
            (false, true) => Some(NotFinite::Infinite),
            (false, false) => None,
        }
    }

    /// Returns the number of extents, with the counts.
    pub fn extents(&self) -> usize {
        self.counts() + self.maps + self.nodes.len()
    }

    /// Returns the reductions of a node, from its maps to its layer: of the extents, and of the counts.
    fn reductions(&self, node: usize) -> [ExtentReduction; 2] {
        let (row, out) = (self.nodes[node], self.layers[node]);
        let counts = self.counts();
        [
            ExtentReduction { first: row.first, count: row.maps, out },
            ExtentReduction { first: counts + row.first, count: row.maps, out: counts + out },
        ]
    }

    /// Returns the reductions from maps to layers, of extents and of counts.
    pub fn layer_reductions(&self) -> Vec<ExtentReduction> {
        (0..self.nodes.len()).flat_map(|node| self.reductions(node)).collect()
    }

    /// Returns the reduction from the extents of layers to the extent of the network.
    pub fn network_reduction(&self) -> ExtentReduction {
        ExtentReduction { first: self.maps, count: self.counted, out: self.network() }
    }

    /// Computes the extents of one node's maps, of its layer and of the network, and writes them into `extents`, which
    /// is as long as the table.
    ///
    /// `output` is the whole output of `node`. The network's extent covers the layers measured so far.
    pub fn measure_node(&self, node: NodeId, output: &[f32], extents: &mut [Extent]) {
        let row = &self.nodes[node.0];
        reference::extent_maps(row, self.counts_of(*row), output, extents);
        reference::extent_reduce(&self.reductions(node.0), extents);
        reference::extent_reduce(&[self.network_reduction()], extents);
    }

    /// Returns all extents, given the outputs of every node in the order of the graph.
    pub fn measure(&self, outputs: &[&[f32]]) -> Vec<Extent> {
        let mut extents = vec![Extent::EMPTY; self.extents()];
        for (row, output) in self.nodes.iter().zip(outputs) {
            reference::extent_maps(row, self.counts_of(*row), output, &mut extents);
        }
        reference::extent_reduce(&self.layer_reductions(), &mut extents);
        reference::extent_reduce(&[self.network_reduction()], &mut extents);
        extents
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    #[test]
    fn lenet_has_every_map_once() {
        let net = network("lenet5").expect("should be declared");
        let table = ExtentTable::new(&net);
        // input 1, C1 6, S2 6, C3 16, S4 16; C5, F6, output and softmax have one map each.
        let (maps, layers) = (1 + 6 + 6 + 16 + 16 + 4, 9);
        assert_eq!(table.extents(), 2 * (maps + layers) + 1);
        let c3 = net.find("C3").expect("should be a node");
        assert_eq!(table.map(c3, 2), 13 + 2);
        let c5 = net.find("C5").expect("should be a node");
        assert_eq!(table.map(c5, 0), table.map(c5, 119));
        let mut places: Vec<usize> = net.iter().map(|(id, _)| table.layer(id)).collect();
        places.sort_unstable();
        assert_eq!(places, (49..58).collect::<Vec<_>>());
    }

    #[test]
    fn the_network_leaves_out_input_scores_and_probabilities() {
        let net = network("lenet5").expect("should be declared");
        let table = ExtentTable::new(&net);
        let outputs: Vec<Vec<f32>> = net
            .iter()
            .map(|(id, node)| {
                let value = if id.0 == 0 || id == net.logits || id == net.probabilities { 99.0 } else { id.0 as f32 };
                vec![value; node.shape.elements()]
            })
            .collect();
        let slices: Vec<&[f32]> = outputs.iter().map(Vec::as_slice).collect();
        let extents = table.measure(&slices);
        assert_eq!(extents[table.network()], Extent { min: 1.0, max: 6.0 });
        assert_eq!(extents[table.layer(net.logits)], Extent { min: 99.0, max: 99.0 });
    }

    #[test]
    fn values_that_are_not_finite_are_told_by_layer() {
        let net = network("lenet5").expect("should be declared");
        let table = ExtentTable::new(&net);
        let mut outputs: Vec<Vec<f32>> = net.iter().map(|(_, node)| vec![1.0; node.shape.elements()]).collect();
        outputs[1][100] = f32::NAN;
        outputs[1][200] = f32::INFINITY;
        outputs[2][30] = f32::NEG_INFINITY;
        let views: Vec<&[f32]> = outputs.iter().map(Vec::as_slice).collect();
        let extents = table.measure(&views);
        let told: Vec<Option<NotFinite>> = net.iter().map(|(id, _)| table.not_finite(id, &extents)).collect();
        assert_eq!(told[..3], [None, Some(NotFinite::NaN), Some(NotFinite::Infinite)]);
        assert!(told[3..].iter().all(Option::is_none));
        assert_eq!(table.not_finite(NodeId(1), &vec![Extent::EMPTY; table.extents()]), None, "not measured");
        assert_eq!(extents[table.layer(NodeId(1))], Extent { min: 1.0, max: 1.0 });
    }

    #[test]
    fn measuring_nodes_one_by_one_equals_measuring_all_at_once() {
        let net = network("lenet5").expect("should be declared");
        let table = ExtentTable::new(&net);
        let outputs: Vec<Vec<f32>> = net
            .iter()
            .map(|(id, node)| (0..node.shape.elements()).map(|i| ((i * 29 + id.0 * 7) % 83) as f32 - 40.0).collect())
            .collect();
        let views: Vec<&[f32]> = outputs.iter().map(Vec::as_slice).collect();
        let mut extents = vec![Extent::EMPTY; table.extents()];
        // In reverse order: the result must not depend on the order.
        for (id, _) in net.iter().collect::<Vec<_>>().into_iter().rev() {
            table.measure_node(id, &outputs[id.0], &mut extents);
        }
        assert_eq!(extents, table.measure(&views));
    }
}
