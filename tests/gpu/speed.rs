//! How long passes take on the adapter at hand: figures, not a test. Run by name, with `NETS` for the networks:
//! `NETS=resnet18,vgg16 cargo test --test gpu speed -- --ignored --nocapture`.

use std::collections::BTreeMap;

use layerscope::engine::gpu::{GpuNetwork, Keep, NetworkOptions, Read, Tuning, tune};
use layerscope::net::network;
use layerscope::weights::Weights;

use crate::support::{gpu, whole};

#[test]
#[ignore = "it measures, and is long"]
fn speed() {
    let nets = std::env::var("NETS").unwrap_or_else(|_| "alexnet-torchvision".to_owned());
    let passes = std::env::var("PASSES").ok().and_then(|n| n.parse().ok()).unwrap_or(5);
    let gpu = gpu();
    eprintln!("{}", gpu.name());
    for name in nets.split(',') {
        let graph = network(name).unwrap();
        let weights = Weights::seeded(&graph, 1);
        let input = vec![0.5; graph.input.shape.elements()];
        pollster::block_on(async {
            let mut tuning = Tuning::default();
            let start = std::time::Instant::now();
            let measured = tune(&gpu, &graph, &mut tuning, 1e5).await.unwrap();
            eprintln!("{name}: {measured} shapes measured in {:.1} s", start.elapsed().as_secs_f64());
            let keep = Keep::Nodes(vec![graph.logits]);
            let untuned = NetworkOptions { keep: keep.clone(), ..Default::default() };
            for (what, options) in [
                ("all kept", NetworkOptions::default()),
                ("fused", untuned),
                ("fused, tuned", NetworkOptions { keep, tuning }),
            ] {
                let network = GpuNetwork::build(&gpu, &graph, &weights, options).await.unwrap();
                let read = Read { slices: vec![whole(&graph, graph.logits)], extents: false };
                let mut times = Vec::new();
                for _ in 0..=passes {
                    times.push(network.pass(&input, &read, None).await.unwrap().milliseconds);
                }
                let first = times.remove(0);
                times.sort_by(f64::total_cmp);
                let (least, median) = (times[0], times[times.len() / 2]);
                eprintln!("{name}, {what}: first {first:.0} ms, median {median:.0}, least {least:.0}");
                if what == "all kept" {
                    continue;
                }
                let mut sums: BTreeMap<&str, (usize, f64, f64)> = BTreeMap::new();
                for (node, kernel, ms) in network.profile().await.unwrap() {
                    let macs = node.map_or(0, |node| graph.macs(node).value());
                    let sum = sums.entry(kernel.name()).or_default();
                    *sum = (sum.0 + 1, sum.1 + ms, sum.2 + macs as f64);
                }
                for (kernel, (count, ms, _)) in sums {
                    eprintln!("    {kernel} x{count}: {ms:.0} ms");
                }
            }
        });
    }
}
