//! Ablations on the GPU: compared with the reference of `scale`, with the CPU engine, and in passes that reuse earlier
//! outputs.

use engine::cpu::CpuNetwork;
use engine::gpu::{Gpu, GpuError, GpuNetwork, Kernel, PassPart, ReadbackRequest};
use engine::{KeptOutputs, OutputSlice, reference};
use net::{AblationFactors, Ablations, Graph, MaxPool2d, NodeId, Op, Shape, Window, network};
use weights::Weights;

use crate::support::{Values, build, gpu, graph_of, weights};
use crate::tolerance::{REORDERED, close, exact};

fn effects(graph: &Graph, text: &str) -> AblationFactors {
    Ablations::read(graph, text).unwrap_or_else(|error| panic!("{error}")).effects(graph)
}

fn all(graph: &Graph) -> ReadbackRequest {
    ReadbackRequest { slices: graph.iter().map(|(id, _)| OutputSlice::whole(graph, id)).collect(), extents: true }
}

/// Runs the `stale` part of a pass and reuses the other outputs of the last one. Returns the number of dispatches and
/// every output.
fn go_on(net: &GpuNetwork, graph: &Graph, stale: Vec<bool>) -> (usize, Vec<Vec<f32>>) {
    let pass_schedule = net.pass_schedule().only(graph, stale);
    let part = PassPart { input: None, pass_schedule: &pass_schedule, segments: 0..pass_schedule.len(), timed: true };
    let pending = net.submit_part(&part, &all(graph), None).unwrap();
    let dispatches = pending.dispatches();
    (dispatches, pollster::block_on(pending.finish()).unwrap().slices)
}

pub fn scale(gpu: &Gpu, _: Kernel) {
    let spread = Op::MaxPool2d(MaxPool2d { window: Window::new(3, 1, 1), ceil: false });
    for (c, h, w) in [(1, 1, 1), (5, 7, 3), (70, 9, 9)] {
        let graph = graph_of(spread.clone(), Shape::maps(c, h, w));
        let none = weights(&graph, |n| vec![0.0; n]);
        let mut net = build(gpu, &graph, &none, KeptOutputs::All, None);
        let input = Values(6).reals(c * h * w);
        let read = ReadbackRequest {
            slices: vec![OutputSlice::whole(&graph, NodeId(0)), OutputSlice::whole(&graph, NodeId(1))],
            extents: false,
        };
        let uncut = pollster::block_on(net.pass(&input, &read, None)).unwrap().slices.remove(1);
        let (first, last) = (c / 2, c - 1);
        for factor in [0.0_f32, 0.3, 4.0] {
            let mut want = uncut.clone();
            reference::scale(factor, (first * h * w, (c - first) * h * w, 1), &mut want);
            net.ablate(&effects(&graph, &format!("op0:{first}-{last}={factor}"))).unwrap();
            let got = pollster::block_on(net.pass(&input, &read, None)).unwrap();
            exact(&got.slices[1], &want).unwrap_or_else(|e| panic!("{c}@{h}x{w} times {factor}: {e}"));
            // The input, which no step computes.
            net.ablate(&effects(&graph, &format!("input:{first}={factor}"))).unwrap();
            let got = pollster::block_on(net.pass(&input, &read, None)).unwrap();
            let mut want = input.clone();
            reference::scale(factor, (first * h * w, h * w, 1), &mut want);
            exact(&got.slices[0], &want).unwrap_or_else(|e| panic!("input {c}@{h}x{w} times {factor}: {e}"));
        }
    }
}

/// For each network, ablations of every kind of part it has.
const CUTS: [(&str, &[&str]); 5] = [
    ("lenet5", &["C1:2", "C3:5/1,C3:5/0=3", "S2:1=0.5,C5:10-20", "input:0=0.5", "F6"]),
    ("alexnet-cifar10", &["conv1:3,conv1:4=2", "conv3:7/2=0.5", "tower2", "fc6:1-100"]),
    ("googlenet-cifar10", &["inception3a/lane2", "inception4a:3-40=0.5", "inception5b.branch4_pool:3,dropout:0-90"]),
    ("resnet18-cifar10", &["layer1.0/shortcut", "layer2.0/shortcut=0.5,layer2.0/branch=2", "layer3.1.bn1:5,conv1:0/2"]),
    ("resnet20-cifar", &["layer2.0/shortcut", "layer3.2/branch,layer3.1.conv1:63/0"]),
];

#[test]
fn every_kind_of_ablation_agrees_with_the_cpu_and_runs_only_what_follows() {
    let gpu = gpu();
    for (name, texts) in CUTS {
        let graph = network(name).unwrap();
        let seeded = Weights::seeded(&graph, 1);
        let cpu = CpuNetwork::new(&graph, &seeded).unwrap();
        let mut net = build(&gpu, &graph, &seeded, KeptOutputs::All, None);
        let input = Values(7).reals(graph.input.shape.elements());
        let pass = |net: &GpuNetwork| pollster::block_on(net.pass(&input, &all(&graph), None)).unwrap();
        let (uncut, nothing) = (pass(&net), AblationFactors::default());
        let mut last = nothing.clone();
        for text in texts.iter().copied() {
            let now = effects(&graph, text);
            let stale = now.stale(&graph, &last);
            net.ablate(&now).unwrap();
            let want = cpu.ablated_pass(&input, &now).unwrap();
            assert!(want[graph.logits.0] != uncut.slices[graph.logits.0], "{name}, {text}: it makes no difference");
            let got = if stale[0] { pass(&net).slices } else { go_on(&net, &graph, stale).1 };
            for (id, node) in graph.iter() {
                close(&got[id.0], &want[id.0], REORDERED)
                    .unwrap_or_else(|e| panic!("{name}, {text}: {}: {e}", node.name));
            }
            assert!(pass(&net).slices == got, "{name}, {text}: a whole pass gives something else");
            last = now;
        }
        // After restoring all parts, the outputs are the same bit for bit.
        net.ablate(&nothing).unwrap();
        let again = pass(&net);
        assert!(again.slices == uncut.slices && again.extents == uncut.extents, "{name}");
    }
}

#[test]
fn another_scale_of_the_same_parts_agrees_with_the_cpu() {
    let gpu = gpu();
    let parts =
        [("lenet5", "C1:2=,C3:5/1=,input:0="), ("resnet18-cifar10", "layer1.0/shortcut=,conv1:0/2=,layer3.1.bn1:5=")];
    for (name, parts) in parts {
        let graph = network(name).unwrap();
        let seeded = Weights::seeded(&graph, 1);
        let cpu = CpuNetwork::new(&graph, &seeded).unwrap();
        let mut net = build(&gpu, &graph, &seeded, KeptOutputs::All, None);
        let input = Values(7).reals(graph.input.shape.elements());
        // Forwards and back: each scale applies to the weights of the network, not to those of the last scale.
        for factor in ["0.5", "0.25", "2", "0.5"] {
            let text = parts.replace('=', &format!("={factor}"));
            let now = effects(&graph, &text);
            net.ablate(&now).unwrap();
            let want = cpu.ablated_pass(&input, &now).unwrap();
            let got = pollster::block_on(net.pass(&input, &all(&graph), None)).unwrap().slices;
            let detached = net.submit_detached(&[&input], &[graph.logits], true).unwrap();
            let detached = pollster::block_on(detached.finish()).unwrap().slices;
            close(&detached[0], &want[graph.logits.0], REORDERED).unwrap_or_else(|e| panic!("{name}, {text}: {e}"));
            for (id, node) in graph.iter() {
                close(&got[id.0], &want[id.0], REORDERED)
                    .unwrap_or_else(|e| panic!("{name}, {text}: {}: {e}", node.name));
            }
        }
    }
}

#[test]
fn nodes_before_or_beside_an_ablation_are_not_run() {
    let gpu = gpu();
    let graph = network("googlenet-cifar10").unwrap();
    let mut net = build(&gpu, &graph, &Weights::seeded(&graph, 1), KeptOutputs::All, None);
    let input = Values(8).reals(graph.input.shape.elements());
    let whole_pass = net.submit(&input, &all(&graph), None).unwrap();
    let whole_dispatches = whole_pass.dispatches();
    let uncut = pollster::block_on(whole_pass.finish()).unwrap();
    let now = effects(&graph, "inception5b/lane2");
    let stale = now.stale(&graph, &AblationFactors::default());
    net.ablate(&now).unwrap();
    let (dispatches, got) = go_on(&net, &graph, stale.clone());
    // The last convolution of the branch and its scaling, pooling, fully connected layer, softmax. The concatenation
    // and dropout share the buffers of their inputs.
    assert_eq!(dispatches, 5);
    assert!(whole_dispatches > 60, "{whole_dispatches}");
    for (id, node) in graph.iter() {
        let same = got[id.0] == uncut.slices[id.0];
        assert_eq!(same, !stale[id.0], "{}", node.name);
    }
}

#[test]
fn a_network_that_does_not_keep_every_output_refuses_ablations() {
    let graph = network("lenet5").unwrap();
    let mut net = build(&gpu(), &graph, &Weights::seeded(&graph, 1), KeptOutputs::Nodes(vec![graph.logits]), None);
    assert_eq!(net.ablate(&effects(&graph, "C1:0")), Err(GpuError::NotAblatable));
    net.ablate(&AblationFactors::default()).unwrap();
}

#[test]
fn detached_passes_leave_the_outputs_unchanged() {
    let gpu = gpu();
    for (name, text) in [("lenet5", "C3:5/1,C1:0,input:0=0.5"), ("resnet20-cifar", "layer2.0/shortcut,layer1.0.bn1:3")]
    {
        let graph = network(name).unwrap();
        let seeded = Weights::seeded(&graph, 1);
        let cpu = CpuNetwork::new(&graph, &seeded).unwrap();
        let mut net = build(&gpu, &graph, &seeded, KeptOutputs::All, None);
        let nodes = [graph.logits, graph.probabilities];
        let inputs: Vec<Vec<f32>> = (1..4).map(|seed| Values(seed).reals(graph.input.shape.elements())).collect();
        let borrowed: Vec<&[f32]> = inputs.iter().map(Vec::as_slice).collect();
        let now = effects(&graph, text);
        net.ablate(&now).unwrap();
        let before = pollster::block_on(net.pass(&Values(9).reals(inputs[0].len()), &all(&graph), None)).unwrap();
        for (with_ablations, of) in [(true, &now), (false, &AblationFactors::default()), (true, &now)] {
            let got =
                pollster::block_on(net.submit_detached(&borrowed, &nodes, with_ablations).unwrap().finish()).unwrap();
            let want: Vec<Vec<f32>> =
                inputs.iter().flat_map(|input| cpu.ablated_pass_to(input, &nodes, of).unwrap()).collect();
            assert_eq!(got.slices.len(), want.len());
            for (got, want) in got.slices.iter().zip(&want) {
                close(got, want, REORDERED).unwrap_or_else(|e| panic!("{name}, cut: {with_ablations}: {e}"));
            }
        }
        let after = pollster::block_on(net.read(&all(&graph)).unwrap().finish()).unwrap();
        assert!(after.slices == before.slices && after.extents == before.extents, "{name}");
    }
}
