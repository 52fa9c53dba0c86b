//! Stacks of small kernels (Simonyan and Zisserman 2014, section 2.3): their receptive fields and their costs.

use super::mini_network::MiniNetwork;
use net::{Activation, Conv2d, Graph, NetError, Op, Pointwise, Shape, Window};

/// Side of the maps that a stack is drawn over: the receptive field of five 3x3 layers with a margin of one pixel.
pub const SIDE: usize = 13;

/// A stack of convolutions of one kernel size, each followed by ReLU, with the same number of input and output
/// channels. They have no biases, because the paper counts only weights.
#[derive(Debug, Clone)]
pub struct Stack {
    graph: Graph,
}

impl Stack {
    /// Builds `layers` convolutions of `kernel` x `kernel` with stride 1 and padding, over `channels` maps.
    ///
    /// # Errors
    /// Returns [`NetError::Shape`] if the kernel does not fit.
    pub fn new(kernel: usize, layers: usize, channels: usize) -> Result<Self, NetError> {
        let graph = MiniNetwork::graph(Shape::maps(channels, SIDE, SIDE), |builder| {
            (1..=layers).try_for_each(|layer| {
                let window = Window::new(kernel, 1, kernel / 2);
                let plain = Conv2d::plain(channels, kernel, Activation::Identity);
                builder.then(&format!("conv{layer}"), Op::Conv2d(Conv2d { window, bias: false, ..plain }))?;
                let relu = Op::Activation(Pointwise { function: Activation::Relu });
                builder.then(&format!("relu{layer}"), relu).map(drop)
            })
        })?;
        Ok(Self { graph })
    }

    /// Returns the graph of the stack.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Returns the sides of the receptive fields after 0 layers, after 1 layer, and so on.
    pub fn fields(&self) -> Vec<usize> {
        let seen = self.graph.nodes.iter().filter(|node| !matches!(node.op, Op::Activation(_)));
        seen.map(|node| node.receptive.size).collect()
    }

    /// Returns the side of the receptive field of the last layer.
    pub fn field(&self) -> usize {
        self.graph.node(self.graph.probabilities).receptive.size
    }

    /// Returns the number of weights.
    pub fn weights(&self) -> u64 {
        self.graph.total_parameters()
    }

    /// Returns the number of ReLUs that a value passes through.
    pub fn relus(&self) -> usize {
        self.graph.nodes.iter().filter(|node| matches!(node.op, Op::Activation(_))).count()
    }
}

/// One state of the animation that shows how the receptive field of the centre pixel of the last layer grows.
///
/// The animation visits the pixels of the field after one layer one by one and adds the window that each reads in the
/// layer below, and so on down to the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceptiveFieldGrowth {
    /// For every pixel of the input, row by row, the layer that first reaches it, counted from 1 for the last layer. It
    /// is 0 for the centre pixel and `None` outside the field.
    pub reached: Vec<Option<usize>>,
    /// Row and column of the last visited pixel, and its window: first row, first column, side.
    pub now: Option<([usize; 2], [usize; 3])>,
    /// The layer whose windows are visited, counted from 1 for the last layer.
    pub layer: usize,
    /// The number of visited pixels of that layer, and their total number.
    pub of: (usize, usize),
}

impl ReceptiveFieldGrowth {
    /// Returns the number of pixels to visit for a stack of 3x3 layers.
    pub fn total(stack: &Stack) -> usize {
        let fields = stack.fields();
        fields[..fields.len() - 1].iter().map(|side| side * side).sum()
    }

    /// Returns the state after `visited` visited pixels.
    pub fn new(stack: &Stack, visited: usize) -> Self {
        let fields = stack.fields();
        let middle = SIDE / 2;
        let mut grown = Self { reached: vec![None; SIDE * SIDE], now: None, layer: 1, of: (0, 1) };
        grown.reached[middle * SIDE + middle] = Some(0);
        let mut left = visited;
        for (layer, pair) in (1..).zip(fields.windows(2)) {
            if left == 0 && layer > 1 {
                break;
            }
            let (side, half) = (pair[0], (pair[1] - pair[0]) / 2);
            let pixels = side * side;
            grown.layer = layer;
            grown.of = (left.min(pixels), pixels);
            for pixel in 0..left.min(pixels) {
                let corner = middle - side / 2;
                let at = [corner + pixel / side, corner + pixel % side];
                let from = at.map(|place| place - half);
                let window = 2 * half + 1;
                for y in from[0]..from[0] + window {
                    for x in from[1]..from[1] + window {
                        grown.reached[y * SIDE + x].get_or_insert(layer);
                    }
                }
                grown.now = Some((at, [from[0], from[1], window]));
            }
            left = left.saturating_sub(pixels);
        }
        grown
    }

    /// Returns the number of input pixels in the receptive field so far.
    pub fn seen(&self) -> usize {
        self.reached.iter().filter(|reached| reached.is_some()).count()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use weights::Array;

    fn stack(kernel: usize, layers: usize, channels: usize) -> Stack {
        Stack::new(kernel, layers, channels).expect("should fit")
    }

    #[test]
    fn weights_agree_with_the_paper_for_any_number_of_channels() {
        for c in [1, 3, 64, 512] {
            let square = (c * c) as u64;
            assert_eq!((stack(3, 3, c).weights(), stack(7, 1, c).weights()), (27 * square, 49 * square));
            assert_eq!((stack(3, 2, c).weights(), stack(5, 1, c).weights()), (18 * square, 25 * square));
        }
        assert_eq!((stack(3, 3, 8).relus(), stack(7, 1, 8).relus()), (3, 1));
    }

    #[test]
    fn stacks_and_large_kernels_have_equal_receptive_fields() {
        assert_eq!(stack(3, 5, 1).fields(), [1, 3, 5, 7, 9, 11]);
        for (layers, kernel) in [(2, 5), (3, 7), (4, 9), (5, 11)] {
            assert_eq!(stack(3, layers, 1).field(), stack(kernel, 1, 1).field());
        }
    }

    #[test]
    fn the_engine_reads_exactly_the_receptive_field() {
        for layers in 1..=5 {
            let stack = stack(3, layers, 1);
            let ones = |layer| (format!("conv{layer}.weight"), Array { dims: vec![1, 1, 3, 3], values: vec![1.0; 9] });
            let tensors: BTreeMap<String, Array> = (1..=layers).map(ones).collect();
            let network = MiniNetwork::new(stack.graph(), tensors).expect("should be built");
            let grown = ReceptiveFieldGrowth::new(&stack, ReceptiveFieldGrowth::total(&stack));
            for pixel in 0..SIDE * SIDE {
                let mut input = vec![0.0; SIDE * SIDE];
                input[pixel] = 1.0;
                let middle = network.last(&input).expect("should run")[SIDE * SIDE / 2];
                assert_eq!(middle > 0.0, grown.reached[pixel].is_some(), "{layers} layers, pixel {pixel}");
            }
        }
    }

    #[test]
    fn the_receptive_field_grows_window_by_window() {
        let three = stack(3, 3, 1);
        assert_eq!(ReceptiveFieldGrowth::total(&three), 1 + 9 + 25);
        let seen: Vec<usize> =
            [0, 1, 2, 10, 35].map(|visited| ReceptiveFieldGrowth::new(&three, visited).seen()).to_vec();
        // The first of the nine pixels of the second layer adds the five corner pixels of its window that lie outside
        // the field.
        assert_eq!(seen, [1, 9, 9 + 5, 25, 49]);
        let grown = ReceptiveFieldGrowth::new(&three, 2);
        assert_eq!((grown.layer, grown.of, grown.now), (2, (1, 9), Some(([5, 5], [4, 4, 3]))));
        assert_eq!(ReceptiveFieldGrowth::new(&three, 10).layer, 2);
    }
}
