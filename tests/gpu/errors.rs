//! Errors: a lost device, and sizes that do not fit.

use engine::OutputSlice;
use engine::gpu::{GpuError, GpuNetwork, ReadbackRequest};
use net::network;
use weights::Weights;

use crate::support::gpu;

#[test]
fn a_lost_device_is_reported_and_another_works() {
    let graph = network("lenet5").unwrap();
    let weights = Weights::seeded(&graph, 1);
    let input = vec![0.0; 32 * 32];
    let read = ReadbackRequest { slices: vec![OutputSlice::whole(&graph, graph.logits)], extents: false };
    pollster::block_on(async {
        let first = gpu();
        let network = GpuNetwork::new(&first, &graph, &weights).await.unwrap();
        let want = network.pass(&input, &read, None).await.unwrap();
        let under_way = network.submit(&input, &read, None).unwrap();
        first.destroy();
        assert!(matches!(under_way.finish().await, Err(GpuError::Lost { .. })));
        assert!(matches!(network.pass(&input, &read, None).await, Err(GpuError::Lost { .. })));
        assert!(matches!(GpuNetwork::new(&first, &graph, &weights).await, Err(GpuError::Lost { .. })));
        assert!(matches!(first.record(|_| ()), Err(GpuError::Lost { .. })));
        assert!(first.is_lost());

        let second = gpu();
        let network = GpuNetwork::new(&second, &graph, &weights).await.unwrap();
        assert_eq!(network.pass(&input, &read, None).await.unwrap().slices, want.slices);
    });
}

#[test]
fn sizes_that_do_not_fit_are_reported() {
    let gpu = gpu();
    let graph = network("lenet5").unwrap();
    pollster::block_on(async {
        let network = GpuNetwork::new(&gpu, &graph, &Weights::seeded(&graph, 1)).await.unwrap();
        let short = network.pass(&[0.0; 3], &ReadbackRequest::default(), None).await;
        assert_eq!(short, Err(GpuError::Input { expected: 1024, got: 3 }));
        let slices = vec![OutputSlice { node: graph.logits, start: 5, len: 6 }];
        let long = network.pass(&[0.0; 1024], &ReadbackRequest { slices, extents: false }, None).await;
        let node = "output".to_owned();
        assert_eq!(long, Err(GpuError::Slice { node, has: 10, start: 5, end: 11 }));
    });
}

#[test]
fn the_adapter_has_a_name() {
    let gpu = gpu();
    assert!(!gpu.name().is_empty());
    println_adapter(&gpu);
}

/// Prints the adapter that the figures of this run belong to.
fn println_adapter(gpu: &engine::gpu::Gpu) {
    eprintln!("adapter: {} (software: {})", gpu.name(), gpu.is_software());
}
