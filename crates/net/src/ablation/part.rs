//! The parts of a network that can be ablated, and their names.

use super::scale::Rounded;
use crate::channels_read::ChannelsRead;
use crate::error::AblationError;
use crate::graph::{BlockKind, Graph, Node, NodeId};
use crate::ops::Op;

/// One ablation: a part of the network and its factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Ablation {
    /// The part that is scaled.
    pub part: AblationPart,
    /// The factor. 0 switches the part off.
    pub scale: f32,
}

impl Ablation {
    /// Writes the ablation in the form that [`super::Ablations::read`] takes.
    pub(super) fn write(&self, graph: &Graph) -> String {
        let part = self.part.write(graph);
        if self.scale == 0.0 { part } else { format!("{part}={}", Rounded(self.scale)) }
    }
}

/// A part of a network. Feature maps are counted from 0, as in tensors. One value of a vector counts as a map of one
/// pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AblationPart {
    /// All feature maps of a node.
    Node(NodeId),
    /// Consecutive feature maps of a node.
    Maps {
        /// The node that computes the maps.
        node: NodeId,
        /// The first map.
        first: usize,
        /// The last map, inclusive.
        last: usize,
    },
    /// One kernel of a convolution.
    Kernel {
        /// The convolution.
        node: NodeId,
        /// The output map that the kernel contributes to.
        map: usize,
        /// The input map that the kernel reads.
        from: usize,
    },
    /// The branch F(x) of a residual block, given by the index of the block.
    ResidualBranch(usize),
    /// The shortcut of a residual block, given by the index of the block.
    Shortcut(usize),
    /// A branch of an Inception module.
    InceptionBranch {
        /// The index of the block.
        block: usize,
        /// The index of the branch, from 0.
        branch: usize,
    },
    /// The maps of one tower, counted from 0, in all grouped convolutions and those that feed them.
    Tower(usize),
}

impl AblationPart {
    /// Reads a part from text.
    pub(super) fn read(graph: &Graph, text: &str) -> Result<Self, AblationError> {
        if let Some(number) = text.strip_prefix("tower") {
            return tower(graph, number);
        }
        if let Some((name, maps)) = text.split_once(':') {
            return of_maps(graph, name, maps);
        }
        if let Some((name, what)) = text.split_once('/') {
            return of_block(graph, name, what);
        }
        graph.find(text).map(Self::Node).map_err(|error| AblationError::Layer(Box::new(error)))
    }

    /// Writes the part in the form that [`AblationPart::read`] takes.
    pub fn write(&self, graph: &Graph) -> String {
        let name = |node: &NodeId| &graph.node(*node).name;
        let block = |block: &usize| &graph.blocks[*block].name;
        match self {
            Self::Node(node) => name(node).clone(),
            Self::Maps { node, first, last } if first == last => format!("{}:{first}", name(node)),
            Self::Maps { node, first, last } => format!("{}:{first}-{last}", name(node)),
            Self::Kernel { node, map, from } => format!("{}:{map}/{from}", name(node)),
            Self::ResidualBranch(of) => format!("{}/branch", block(of)),
            Self::Shortcut(of) => format!("{}/shortcut", block(of)),
            Self::InceptionBranch { block: of, branch } => format!("{}/lane{}", block(of), branch + 1),
            Self::Tower(tower) => format!("tower{}", tower + 1),
        }
    }

    /// Returns the parts that contain one feature map of a node, or that lie around it: the map itself, its tower, and
    /// the branch or the summands of the innermost block around it.
    pub fn around(graph: &Graph, node: NodeId, map: usize) -> Vec<Self> {
        let this = graph.node(node);
        if graph.is_probabilities(node) {
            return Vec::new();
        }
        let channels = this.shape.chw().0;
        let mut parts = vec![Self::Maps { node, first: map, last: map }];
        let towers = graph.towers()[node.0];
        if towers > 1 {
            parts.push(Self::Tower(map / (channels / towers).max(1)));
        }
        for block in graph.enclosing_blocks(node).map(|id| id.0) {
            if addition(graph, block).is_some() {
                parts.extend([Self::ResidualBranch(block), Self::Shortcut(block)]);
                break;
            }
            if let Some(join) = concatenation(graph, block) {
                match branch_of(graph, join, node, map) {
                    Some(branch) => parts.push(Self::InceptionBranch { block, branch }),
                    None => parts.extend((0..join.inputs.len()).map(|branch| Self::InceptionBranch { block, branch })),
                }
                break;
            }
        }
        parts
    }
}

/// Returns the index of the branch of concatenation `join` that contains `node`. If `node` is the concatenation itself,
/// returns the branch that its map `map` comes from.
fn branch_of(graph: &Graph, join: &Node, node: NodeId, map: usize) -> Option<usize> {
    if std::ptr::eq(graph.node(node), join) {
        let mut end = 0;
        return join.inputs.iter().position(|&input| {
            end += graph.node(input).shape.chw().0;
            map < end
        });
    }
    join.inputs.iter().position(|&branch| {
        // A branch is a chain: follow first inputs back from the end of the branch to where the branches part.
        let mut at = branch;
        while at > node {
            match graph.node(at).inputs.first() {
                Some(&before) => at = before,
                None => break,
            }
        }
        at == node
    })
}

/// Returns the addition of a residual block, given by the index of the block.
pub(super) fn addition(graph: &Graph, block: usize) -> Option<NodeId> {
    let block = graph.blocks.get(block).filter(|block| block.kind == BlockKind::Residual)?;
    block.nodes.clone().map(NodeId).find(|&node| matches!(graph.node(node).op, Op::Add(_)))
}

/// Returns the concatenation of an Inception module, given by the index of the block.
pub(super) fn concatenation(graph: &Graph, block: usize) -> Option<&Node> {
    let block = graph.blocks.get(block).filter(|block| block.kind == BlockKind::Inception)?;
    Some(graph.node(block.output)).filter(|node| matches!(node.op, Op::Concat(_)))
}

fn tower(graph: &Graph, number: &str) -> Result<AblationPart, AblationError> {
    let most = graph.towers().into_iter().max().unwrap_or(1);
    if most < 2 {
        return Err(AblationError::NoTowers { network: graph.name.to_owned() });
    }
    let number: Option<usize> = number.parse().ok().filter(|number| (1..=most).contains(number));
    number.map(|number| AblationPart::Tower(number - 1)).ok_or(AblationError::Tower)
}

fn of_maps(graph: &Graph, name: &str, text: &str) -> Result<AblationPart, AblationError> {
    let node = graph.find(name).map_err(|error| AblationError::Layer(Box::new(error)))?;
    let this = graph.node(node);
    let channels = this.shape.chw().0;
    let number = |text: &str| text.parse::<usize>().ok();
    let layer = || name.to_owned();
    let fault = || AblationError::Map { layer: layer(), last: channels.saturating_sub(1) };
    if let Some((map, from)) = text.split_once('/') {
        let Op::Conv2d(_) = this.op else { return Err(AblationError::NoKernels { layer: layer() }) };
        let map = number(map).filter(|&map| map < channels).ok_or_else(fault)?;
        let read = graph.input_maps_read(node, map);
        let from = number(from).filter(|from| read.clone().any(|map| map == *from)).ok_or_else(|| {
            let names: Vec<String> = read.clone().map(|map| map.to_string()).collect();
            AblationError::Reads { layer: layer(), map, reads: names.join(", ") }
        })?;
        return Ok(AblationPart::Kernel { node, map, from });
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last && last < channels => Ok(AblationPart::Maps { node, first, last }),
        _ => Err(fault()),
    }
}

fn of_block(graph: &Graph, name: &str, what: &str) -> Result<AblationPart, AblationError> {
    let called = || name.to_owned();
    let block = graph.blocks.iter().position(|block| block.name == name);
    let block = block.ok_or_else(|| AblationError::NoBlock { network: graph.name.to_owned(), block: called() })?;
    if let Some(number) = what.strip_prefix("lane") {
        let branches =
            concatenation(graph, block).ok_or_else(|| AblationError::NoInception { block: called() })?.inputs.len();
        let branch = number.parse().ok().filter(|branch| (1..=branches).contains(branch));
        let branch: usize = branch.ok_or_else(|| AblationError::InceptionBranch { block: called(), branches })?;
        return Ok(AblationPart::InceptionBranch { block, branch: branch - 1 });
    }
    let part = match what {
        "branch" => AblationPart::ResidualBranch(block),
        "shortcut" => AblationPart::Shortcut(block),
        _ => return Err(AblationError::Part { block: called() }),
    };
    addition(graph, block).map(|_| part).ok_or_else(|| AblationError::NoShortcut { block: called() })
}

impl Graph {
    /// Returns the maps of the node's first input that one of its feature maps reads, in order.
    pub fn input_maps_read(&self, node: NodeId, map: usize) -> ChannelsRead {
        let operation = self.node(node).op.operation();
        operation.map_or(ChannelsRead::NONE, |op| op.channels_read(&[self.input_shape(node)], 0, map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network;

    fn around(name: &str, node: &str, map: usize) -> Vec<String> {
        let graph = network(name).expect("should be declared");
        let node = graph.find(node).expect("should be a node");
        AblationPart::around(&graph, node, map).iter().map(|part| part.write(&graph)).collect()
    }

    #[test]
    fn parts_around_a_map() {
        assert_eq!(around("lenet5", "C3", 5), ["C3:5"]);
        assert_eq!(around("alexnet", "pool1", 95), ["pool1:95", "tower2"]);
        assert_eq!(around("alexnet", "fc6", 9), ["fc6:9"]);
        assert_eq!(around("resnet18", "layer1.0.bn2", 1), ["layer1.0.bn2:1", "layer1.0/branch", "layer1.0/shortcut"]);
        assert_eq!(around("plain20-cifar", "layer1.0", 1), ["layer1.0:1"]);
        let reduce = "inception3a.branch2.0.conv";
        assert_eq!(around("googlenet-torchvision", reduce, 1), [format!("{reduce}:1"), "inception3a/lane2".to_owned()]);
        // A map of the concatenation belongs to one branch. The branches have 64, 128, 32 and 32 maps.
        assert_eq!(around("googlenet", "inception3a", 192), ["inception3a:192", "inception3a/lane3"]);
        assert_eq!(around("googlenet", "softmax", 0), Vec::<String>::new());
    }
}
