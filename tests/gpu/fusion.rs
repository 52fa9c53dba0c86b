//! Compares fused operations (bias, batch normalisation, residual and activation) with single ones, and reads outputs
//! that a pass does not keep.

use engine::gpu::{ConvShape, Gpu, Kernel, ReadbackRequest};
use engine::{KeptOutputs, OutputSlice, reference};
use net::{
    Activation, Add, BatchNorm2d, Concat, Conv2d, Dropout, Graph, Linear, MaxPool2d, NodeId, Op, PadShortcut,
    Pointwise, Shape, Window, network,
};
use weights::Weights;

use crate::support::{UNDER_TEST, Values, build, declare, gpu, named_weights, pass, tensor};
use crate::tolerance::{REORDERED, close, exact, sum_bound, within};

fn relu() -> Op {
    Op::Activation(Pointwise { function: Activation::Relu })
}

fn conv(channels: usize, kernel: usize, stride: usize, bias: bool) -> Conv2d {
    let window = Window::new(kernel, stride, kernel / 2);
    Conv2d { channels, window, groups: 1, connections: None, bias, activation: Activation::Identity }
}

fn norm(epsilon: f64) -> Op {
    Op::BatchNorm2d(BatchNorm2d { epsilon })
}

/// Weights of small whole numbers: a third of them are zero, and a normalisation multiplies by -1, 0 or 1.
fn small_numbers(graph: &Graph, seed: u64) -> Weights {
    let mut values = Values(seed);
    named_weights(graph, |leaf, n| match leaf {
        "running_var" => vec![1.0; n],
        _ => values.integers_to(n, 1),
    })
}

fn every(graph: &Graph) -> Vec<NodeId> {
    graph.iter().map(|(id, _)| id).collect()
}

/// Compares a convolution, with all that can be fused with it, by `kernel`, with the reference given the same operands.
fn fused(
    gpu: &Gpu,
    op: Conv2d,
    from: (usize, usize, usize),
    kernel: Kernel,
    whole_numbers: bool,
) -> Result<(), String> {
    let (c, h, w) = from;
    let epsilon = if whole_numbers { 0.0 } else { 1e-5 };
    let mut ids = (UNDER_TEST, UNDER_TEST);
    let graph = declare(Shape::maps(c, h, w), |net| {
        let picture = net.last();
        net.add("op0", Op::Conv2d(op), &[picture]).unwrap();
        let sums = net.then("norm", norm(epsilon)).unwrap();
        // The shortcut is the second branch of a concatenation, so that its maps begin in the middle of a buffer.
        let spread = MaxPool2d { window: Window::new(3, 1, 1), ceil: false };
        let other = net.add("spread", Op::MaxPool2d(spread), &[picture]).unwrap();
        let short = Op::PadShortcut(PadShortcut { channels: op.channels, stride: op.window.stride });
        let branch = net.add("branch", short.clone(), &[other]).unwrap();
        let shortcut = net.add("short", short, &[picture]).unwrap();
        net.add("branches", Op::Concat(Concat), &[branch, shortcut]).unwrap();
        net.add("add", Op::Add(Add), &[shortcut, sums]).unwrap();
        let last = net.then("relu", relu()).unwrap();
        ids = (shortcut, last);
    });
    let (shortcut, last) = ids;
    let mut values = Values(c as u64);
    let weights = named_weights(&graph, |leaf, n| match (leaf, whole_numbers) {
        ("running_var", true) => vec![4.0; n],
        ("running_var", false) => values.reals(n).iter().map(|v| v.abs() + 0.1).collect(),
        // Even numbers, because the standard deviation is 2.
        ("weight", true) if n == op.channels => values.integers(n).iter().map(|v| 2.0 * v).collect(),
        (_, true) => values.integers(n),
        (_, false) => values.reals(n),
    });
    let input = if whole_numbers { values.integers(c * h * w) } else { values.reals(c * h * w) };
    let branches = graph.find("branches").unwrap();
    let network = build(gpu, &graph, &weights, KeptOutputs::Nodes(vec![last, branches]), Some(kernel));
    let served: Vec<_> = network.kernels().collect();
    assert_eq!(served.iter().filter(|(id, _)| *id == last).collect::<Vec<_>>(), [&(last, kernel)]);
    // Pooling, two shortcuts, and all the rest in one dispatch. The concatenation has nothing to copy.
    assert_eq!(served.len(), 4, "{served:?}");
    assert!(network.output(shortcut).unwrap().1 > 0);
    let got = pass(&network, &graph, &[last, shortcut], &input);

    let of_norm = |leaf: &str| weights.get(&format!("norm.{leaf}")).unwrap().values.clone();
    let [scale, shift, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map(of_norm);
    let bias = tensor(&weights, "bias");
    let affine: Vec<(f32, f32)> = (0..op.channels)
        .map(|o| {
            let factor = f64::from(scale[o]) / (f64::from(variance[o]) + epsilon).sqrt();
            let bias = f64::from(bias.get(o).copied().unwrap_or(0.0));
            (factor as f32, ((bias - f64::from(mean[o])) * factor + f64::from(shift[o])) as f32)
        })
        .collect();
    let output = graph.node(last).shape.chw();
    let sizes = reference::Conv2dSizes { input: from, output, window: op.window, groups: op.groups };
    let mut want = vec![0.0; got[0].len()];
    reference::conv2d(sizes, Activation::Relu, &input, tensor(&weights, "weight"), &affine, &got[1], &mut want);
    if whole_numbers {
        return exact(&got[0], &want);
    }
    let size = |values: &[f32]| values.iter().map(|v| v.abs()).collect::<Vec<f32>>();
    let affine: Vec<_> = affine.iter().map(|(factor, term)| (factor.abs(), term.abs())).collect();
    let mut magnitudes = want.clone();
    let weight = size(tensor(&weights, "weight"));
    reference::conv2d(sizes, Activation::Identity, &size(&input), &weight, &affine, &size(&got[1]), &mut magnitudes);
    // The products, then a factor, a term and a residual.
    let terms = c / op.groups * op.window.kernel * op.window.kernel + 3;
    within(&got[0], &want, |i| sum_bound(terms, magnitudes[i]))
}

#[test]
fn every_kernel_of_convolution_normalises_adds_and_rectifies() {
    let gpu = gpu();
    let mut served = Vec::new();
    let ops = [
        (conv(20, 3, 1, true), (18, 7, 9)),
        (conv(130, 1, 1, false), (66, 4, 6)),
        (conv(70, 3, 1, false), (68, 3, 3)),
        (conv(24, 3, 2, true), (16, 9, 7)),
        (conv(20, 1, 2, false), (10, 9, 11)),
        (Conv2d { groups: 2, ..conv(36, 5, 1, true) }, (12, 6, 8)),
    ];
    for (op, from) in ops {
        let (c, h, w) = from;
        let graph = crate::support::graph_of(Op::Conv2d(op), Shape::maps(c, h, w));
        for kernel in ConvShape::of(&graph, UNDER_TEST, &op).flattened().candidates() {
            for whole_numbers in [true, false] {
                fused(&gpu, op, from, kernel, whole_numbers)
                    .unwrap_or_else(|e| panic!("{op:?} by {}: {e}", kernel.name()));
            }
            served.push(kernel);
        }
    }
    for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.name().starts_with("conv2d")) {
        assert!(served.contains(&kernel), "{} was not fused", kernel.name());
    }
}

/// A network with all that can be fused and all that must not be: a sum read twice, a sum of a value with itself, a sum
/// of three, a concatenation, activations within operations, nodes that pass their input on.
fn blocks() -> Graph {
    declare(Shape::maps(4, 8, 8), |net| {
        let picture = net.last();
        let inside = Conv2d { activation: Activation::Relu, ..conv(8, 3, 1, true) };
        net.add("inside", Op::Conv2d(inside), &[picture]).unwrap();
        let stem = net.then("inside.norm", norm(0.0)).unwrap();
        net.then("a.conv", Op::Conv2d(conv(8, 3, 1, false))).unwrap();
        net.then("a.norm", norm(0.0)).unwrap();
        net.then("a.relu", relu()).unwrap();
        net.then("b.conv", Op::Conv2d(conv(8, 1, 1, true))).unwrap();
        let b = net.then("b.norm", norm(0.0)).unwrap();
        net.add("sum", Op::Add(Add), &[stem, b]).unwrap();
        let sum = net.then("sum.relu", relu()).unwrap();
        // Two convolutions meet: the addition is fused with one of them.
        net.add("left", Op::Conv2d(conv(10, 3, 2, false)), &[sum]).unwrap();
        let left = net.then("left.norm", norm(0.0)).unwrap();
        net.add("right", Op::Conv2d(conv(10, 1, 2, false)), &[sum]).unwrap();
        let right = net.then("right.norm", norm(0.0)).unwrap();
        let met = net.add("met", Op::Add(Add), &[left, right]).unwrap();
        let pooled = net.add("pool", Op::MaxPool2d(MaxPool2d::plain(2, 2)), &[sum]).unwrap();
        let wide = net.add("pool.wide", Op::PadShortcut(PadShortcut { channels: 10, stride: 1 }), &[pooled]).unwrap();
        let twice = net.add("twice", Op::Conv2d(conv(10, 1, 1, true)), &[met]).unwrap();
        let double = net.add("double", Op::Add(Add), &[twice, twice]).unwrap();
        net.add("three", Op::Add(Add), &[met, wide, double]).unwrap();
        let three = net.then("three.relu", relu()).unwrap();
        net.add("branch", Op::Conv2d(conv(3, 1, 1, true)), &[three]).unwrap();
        let branch = net.then("branch.relu", relu()).unwrap();
        net.add("branches", Op::Concat(Concat), &[three, branch, wide]).unwrap();
        net.then("branches.norm", norm(0.0)).unwrap();
        net.then("branches.relu", relu()).unwrap();
        net.then("dropout", Op::Dropout(Dropout { rate: 0.5 })).unwrap();
        let plain = Activation::Identity;
        net.then("fc1", Op::Linear(Linear { units: 9, activation: plain })).unwrap();
        net.then("fc1.relu", relu()).unwrap();
        net.then("fc2", Op::Linear(Linear { units: 5, activation: plain })).unwrap();
    })
}

#[test]
fn every_output_can_be_read_whatever_is_kept() {
    let gpu = gpu();
    let graph = blocks();
    let weights = small_numbers(&graph, 3);
    let (first, second) = (Values(1).integers_to(256, 2), Values(2).integers_to(256, 2));
    let nodes = every(&graph);
    let all = build(&gpu, &graph, &weights, KeptOutputs::All, None);
    let (before, want) = (pass(&all, &graph, &nodes, &first), pass(&all, &graph, &nodes, &second));
    // Sums of whole numbers are exact up to this magnitude, whatever is fused. The probabilities are not whole.
    let numbers = &want[..graph.probabilities.0];
    assert!(numbers.iter().flatten().all(|v| v.fract() == 0.0 && v.abs() < 1_048_576.0));
    assert!(numbers.iter().all(|output| output.iter().any(|v| *v != 0.0)), "nothing should have died out");

    let one_by_one = nodes.iter().map(|&node| vec![node]);
    let several =
        [vec![graph.logits, graph.find("a.conv").unwrap()], vec![graph.find("left.norm").unwrap(), UNDER_TEST]];
    for kept in one_by_one.chain(several) {
        let names: Vec<&str> = kept.iter().map(|node| graph.node(*node).name.as_str()).collect();
        let network = build(&gpu, &graph, &weights, KeptOutputs::Nodes(kept.clone()), None);
        assert!(kept.iter().all(|node| network.output(*node).is_some()), "{names:?}");
        let same = |node: NodeId, got: &[f32], want: &[Vec<f32>]| {
            let part = if node == graph.probabilities { REORDERED } else { 0.0 };
            close(got, &want[node.0], part)
                .unwrap_or_else(|e| panic!("{names:?} kept, {}: {e}", graph.node(node).name));
        };
        // Read outputs with a pass, after a pass, and one by one. They must be of the last pass, not of the one before.
        pass(&network, &graph, &nodes, &first).iter().zip(&nodes).for_each(|(got, &node)| same(node, got, &before));
        let silent = pass(&network, &graph, &[], &second);
        assert!(silent.is_empty());
        for &node in nodes.iter().rev() {
            let read = ReadbackRequest { slices: vec![OutputSlice::whole(&graph, node)], extents: false };
            let got = pollster::block_on(network.read(&read).unwrap().finish()).unwrap();
            same(node, &got.slices[0], &want);
        }
    }
    // The two inputs differ, so outputs kept from the first would be noticed.
    assert!(exact(&before[graph.logits.0], &want[graph.logits.0]).is_err());
}

#[test]
fn a_fused_residual_network_gives_the_same_outputs() {
    let gpu = gpu();
    let graph = network("resnet20-cifar").unwrap();
    let weights = Weights::seeded(&graph, 1);
    let input = Values(4).reals(graph.input.shape.elements());
    let nodes = every(&graph);
    let all = build(&gpu, &graph, &weights, KeptOutputs::All, None);
    let want = pass(&all, &graph, &nodes, &input);
    let few = build(&gpu, &graph, &weights, KeptOutputs::Nodes(vec![graph.logits]), None);
    // 19 convolutions with all that follows them, two shortcuts, average pooling and the fully connected layer.
    assert_eq!(few.kernels().count(), 23);
    assert!(few.kernels().count() * 2 < all.kernels().count() && few.bytes() < all.bytes());
    let got = pass(&few, &graph, &[graph.logits], &input);
    close(&got[0], &want[graph.logits.0], REORDERED).unwrap();
    let read =
        ReadbackRequest { slices: nodes.iter().map(|&node| OutputSlice::whole(&graph, node)).collect(), extents: true };
    let reading = pollster::block_on(few.read(&read).unwrap().finish()).unwrap();
    for ((&node, got), want) in nodes.iter().zip(&reading.slices).zip(&want) {
        close(got, want, REORDERED).unwrap_or_else(|e| panic!("{}: {e}", graph.node(node).name));
        // A pass measures kept outputs only.
        let measured = !reading.extents[few.maps().layer(node)].is_empty();
        assert_eq!(measured, few.output(node).is_some(), "{}", graph.node(node).name);
    }
    let other = build(&gpu, &graph, &Weights::seeded(&graph, 2), KeptOutputs::Nodes(vec![graph.logits]), None);
    let other = pass(&other, &graph, &[graph.logits], &input);
    assert!(close(&other[0], &got[0], REORDERED).is_err(), "other weights should not agree");
}
