//! Towers: groups of feature maps that are computed apart, as AlexNet's two were on two GPUs.

use super::graph::{Graph, NodeId};
use super::operation::Operation;
use super::ops::Op;

impl Graph {
    /// Returns for each node the number of towers that its feature maps are divided into. The output and the input of a
    /// grouped convolution have as many towers as the convolution has groups. Nodes that work channel by channel have
    /// the towers of their neighbours. All others have one.
    pub fn towers(&self) -> Vec<usize> {
        let channelwise = |node: NodeId| self.node(node).op.operation().is_some_and(Operation::is_channelwise);
        let groups = |node: NodeId| match &self.node(node).op {
            Op::Conv2d(conv) => conv.groups,
            _ => 1,
        };
        let mut towers: Vec<usize> = (0..self.nodes.len()).map(|place| groups(NodeId(place))).collect();
        // First backwards for the inputs of grouped convolutions, then forwards for their outputs.
        for place in (1..self.nodes.len()).rev() {
            let node = NodeId(place);
            let wanted = if channelwise(node) { towers[place] } else { groups(node) };
            for &input in self.node(node).inputs.iter().filter(|input| input.0 > 0) {
                towers[input.0] = towers[input.0].max(wanted);
            }
        }
        for place in 1..self.nodes.len() {
            if channelwise(NodeId(place)) {
                towers[place] =
                    self.nodes[place].inputs.iter().map(|input| towers[input.0]).fold(towers[place], usize::max);
            }
        }
        towers
    }
}
