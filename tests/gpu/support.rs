//! Builds networks of one operation, fills them with numbers, and runs them on the GPU.

use std::collections::BTreeMap;

use engine::gpu::{ConvShape, Gpu, GpuNetwork, GpuOptions, Kernel, NetworkOptions, ReadbackRequest, Tuning};
use engine::{Extent, KeptOutputs, OutputSlice};
use net::{About, Builder, Classes, Family, Graph, Input, InputKind, NodeId, Op, Shape, Softmax};
use weights::{Array, Weights};

/// The node under test.
pub const UNDER_TEST: NodeId = NodeId(1);

/// Opens the GPU at hand.
pub fn gpu() -> Gpu {
    gpu_of(GpuOptions::default())
}

/// Opens the GPU at hand with a limit of `max_buffer_bytes` for each buffer.
pub fn gpu_with_max_buffer_bytes(max_buffer_bytes: u64) -> Gpu {
    gpu_of(GpuOptions { max_buffer_bytes: Some(max_buffer_bytes), ..GpuOptions::default() })
}

fn gpu_of(options: GpuOptions) -> Gpu {
    pollster::block_on(Gpu::new(&options)).expect("should find a GPU adapter (lavapipe will do)")
}

/// Returns a graph of an input, `op` and a softmax.
pub fn graph_of(op: Op, input: Shape) -> Graph {
    chain(&[op], input)
}

/// Returns a graph of an input, `ops` in sequence and a softmax.
pub fn chain(ops: &[Op], input: Shape) -> Graph {
    declare(input, |net| {
        for (i, op) in ops.iter().enumerate() {
            net.then(&format!("op{i}"), op.clone()).unwrap();
        }
    })
}

/// Returns a graph of an input, the nodes that `build` adds and a softmax.
pub fn declare(input: Shape, build: impl FnOnce(&mut Builder)) -> Graph {
    let mut net = Builder::new(Input { shape: input, kind: InputKind::Digit { scale: 1.0, offset: 0.0 } });
    build(&mut net);
    net.then("softmax", Op::Softmax(Softmax { scale: 1.0 })).unwrap();
    net.finish(About {
        name: "test",
        title: "Test",
        family: Family::LeNet,
        year: 2000,
        source: "none",
        classes: Classes::Digits,
    })
    .unwrap()
}

/// A generator of pseudo-random values from a seed (SplitMix64).
pub struct Values(pub u64);

impl Values {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns whole numbers from -8 to 8.
    pub fn integers(&mut self, n: usize) -> Vec<f32> {
        self.integers_to(n, 8)
    }

    /// Returns whole numbers from -most to most.
    pub fn integers_to(&mut self, n: usize, most: u64) -> Vec<f32> {
        (0..n).map(|_| (self.next() % (2 * most + 1)) as f32 - most as f32).collect()
    }

    /// Returns numbers from -1 to 1.
    pub fn reals(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| (self.next() >> 40) as f32 / (1 << 23) as f32 - 1.0).collect()
    }
}

/// Returns all tensors of `graph`, with values from `fill`, which receives their number.
pub fn weights(graph: &Graph, mut fill: impl FnMut(usize) -> Vec<f32>) -> Weights {
    named_weights(graph, |_, n| fill(n))
}

/// Returns all tensors of `graph`, with values from `fill`, which receives the last part of the name and the number of
/// values.
pub fn named_weights(graph: &Graph, mut fill: impl FnMut(&str, usize) -> Vec<f32>) -> Weights {
    let tensors: BTreeMap<String, Array> = graph
        .all_tensors()
        .into_iter()
        .map(|(name, spec)| {
            let values = fill(spec.leaf, spec.dims.iter().product());
            (name, Array { dims: spec.dims, values })
        })
        .collect();
    Weights::new(graph, tensors, BTreeMap::new()).unwrap()
}

/// Runs one pass and returns the output of `node` and all extents.
pub fn run(gpu: &Gpu, graph: &Graph, weights: &Weights, node: NodeId, input: &[f32]) -> (Vec<f32>, Vec<Extent>) {
    pollster::block_on(async {
        let network = GpuNetwork::new(gpu, graph, weights).await.unwrap();
        let read = ReadbackRequest { slices: vec![OutputSlice::whole(graph, node)], extents: true };
        let mut reading = network.pass(input, &read, None).await.unwrap();
        (reading.slices.remove(0), reading.extents)
    })
}

/// Returns a tuning table in which `kernel` is the fastest for every convolution of `graph`.
pub fn forced(gpu: &Gpu, graph: &Graph, kernel: Kernel) -> Tuning {
    let mut tuning = Tuning::default();
    for (id, node) in graph.iter() {
        if let Op::Conv2d(conv) = &node.op {
            tuning.set(gpu.name(), &ConvShape::of(graph, id, conv).flattened(), kernel);
        }
    }
    tuning
}

/// Builds a network that keeps `keep`. Its convolutions use `kernel`, if there is one and it can serve them.
pub fn build(gpu: &Gpu, graph: &Graph, weights: &Weights, keep: KeptOutputs, kernel: Option<Kernel>) -> GpuNetwork {
    let tuning = kernel.map_or_else(Tuning::default, |kernel| forced(gpu, graph, kernel));
    pollster::block_on(GpuNetwork::build(gpu, graph, weights, NetworkOptions { keep, tuning })).unwrap()
}

/// Runs one pass and returns the outputs of `nodes`.
pub fn pass(network: &GpuNetwork, graph: &Graph, nodes: &[NodeId], input: &[f32]) -> Vec<Vec<f32>> {
    let slices = nodes.iter().map(|&node| OutputSlice::whole(graph, node)).collect();
    pollster::block_on(network.pass(input, &ReadbackRequest { slices, extents: false }, None)).unwrap().slices
}

/// Runs one pass that keeps everything and returns the output of `node`. Panics unless `kernel` computes it.
pub fn run_by(gpu: &Gpu, kernel: Kernel, graph: &Graph, weights: &Weights, node: NodeId, input: &[f32]) -> Vec<f32> {
    let network = build(gpu, graph, weights, KeptOutputs::All, Some(kernel));
    let mut served = network.kernels().filter(|(id, _)| *id == node).map(|(_, kernel)| kernel).peekable();
    assert!(served.peek().is_some() && served.all(|other| other == kernel), "{} did not serve", kernel.name());
    pass(&network, graph, &[node], input).remove(0)
}

/// Returns a tensor of the node under test, or an empty slice if it has none of that name.
pub fn tensor<'a>(weights: &'a Weights, leaf: &str) -> &'a [f32] {
    weights.get(&format!("op0.{leaf}")).map_or(&[], |array| &array.values)
}
