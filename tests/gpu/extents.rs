//! Tests of the kernels that measure the extents of maps, layers and the network.

use engine::gpu::{Gpu, Kernel, ReadbackRequest};
use engine::{Extent, ExtentTable, KeptOutputs, NotFinite, OutputSlice, reference};
use net::{Activation, Concat, Conv2d, NodeId, Op, Pointwise, Shape, network};
use weights::Weights;

use crate::support::{Values, build, chain, declare, gpu, run, weights};

/// Compares the kernels that measure with their references: maps in a buffer of their own, branches of a concatenation,
/// a single map, and more maps and more values than a workgroup has invocations.
pub fn extents(gpu: &Gpu, kernel: Kernel) {
    for ((c, h, w), channels) in [((2, 5, 7), 70), ((1, 1, 1), 1), ((5, 19, 23), 3), ((130, 2, 1), 65)] {
        let graph = declare(Shape::maps(c, h, w), |net| {
            let picture = net.last();
            let conv = net.then("conv", Op::Conv2d(Conv2d::plain(channels, 1, Activation::Identity))).unwrap();
            let relu = net.then("relu", Op::Activation(Pointwise { function: Activation::Relu })).unwrap();
            net.add("branches", Op::Concat(Concat), &[picture, conv, relu]).unwrap();
        });
        let mut values = Values(channels as u64);
        let weights = weights(&graph, |n| values.reals(n));
        let input = values.reals(c * h * w);
        let network = build(gpu, &graph, &weights, KeptOutputs::All, None);
        let slices = graph.iter().map(|(id, _)| OutputSlice::whole(&graph, id)).collect();
        let (reading, profile) = pollster::block_on(async {
            let reading = network.pass(&input, &ReadbackRequest { slices, extents: true }, None).await.unwrap();
            (reading, network.profile().await.unwrap())
        });
        assert!(profile.iter().any(|(_, other, _)| *other == kernel), "{} did not run", kernel.name());
        let table = ExtentTable::new(&graph);
        let mut want = reading.extents.clone();
        match kernel {
            Kernel::ExtentMaps => graph.iter().zip(&reading.slices).for_each(|((id, _), output)| {
                let row = table.node(id);
                reference::extent_maps(&row, table.counts_of(row), output, &mut want);
            }),
            _ => {
                reference::extent_reduce(&table.layer_reductions(), &mut want);
                reference::extent_reduce(&[table.network_reduction()], &mut want);
            }
        }
        assert_eq!(reading.extents, want, "{c}@{h}x{w} to {channels}");
        assert!(!reading.extents[table.network()].is_empty());
    }
}

#[test]
fn extents_are_those_of_the_outputs() {
    let gpu = gpu();
    for name in ["lenet5", "lenet5-modern"] {
        let graph = network(name).unwrap();
        let seeded = Weights::seeded(&graph, 1);
        let input = Values(2).reals(32 * 32);
        let mut outputs = Vec::new();
        let mut extents = Vec::new();
        for (id, _) in graph.iter() {
            let (output, all) = run(&gpu, &graph, &seeded, id, &input);
            outputs.push(output);
            extents = all;
        }
        let slices: Vec<&[f32]> = outputs.iter().map(Vec::as_slice).collect();
        assert_eq!(extents, ExtentTable::new(&graph).measure(&slices), "{name}");
    }
}

#[test]
fn values_that_are_not_finite_do_not_count() {
    let gpu = gpu();
    let identity = Op::Activation(Pointwise { function: Activation::Identity });
    let graph = chain(&[identity.clone(), identity], Shape::maps(3, 5, 5));
    let mut input = Values(4).reals(75);
    input[3] = f32::NAN;
    input[30] = f32::INFINITY;
    input[31] = f32::NEG_INFINITY;
    input[50..].fill(f32::NAN);
    let (_, extents) = run(&gpu, &graph, &weights(&graph, |n| vec![0.0; n]), NodeId(1), &input);
    let table = ExtentTable::new(&graph);
    for channel in 0..3 {
        let want = Extent::of(&input[channel * 25..(channel + 1) * 25]);
        assert_eq!(extents[table.map(NodeId(1), channel)], want, "map {channel}");
        assert_eq!(want.is_empty(), channel == 2);
    }
    assert_eq!(extents[table.layer(NodeId(1))], Extent::of(&input));
    assert_eq!(extents[table.network()], Extent::of(&input));
    let counts = &extents[table.counts_of(table.node(NodeId(1)))..][..3];
    let wanted = [(-1.0, 0.0), (0.0, 2.0), (-25.0, 0.0)].map(|(min, max)| Extent { min, max });
    assert_eq!(counts, wanted, "minus the number of NaN, and the number of infinities");
    assert_eq!(table.not_finite(NodeId(1), &extents), Some(NotFinite::NaN));
}

#[test]
fn more_maps_than_a_workgroup_has_invocations() {
    let gpu = gpu();
    let conv = Op::Conv2d(Conv2d::plain(150, 1, Activation::Identity));
    let graph = chain(&[conv.clone(), conv], Shape::maps(2, 3, 3));
    let mut values = Values(6);
    let filled = weights(&graph, |n| values.reals(n));
    let input = values.reals(18);
    let (output, extents) = run(&gpu, &graph, &filled, NodeId(1), &input);
    let table = ExtentTable::new(&graph);
    assert_eq!(extents[table.layer(NodeId(1))], Extent::of(&output));
    assert_eq!(extents[table.map(NodeId(1), 149)], Extent::of(&output[149 * 9..]));
}
