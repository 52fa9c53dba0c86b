//! Adapters with small buffers: weights are split over several buffers, and errors say what does not fit.

use engine::KeptOutputs;
use engine::gpu::{Gpu, GpuError, GpuNetwork, Kernel, NetworkOptions};
use net::{Activation, Conv2d, Graph, Linear, NodeId, Op, Shape, Window, network};
use weights::Weights;

use crate::support::{UNDER_TEST, Values, build, gpu, gpu_with_max_buffer_bytes, graph_of, pass, weights};
use crate::tolerance::exact;

/// The size of an F32 value in bytes.
const VALUE: usize = 4;
/// Output channels whose weights stay together.
const BLOCK: usize = 16;

/// Returns the number of dispatches that compute the output of `node`.
fn parts(network: &GpuNetwork, node: NodeId) -> usize {
    network.kernels().filter(|(id, _)| *id == node).count()
}

fn every(graph: &Graph) -> Vec<NodeId> {
    graph.iter().map(|(id, _)| id).collect()
}

/// Checks that the node under test, whose weights lie in `expected` buffers of at most `max_buffer_bytes`, gives the
/// same as with one buffer. The outputs must agree bit for bit, because each is the same sum in the same order.
fn split(graph: &Graph, kernel: Option<Kernel>, max_buffer_bytes: usize, expected: usize) -> Result<(), String> {
    let mut values = Values(max_buffer_bytes as u64);
    let weights = weights(graph, |n| values.reals(n));
    let input = values.reals(graph.input.shape.elements());
    let output = |gpu: &Gpu, parts_expected: usize| {
        let network = build(gpu, graph, &weights, KeptOutputs::All, kernel);
        assert_eq!(parts(&network, UNDER_TEST), parts_expected, "{kernel:?} of at most {max_buffer_bytes} bytes");
        pass(&network, graph, &[UNDER_TEST], &input).remove(0)
    };
    exact(&output(&gpu_with_max_buffer_bytes(max_buffer_bytes as u64), expected), &output(&gpu(), 1))
}

#[test]
fn weights_of_every_kernel_of_convolution_are_split() {
    let mut served = Vec::new();
    // Many channels of small maps, so that the weights of a block are larger than any output. With two groups, the last
    // block of each is incomplete, and parts of three blocks span both groups.
    for (c, side, channels, kernel, groups) in [(128, 6, 40, 3, 2), (512, 2, 70, 1, 1)] {
        let window = Window::new(kernel, 1, kernel / 2);
        let op = Conv2d { channels, window, groups, connections: None, bias: true, activation: Activation::Relu };
        let graph = graph_of(Op::Conv2d(op), Shape::maps(c, side, side));
        let block = c / groups * kernel * kernel * BLOCK * VALUE;
        let blocks = (channels / groups).div_ceil(BLOCK) * groups;
        let shape = engine::gpu::ConvShape::of(&graph, UNDER_TEST, &op).flattened();
        for kernel in shape.candidates() {
            for of_part in [1, 3] {
                split(&graph, Some(kernel), of_part * block + VALUE, blocks.div_ceil(of_part))
                    .unwrap_or_else(|e| panic!("{c} to {channels} channels, {of_part} blocks a part: {e}"));
            }
            served.push(kernel);
        }
    }
    for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.name().starts_with("conv2d")) {
        assert!(served.contains(&kernel), "{} was not split", kernel.name());
    }
}

#[test]
fn weights_of_fully_connected_layers_are_split() {
    // A row is padded to 36 values. Parts of seven rows are no multiple of the eight rows of a workgroup.
    let graph = graph_of(Op::Linear(Linear { units: 258, activation: Activation::ScaledTanh }), Shape::Vector(33));
    split(&graph, None, 7 * 36 * VALUE + 100, 258_usize.div_ceil(7)).unwrap();
    split(&graph, None, 100 * 36 * VALUE, 3).unwrap();
}

#[test]
fn a_split_network_gives_the_same_outputs() {
    let graph = network("lenet5-modern").unwrap();
    let seeded = Weights::seeded(&graph, 1);
    let input = Values(1).reals(32 * 32);
    let nodes = every(&graph);
    let find = |name: &str| graph.find(name).unwrap();
    let (large, small) = (gpu(), gpu_with_max_buffer_bytes(20_000));
    assert_eq!(small.max_buffer_bytes(), 20_000);
    for keep in [KeptOutputs::All, KeptOutputs::Nodes(vec![graph.logits])] {
        let whole = build(&large, &graph, &seeded, keep.clone(), None);
        let split = build(&small, &graph, &seeded, keep.clone(), None);
        // 400 and 120 values per row. A fused unit has the name of its last node.
        let (fc1, fc2) = if keep == KeptOutputs::All { ("fc1", "fc2") } else { ("relu3", "relu4") };
        assert_eq!((parts(&whole, find(fc1)), parts(&whole, find(fc2))), (1, 1));
        assert_eq!(
            (parts(&split, find(fc1)), parts(&split, find(fc2))),
            (120_usize.div_ceil(12), 84_usize.div_ceil(41))
        );
        // Also read the outputs that are not kept: they are computed from split weights too.
        let (got, want) = (pass(&split, &graph, &nodes, &input), pass(&whole, &graph, &nodes, &input));
        for ((node, got), want) in nodes.iter().zip(&got).zip(&want) {
            exact(got, want).unwrap_or_else(|e| panic!("{}: {e}", graph.node(*node).name));
        }
        // Other weights must make a difference.
        let other = build(&small, &graph, &Weights::seeded(&graph, 2), keep, None);
        assert!(exact(&pass(&other, &graph, &[graph.logits], &input)[0], &want[graph.logits.0]).is_err());
    }
}

/// Returns the error of building a network if the largest buffer has `max_buffer_bytes`.
fn refused(graph: &Graph, max_buffer_bytes: u64, keep: KeptOutputs) -> GpuError {
    let gpu = gpu_with_max_buffer_bytes(max_buffer_bytes);
    let options = NetworkOptions { keep, ..NetworkOptions::default() };
    let built = pollster::block_on(GpuNetwork::build(&gpu, graph, &Weights::seeded(graph, 1), options));
    built.expect_err("it should not fit")
}

#[test]
fn buffers_that_are_too_large_are_reported_with_their_size_and_the_limit() {
    let graph = network("lenet5-modern").unwrap();
    let too_large =
        |what: &str, needs: usize, has| GpuError::TooLarge { what: what.to_owned(), needs: needs as u64, has };
    for (max_buffer_bytes, what, needs) in [
        // The output of the first layer.
        (18_000, "conv1", 6 * 28 * 28 * VALUE),
        // A block of the second layer's weights; a block of the first layer's.
        (9_000, "conv2.weight", 6 * 25 * BLOCK * VALUE),
        (1_599, "conv1.weight", 25 * BLOCK * VALUE),
    ] {
        for keep in [KeptOutputs::All, KeptOutputs::Nodes(vec![graph.probabilities])] {
            let error = refused(&graph, max_buffer_bytes, keep.clone());
            // When fused, the first layer's output has the name of its last node.
            let named = if keep != KeptOutputs::All && what == "conv1" { "relu1" } else { what };
            assert_eq!(error, too_large(named, needs, max_buffer_bytes));
            let text = error.to_string();
            for part in [named, &format!("needs {needs} bytes"), &format!("takes at most {max_buffer_bytes}")] {
                assert!(text.contains(part), "{text:?} should say {part:?}");
            }
        }
    }
    // Tensors that cannot be split: a row of a fully connected layer, and its biases.
    let wide = graph_of(Op::Linear(Linear { units: 3, activation: Activation::Identity }), Shape::Vector(1001));
    assert_eq!(refused(&wide, 4_010, KeptOutputs::All), too_large("op0.weight", 1004 * VALUE, 4_010));
    let tall = graph_of(Op::Linear(Linear { units: 1001, activation: Activation::Identity }), Shape::Vector(3));
    assert_eq!(refused(&tall, 4_000, KeptOutputs::All), too_large("op0.bias", 1001 * VALUE, 4_000));
}

#[test]
fn a_full_memory_is_reported_with_the_bytes_needed() {
    let text = GpuError::OutOfMemory { needs: 553 << 20 }.to_string();
    assert!(text.contains("this network needs 553 MiB"), "{text:?}");
}

#[test]
fn a_network_that_keeps_fewer_outputs_needs_less_memory() {
    let gpu = gpu();
    let graph = network("lenet5-modern").unwrap();
    let seeded = Weights::seeded(&graph, 1);
    let bytes = |keep| build(&gpu, &graph, &seeded, keep, None).bytes();
    let (all, few) = (bytes(KeptOutputs::All), bytes(KeptOutputs::Nodes(vec![graph.probabilities])));
    assert!(few < all, "{few} of {all}");
}
