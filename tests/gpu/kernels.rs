//! Compares LeNet-5's kernels, except convolution, with their references: whole numbers bit for bit, others within a
//! bound that grows with the sum.

use engine::gpu::{Gpu, Kernel};
use engine::reference;
use net::{Activation, Concat, Linear, MaxPool2d, Op, Pointwise, Rbf, Shape, Softmax, Subsample, Window};

use crate::support::{UNDER_TEST, Values, declare, graph_of, run_by, tensor, weights};
use crate::tolerance::{activated, exact, exp_ulps, sum_bound, within};

pub fn subsample(gpu: &Gpu, kernel: Kernel) {
    for ((c, h, w), side) in [((6, 28, 28), 2), ((1, 2, 2), 2), ((3, 9, 15), 3), ((5, 4, 6), 1)] {
        for function in [Activation::Identity, Activation::Relu, Activation::ScaledTanh, Activation::Sigmoid] {
            let graph = graph_of(Op::Subsample(Subsample { kernel: side, activation: function }), Shape::maps(c, h, w));
            let bounded = matches!(function, Activation::ScaledTanh | Activation::Sigmoid);
            let mut values = Values((c * h * w) as u64);
            let mut fill = |n| if bounded { values.reals(n) } else { values.integers(n) };
            let weights = weights(&graph, &mut fill);
            let input = fill(c * h * w);
            let shape = graph.node(UNDER_TEST).shape;
            let mut want = vec![0.0; shape.elements()];
            let (weight, bias) = (tensor(&weights, "weight"), tensor(&weights, "bias"));
            reference::subsample(shape.chw(), side, function, &input, weight, bias, &mut want);
            let got = run_by(gpu, kernel, &graph, &weights, UNDER_TEST, &input);
            let terms = side * side + 2;
            let bound = if bounded { activated(function, sum_bound(terms, terms as f32)) } else { 0.0 };
            within(&got, &want, |_| bound).unwrap_or_else(|e| panic!("{c}@{h}x{w} by {side}, {function:?}: {e}"));
        }
    }
}

pub fn max_pool2d(gpu: &Gpu, kernel: Kernel) {
    // The last two have windows that reach beyond the map, as in GoogLeNet.
    for ((c, h, w), (side, stride, padding), ceil) in [
        ((6, 28, 28), (2, 2, 0), false),
        ((3, 11, 7), (3, 2, 1), false),
        ((2, 5, 5), (3, 1, 1), false),
        ((1, 1, 1), (1, 1, 0), false),
        ((5, 8, 14), (3, 2, 0), true),
        ((2, 6, 4), (3, 2, 1), true),
    ] {
        let window = Window::new(side, stride, padding);
        let graph = graph_of(Op::MaxPool2d(MaxPool2d { window, ceil }), Shape::maps(c, h, w));
        // All values are below zero: padding that counted as zero would win.
        let input: Vec<f32> = Values(3).reals(c * h * w).iter().map(|v| v - 2.0).collect();
        let shape = graph.node(UNDER_TEST).shape;
        let mut want = vec![0.0; shape.elements()];
        reference::max_pool2d((c, h, w), shape.chw(), window, &input, &mut want);
        let got = run_by(gpu, kernel, &graph, &weights(&graph, |n| vec![0.0; n]), UNDER_TEST, &input);
        exact(&got, &want).unwrap_or_else(|e| panic!("{c}@{h}x{w} by {window:?}: {e}"));
    }
}

pub fn linear(gpu: &Gpu, kernel: Kernel) {
    for (inputs, units) in [(120, 84), (1, 1), (7, 3), (400, 120), (33, 258)] {
        for function in [Activation::Identity, Activation::Relu, Activation::ScaledTanh, Activation::Sigmoid] {
            let bounded = matches!(function, Activation::ScaledTanh | Activation::Sigmoid);
            let graph = graph_of(Op::Linear(Linear { units, activation: function }), Shape::Vector(inputs));
            let mut values = Values(units as u64);
            let mut fill = |n| if bounded { values.reals(n) } else { values.integers(n) };
            let weights = weights(&graph, &mut fill);
            let input = fill(inputs);
            let mut want = vec![0.0; units];
            reference::linear(function, &input, tensor(&weights, "weight"), tensor(&weights, "bias"), &mut want);
            let got = run_by(gpu, kernel, &graph, &weights, UNDER_TEST, &input);
            let terms = inputs + 1;
            let bound = if bounded { activated(function, sum_bound(terms, terms as f32)) } else { 0.0 };
            within(&got, &want, |_| bound).unwrap_or_else(|e| panic!("{inputs} to {units}, {function:?}: {e}"));
        }
    }
}

pub fn rbf(gpu: &Gpu, kernel: Kernel) {
    for (inputs, units) in [(84, 10), (1, 1), (130, 65)] {
        for whole_numbers in [true, false] {
            let graph = graph_of(Op::Rbf(Rbf { units }), Shape::Vector(inputs));
            let mut values = Values(inputs as u64);
            let mut fill = |n| if whole_numbers { values.integers(n) } else { values.reals(n) };
            let weights = weights(&graph, &mut fill);
            let input = fill(inputs);
            let mut want = vec![0.0; units];
            reference::rbf(&input, tensor(&weights, "weight"), &mut want);
            let got = run_by(gpu, kernel, &graph, &weights, UNDER_TEST, &input);
            // The difference in each square is rounded too, so count two more terms.
            let bound = |i: usize| if whole_numbers { 0.0 } else { sum_bound(inputs + 2, want[i]) };
            within(&got, &want, bound).unwrap_or_else(|e| panic!("{inputs} to {units}: {e}"));
        }
    }
}

pub fn activation(gpu: &Gpu, kernel: Kernel) {
    let mut input = Values(5).reals(1001);
    // Values far beyond the overflow of exp.
    input.extend([0.0, -0.0, 20.0, -20.0, 100.0, -100.0, 1e6, -1e6, 1e30, -1e30]);
    for function in [Activation::Relu, Activation::ScaledTanh, Activation::Sigmoid] {
        let graph = graph_of(Op::Activation(Pointwise { function }), Shape::Vector(input.len()));
        let mut want = vec![0.0; input.len()];
        reference::activation(function, &input, &mut want);
        let got = run_by(gpu, kernel, &graph, &weights(&graph, |n| vec![0.0; n]), UNDER_TEST, &input);
        let bound = activated(function, 0.0);
        within(&got, &want, |_| bound).unwrap_or_else(|e| panic!("{function:?}: {e}"));
    }
    // A node with the identity passes its input on and runs nothing. The kernel also copies branches into a
    // concatenation.
    let input = Values(6).reals(3 * 5 * 7);
    let graph = declare(Shape::maps(3, 5, 7), |net| {
        let picture = net.last();
        net.add("both", Op::Concat(Concat), &[picture, picture]).unwrap();
    });
    let got = run_by(gpu, kernel, &graph, &weights(&graph, |n| vec![0.0; n]), graph.logits, &input);
    exact(&got, &[input.clone(), input].concat()).unwrap_or_else(|e| panic!("copied: {e}"));
}

pub fn softmax(gpu: &Gpu, kernel: Kernel) {
    for (count, scale, spread) in [(10, -0.1, 100.0), (10, 1.0, 1000.0), (1000, 1.0, 5.0), (1, 1.0, 1.0)] {
        let graph = graph_of(Op::Softmax(Softmax { scale }), Shape::Vector(count));
        let input: Vec<f32> = Values(9).reals(count).iter().map(|v| v * spread).collect();
        let mut want = vec![0.0; count];
        reference::softmax(scale, &input, &mut want);
        let got = run_by(gpu, kernel, &graph, &weights(&graph, |n| vec![0.0; n]), UNDER_TEST, &input);
        // exp occurs in numerator and denominator, its argument is rounded at the size of the scores, and the sum is
        // rounded.
        let reach = 2.0 * spread * scale.abs();
        let relative = f32::EPSILON * (2.0 * exp_ulps(reach) + count as f32);
        let least = f32::MIN_POSITIVE; // below which a GPU may flush to zero
        within(&got, &want, |i| relative * want[i] + least).unwrap_or_else(|e| panic!("{count} of {spread}: {e}"));
        let sum: f32 = got.iter().sum();
        assert!((sum - 1.0).abs() <= relative, "{count} of {spread}: the sum is {sum}");
    }
}
