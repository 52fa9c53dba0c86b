//! Explanations on the graphs of real networks, with arbitrary activations and with those of a real pass.

use super::values::energy;
use super::*;
use engine::cpu::CpuNetwork;
use net::{Activation, names, network};
use weights::Weights;

fn graph(name: &str) -> Graph {
    network(name).expect("should be declared")
}

fn find(graph: &Graph, name: &str) -> NodeId {
    graph.find(name).expect("should be a node")
}

/// Returns an arbitrary but fixed activation. It does not repeat along rows or maps.
fn any(node: NodeId, place: usize) -> f32 {
    ((place * 37 + node.0 * 11) % 101) as f32 / 50.0 - 1.0
}

fn read(slices: &[OutputSlice], value: impl Fn(NodeId, usize) -> f32) -> Vec<Vec<f32>> {
    slices.iter().map(|s| (s.start..s.start + s.len).map(|place| value(s.node, place)).collect()).collect()
}

/// Computes the explanation of a node with arbitrary activations.
fn shown(graph: &Graph, name: &str, map: usize, map_cell: Option<(usize, usize)>) -> Insight {
    let node = find(graph, name);
    let values = read(&Insight::needs(graph, node, map, map_cell), any);
    Insight::of(graph, node, map, map_cell, &values, None).expect("should show something")
}

fn addition(graph: &Graph, name: &str, map: usize) -> Addition {
    let Insight::Addition(found) = shown(graph, name, map, None) else { panic!("should be an addition") };
    found
}

fn concatenation(graph: &Graph, name: &str, map: usize) -> Concatenation {
    let Insight::Concatenation(found) = shown(graph, name, map, None) else { panic!("should be a concatenation") };
    found
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-5 * (1.0 + a.abs().max(b.abs()))
}

#[test]
fn slices_are_in_range_everywhere() {
    for name in names() {
        let graph = graph(name);
        for (id, node) in graph.iter() {
            let (channels, height, width) = node.shape.chw();
            let last = (!node.shape.is_flat()).then(|| (height - 1, width - 1));
            for (map, map_cell) in [(0, None), (channels - 1, None), (0, Some((0, 0))), (channels - 1, last)] {
                let slices = Insight::needs(&graph, id, map, map_cell);
                for slice in &slices {
                    let size = graph.node(slice.node).shape.elements();
                    assert!(slice.len > 0 && slice.start + slice.len <= size, "{name} {} {slice:?}", node.name);
                }
                let has = matches!(
                    node.op,
                    Op::Add(_) | Op::Concat(_) | Op::MaxPool2d(_) | Op::LocalResponseNorm(_) | Op::BatchNorm2d(_)
                );
                if has {
                    assert!(!slices.is_empty(), "{name} {}", node.name);
                }
            }
        }
    }
}

#[test]
fn cells_that_do_not_exist_have_no_explanation() {
    let graph = graph("resnet20-cifar");
    let add = find(&graph, "layer1.0.add");
    for (node, map, map_cell) in
        [(add, 16, None), (add, 0, Some((32, 0))), (NodeId(999), 0, None), (find(&graph, "conv1"), 0, None)]
    {
        assert!(Insight::needs(&graph, node, map, map_cell).is_empty());
        assert_eq!(Insight::of(&graph, node, map, map_cell, &[], None), None);
    }
    let mut values = read(&Insight::needs(&graph, add, 0, None), any);
    values[1].pop();
    assert_eq!(Insight::of(&graph, add, 0, None, &values, None), None);
}

#[test]
fn each_family_has_its_kind_of_shortcut() {
    let fifty = graph("resnet50");
    let found = addition(&fifty, "layer1.0.add", 3);
    let projection = find(&fifty, "layer1.0.downsample.0");
    assert_eq!(found.shortcut, Shortcut::Projection { node: projection });
    assert_eq!(found.from, find(&fifty, "layer1.0.downsample.1"));
    assert_eq!(found.branch, find(&fifty, "layer1.0.bn3"));
    assert_eq!((found.columns, found.sum.len(), found.maps.len()), (56, 56 * 56, 256));
    assert_eq!(found.then, Some(Activation::Relu));
    let found = addition(&fifty, "layer3.4.add", 0);
    assert_eq!((found.shortcut, found.from), (Shortcut::Identity, find(&fifty, "layer3.3")));

    let twenty = graph("resnet20-cifar");
    let found = addition(&twenty, "layer2.0.add", 0);
    assert_eq!(found.shortcut, Shortcut::Padded { stride: 2, zeros: 16 });
    assert_eq!(found.branch, find(&twenty, "layer2.0.bn2"));
    for name in names().filter(|name| name.starts_with("resnet")) {
        let graph = graph(name);
        for (id, node) in graph.iter().filter(|(_, node)| matches!(node.op, Op::Add(_))) {
            let found = addition(&graph, &node.name, 0);
            // The network declarations list F(x) first.
            assert_eq!([found.branch, found.from], node.inputs.as_slice(), "{name} {}", graph.node(id).name);
        }
    }
}

#[test]
fn norms_add_up_over_maps() {
    let graph = graph("resnet20-cifar");
    let found = addition(&graph, "layer3.1.add", 7);
    let squares = |of: fn(&SummandNorms) -> f64| found.maps.iter().map(|norms| of(norms).powi(2)).sum::<f64>();
    assert!(close(squares(|n| n.x), found.norms.x.powi(2)) && close(squares(|n| n.f), found.norms.f.powi(2)));
    assert!(found.sum.iter().zip(&found.x).zip(&found.f).all(|((sum, x), f)| *sum == f + x));
    let own = found.maps[7];
    assert!(close(own.x, energy(&found.x).sqrt()) && close(own.f, energy(&found.f).sqrt()));
}

#[test]
fn branches_of_the_first_inception_module() {
    let paper = graph("googlenet");
    let found = concatenation(&paper, "inception3a", 100);
    let name = |branch: &ModuleBranch| paper.node(branch.end).name.clone();
    assert_eq!(
        found.branches.iter().map(name).collect::<Vec<_>>(),
        ["inception3a.branch1", "inception3a.branch2", "inception3a.branch3", "inception3a.branch4"]
    );
    let ranges: Vec<_> = found.branches.iter().map(|branch| branch.channels.clone()).collect();
    assert_eq!((ranges, found.branch), (vec![0..64, 64..192, 192..224, 224..256], 1));
    let paths: Vec<&str> = found.branches.iter().map(|branch| branch.path.as_str()).collect();
    assert_eq!(paths, ["1×1", "1×1 → 3×3", "1×1 → 5×5", "max 3×3 → 1×1"]);
    // The module reads 192 channels of 28x28.
    let macs = [192 * 64, 192 * 96 + 96 * 9 * 128, 192 * 16 + 16 * 25 * 32, 192 * 32].map(|n| n * 784);
    assert_eq!(found.branches.iter().map(|branch| branch.macs).collect::<Vec<_>>(), macs);
    assert!(close(found.branches[1].channel_share, 0.5));

    let naive = graph("googlenet-naive");
    let found = concatenation(&naive, "inception3a", 0);
    assert_eq!((found.branches[3].path.as_str(), found.branches[3].macs), ("max 3×3", 0));
}

#[test]
fn shares_of_every_module_add_up_to_one() {
    for name in ["googlenet", "googlenet-naive", "googlenet-torchvision"] {
        let graph = graph(name);
        let modules: Vec<_> = graph.iter().filter(|(_, node)| matches!(node.op, Op::Concat(_))).collect();
        assert_eq!(modules.len(), 9);
        for (_, node) in modules {
            let found = concatenation(&graph, &node.name, node.shape.chw().0 - 1);
            assert_eq!((found.branches.len(), found.branch), (4, 3));
            let sum = |of: fn(&ModuleBranch) -> f64| found.branches.iter().map(of).sum::<f64>();
            assert!(close(sum(|l| l.channel_share), 1.0) && close(sum(|l| l.energy_share), 1.0));
            assert!(close(sum(|l| l.mac_share), 1.0));
            let channels: usize = found.branches.iter().map(|branch| branch.channels.len()).sum();
            assert_eq!(channels, node.shape.chw().0);
            for (branch, i) in found.branches.iter().zip(1..) {
                let end = &graph.node(branch.end).name;
                assert!(end.starts_with(&format!("{}.branch{i}", node.name)), "{end}");
            }
        }
    }
    let zero_divisor = graph("googlenet");
    let node = find(&zero_divisor, "inception4c");
    let values = read(&Insight::needs(&zero_divisor, node, 0, None), |_, _| 0.0);
    let found = Insight::of(&zero_divisor, node, 0, None, &values, None).expect("should show something");
    let Insight::Concatenation(found) = found else { panic!("should be a concatenation") };
    assert!(found.branches.iter().all(|branch| branch.energy_share == 0.0));
}

#[test]
fn branches_account_for_all_macs_of_their_module() {
    let graph = graph("googlenet-torchvision");
    for block in graph.blocks.iter().filter(|block| matches!(block.kind, net::BlockKind::Inception)) {
        let found = concatenation(&graph, &block.name, 0);
        let all: u64 = block.nodes.clone().map(|place| graph.macs(NodeId(place)).value()).sum();
        assert_eq!(found.branches.iter().map(|branch| branch.macs).sum::<u64>(), all, "{}", block.name);
    }
}

#[test]
fn every_window_has_one_winner() {
    // The windows overlap, are padded, and extend past the far edge.
    for (name, node) in [("alexnet", "pool1"), ("resnet18", "maxpool"), ("googlenet", "pool3"), ("vgg11", "features.2")]
    {
        let graph = graph(name);
        let (_, height, width) = graph.node(find(&graph, node)).shape.chw();
        let cell = (height - 1, width - 1);
        let Insight::MaxPooling(found) = shown(&graph, node, 1, Some(cell)) else { panic!("should be a pooling") };
        assert_eq!(found.windows, height * width);
        assert_eq!(found.wins.iter().sum::<u32>() as usize, height * width);
        assert!(found.winners() <= found.windows);
        let won = found.pooled_window.expect("should be a window");
        let (row, column) = won.place();
        assert_eq!(found.values[row * found.columns + column], won.greatest);
        assert!(won.values.iter().all(|&v| v <= won.greatest) && won.next <= Some(won.greatest));
    }
}

#[test]
fn windows_of_the_first_max_pooling() {
    let graph = graph("alexnet");
    let Insight::MaxPooling(found) = shown(&graph, "pool1", 0, Some((1, 26))) else { panic!("should be a pooling") };
    let won = found.pooled_window.expect("should be a window");
    assert_eq!((won.rows, won.columns, won.cell), (2..5, 52..55, (1, 26)));
}

#[test]
fn neighbours_of_a_response_normalization() {
    let graph = graph("alexnet");
    let Insight::ResponseNorm(found) = shown(&graph, "norm1", 95, Some((4, 5))) else {
        panic!("should be a normalization")
    };
    let at = found.at.expect("should be a value");
    // n = 5 at the last of 96 maps: two maps before it, and itself.
    assert_eq!(at.neighbours.iter().map(|n| n.channel).collect::<Vec<_>>(), [93, 94, 95]);
    let input = graph.node(find(&graph, "norm1")).inputs[0];
    for neighbour in &at.neighbours {
        assert_eq!(neighbour.value, any(input, (neighbour.channel * 55 + 4) * 55 + 5));
    }
    assert!(close(at.neighbours.iter().map(|n| n.share).sum(), 1.0));
    assert!(close(at.divisor, (2.0 + 1e-4 * at.squares).powf(0.75)) && at.zero_divisor < at.divisor);
    let Insight::ResponseNorm(found) = shown(&graph, "norm2", 0, None) else { panic!("should be a normalization") };
    assert_eq!((found.at, found.columns, found.before.len()), (None, 27, 729));
}

#[test]
fn only_global_poolings_are_explained_as_means() {
    for name in names() {
        let graph = graph(name);
        for (id, node) in graph.iter() {
            let covers = match node.op {
                Op::AdaptiveAvgPool2d(op) => op.side == 1,
                Op::AvgPool2d(op) => node.shape.is_flat() && graph.input_shape(id).chw().1 == op.kernel,
                _ => continue,
            };
            assert_eq!(!Insight::needs(&graph, id, 0, None).is_empty(), covers, "{name} {}", node.name);
        }
    }
    let graph = graph("resnet50");
    // The 2048 cells of the flat node form rows of 32.
    let Insight::GlobalAverage(found) = shown(&graph, "avgpool", 0, Some((2, 1))) else { panic!("should be a mean") };
    assert_eq!((found.map, found.values.len(), found.columns), (65, 49, 7));
    let Insight::GlobalAverage(same) = shown(&graph, "avgpool", 65, None) else { panic!("should be a mean") };
    assert_eq!(same, found);
}

/// Returns the parameters of one channel by the last part of their names.
fn row(graph: &Graph, weights: &Weights, node: NodeId, channel: usize) -> BTreeMap<String, Vec<f32>> {
    let tensors = graph.tensors(node).into_iter();
    let value = |name: &str| weights.get(name).expect("should be there").values[channel];
    tensors.map(|(name, spec)| (spec.leaf.to_owned(), vec![value(&name)])).collect()
}

#[test]
fn explanations_agree_with_a_real_pass() {
    let graph = graph("resnet20-cifar");
    let weights = Weights::seeded(&graph, 1);
    let engine = CpuNetwork::new(&graph, &weights).expect("should be built");
    let picture: Vec<f32> = (0..3 * 32 * 32).map(|place| any(NodeId(0), place)).collect();
    let all = engine.pass(&picture).expect("should pass");
    for (id, node) in graph.iter() {
        let (channels, height, width) = node.shape.chw();
        let (map, area) = (channels - 1, height * width);
        let own = &all[id.0][map * area..(map + 1) * area];
        let values = read(&Insight::needs(&graph, id, map, None), |node, place| all[node.0][place]);
        let row = row(&graph, &weights, id, map.min(channels - 1));
        match Insight::of(&graph, id, map, None, &values, Some(&row)) {
            Some(Insight::Addition(found)) => assert_eq!(found.sum, own, "{}", node.name),
            Some(Insight::BatchNorm(found)) => {
                let line = found.affine.expect("should have its parameters");
                for (&x, &y) in found.before.iter().zip(&found.after) {
                    assert!(close(line.a * f64::from(x) + line.b, f64::from(y)), "{} {x} {y}", node.name);
                }
            }
            Some(Insight::GlobalAverage(found)) => assert!(close(found.mean, f64::from(own[0]))),
            other => assert_eq!(other, None),
        }
    }
}
