//! Small kernels on top of one another (Simonyan and Zisserman 2014, section 2.3): what they see, and what they cost.

use super::piece::Piece;
use net::{Activation, Conv2d, Graph, NetError, Op, Pointwise, Shape, Window};

/// The side of the maps that a stack is drawn over: the field of five 3x3 layers with a pixel around it.
pub const SIDE: usize = 13;

/// Convolutions of one kernel, each with ReLU, all from so many channels to as many, without biases: the paper counts
/// weights alone.
#[derive(Debug, Clone)]
pub struct Stack {
    graph: Graph,
}

impl Stack {
    /// `layers` convolutions of `kernel` x `kernel`, stride 1 and padded, over `channels` maps.
    ///
    /// # Errors
    /// [`NetError::Shape`] where the kernel does not fit.
    pub fn new(kernel: usize, layers: usize, channels: usize) -> Result<Self, NetError> {
        let graph = Piece::graph(Shape::maps(channels, SIDE, SIDE), |builder| {
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

    /// Its graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The side of what a pixel sees of the input, after no layer, after one, and so on.
    pub fn fields(&self) -> Vec<usize> {
        let seen = self.graph.nodes.iter().filter(|node| !matches!(node.op, Op::Activation(_)));
        seen.map(|node| node.receptive.size).collect()
    }

    /// The side of what a pixel of the last layer sees of the input.
    pub fn field(&self) -> usize {
        self.graph.node(self.graph.probabilities).receptive.size
    }

    /// Weights.
    pub fn weights(&self) -> u64 {
        self.graph.total_parameters()
    }

    /// How many ReLUs a value passes.
    pub fn relus(&self) -> usize {
        self.graph.nodes.iter().filter(|node| matches!(node.op, Op::Activation(_))).count()
    }
}

/// How the field of the middle pixel of the last layer grows: the pixels that are seen after one layer are followed one
/// by one to what the layer below reads for each, and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// For every pixel of the input, row by row, the layer (from 1, the last first) that first reaches it; 0 for the
    /// middle pixel itself, `None` where it is not seen.
    pub reached: Vec<Option<usize>>,
    /// The row and column followed last, and the window that it reads (rows and columns from, side).
    pub now: Option<([usize; 2], [usize; 3])>,
    /// The layer, from 1, whose windows are followed.
    pub layer: usize,
    /// How many pixels of that layer have been followed, and of how many.
    pub of: (usize, usize),
}

impl Growth {
    /// How many pixels there are to follow for a stack of 3x3 layers.
    pub fn total(stack: &Stack) -> usize {
        let fields = stack.fields();
        fields[..fields.len() - 1].iter().map(|side| side * side).sum()
    }

    /// After `followed` pixels.
    pub fn new(stack: &Stack, followed: usize) -> Self {
        let fields = stack.fields();
        let middle = SIDE / 2;
        let mut grown = Self { reached: vec![None; SIDE * SIDE], now: None, layer: 1, of: (0, 1) };
        grown.reached[middle * SIDE + middle] = Some(0);
        let mut left = followed;
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

    /// How many pixels of the input are seen.
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
    fn the_papers_arithmetic_for_any_number_of_channels() {
        for c in [1, 3, 64, 512] {
            let square = (c * c) as u64;
            assert_eq!((stack(3, 3, c).weights(), stack(7, 1, c).weights()), (27 * square, 49 * square));
            assert_eq!((stack(3, 2, c).weights(), stack(5, 1, c).weights()), (18 * square, 25 * square));
        }
        assert_eq!((stack(3, 3, 8).relus(), stack(7, 1, 8).relus()), (3, 1));
    }

    #[test]
    fn they_see_alike() {
        assert_eq!(stack(3, 5, 1).fields(), [1, 3, 5, 7, 9, 11]);
        for (layers, kernel) in [(2, 5), (3, 7), (4, 9), (5, 11)] {
            assert_eq!(stack(3, layers, 1).field(), stack(kernel, 1, 1).field());
        }
    }

    #[test]
    fn the_engine_sees_just_those_pixels() {
        for layers in 1..=5 {
            let stack = stack(3, layers, 1);
            let ones = |layer| (format!("conv{layer}.weight"), Array { dims: vec![1, 1, 3, 3], values: vec![1.0; 9] });
            let tensors: BTreeMap<String, Array> = (1..=layers).map(ones).collect();
            let piece = Piece::new(stack.graph(), tensors).expect("should be built");
            let grown = Growth::new(&stack, Growth::total(&stack));
            for pixel in 0..SIDE * SIDE {
                let mut input = vec![0.0; SIDE * SIDE];
                input[pixel] = 1.0;
                let middle = piece.last(&input).expect("should run")[SIDE * SIDE / 2];
                assert_eq!(middle > 0.0, grown.reached[pixel].is_some(), "{layers} layers, pixel {pixel}");
            }
        }
    }

    #[test]
    fn it_grows_window_by_window() {
        let three = stack(3, 3, 1);
        assert_eq!(Growth::total(&three), 1 + 9 + 25);
        let seen: Vec<usize> = [0, 1, 2, 10, 35].map(|followed| Growth::new(&three, followed).seen()).to_vec();
        // The first pixel of the second layer's nine adds the five corner pixels that its window has outside.
        assert_eq!(seen, [1, 9, 9 + 5, 25, 49]);
        let grown = Growth::new(&three, 2);
        assert_eq!((grown.layer, grown.of, grown.now), (2, (1, 9), Some(([5, 5], [4, 4, 3]))));
        assert_eq!(Growth::new(&three, 10).layer, 2);
    }
}
