//! Compares whole networks with the fixtures.

use engine::OutputSlice;
use engine::gpu::{GpuNetwork, ReadbackRequest};
use net::network;
use weights::Weights;

use crate::fixture::{activations, input, node};
use crate::support::gpu;
use crate::tolerance::FIXTURE_TOLERANCE;

#[test]
fn both_networks_agree_with_the_fixtures() {
    let gpu = gpu();
    for name in ["lenet5", "lenet5-modern"] {
        let graph = network(name).unwrap();
        let expected = activations(name);
        let slices = expected.iter().map(|a| OutputSlice::whole(&graph, node(&graph, &a.name))).collect();
        let reading = pollster::block_on(async {
            let network = GpuNetwork::new(&gpu, &graph, &Weights::seeded(&graph, 1)).await.unwrap();
            network.pass(&input(&graph), &ReadbackRequest { slices, extents: false }, None).await.unwrap()
        });
        assert!(!expected.is_empty());
        for (activation, values) in expected.iter().zip(&reading.slices) {
            let worst = activation.compare(values, FIXTURE_TOLERANCE).unwrap_or_else(|e| panic!("{name}: {e}"));
            // Float32 should stay far below the tolerance.
            assert!(worst < FIXTURE_TOLERANCE / 10.0, "{name}, {}: off by {worst} std", activation.name);
        }
    }
}

#[test]
fn other_weights_do_not_agree() {
    let gpu = gpu();
    let graph = network("lenet5").unwrap();
    let expected = activations("lenet5");
    let slices = expected.iter().map(|a| OutputSlice::whole(&graph, node(&graph, &a.name))).collect();
    let reading = pollster::block_on(async {
        let network = GpuNetwork::new(&gpu, &graph, &Weights::seeded(&graph, 2)).await.unwrap();
        network.pass(&input(&graph), &ReadbackRequest { slices, extents: false }, None).await.unwrap()
    });
    for (activation, values) in expected.iter().zip(&reading.slices) {
        assert!(activation.compare(values, FIXTURE_TOLERANCE).is_err(), "{}", activation.name);
    }
    assert!(expected[0].compare(&[f32::NAN; 4704], f64::MAX).is_err());
}

#[test]
fn slices_keep_the_order_of_the_request_and_can_be_read_again() {
    let gpu = gpu();
    let graph = network("lenet5").unwrap();
    let all = OutputSlice::whole(&graph, graph.logits);
    let some = engine::OutputSlice { node: graph.logits, start: 3, len: 2 };
    pollster::block_on(async {
        let network = GpuNetwork::new(&gpu, &graph, &Weights::seeded(&graph, 1)).await.unwrap();
        let first = network
            .pass(&input(&graph), &ReadbackRequest { slices: vec![some, all], extents: false }, None)
            .await
            .unwrap();
        assert_eq!(first.slices[0], first.slices[1][3..5]);
        assert!(first.extents.is_empty());
        let again =
            network.read(&ReadbackRequest { slices: vec![all], extents: true }).unwrap().finish().await.unwrap();
        assert_eq!(again.slices[0], first.slices[1]);
        assert_eq!(again.extents.len(), network.maps().extents());
        let nothing = network.pass(&input(&graph), &ReadbackRequest::default(), None).await.unwrap();
        assert!(nothing.slices.is_empty() && nothing.extents.is_empty());
    });
}
