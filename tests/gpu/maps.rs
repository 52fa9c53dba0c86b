//! Compares with their references the kernels of batch normalisation, scale and shift, addition, average pooling, local response
//! normalisation and the shortcut without parameters. They map feature maps to feature maps, and only local response
//! normalisation sums over channels.

use engine::gpu::{Gpu, Kernel};
use engine::reference;
use net::{
    Activation, AdaptiveAvgPool2d, Add, AvgPool2d, BatchNorm2d, ChannelAffine, LocalResponseNorm, MaxPool2d, Op,
    PadShortcut, Pointwise, Shape,
};

use crate::support::{UNDER_TEST, Values, declare, graph_of, named_weights, run_by, tensor, weights};
use crate::tolerance::{exact, lrn_bound, quotient_bound, sum_bound, within};

/// One channel, a block of sixteen, one channel more, and incomplete last blocks; odd areas and one pixel.
const MAPS: [(usize, usize, usize); 5] = [(1, 9, 13), (16, 4, 4), (17, 5, 3), (35, 1, 1), (70, 3, 7)];

pub fn batch_norm(gpu: &Gpu, kernel: Kernel) {
    for (c, h, w) in MAPS {
        for (whole_numbers, epsilon) in [(true, 0.0), (false, 1e-5), (false, 1e-3)] {
            let graph = graph_of(Op::BatchNorm2d(BatchNorm2d { epsilon }), Shape::maps(c, h, w));
            let mut values = Values(c as u64);
            let weights = named_weights(&graph, |leaf, n| match (leaf, whole_numbers) {
                // A standard deviation of 2 and even factors give whole numbers again.
                ("running_var", true) => vec![4.0; n],
                ("weight", true) => values.integers(n).iter().map(|v| 2.0 * v).collect(),
                ("running_var", false) => values.reals(n).iter().map(|v| v.abs() + 0.01).collect(),
                (_, true) => values.integers(n),
                (_, false) => values.reals(n),
            });
            let input = if whole_numbers { values.integers(c * h * w) } else { values.reals(c * h * w) };
            let [weight, bias, mean, variance] = ["weight", "bias", "running_mean", "running_var"]
                .map(|leaf| tensor(&weights, leaf).iter().map(|&v| f64::from(v)).collect::<Vec<f64>>());
            let affine: Vec<(f32, f32)> = (0..c)
                .map(|c| {
                    let factor = weight[c] / (variance[c] + epsilon).sqrt();
                    (factor as f32, (bias[c] - mean[c] * factor) as f32)
                })
                .collect();
            let mut want = vec![0.0; input.len()];
            reference::batch_norm(Activation::Identity, &input, &affine, &mut want);
            let got = run_by(gpu, kernel, &graph, &weights, UNDER_TEST, &input);
            let bound = |i: usize| {
                let (factor, term) = affine[i / (h * w)];
                if whole_numbers { 0.0 } else { sum_bound(2, (input[i] * factor).abs() + term.abs()) }
            };
            within(&got, &want, bound).unwrap_or_else(|e| panic!("{c}@{h}x{w}, epsilon {epsilon}: {e}"));
        }
    }
}

pub fn channel_affine(gpu: &Gpu, kernel: Kernel) {
    for (h, w) in [(1, 1), (5, 3), (9, 13), (24, 32)] {
        for whole_numbers in [true, false] {
            let op = if whole_numbers {
                ChannelAffine { scale: [2.0, -3.0, 5.0], shift: [-1.0, 7.0, 4.0] }
            } else {
                ChannelAffine::to_half([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
            };
            let graph = graph_of(Op::ChannelAffine(op), Shape::maps(3, h, w));
            let mut values = Values((h * w) as u64);
            let input = if whole_numbers { values.integers(3 * h * w) } else { values.reals(3 * h * w) };
            let mut want = vec![f32::NAN; input.len()];
            reference::channel_affine(op, &input, &mut want);
            let got = run_by(gpu, kernel, &graph, &weights(&graph, |n| vec![0.0; n]), UNDER_TEST, &input);
            let bound = |i: usize| {
                let (scale, shift) = (op.scale[i / (h * w)], op.shift[i / (h * w)]);
                if whole_numbers { 0.0 } else { sum_bound(2, (input[i] * scale).abs() + shift.abs()) }
            };
            within(&got, &want, bound).unwrap_or_else(|e| panic!("3@{h}x{w}: {e}"));
        }
    }
}

pub fn add(gpu: &Gpu, kernel: Kernel) {
    for (c, h, w) in MAPS {
        for summands in [2, 3, 4] {
            for whole_numbers in [true, false] {
                let graph = declare(Shape::maps(c, h, w), |net| {
                    // The input, its rectified values, their greatest neighbours, and so on: all of them differ.
                    let mut ids = vec![net.last()];
                    ids.push(net.then("relu", Op::Activation(Pointwise { function: Activation::Relu })).unwrap());
                    for i in 2..summands {
                        let window = net::Window::new(3, 1, 1);
                        let op = Op::MaxPool2d(MaxPool2d { window, ceil: false });
                        ids.push(net.then(&format!("max{i}"), op).unwrap());
                    }
                    net.add("sum", Op::Add(Add), &ids).unwrap();
                });
                let mut values = Values(c as u64);
                let input = if whole_numbers { values.integers(c * h * w) } else { values.reals(c * h * w) };
                let window = net::Window::new(3, 1, 1);
                let relu: Vec<f32> = input.iter().map(|v| v.max(0.0)).collect();
                let mut all = vec![input.clone(), relu];
                for i in 2..summands {
                    let mut max = vec![0.0; input.len()];
                    reference::max_pool2d((c, h, w), (c, h, w), window, &all[i - 1], &mut max);
                    all.push(max);
                }
                let mut want = input.clone();
                for summand in &all[1..] {
                    let so_far = want.clone();
                    reference::add(Activation::Identity, [1.0, 1.0], &so_far, summand, &mut want);
                }
                let none = weights(&graph, |n| vec![0.0; n]);
                let got = run_by(gpu, kernel, &graph, &none, graph.logits, &input);
                let magnitude = |i: usize| all.iter().map(|values| values[i].abs()).sum();
                let bound = |i: usize| if whole_numbers { 0.0 } else { sum_bound(summands, magnitude(i)) };
                within(&got, &want, bound).unwrap_or_else(|e| panic!("{summands} of {c}@{h}x{w}: {e}"));
            }
        }
    }
}

pub fn avg_pool2d(gpu: &Gpu, kernel: Kernel) {
    let sliding = |kernel, stride| Op::AvgPool2d(AvgPool2d { kernel, stride });
    let spread = |side| Op::AdaptiveAvgPool2d(AdaptiveAvgPool2d { side });
    let cases = [
        ((6, 28, 28), sliding(2, 2)),
        ((3, 9, 15), sliding(3, 3)),
        ((5, 11, 8), sliding(3, 2)),
        ((2, 14, 14), sliding(5, 3)),
        ((1, 1, 1), sliding(1, 1)),
        ((70, 7, 7), spread(1)),
        ((3, 14, 9), spread(4)),
        ((2, 5, 5), spread(5)),
        ((4, 13, 13), spread(6)),
    ];
    for ((c, h, w), op) in cases {
        for whole_numbers in [true, false] {
            let graph = graph_of(op.clone(), Shape::maps(c, h, w));
            let mut values = Values((c * h * w) as u64);
            let input = if whole_numbers { values.integers(c * h * w) } else { values.reals(c * h * w) };
            let shape = graph.node(UNDER_TEST).shape;
            let reach = |i: usize, n: usize| match &op {
                Op::AdaptiveAvgPool2d(op) => op.reach(i, n),
                Op::AvgPool2d(op) => i * op.stride..i * op.stride + op.kernel,
                _ => unreachable!("a case of another operation"),
            };
            let mut want = vec![0.0; shape.elements()];
            reference::avg_pool2d((c, h, w), shape.chw(), reach, &input, &mut want);
            let absolute: Vec<f32> = input.iter().map(|v| v.abs()).collect();
            let mut magnitudes = want.clone();
            reference::avg_pool2d((c, h, w), shape.chw(), reach, &absolute, &mut magnitudes);
            let got = run_by(gpu, kernel, &graph, &weights(&graph, |n| vec![0.0; n]), UNDER_TEST, &input);
            let terms = (0..shape.chw().1).map(|i| reach(i, h).len()).max().unwrap_or(1)
                * (0..shape.chw().2).map(|i| reach(i, w).len()).max().unwrap_or(1);
            // The sum of whole numbers is exact, so only the division is rounded.
            let sum = |i: usize| if whole_numbers { 0.0 } else { sum_bound(terms, magnitudes[i]) };
            within(&got, &want, |i| sum(i) + quotient_bound(want[i]))
                .unwrap_or_else(|e| panic!("{c}@{h}x{w} by {op:?}: {e}"));
        }
    }
}

pub fn lrn(gpu: &Gpu, kernel: Kernel) {
    // AlexNet's and GoogLeNet's parameters, and some whose exponent goes through pow. An even size covers more channels
    // below than above.
    let norms =
        [(5, 1e-4, 0.75, 2.0), (5, 1e-4 / 5.0, 0.75, 1.0), (3, 0.5, 0.5, 1.0), (4, 2.0, 1.0, 0.5), (1, 1.0, 0.75, 1.0)];
    for (size, alpha, beta, k) in norms {
        for (c, h, w) in MAPS {
            let op = LocalResponseNorm { size, alpha, beta, k };
            let graph = graph_of(Op::LocalResponseNorm(op), Shape::maps(c, h, w));
            // Values as large as activations get, so that the sums matter beside `k`.
            let input: Vec<f32> = Values(c as u64).reals(c * h * w).iter().map(|v| v * 50.0).collect();
            let mut want = vec![0.0; input.len()];
            reference::lrn(op, (c, h, w), &input, &mut want);
            let got = run_by(gpu, kernel, &graph, &weights(&graph, |n| vec![0.0; n]), UNDER_TEST, &input);
            let bound = |i: usize| {
                let squares = op.neighbours(i / (h * w), c).map(|other| input[other * h * w + i % (h * w)].powi(2));
                lrn_bound(op, squares.sum(), want[i])
            };
            within(&got, &want, bound).unwrap_or_else(|e| panic!("{op:?} of {c}@{h}x{w}: {e}"));
        }
    }
}

pub fn pad_shortcut(gpu: &Gpu, kernel: Kernel) {
    let cases = [((16, 8, 8), 32, 2), ((16, 9, 7), 16, 2), ((5, 4, 4), 5, 1), ((3, 7, 11), 70, 3), ((1, 1, 1), 2, 2)];
    for ((c, h, w), channels, stride) in cases {
        let graph = graph_of(Op::PadShortcut(PadShortcut { channels, stride }), Shape::maps(c, h, w));
        let input = Values(c as u64).reals(c * h * w);
        let shape = graph.node(UNDER_TEST).shape;
        let mut want = vec![f32::NAN; shape.elements()];
        reference::pad_shortcut((c, h, w), shape.chw(), stride, &input, &mut want);
        let got = run_by(gpu, kernel, &graph, &weights(&graph, |n| vec![0.0; n]), UNDER_TEST, &input);
        exact(&got, &want).unwrap_or_else(|e| panic!("{c}@{h}x{w} to {channels} by {stride}: {e}"));
    }
}
