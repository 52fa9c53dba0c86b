//! Compares every kernel of convolution, for all shapes it can serve, with the reference.

use engine::gpu::{ConvShape, Gpu, Kernel, MAX_LOOP_ROUNDS};
use engine::reference;
use net::{Activation, Conv2d, Graph, Op, Shape, Window};
use weights::Weights;

use crate::support::{UNDER_TEST, Values, gpu, graph_of, run, run_by, tensor, weights};
use crate::tolerance::{activated, exact, sum_bound, within};

/// A convolution with its weights and its input.
struct Case {
    graph: Graph,
    shape: ConvShape,
    function: Activation,
    weights: Weights,
    input: Vec<f32>,
}

impl Case {
    fn new(shape: ConvShape, bias: bool, function: Activation, mut fill: impl FnMut(usize) -> Vec<f32>) -> Self {
        let (channels, window, groups) = (shape.output.0, shape.window, shape.groups);
        let op = Conv2d { channels, window, groups, connections: None, bias, activation: function };
        let (c, h, w) = shape.input;
        let graph = graph_of(Op::Conv2d(op), Shape::maps(c, h, w));
        assert_eq!(graph.node(UNDER_TEST).shape.chw(), shape.output);
        let (weights, input) = (weights(&graph, &mut fill), fill(c * h * w));
        Self { graph, shape, function, weights, input }
    }

    /// Returns the output by `kernel`, or by the default kernel if there is none.
    fn run(&self, gpu: &Gpu, kernel: Option<Kernel>) -> Vec<f32> {
        match kernel {
            Some(kernel) => run_by(gpu, kernel, &self.graph, &self.weights, UNDER_TEST, &self.input),
            None => run(gpu, &self.graph, &self.weights, UNDER_TEST, &self.input).0,
        }
    }

    fn reference(&self, function: Activation, of: impl Fn(&[f32]) -> Vec<f32>) -> Vec<f32> {
        let ConvShape { input, output, window, groups } = self.shape;
        let sizes = reference::Conv2dSizes { input, output, window, groups };
        let (weight, bias) = (of(tensor(&self.weights, "weight")), of(tensor(&self.weights, "bias")));
        let affine: Vec<_> = (0..output.0).map(|o| (1.0, bias.get(o).copied().unwrap_or(0.0))).collect();
        let mut want = vec![0.0; output.0 * output.1 * output.2];
        reference::conv2d(sizes, function, &of(&self.input), &weight, &affine, &[], &mut want);
        want
    }

    /// Returns the output of the reference.
    fn want(&self) -> Vec<f32> {
        self.reference(self.function, <[f32]>::to_vec)
    }

    /// Returns the sum of the magnitudes of the products, for each output.
    fn magnitudes(&self) -> Vec<f32> {
        self.reference(Activation::Identity, |values| values.iter().map(|v| v.abs()).collect())
    }
}

/// (channels, height, width); output channels; (kernel, stride, padding); groups; true if there is a bias.
type Convolution = ((usize, usize, usize), usize, (usize, usize, usize), usize, bool);

/// Edge cases and layers of real networks.
///
/// Even and odd sizes, one pixel, one channel, incomplete blocks of four channels, more padding than map, sizes that
/// are no multiple of a workgroup, areas that are multiples of four, more channels than a workgroup has invocations;
/// AlexNet's first layer and its towers, the stem of ResNet, and the last layers of the networks.
const CONVOLUTIONS: &[Convolution] = &[
    ((1, 32, 32), 6, (5, 1, 0), 1, true),
    ((3, 7, 11), 5, (3, 1, 1), 1, true),
    ((4, 9, 6), 8, (3, 2, 1), 2, true),
    ((6, 5, 5), 9, (1, 1, 0), 3, false),
    ((8, 1, 1), 13, (1, 1, 0), 1, true),
    ((2, 3, 3), 3, (5, 1, 4), 1, false),
    ((12, 6, 4), 12, (3, 1, 1), 12, true),
    ((3, 17, 13), 4, (7, 3, 2), 1, true),
    ((16, 5, 5), 120, (5, 1, 0), 1, true),
    ((9, 6, 10), 40, (1, 1, 0), 1, true),
    ((70, 9, 8), 24, (3, 1, 1), 1, true),
    ((140, 8, 9), 36, (3, 2, 1), 2, false),
    ((3, 35, 39), 10, (11, 4, 2), 1, true),
    ((3, 29, 31), 20, (7, 2, 3), 1, false),
    ((96, 8, 9), 40, (5, 1, 2), 2, true),
    ((80, 7, 7), 18, (5, 1, 2), 1, true),
    ((130, 6, 5), 24, (3, 1, 1), 2, true),
    ((256, 3, 3), 48, (3, 1, 1), 1, false),
    ((64, 2, 9), 16, (3, 1, 1), 1, true),
    ((130, 1, 1), 33, (1, 1, 0), 1, true),
    ((5, 1, 15), 7, (3, 1, 1), 1, true),
    ((4, 5, 8), 6, (3, 1, 0), 1, true),
    ((4, 3, 6), 19, (3, 1, 2), 1, false),
    ((65, 6, 6), 17, (1, 1, 0), 1, true),
    ((8, 4, 6), 10, (1, 1, 0), 2, true),
    ((96, 2, 2), 33, (1, 1, 0), 1, false),
    ((16, 9, 9), 20, (1, 2, 0), 1, true),
    ((12, 7, 10), 18, (1, 3, 1), 2, false),
    ((10, 11, 13), 36, (1, 2, 0), 2, true),
    ((7, 5, 9), 18, (1, 1, 0), 1, false),
];

fn shape_of(case: Convolution) -> ConvShape {
    let ((c, h, w), channels, (kernel, stride, padding), groups, _) = case;
    let side = |side: usize| (side + 2 * padding - kernel) / stride + 1;
    let window = Window { kernel, stride, padding };
    ConvShape { input: (c, h, w), output: (channels, side(h), side(w)), window, groups }
}

/// Compares a kernel with the reference for all shapes it can serve.
pub fn conv2d(gpu: &Gpu, kernel: Kernel) {
    let mut served = 0;
    for (i, &case) in CONVOLUTIONS.iter().enumerate() {
        let (shape, bias) = (shape_of(case), case.4);
        if !shape.flattened().candidates().contains(&kernel) {
            continue;
        }
        served += 1;
        for function in [Activation::Identity, Activation::Relu] {
            let mut values = Values(i as u64);
            let case = Case::new(shape, bias, function, |n| values.integers(n));
            exact(&case.run(gpu, Some(kernel)), &case.want()).unwrap_or_else(|e| panic!("case {i}, {function:?}: {e}"));
        }
        for function in [Activation::Identity, Activation::ScaledTanh] {
            let mut values = Values(i as u64);
            let case = Case::new(shape, bias, function, |n| values.reals(n));
            let (terms, magnitudes) = (shape.taps() + 1, case.magnitudes());
            let bound = |i: usize| activated(function, sum_bound(terms, magnitudes[i]));
            within(&case.run(gpu, Some(kernel)), &case.want(), bound)
                .unwrap_or_else(|e| panic!("case {i}, {function:?}: {e}"));
        }
    }
    assert!(served > 2, "{} serves {served} of the cases", kernel.name());
}

/// A connection table like that of LeNet-5's C3, for each kernel that can serve. Weights outside the table must not
/// count, whatever values the checkpoint has there.
#[test]
fn weights_outside_the_connection_table_do_not_count() {
    const TABLE: &[&[usize]] = &[&[0, 1, 2], &[1, 2, 3], &[3, 0], &[], &[0, 1, 2, 3], &[2]];
    let gpu = gpu();
    let (ones, threes) = ([Kernel::Conv2dPointwise, Kernel::Conv2dPoints], [Kernel::Conv2dRows]);
    let fives = [Kernel::Conv2d, Kernel::Conv2dDirect, Kernel::Conv2dGemm];
    let of = |side, kernels: &[Kernel]| kernels.iter().map(move |kernel| (side, *kernel)).collect::<Vec<_>>();
    for (side, kernel) in [of(1, &ones), of(3, &threes), of(5, &fives)].concat() {
        let op = Conv2d { connections: Some(TABLE), ..Conv2d::plain(TABLE.len(), side, Activation::Identity) };
        let graph = graph_of(Op::Conv2d(op), Shape::maps(4, 8, 8));
        let mut values = Values(side as u64);
        let mut full = Vec::new();
        let weights = weights(&graph, |n| {
            full.push(values.integers(n));
            full[full.len() - 1].clone()
        });
        let input = values.integers(4 * 8 * 8);
        let (weight, bias) =
            (full.iter().find(|t| t.len() > TABLE.len()), full.iter().find(|t| t.len() == TABLE.len()));
        let mut weight = weight.unwrap().clone();
        for (at, value) in weight.iter_mut().enumerate() {
            let tap = at / (side * side);
            if !TABLE[tap / 4].contains(&(tap % 4)) {
                *value = 0.0;
            }
        }
        let affine: Vec<_> = bias.unwrap().iter().map(|&term| (1.0, term)).collect();
        let shape = graph.node(UNDER_TEST).shape;
        let sizes = reference::Conv2dSizes { input: (4, 8, 8), output: shape.chw(), window: op.window, groups: 1 };
        let mut want = vec![0.0; shape.elements()];
        reference::conv2d(sizes, Activation::Identity, &input, &weight, &affine, &[], &mut want);
        let got = run_by(&gpu, kernel, &graph, &weights, UNDER_TEST, &input);
        exact(&got, &want).unwrap_or_else(|e| panic!("{side}x{side} by {kernel:?}: {e}"));
    }
}

#[test]
fn one_wrong_weight_is_noticed() {
    let gpu = gpu();
    let graph = graph_of(Op::Conv2d(Conv2d::plain(5, 3, Activation::Identity)), Shape::maps(2, 6, 6));
    let mut values = Values(7);
    let right = weights(&graph, |n| values.reals(n));
    let mut values = Values(7);
    let wrong = weights(&graph, |n| {
        let mut tensor = values.reals(n);
        // The weight has more values than the bias.
        if n > 5 {
            tensor[n - 1] += 1e-4;
        }
        tensor
    });
    let input = vec![1.0; 72];
    let (want, _) = run(&gpu, &graph, &right, UNDER_TEST, &input);
    let (got, _) = run(&gpu, &graph, &wrong, UNDER_TEST, &input);
    assert!(within(&got, &want, |_| sum_bound(19, 19.0)).is_err());
}

/// A convolution with eight output maps of one row, in which every tap falls on the input.
fn long_sum(channels: usize, kernel: usize, width: usize) -> ConvShape {
    let window = Window { kernel, stride: 1, padding: 0 };
    ConvShape { input: (channels, kernel, width + kernel - 1), output: (8, 1, width), window, groups: 1 }
}

/// Some drivers break off long loops (see `MAX_LOOP_ROUNDS`).
#[test]
fn long_sums_are_complete() {
    let gpu = gpu();
    // Sums beyond the limit, as in the last modules of the naive GoogLeNet, by the default kernel.
    let beyond = [(2176, 5, 7), (4900, 3, 7), (14_000, 1, 7), (70_000, 1, 8)].map(|case| (case, None));
    // The longest sums that each kernel may have.
    let windows = [(Kernel::Conv2d, 5, 7), (Kernel::Conv2dDirect, 5, 7), (Kernel::Conv2dGemm, 5, 7)];
    let rest = [(Kernel::Conv2dRows, 3, 7), (Kernel::Conv2dPointwise, 1, 8), (Kernel::Conv2dPoints, 1, 7)];
    let longest = windows.into_iter().chain(rest).map(|(kernel, side, width)| {
        let serves = |channels: &usize| long_sum(*channels, side, width).candidates().contains(&kernel);
        let channels = (1..MAX_LOOP_ROUNDS).rev().find(serves).expect("should serve something");
        ((channels, side, width), Some(kernel))
    });
    for ((channels, side, width), kernel) in beyond.into_iter().chain(longest) {
        let mut values = Values(channels as u64);
        let case = Case::new(long_sum(channels, side, width), true, Activation::Identity, |n| values.integers(n));
        // Sums of whole numbers stay below 2^24 and are exact.
        exact(&case.run(&gpu, kernel), &case.want())
            .unwrap_or_else(|e| panic!("{channels} channels by {side}x{side}, {kernel:?}: {e}"));
    }
}
