//! Kernels chosen by measuring them on the adapter at hand.

use engine::KeptOutputs;
use engine::cpu::CpuNetwork;
use engine::gpu::{ConvShape, Gpu, GpuNetwork, NetworkOptions, Tuning, tune};
use net::{Activation, Conv2d, Graph, MaxPool2d, Op, Shape, Window};
use weights::Weights;

use crate::support::{Values, chain, gpu, gpu_with_max_buffer_bytes, pass};
use crate::tolerance::{REORDERED, close};

/// A budget in milliseconds that is larger than any measurement takes.
const PATIENCE: f64 = 1e9;

/// A network with one convolution of each kind. The third has the shape of the second.
fn graph() -> Graph {
    let conv = |channels, kernel, stride, groups| {
        let window = Window::new(kernel, stride, kernel / 2);
        Op::Conv2d(Conv2d { channels, window, groups, connections: None, bias: true, activation: Activation::Relu })
    };
    let layers = [
        conv(16, 7, 2, 1),
        conv(16, 3, 1, 1),
        conv(16, 3, 1, 1),
        Op::MaxPool2d(MaxPool2d::plain(2, 2)),
        conv(72, 1, 1, 1),
        conv(24, 5, 1, 2),
        conv(10, 3, 1, 1),
    ];
    chain(&layers, Shape::maps(3, 32, 32))
}

/// Returns the shapes of the network's convolutions.
fn shapes(graph: &Graph) -> Vec<ConvShape> {
    let of = |(id, node): (_, &net::Node)| match &node.op {
        Op::Conv2d(conv) => Some(ConvShape::of(graph, id, conv).flattened()),
        _ => None,
    };
    graph.iter().filter_map(of).collect()
}

fn tuned(gpu: &Gpu, graph: &Graph, tuning: &mut Tuning, budget_ms: f64) -> usize {
    pollster::block_on(tune(gpu, graph, tuning, budget_ms)).unwrap()
}

#[test]
fn every_shape_is_measured_once_and_remembered() {
    let gpu = gpu();
    let graph = graph();
    let mut tuning = Tuning::default();
    assert_eq!(tuned(&gpu, &graph, &mut tuning, -1.0), 0, "nothing is measured where there is no time");
    assert_eq!(tuning, Tuning::default());
    // There are six convolutions, and two have the same shape.
    assert_eq!(tuned(&gpu, &graph, &mut tuning, PATIENCE), 5);
    assert_eq!(tuning.len(gpu.name()), 5);
    for shape in shapes(&graph) {
        let kernel = tuning.kernel(gpu.name(), &shape).unwrap_or_else(|| panic!("{shape} should be known"));
        assert!(shape.candidates().contains(&kernel), "{shape} by {}", kernel.name());
        assert_eq!(tuning.kernel("another adapter", &shape), None);
    }
    let known = tuning.clone();
    assert_eq!(tuned(&gpu, &graph, &mut tuning, PATIENCE), 0, "what is known is not measured again");
    let text = serde_json::to_string(&tuning).unwrap();
    let mut again: Tuning = serde_json::from_str(&text).unwrap();
    assert_eq!(again, known);
    assert_eq!(tuned(&gpu, &graph, &mut again, PATIENCE), 0, "what was written down is known");

    // The measured kernels are used, and the outputs agree with the CPU engine.
    let weights = Weights::seeded(&graph, 1);
    let input = Values(3).reals(graph.input.shape.elements());
    let nodes: Vec<_> = graph.iter().map(|(id, _)| id).collect();
    let want = CpuNetwork::new(&graph, &weights).unwrap().pass(&input).unwrap();
    for keep in [KeptOutputs::All, KeptOutputs::Nodes(vec![graph.logits])] {
        let options = NetworkOptions { keep, tuning: again.clone() };
        let network = pollster::block_on(GpuNetwork::build(&gpu, &graph, &weights, options)).unwrap();
        for (node, kernel) in network.kernels() {
            if let Op::Conv2d(conv) = &graph.node(node).op {
                let shape = ConvShape::of(&graph, node, conv).flattened();
                assert_eq!(Some(kernel), again.kernel(gpu.name(), &shape), "{shape}");
            }
        }
        let got = pass(&network, &graph, &nodes, &input);
        for ((node, got), want) in nodes.iter().zip(&got).zip(&want) {
            close(got, want, REORDERED).unwrap_or_else(|e| panic!("{}: {e}", graph.node(*node).name));
        }
        let other = CpuNetwork::new(&graph, &Weights::seeded(&graph, 2)).unwrap().pass(&input).unwrap();
        assert!(close(&got[1], &other[1], REORDERED).is_err(), "other weights should not agree");
    }
}

#[test]
fn shapes_that_fit_no_buffer_are_not_measured() {
    // The weights of one block of the layer with two groups have 57,600 bytes; all other buffers are smaller than the
    // limit.
    let small = gpu_with_max_buffer_bytes(20_000);
    let graph = graph();
    let mut tuning = Tuning::default();
    assert_eq!(tuned(&small, &graph, &mut tuning, PATIENCE), 4);
    for shape in shapes(&graph) {
        assert_eq!(tuning.kernel(small.name(), &shape).is_none(), shape.groups == 2, "{shape}");
    }
}
