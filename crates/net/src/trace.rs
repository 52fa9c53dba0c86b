//! Tracing a value back: the cells of every earlier node that it depends on.

use std::ops::Range;

use super::graph::{Graph, NodeId};
use super::operation::Operation;

/// The part of one node's output that a value further on depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedPart {
    /// The node.
    pub node: NodeId,
    /// The channels, in order.
    pub channels: Vec<usize>,
    /// The rows of each channel.
    pub rows: Range<usize>,
    /// The columns of each channel.
    pub columns: Range<usize>,
}

impl Graph {
    /// Returns the part of each earlier node that the value at (`channel`, `y`, `x`) of `node` depends on, the nearest
    /// node first. The value itself is not included.
    pub fn trace_back(&self, node: NodeId, channel: usize, y: usize, x: usize) -> Vec<TracedPart> {
        let mut parts: Vec<Option<TracedPart>> = vec![None; node.0 + 1];
        parts[node.0] = Some(TracedPart { node, channels: vec![channel], rows: y..y + 1, columns: x..x + 1 });
        for place in (1..=node.0).rev() {
            let Some(part) = parts[place].take() else { continue };
            let inputs = &self.nodes[place].inputs;
            for (which, &input) in inputs.iter().enumerate() {
                let Some(wider) = self.before(&part, which, input) else { continue };
                let joined = match parts[input.0].take() {
                    Some(other) => join(other, wider),
                    None => wider,
                };
                parts[input.0] = Some(joined);
            }
            parts[place] = Some(part);
        }
        parts.into_iter().take(node.0).rev().flatten().collect()
    }

    /// Returns the part of `input` that a part of another node's output reads. `input` is input number `which` of that
    /// node. Returns `None` if nothing of it is read.
    fn before(&self, part: &TracedPart, which: usize, input: NodeId) -> Option<TracedPart> {
        let node = self.node(part.node);
        let shape = self.node(input).shape;
        let (_, height, width) = shape.chw();
        let operation = node.op.operation()?;
        let has_all = part.channels.len() == node.shape.chw().0;
        let channels: Vec<usize> = if has_all && operation.is_channelwise() {
            (0..shape.chw().0).collect()
        } else {
            self.channels_before(operation, part, which, shape.chw().0)
        };
        let reach = |range: &Range<usize>, side| {
            operation.span(shape, range.start, side).start..operation.span(shape, range.end - 1, side).end
        };
        let (rows, columns) = (reach(&part.rows, height), reach(&part.columns, width));
        (!channels.is_empty()).then_some(TracedPart { node: input, channels, rows, columns })
    }

    /// Returns the channels, out of `count`, that a part reads of input number `which`.
    fn channels_before(&self, operation: &dyn Operation, part: &TracedPart, which: usize, count: usize) -> Vec<usize> {
        let shapes = self.input_shapes(part.node);
        let mut read = vec![false; count];
        let mut left = count;
        for &channel in &part.channels {
            for from in operation.channels_read(&shapes, which, channel) {
                left -= usize::from(!std::mem::replace(&mut read[from], true));
            }
            // All channels are read already, as by one channel of a dense convolution. Further channels add nothing.
            if left == 0 {
                break;
            }
        }
        (0..count).filter(|&from| read[from]).collect()
    }
}

/// Returns the union of two parts of the same node's output.
fn join(a: TracedPart, b: TracedPart) -> TracedPart {
    // Both parts of a residual block mostly read all channels.
    let channels = if a.channels == b.channels {
        a.channels
    } else {
        let mut channels = [a.channels, b.channels].concat();
        channels.sort_unstable();
        channels.dedup();
        channels
    };
    TracedPart {
        node: a.node,
        channels,
        rows: a.rows.start.min(b.rows.start)..a.rows.end.max(b.rows.end),
        columns: a.columns.start.min(b.columns.start)..a.columns.end.max(b.columns.end),
    }
}

#[cfg(test)]
mod tests {
    use crate::network;

    #[test]
    fn a_c3_cell_reads_the_maps_of_table_one() {
        let net = network("lenet5").expect("should be declared");
        let c3 = net.find("C3").expect("should be a node");
        let seen = net.trace_back(c3, 9, 2, 4);
        let read: Vec<_> = seen
            .iter()
            .map(|s| (net.node(s.node).name.as_str(), s.channels.clone(), s.rows.clone(), s.columns.clone()))
            .collect();
        assert_eq!(read[0], ("S2", vec![0, 3, 4, 5], 2..7, 4..9));
        assert_eq!(read[1], ("C1", vec![0, 3, 4, 5], 4..14, 8..18));
        assert_eq!(read[2], ("input", vec![0], 4..18, 8..22));
        assert_eq!(read[2].2.len(), net.node(c3).receptive.size);
    }

    #[test]
    fn a_channel_of_a_concatenation_reads_one_branch() {
        let net = network("googlenet").expect("should be declared");
        let id = net.find("inception3a").expect("should be a node");
        let names = |channel| -> Vec<String> {
            net.trace_back(id, channel, 14, 14).iter().take(3).map(|s| net.node(s.node).name.clone()).collect()
        };
        // The branches have 64, 128, 32 and 32 channels.
        assert_eq!(names(0), ["inception3a.branch1", "pool2", "norm2"]);
        assert_eq!(names(64), ["inception3a.branch2", "inception3a.branch2_reduce", "pool2"]);
        assert_eq!(names(255), ["inception3a.branch4", "inception3a.branch4_pool", "pool2"]);
    }

    #[test]
    fn an_addition_reads_the_branch_and_the_shortcut() {
        let net = network("resnet20-cifar").expect("should be declared");
        let seen = net.trace_back(net.find("layer2.0").expect("should be a node"), 0, 3, 3);
        let block = seen.iter().find(|s| net.node(s.node).name == "layer1.2").expect("should reach the block before");
        // The branch is conv1 with stride 2 and conv2: 3 + 2*2 = 7 pixels. It reads all channels.
        assert_eq!((block.rows.clone(), block.channels.len()), (3..10, 16));
        // Channels of zeros that the shortcut adds read nothing.
        let shortcut = net.find("layer2.0.shortcut").expect("should be a node");
        assert!(net.trace_back(shortcut, 31, 3, 3).is_empty());
        assert_eq!(net.trace_back(shortcut, 5, 3, 3)[0].rows, 6..7);
    }

    #[test]
    fn the_output_reads_the_whole_input() {
        let net = network("lenet5").expect("should be declared");
        let seen = net.trace_back(net.logits, 7, 0, 0);
        let input = seen.last().expect("should reach the input");
        assert_eq!((input.rows.clone(), input.columns.clone()), (0..32, 0..32));
    }
}
