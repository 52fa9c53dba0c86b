//! Towers: halves of the maps that go their way apart, as AlexNet's do on two GPUs.

use super::graph::{Graph, NodeId};
use super::op::Op;

impl Graph {
    /// In how many towers each node's maps stand: as many as there are groups where a convolution makes or reads groups, and
    /// so for what lies between, channel by channel.
    pub fn towers(&self) -> Vec<usize> {
        let channelwise = |node: NodeId| {
            matches!(
                self.node(node).op,
                Op::Activation(_)
                    | Op::BatchNorm2d(_)
                    | Op::LocalResponseNorm(_)
                    | Op::MaxPool2d(_)
                    | Op::AvgPool2d(_)
                    | Op::Dropout(_)
            )
        };
        let groups = |node: NodeId| match &self.node(node).op {
            Op::Conv2d(conv) => conv.groups,
            _ => 1,
        };
        let mut towers: Vec<usize> = (0..self.nodes.len()).map(|place| groups(NodeId(place))).collect();
        // Backwards for what a grouped convolution reads, then forwards for what it gives.
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
