//! Networks of one operation, numbers to fill them, and the GPU to run them.

use std::collections::BTreeMap;

use layerscope::engine::gpu::{Gpu, GpuNetwork, GpuOptions, Read};
use layerscope::engine::{Extent, Slice};
use layerscope::net::{About, Builder, Classes, Family, Graph, Input, InputKind, NodeId, Op, Shape, Softmax};
use layerscope::weights::{Array, Weights};

/// The node under test.
pub const UNDER_TEST: NodeId = NodeId(1);

/// The GPU at hand.
pub fn gpu() -> Gpu {
    pollster::block_on(Gpu::new(&GpuOptions::default())).expect("a GPU adapter (lavapipe will do) should be there")
}

/// Input, `op`, and the softmax that every network ends in.
pub fn graph_of(op: Op, input: Shape) -> Graph {
    chain(&[op], input)
}

/// Input, `ops` one after the other, and a softmax.
pub fn chain(ops: &[Op], input: Shape) -> Graph {
    let mut net = Builder::new(Input { shape: input, kind: InputKind::Digit { scale: 1.0, offset: 0.0 } });
    for (i, op) in ops.iter().enumerate() {
        net.then(&format!("op{i}"), op.clone()).unwrap();
    }
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

/// Values that look random and are the same each time (SplitMix64).
pub struct Values(pub u64);

impl Values {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Whole numbers from -8 to 8.
    pub fn integers(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| (self.next() % 17) as f32 - 8.0).collect()
    }

    /// Numbers from -1 to 1.
    pub fn reals(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| (self.next() >> 40) as f32 / (1 << 23) as f32 - 1.0).collect()
    }
}

/// All tensors of `graph`, filled by `fill`.
pub fn weights(graph: &Graph, mut fill: impl FnMut(usize) -> Vec<f32>) -> Weights {
    let tensors: BTreeMap<String, Array> = graph
        .all_tensors()
        .into_iter()
        .map(|(name, spec)| {
            let values = fill(spec.dims.iter().product());
            (name, Array { dims: spec.dims, values })
        })
        .collect();
    Weights::new(graph, tensors, BTreeMap::new()).unwrap()
}

/// The whole output of a node.
pub fn whole(graph: &Graph, node: NodeId) -> Slice {
    Slice { node, start: 0, len: graph.node(node).shape.elements() }
}

/// The output of `node`, and all extents, after one pass.
pub fn run(gpu: &Gpu, graph: &Graph, weights: &Weights, node: NodeId, input: &[f32]) -> (Vec<f32>, Vec<Extent>) {
    pollster::block_on(async {
        let network = GpuNetwork::new(gpu, graph, weights).await.unwrap();
        let read = Read { slices: vec![whole(graph, node)], extents: true };
        let mut reading = network.pass(input, &read, None).await.unwrap();
        (reading.slices.remove(0), reading.extents)
    })
}

/// A tensor of the node under test, or nothing where it has none of that name.
pub fn tensor<'a>(weights: &'a Weights, leaf: &str) -> &'a [f32] {
    weights.get(&format!("op0.{leaf}")).map_or(&[], |array| &array.values)
}
