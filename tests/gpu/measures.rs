//! The kernels that measure: extents of maps, layers and the network.

use layerscope::engine::{Extent, MapTable};
use layerscope::net::{Activation, Conv2d, NodeId, Op, Pointwise, Shape, network};
use layerscope::weights::Weights;

use crate::support::{Values, chain, gpu, run, weights};

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
        assert_eq!(extents, MapTable::new(&graph).measure(&slices), "{name}");
    }
}

#[test]
fn what_is_not_finite_does_not_count() {
    let gpu = gpu();
    let identity = Op::Activation(Pointwise { function: Activation::Identity });
    let graph = chain(&[identity.clone(), identity], Shape::maps(3, 5, 5));
    let mut input = Values(4).reals(75);
    input[3] = f32::NAN;
    input[30] = f32::INFINITY;
    input[31] = f32::NEG_INFINITY;
    input[50..].fill(f32::NAN);
    let (_, extents) = run(&gpu, &graph, &weights(&graph, |n| vec![0.0; n]), NodeId(1), &input);
    let table = MapTable::new(&graph);
    for channel in 0..3 {
        let want = Extent::of(&input[channel * 25..(channel + 1) * 25]);
        assert_eq!(extents[table.map(NodeId(1), channel)], want, "map {channel}");
        assert_eq!(want.is_empty(), channel == 2);
    }
    assert_eq!(extents[table.layer(NodeId(1))], Extent::of(&input));
    assert_eq!(extents[table.network()], Extent::of(&input));
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
    let table = MapTable::new(&graph);
    assert_eq!(extents[table.layer(NodeId(1))], Extent::of(&output));
    assert_eq!(extents[table.map(NodeId(1), 149)], Extent::of(&output[149 * 9..]));
}
