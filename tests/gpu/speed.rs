//! Measures passes on the adapter at hand. It prints figures and checks nothing.
//!
//! Run it by name, with the networks in `NETS`:
//! `NETS=resnet18,vgg16 cargo test --test gpu speed -- --ignored --nocapture`.

use std::collections::BTreeMap;

use engine::gpu::{GpuNetwork, NetworkOptions, ReadbackRequest, Tuning, tune};
use engine::{KeptOutputs, OutputSlice};
use net::network;
use weights::Weights;

use crate::support::gpu;

/// Returns the processor time of this process in milliseconds: the cost of a pass on a software adapter, whatever else
/// runs at the same time. Returns `None` where the system does not report it.
fn processor_ms() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
    Some(ticks * 10.0)
}

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
            let keep = KeptOutputs::Nodes(vec![graph.logits]);
            let untuned = NetworkOptions { keep: keep.clone(), ..Default::default() };
            for (what, options) in [
                ("all kept", NetworkOptions::default()),
                ("fused", untuned),
                ("fused, tuned", NetworkOptions { keep, tuning }),
            ] {
                let network = GpuNetwork::build(&gpu, &graph, &weights, options).await.unwrap();
                let read = ReadbackRequest { slices: vec![OutputSlice::whole(&graph, graph.logits)], extents: false };
                let mut times = Vec::new();
                let before = processor_ms();
                for _ in 0..=passes {
                    times.push(network.pass(&input, &read, None).await.unwrap().elapsed_ms);
                }
                let used = processor_ms().zip(before).map_or(0.0, |(after, before)| after - before);
                let used = used / (passes + 1) as f64;
                let first = times.remove(0);
                times.sort_by(f64::total_cmp);
                let (least, median) = (times[0], times[times.len() / 2]);
                eprintln!(
                    "{name}, {what}: first {first:.0} ms, median {median:.0}, least {least:.0}; processor {used:.0} ms a pass"
                );
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
