//! Compares every operation, on odd sizes, with plain loops in f64, and compares fused nodes with single nodes.

use std::collections::BTreeMap;

use super::{CpuNetwork, PassOutputs};
use crate::KeptOutputs;
use net::{
    About, Activation, AdaptiveAvgPool2d, Add, AvgPool2d, BatchNorm2d, Builder, ChannelAffine, Classes, Concat, Conv2d,
    Dropout, Family, Graph, Input, InputKind, Linear, LocalResponseNorm, MaxPool2d, NodeId, Op, PadShortcut, Pointwise,
    Rbf, Shape, Softmax, Subsample, Window, network,
};
use weights::Weights;

/// A network with every operation: groups, strides, padding, ceil mode, branches and two softmaxes.
fn graph() -> Graph {
    let kind = InputKind::Digit { scale: 1.0, offset: 0.0 };
    let mut net = Builder::new(Input { shape: Shape::maps(4, 19, 17), kind });
    let mut add = |name: &str, op: Op, inputs: &[usize]| {
        let inputs: Vec<NodeId> = inputs.iter().map(|&i| NodeId(i)).collect();
        net.add(name, op, &inputs).expect("should fit").0
    };
    let conv = |channels, window, groups, activation| {
        Op::Conv2d(Conv2d { window, groups, bias: groups == 1, ..Conv2d::plain(channels, 1, activation) })
    };
    let relu = || Op::Activation(Pointwise { function: Activation::Relu });
    let norm = || Op::BatchNorm2d(BatchNorm2d { epsilon: 1e-5 });
    let pool =
        |kernel, stride, padding, ceil| Op::MaxPool2d(MaxPool2d { window: Window::new(kernel, stride, padding), ceil });
    let grouped = add("grouped", conv(6, Window::new(3, 1, 1), 2, Activation::Identity), &[0]);
    let bn = add("bn", norm(), &[grouped]);
    let first = add("relu", relu(), &[bn]);
    let plain = add("plain", conv(6, Window::new(5, 1, 2), 1, Activation::Identity), &[first]);
    let plain = add("plain.bn", norm(), &[plain]);
    let pixel = add("pixel", conv(6, Window::PIXEL, 1, Activation::Identity), &[first]);
    let pixel = add("pixel.bn", norm(), &[pixel]);
    let sum = add("add", Op::Add(Add), &[plain, pixel]);
    let sum = add("add.relu", relu(), &[sum]);
    let three = add("three", Op::Add(Add), &[sum, first, plain]);
    let lrn = |beta| Op::LocalResponseNorm(LocalResponseNorm { size: 5, alpha: 0.3, beta, k: 2.0 });
    let a = add("lrn", lrn(0.75), &[three]);
    let b = add("lrn.other", lrn(0.5), &[three]);
    let c = add("same", pool(3, 1, 1, true), &[three]);
    let d = add("strided", conv(3, Window::new(1, 1, 0), 1, Activation::Sigmoid), &[a]);
    let cat = add("concat", Op::Concat(Concat), &[a, b, c, d]);
    add("affine", Op::ChannelAffine(ChannelAffine { scale: [0.5, -2.0, 3.0], shift: [0.25, 1.0, -0.75] }), &[d]);
    let ceil = add("ceil", pool(3, 2, 0, true), &[cat]);
    let padded = add("padded", pool(3, 2, 1, false), &[ceil]);
    let other = add("other", pool(4, 3, 1, true), &[cat]);
    let two = add("two", pool(2, 2, 0, true), &[cat]);
    let seven = add("seven", conv(5, Window::new(7, 3, 3), 1, Activation::Relu), &[two]);
    add("adaptive", Op::AdaptiveAvgPool2d(AdaptiveAvgPool2d { side: 3 }), &[other]);
    let average = add("average", Op::AvgPool2d(AvgPool2d { kernel: 3, stride: 2 }), &[padded]);
    let shortcut = add("shortcut", Op::PadShortcut(PadShortcut { channels: 9, stride: 2 }), &[seven]);
    let halves = add("halves", conv(4, Window::new(2, 1, 0), 1, Activation::ScaledTanh), &[shortcut]);
    add("subsample", Op::Subsample(Subsample { kernel: 1, activation: Activation::ScaledTanh }), &[halves]);
    let aux = add("aux", Op::Linear(Linear { units: 7, activation: Activation::Identity }), &[average]);
    let aux = add("aux.relu", relu(), &[aux]);
    add("aux.softmax", Op::Softmax(Softmax { scale: 1.0 }), &[aux]);
    let fc = add("fc", Op::Linear(Linear { units: 11, activation: Activation::ScaledTanh }), &[padded]);
    let drop = add("dropout", Op::Dropout(Dropout { rate: 0.5 }), &[fc]);
    let rbf = add("rbf", Op::Rbf(Rbf { units: 5 }), &[drop]);
    add("softmax", Op::Softmax(Softmax { scale: -0.5 }), &[rbf]);
    let (name, family, classes) = ("test", Family::LeNet, Classes::Digits);
    net.finish(About { name, title: name, family, year: 2000, source: name, classes }).expect("should be whole")
}

/// Values from -0.8 to 0.2, most of them negative: if pooling counted padding as zero, the zero would win.
fn picture(count: usize) -> Vec<f32> {
    (0..count).map(|i| 0.2 - (i * 29 % 83) as f32 / 83.0).collect()
}

/// Computes the output of a node from the outputs of its inputs, by the definition of its operation.
fn wanted(graph: &Graph, weights: &Weights, id: NodeId, outputs: &[Vec<f32>]) -> Vec<f64> {
    let node = graph.node(id);
    let inputs: Vec<&Vec<f32>> = node.inputs.iter().map(|input| &outputs[input.0]).collect();
    let ((channels, height, width), (c_out, rows, columns)) = (graph.input_shape(id).chw(), node.shape.chw());
    let tensor = |leaf: &str, i: usize| {
        let array = weights.get(&format!("{}.{leaf}", node.name));
        array.map_or(0.0, |array| f64::from(array.values[i]))
    };
    let value = |i: usize| f64::from(inputs[0][i]);
    let activate = |activation: Activation, a: f64| match activation {
        Activation::Identity => a,
        Activation::Relu => a.max(0.0),
        Activation::Sigmoid => 1.0 / (1.0 + (-a).exp()),
        Activation::ScaledTanh => 1.7159 * (2.0 / 3.0 * a).tanh(),
    };
    // Returns the pixels of the window at (y, x) on map c, each with the index of its tap.
    let taps = |window: Window, [c, y, x]: [usize; 3]| {
        (0..window.kernel * window.kernel).filter_map(move |tap| {
            let inside = |at: usize, tap: usize, side: usize| {
                (at * window.stride + tap).checked_sub(window.padding).filter(|&at| at < side)
            };
            let row = inside(y, tap / window.kernel, height)?;
            let column = inside(x, tap % window.kernel, width)?;
            Some((tap, value((c * height + row) * width + column)))
        })
    };
    let each = |f: &dyn Fn([usize; 3]) -> f64| -> Vec<f64> {
        (0..c_out * rows * columns).map(|i| f([i / (rows * columns), i / columns % rows, i % columns])).collect()
    };
    let map = |window: Window, [c, y, x]: [usize; 3]| taps(window, [c, y, x]).map(|(_, value)| value);
    match &node.op {
        Op::Input => inputs.iter().flat_map(|x| x.iter()).map(|&x| f64::from(x)).collect(),
        Op::Conv2d(conv) => each(&|[o, y, x]| {
            let (inner, area) = (channels / conv.groups, conv.window.kernel * conv.window.kernel);
            let first = o / (conv.channels / conv.groups) * inner;
            let sum: f64 = (0..inner)
                .flat_map(|i| taps(conv.window, [first + i, y, x]).map(move |(tap, v)| (i, tap, v)))
                .map(|(i, tap, v)| v * tensor("weight", (o * inner + i) * area + tap))
                .sum();
            activate(conv.activation, sum + if conv.bias { tensor("bias", o) } else { 0.0 })
        }),
        Op::Subsample(pool) => each(&|[c, y, x]| {
            let sum: f64 = map(Window::new(pool.kernel, pool.kernel, 0), [c, y, x]).sum();
            activate(pool.activation, sum * tensor("weight", c) + tensor("bias", c))
        }),
        Op::BatchNorm2d(norm) => each(&|[c, y, x]| {
            let deviation = (tensor("running_var", c) + norm.epsilon).sqrt();
            let v = value((c * rows + y) * columns + x);
            (v - tensor("running_mean", c)) / deviation * tensor("weight", c) + tensor("bias", c)
        }),
        Op::ChannelAffine(affine) => each(&|[c, y, x]| {
            value((c * rows + y) * columns + x) * f64::from(affine.scale[c]) + f64::from(affine.shift[c])
        }),
        Op::LocalResponseNorm(norm) => each(&|[c, y, x]| {
            let at = |c: usize| value((c * rows + y) * columns + x);
            let squares: f64 = norm.neighbours(c, channels).map(|c| at(c) * at(c)).sum();
            at(c) / (norm.k + norm.alpha * squares).powf(norm.beta)
        }),
        Op::MaxPool2d(pool) => each(&|at| map(pool.window, at).fold(f64::NEG_INFINITY, f64::max)),
        Op::AvgPool2d(pool) => each(&|at| {
            map(Window::new(pool.kernel, pool.stride, 0), at).sum::<f64>() / (pool.kernel * pool.kernel) as f64
        }),
        Op::AdaptiveAvgPool2d(pool) => each(&|[c, y, x]| {
            let (down, across) = (pool.reach(y, height), pool.reach(x, width));
            let count = (down.len() * across.len()) as f64;
            let pixels = down.flat_map(|y| across.clone().map(move |x| (c * height + y) * width + x));
            pixels.map(value).sum::<f64>() / count
        }),
        Op::Concat(_) => inputs.iter().flat_map(|x| x.iter()).map(|&x| f64::from(x)).collect(),
        Op::Add(_) => (0..inputs[0].len()).map(|i| inputs.iter().map(|x| f64::from(x[i])).sum()).collect(),
        Op::PadShortcut(pad) => each(&|[c, y, x]| {
            if c < channels { value((c * height + y * pad.stride) * width + x * pad.stride) } else { 0.0 }
        }),
        Op::Dropout(_) => (0..inputs[0].len()).map(value).collect(),
        Op::Linear(linear) => each(&|[o, _, _]| {
            let count = inputs[0].len();
            let sum: f64 = (0..count).map(|i| value(i) * tensor("weight", o * count + i)).sum();
            activate(linear.activation, sum + tensor("bias", o))
        }),
        Op::Rbf(_) => each(&|[o, _, _]| {
            let count = inputs[0].len();
            (0..count).map(|i| (value(i) - tensor("weight", o * count + i)).powi(2)).sum()
        }),
        Op::Activation(pointwise) => (0..inputs[0].len()).map(|i| activate(pointwise.function, value(i))).collect(),
        Op::Softmax(softmax) => {
            let exps: Vec<f64> = (0..inputs[0].len()).map(|i| (f64::from(softmax.scale) * value(i)).exp()).collect();
            let total: f64 = exps.iter().sum();
            exps.iter().map(|e| e / total).collect()
        }
    }
}

fn close(got: &[f32], wanted: &[f64], name: &str) {
    assert_eq!(got.len(), wanted.len(), "{name}");
    for (i, (got, wanted)) in got.iter().zip(wanted).enumerate() {
        let error = (f64::from(*got) - wanted).abs();
        assert!(error <= 1e-5 * wanted.abs().max(1.0), "{name}: value {i}, {got}, is not {wanted}");
    }
}

#[test]
fn every_operation_gives_what_its_definition_says() {
    let graph = graph();
    let weights = Weights::seeded(&graph, 3);
    let input = picture(graph.input.shape.elements());
    let outputs = CpuNetwork::new(&graph, &weights).and_then(|net| net.pass(&input)).expect("should run");
    assert_eq!(outputs[0], input);
    for (id, node) in graph.iter().skip(1) {
        close(&outputs[id.0], &wanted(&graph, &weights, id, &outputs), &node.name);
    }
}

/// Requests each node by itself, so that everything before it that can be fused is fused.
#[test]
fn fused_nodes_give_what_single_nodes_give() {
    let mut fused = 0;
    for graph in [graph(), network("resnet20-cifar").expect("should be declared")] {
        let net = CpuNetwork::from_weights(&graph, Weights::seeded(&graph, 5)).expect("should build");
        let input = picture(graph.input.shape.elements());
        let single = net.pass(&input).expect("should run");
        for (id, node) in graph.iter() {
            for fuse in [false, true] {
                let mut pass = net.begin(input.clone(), &KeptOutputs::Nodes(vec![id]), fuse).expect("should begin");
                while let Some(step) = pass.upcoming() {
                    fused += usize::from(fuse) * step.fused.len();
                    assert!(fuse || step.fused.is_empty());
                    pass.next().expect("should be one more").expect("should run");
                }
                let wanted: Vec<f64> = single[id.0].iter().map(|&x| f64::from(x)).collect();
                pass.output(id, |got| close(got, &wanted, &node.name)).expect("should be kept");
            }
        }
    }
    assert!(fused > 500, "only {fused} nodes were fused");
}

#[test]
fn nodes_not_requested_are_neither_computed_nor_kept() {
    let graph = network("googlenet").expect("should be declared");
    let net = CpuNetwork::from_weights(&graph, Weights::seeded(&graph, 1)).expect("should build");
    let find = |name: &str| graph.find(name).expect("should be a node");
    let (stem, aux) = (find("norm1"), find("aux1.fc2"));
    let keep = KeptOutputs::Nodes(vec![stem]);
    let mut pass = net.begin(picture(graph.input.shape.elements()), &keep, true).expect("should begin");
    let ran: Vec<NodeId> = (&mut pass).map(|step| step.expect("should run")).collect();
    assert_eq!(ran, [NodeId(0), find("conv1"), find("pool1"), stem]);
    assert!(pass.output(find("pool1"), |_| ()).is_none() && pass.output(aux, |_| ()).is_none());
    assert_eq!(pass.output(stem, <[f32]>::len), Some(64 * 56 * 56));
}

#[test]
fn missing_tensors_are_refused() {
    assert!(Weights::new(&graph(), BTreeMap::new(), BTreeMap::new()).is_err());
}

/// A pass that reuses the outputs of a pass with other ablations gives the same as a whole pass.
#[test]
fn a_pass_reuses_the_outputs_of_the_last_one() {
    for (name, texts) in [
        ("lenet5", ["C3:5", "C3:5,F6:0-9=0.5"]),
        ("googlenet-cifar10", ["inception4a/lane2", "inception4a/lane2=0.5,inception3a.branch1:0/1"]),
        ("resnet20-cifar", ["layer2.0/shortcut", "layer1.0.bn1:3,layer3.0/branch=2"]),
    ] {
        let graph = network(name).expect("should be declared");
        let net = CpuNetwork::new(&graph, &Weights::seeded(&graph, 1)).expect("should be built");
        let input: Vec<f32> = (0..graph.input.shape.elements()).map(|i| (i as f32 * 0.37).sin()).collect();
        let nodes: Vec<NodeId> =
            graph.iter().map(|(id, _)| id).filter(|id| id.0 % 3 == 1 || *id == graph.logits).collect();
        let keep = KeptOutputs::Nodes(nodes.clone());
        let mut before = net::AblationFactors::default();
        let mut kept = PassOutputs::default();
        let mut steps = Vec::new();
        for text in [""].into_iter().chain(texts) {
            let now = net::Ablations::read(&graph, text).expect("should be ablations").effects(&graph);
            let stale = now.stale(&graph, &before);
            let mut pass = net.begin_ablated(input.clone(), &keep, &now, kept.without(&stale)).expect("should begin");
            let ran = pass.by_ref().collect::<Result<Vec<_>, _>>().expect("should run");
            steps.push(ran.len());
            let want = net.ablated_pass_to(&input, &nodes, &now).expect("should pass");
            for (node, want) in nodes.iter().zip(want) {
                let got = pass.output(*node, <[f32]>::to_vec).expect("should be kept");
                assert_eq!(got, want, "{name}, '{text}': {}", graph.node(*node).name);
            }
            (kept, before) = (pass.into_outputs(), now);
        }
        assert!(steps[1] < steps[0], "{name}: {steps:?}");
    }
}
