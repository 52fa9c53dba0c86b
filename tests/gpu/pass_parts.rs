//! A pass in parts: outputs that a part has completed exist and are measured, the others keep their former values, and
//! the result is that of a single submit.

use std::time::Instant;

use engine::gpu::{PassPart, ReadbackRequest};
use engine::{Extent, ExtentTable, KeptOutputs, OutputSlice};
use net::{Graph, Op, network};
use weights::Weights;

use crate::support::{Values, build, gpu};

fn everything(graph: &Graph) -> ReadbackRequest {
    ReadbackRequest { slices: graph.iter().map(|(id, _)| OutputSlice::whole(graph, id)).collect(), extents: true }
}

#[test]
fn parts_make_up_a_pass() {
    let gpu = gpu();
    for name in ["lenet5", "resnet20-cifar", "googlenet"] {
        let graph = network(name).unwrap();
        let seeded = Weights::seeded(&graph, 1);
        let (net, other) = (
            build(&gpu, &graph, &seeded, KeptOutputs::All, None),
            build(&gpu, &graph, &seeded, KeptOutputs::All, None),
        );
        let (before, input) =
            (Values(3).reals(graph.input.shape.elements()), Values(4).reals(graph.input.shape.elements()));
        let read = everything(&graph);
        let table = ExtentTable::new(&graph);
        let pass_schedule = &**net.pass_schedule();
        let old = pollster::block_on(net.pass(&before, &read, None)).unwrap();
        let new = pollster::block_on(other.pass(&input, &read, None)).unwrap();
        let mut at = 0;
        for end in [1, pass_schedule.len() / 3, pass_schedule.len() / 2, pass_schedule.len()] {
            let part = PassPart { input: (at == 0).then_some(&input), pass_schedule, segments: at..end, timed: false };
            let reading = pollster::block_on(net.submit_part(&part, &read, None).unwrap().finish()).unwrap();
            let done = pass_schedule.done(end);
            assert!(
                done >= end && (end == pass_schedule.len()) == (done == graph.nodes.len()),
                "{name}: {done} after {end}"
            );
            for (id, node) in graph.iter() {
                let want = if id.0 < done { &new } else { &old };
                // A branch writes into its concatenation before that is complete.
                let written = matches!(node.op, Op::Concat(_)) && node.inputs.iter().any(|input| input.0 < done);
                if id.0 < done || !written {
                    assert!(reading.slices[id.0] == want.slices[id.0], "{name}: {} after {end} segments", node.name);
                }
                let extent = |of: &[Extent]| (of[table.layer(id)], of[table.map(id, 0)]);
                assert_eq!(
                    extent(&reading.extents),
                    extent(&want.extents),
                    "{name}: {} after {end} segments",
                    node.name
                );
            }
            at = end;
        }
        let last = pollster::block_on(net.read(&read).unwrap().finish()).unwrap();
        assert!(last.slices == new.slices && last.extents == new.extents, "{name}");
    }
}

#[test]
fn the_gpu_times_its_segments() {
    let gpu = gpu();
    let graph = network("resnet20-cifar").unwrap();
    let net = build(&gpu, &graph, &Weights::seeded(&graph, 1), KeptOutputs::All, None);
    let (pass_schedule, input) = (net.pass_schedule(), Values(5).reals(graph.input.shape.elements()));
    let read = ReadbackRequest { slices: vec![OutputSlice::whole(&graph, graph.logits)], extents: true };
    let whole_pass = pollster::block_on(net.pass(&input, &read, None)).unwrap();
    assert!(whole_pass.times.is_empty());
    let start = Instant::now();
    let half = pass_schedule.len() / 2;
    let first = PassPart { input: Some(&input), pass_schedule, segments: 0..half, timed: true };
    let first =
        pollster::block_on(net.submit_part(&first, &ReadbackRequest::default(), None).unwrap().finish()).unwrap();
    assert!(first.times.is_empty(), "only the last part reads the times");
    let rest = PassPart { input: None, pass_schedule, segments: half..pass_schedule.len(), timed: true };
    let reading = pollster::block_on(net.submit_part(&rest, &read, None).unwrap().finish()).unwrap();
    let elapsed = start.elapsed().as_secs_f64() * 1e3;
    assert!(reading.slices == whole_pass.slices && reading.extents == whole_pass.extents);
    let nodes: Vec<_> = reading.times.iter().map(|(node, _)| Some(*node)).collect();
    assert_eq!(nodes, (0..pass_schedule.len()).map(|segment| pass_schedule.node(segment)).collect::<Vec<_>>());
    let sum: f64 = reading.times.iter().map(|(_, ms)| ms).sum();
    assert!(sum > 0.0 && sum <= elapsed, "{sum} of {elapsed} ms");
}
