//! Outputs within a concatenation: every kernel must read and write at any position of a buffer.

use engine::gpu::{ConvShape, Gpu, Kernel, ReadbackRequest};
use engine::{ExtentTable, KeptOutputs, OutputSlice};
use net::{
    Activation, AdaptiveAvgPool2d, Add, AvgPool2d, BatchNorm2d, ChannelAffine, Concat, Conv2d, Graph, Linear,
    LocalResponseNorm, MaxPool2d, NodeId, Op, PadShortcut, Pointwise, Rbf, Shape, Softmax, Subsample, Window,
};
use weights::Weights;

use crate::support::{UNDER_TEST, Values, build, declare, gpu, graph_of, named_weights, pass, run_by};
use crate::tolerance::exact;

/// The input of the operations, (channels, height, width). The area is a multiple of four, as `conv2d_pointwise` needs
/// it.
const FROM: (usize, usize, usize) = (66, 6, 8);

/// Returns the input of `op`, (channels, height, width): [`FROM`], or a picture of three channels.
fn input_of(op: &Op) -> (usize, usize, usize) {
    if matches!(op, Op::ChannelAffine(_)) { (3, FROM.1, FROM.2) } else { FROM }
}

/// An operation that copies its input, as a node of its own.
fn copy() -> Op {
    Op::MaxPool2d(MaxPool2d::plain(1, 1))
}

/// An operation that gives other values of the same size.
fn spread() -> Op {
    Op::MaxPool2d(MaxPool2d { window: Window::new(3, 1, 1), ceil: false })
}

fn maps_of((c, h, w): (usize, usize, usize)) -> Shape {
    Shape::maps(c, h, w)
}

/// A graph in which `op` reads the last of three branches. If `op` gives maps, they are the second branch of another
/// concatenation. The branches before have other values.
fn branches(op: &Op) -> (Graph, NodeId) {
    let mut read = NodeId(0);
    let graph = declare(maps_of(input_of(op)), |net| {
        let picture = net.last();
        let before = net.add("before", copy(), &[picture]).unwrap();
        let first = net.add("first", spread(), &[picture]).unwrap();
        read = net.add("second", copy(), &[picture]).unwrap();
        net.add("branches", Op::Concat(Concat), &[before, first, read]).unwrap();
        // An addition reads two branches, each at its own position.
        let adds = matches!(op, Op::Add(_));
        let (one, both) = if adds { (vec![first, first], vec![first, read]) } else { (vec![first], vec![read]) };
        let other = net.add("other", op.clone(), &one).unwrap();
        let written = net.add("op0", op.clone(), &both).unwrap();
        if let Shape::Maps { .. } = net.shape(written) {
            net.add("more", Op::Concat(Concat), &[other, written]).unwrap();
        }
    });
    (graph, read)
}

/// A graph with `op` alone.
fn alone(op: &Op) -> Graph {
    declare(maps_of(input_of(op)), |net| {
        let picture = net.last();
        if matches!(op, Op::Add(_)) {
            let first = net.then("first", spread()).unwrap();
            net.add("op0", op.clone(), &[first, picture]).unwrap();
        } else {
            net.then("op0", op.clone()).unwrap();
        }
    })
}

/// Weights that depend on the size of the tensor only, so that the node under test has the same ones in both graphs.
fn filled(graph: &Graph) -> Weights {
    named_weights(graph, |leaf, n| {
        let values = Values(n as u64).reals(n);
        if leaf == "running_var" { values.iter().map(|v| v.abs() + 0.1).collect() } else { values }
    })
}

fn hold(gpu: &Gpu, op: &Op, kernel: Kernel, input: &[f32]) -> Result<(), String> {
    let (channels, height, width) = input_of(op);
    let input = &input[..channels * height * width];
    let (graph, read) = branches(op);
    let under_test = |graph: &Graph| graph.find("op0").unwrap();
    let written = under_test(&graph);
    let network = build(gpu, &graph, &filled(&graph), KeptOutputs::All, Some(kernel));
    let first = |node| network.output(node).unwrap().1;
    assert_eq!(first(read), 2 * channels * height * width, "it should read a branch");
    let gives_maps = matches!(graph.node(written).shape, Shape::Maps { .. });
    assert!(!gives_maps || first(written) > 0, "it should write a branch");
    let alone = alone(op);
    let want = run_by(gpu, kernel, &alone, &filled(&alone), under_test(&alone), input);
    let got = run_by(gpu, kernel, &graph, &filled(&graph), written, input);
    exact(&got, &want)?;
    // Nothing was written before or after the branch.
    let everything = pass(&network, &graph, &graph.iter().map(|(id, _)| id).collect::<Vec<_>>(), input);
    for (id, node) in graph.iter() {
        if matches!(node.op, Op::Concat(_)) {
            let joined: Vec<f32> = node.inputs.iter().flat_map(|branch| everything[branch.0].clone()).collect();
            exact(&everything[id.0], &joined).map_err(|e| format!("{}: {e}", node.name))?;
        }
    }
    Ok(())
}

#[test]
fn every_kernel_reads_and_writes_branches() {
    let gpu = gpu();
    let input = Values(1).reals(FROM.0 * FROM.1 * FROM.2);
    let relu = Activation::Relu;
    let mut ops = vec![
        (Op::Activation(Pointwise { function: Activation::ScaledTanh }), Kernel::Activation),
        (Op::Add(Add), Kernel::Add),
        (Op::AvgPool2d(AvgPool2d { kernel: 3, stride: 2 }), Kernel::AvgPool2d),
        (Op::AdaptiveAvgPool2d(AdaptiveAvgPool2d { side: 4 }), Kernel::AvgPool2d),
        (Op::BatchNorm2d(BatchNorm2d { epsilon: 1e-5 }), Kernel::BatchNorm),
        (Op::ChannelAffine(ChannelAffine { scale: [0.5, 3.0, -2.0], shift: [1.0, -0.25, 4.0] }), Kernel::ChannelAffine),
        (Op::Linear(Linear { units: 19, activation: relu }), Kernel::Linear),
        (Op::LocalResponseNorm(LocalResponseNorm { size: 5, alpha: 1.0, beta: 0.75, k: 2.0 }), Kernel::Lrn),
        (Op::MaxPool2d(MaxPool2d { window: Window::new(3, 2, 1), ceil: false }), Kernel::MaxPool2d),
        (Op::PadShortcut(PadShortcut { channels: 70, stride: 2 }), Kernel::PadShortcut),
        (Op::Rbf(Rbf { units: 7 }), Kernel::Rbf),
        (Op::Softmax(Softmax { scale: -0.5 }), Kernel::Softmax),
        (Op::Subsample(Subsample { kernel: 2, activation: relu }), Kernel::Subsample),
    ];
    for (kernel, groups) in [(1, 1), (3, 1), (5, 2)] {
        let window = Window::new(kernel, 1, kernel / 2);
        let op = Conv2d { channels: 20, window, groups, connections: None, bias: true, activation: relu };
        let graph = graph_of(Op::Conv2d(op), maps_of(FROM));
        let shape = ConvShape::of(&graph, UNDER_TEST, &op).flattened();
        ops.extend(shape.candidates().into_iter().map(|kernel| (Op::Conv2d(op), kernel)));
    }
    // Kernels that measure have no output, and `scale` has none of its own (`cuts` lets it scale branches).
    let others = [Kernel::ExtentReduce, Kernel::ExtentMaps, Kernel::Scale];
    for kernel in Kernel::ALL.into_iter().filter(|kernel| !others.contains(kernel)) {
        assert!(ops.iter().any(|(_, other)| *other == kernel), "{} has no case", kernel.name());
    }
    let held = |(op, kernel): &(Op, Kernel)| hold(&gpu, op, *kernel, &input).err().map(|e| (kernel.name(), e));
    let failed: Vec<_> = ops.iter().filter_map(held).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn a_branch_of_two_concatenations_and_a_repeated_branch() {
    let gpu = gpu();
    let relu = Op::Activation(Pointwise { function: Activation::Relu });
    let graph = declare(Shape::maps(3, 5, 7), |net| {
        let picture = net.last();
        let a = net.then("a", copy()).unwrap();
        let b = net.add("b", relu.clone(), &[picture]).unwrap();
        let inner = net.add("inner", Op::Concat(Concat), &[a, b]).unwrap();
        // A nested concatenation with a branch that the inner one has too, and one that appears twice.
        let outer = net.add("outer", Op::Concat(Concat), &[b, inner, b, picture]).unwrap();
        // This node reads a branch of the concatenation that it is itself a branch of.
        let reader = net.add("reader", Op::MaxPool2d(MaxPool2d::plain(1, 1)), &[inner]).unwrap();
        net.add("last", Op::Concat(Concat), &[outer, reader, inner]).unwrap();
    });
    let input = Values(2).reals(3 * 5 * 7);
    let weights = filled(&graph);
    let network = build(&gpu, &graph, &weights, KeptOutputs::All, None);
    let slices: Vec<OutputSlice> = graph.iter().map(|(id, _)| OutputSlice::whole(&graph, id)).collect();
    let reading = pollster::block_on(network.pass(&input, &ReadbackRequest { slices, extents: true }, None)).unwrap();
    let rectified: Vec<f32> = input.iter().map(|v| v.max(0.0)).collect();
    let inner = [input.clone(), rectified.clone()].concat();
    let outer = [rectified.clone(), inner.clone(), rectified, input].concat();
    let last = [outer, inner.clone(), inner].concat();
    exact(&reading.slices[graph.logits.0], &last).unwrap();
    let outputs: Vec<&[f32]> = reading.slices.iter().map(Vec::as_slice).collect();
    assert_eq!(reading.extents, ExtentTable::new(&graph).measure(&outputs));
}
