//! The numbers that tours state about layers, receptive fields and the passes shown.

use std::collections::{BTreeMap, BTreeSet};

use analysis::compare::units::grouped;
use analysis::evidence::ClassActivation;
use net::{AblationFactors, BlockKind, Graph, network};
use weights::Weights;

use super::{NetworkOnPicture, TOURS, digits, tour_text};

/// The quantity to count.
#[derive(Clone, Copy)]
enum Count {
    Parameters,
    Macs,
}
use Count::{Macs, Parameters};

/// Numbers in the tours: tour, network, the nodes to sum over, and the quantity. No nodes stand for the whole network.
const COUNTS: &[(&str, &str, &[&str], Count)] = &[
    ("lenet", "lenet5", &["C1"], Parameters),
    ("lenet", "lenet5", &["C1"], Macs),
    ("lenet", "lenet5", &["S2"], Parameters),
    ("lenet", "lenet5", &["C3"], Parameters),
    ("lenet", "lenet5-modern", &["conv2"], Parameters),
    ("lenet", "lenet5", &["C5"], Parameters),
    ("lenet", "lenet5", &[], Parameters),
    ("lenet", "lenet5-modern", &[], Parameters),
    ("alexnet", "alexnet-cifar10", &[], Parameters),
    ("alexnet", "alexnet-cifar10", &[], Macs),
    ("alexnet", "alexnet", &[], Parameters),
    ("alexnet", "alexnet-cifar10", &["conv2"], Parameters),
    ("alexnet", "alexnet-cifar10", &["conv2"], Macs),
    ("alexnet", "alexnet-cifar10", &["conv3"], Parameters),
    ("alexnet", "alexnet-cifar10", &["conv4"], Parameters),
    ("alexnet", "alexnet-cifar10", &["fc6"], Parameters),
    ("alexnet", "alexnet-cifar10", &["fc6"], Macs),
    ("alexnet", "alexnet", &["fc6"], Parameters),
    ("vgg", "vgg16-cifar10", &[], Parameters),
    ("vgg", "vgg16-cifar10", &["features.7"], Macs),
    ("vgg", "vgg16-cifar10", &["features.12"], Macs),
    ("vgg", "vgg16-cifar10", &["classifier.0"], Parameters),
    ("vgg", "vgg16-cifar10", &["features.28"], Parameters),
    ("vgg", "vgg16", &["classifier.0"], Parameters),
    ("vgg", "vgg16", &[], Parameters),
    ("googlenet", "googlenet-cifar10", &[], Parameters),
    ("googlenet", "alexnet", &[], Parameters),
    ("googlenet", "googlenet-naive", &[], Parameters),
    ("googlenet", "googlenet-cifar10", &["conv2_reduce"], Parameters),
    ("googlenet", "googlenet-cifar10", &["conv2"], Parameters),
    ("googlenet", "googlenet-cifar10", &["inception3a.branch3_reduce", "inception3a.branch3"], Macs),
    ("googlenet", "googlenet-cifar10", &["fc"], Parameters),
    ("googlenet", "alexnet-cifar10", &["fc6", "fc7", "fc8"], Parameters),
    ("resnet", "resnet18-cifar10", &[], Parameters),
    ("resnet", "resnet18-cifar10", &["layer1.1.conv1"], Parameters),
    ("resnet", "resnet18-cifar10", &["layer1.1.conv2"], Parameters),
    ("resnet", "resnet18-cifar10", &["layer2.0.downsample.0"], Parameters),
    ("resnet", "resnet18-cifar10", &["layer2.1.conv1", "layer2.1.conv2"], Parameters),
    ("resnet", "resnet50", &["layer1.1.conv1"], Parameters),
    ("resnet", "resnet50", &["layer1.1.conv2"], Parameters),
    ("resnet", "resnet50", &["layer1.1.conv3"], Parameters),
    ("resnet", "resnet56-cifar", &[], Parameters),
    ("resnet", "plain56-cifar", &[], Parameters),
];

fn count(graph: &Graph, nodes: &[&str], what: Count) -> u64 {
    let of = |node| match what {
        Parameters => graph.parameters(node).value(),
        Macs => graph.macs(node).value(),
    };
    match (nodes, what) {
        ([], Parameters) => graph.total_parameters(),
        ([], Macs) => graph.total_macs(),
        _ => nodes.iter().map(|name| of(graph.find(name).expect("should be a node"))).sum(),
    }
}

#[test]
fn numbers_of_layers_match_the_graphs() {
    let graph = |name: &str| network(name).expect("should be declared");
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for &(tour, net, nodes, what) in COUNTS {
        known.entry(tour).or_default().insert(grouped(count(&graph(net), nodes, what)));
    }
    // GoogLeNet without its auxiliary classifiers.
    let full = graph("googlenet");
    let is_side =
        |node| full.enclosing_blocks(node).any(|block| full.blocks[block.0].kind == BlockKind::AuxiliaryClassifier);
    let main = full.iter().filter(|(id, _)| !is_side(*id)).map(|(id, _)| full.parameters(id).value()).sum();
    // The costs without a reduction: 5x5 over 96 maps, and two 3x3 over 256 maps.
    let small = graph("googlenet-cifar10");
    let shape = |name: &str| small.node(small.find(name).expect("should be a node")).shape.chw();
    let (maps, height, width) = shape("inception3a.branch3");
    let direct = (maps * height * width * shape("pool2").0 * 25) as u64;
    known.entry("googlenet").or_default().extend([grouped(main), grouped(direct)]);
    known.entry("resnet").or_default().insert(grouped(2 * 256 * 256 * 9));
    // The number of values that fc6 reads.
    let alexnet = graph("alexnet-cifar10");
    let read = alexnet.input_shape(alexnet.find("fc6").expect("should be a node")).elements();
    known.entry("alexnet").or_default().insert(grouped(read as u64));
    for name in TOURS {
        let text = tour_text(name);
        let known = &known[name];
        for number in known {
            assert!(text.contains(number.as_str()), "{name} does not say {number}");
        }
        // Every number with a thousands separator must be known. Years have none.
        let numbers = text.split(|c: char| !c.is_ascii_digit() && c != ',').map(|number| number.trim_matches(','));
        for number in numbers.filter(|number| number.contains(',')) {
            assert!(known.contains(number), "{name} says {number}, which is not known");
        }
    }
    // The share of branch 2 in inception3a.
    let lane = |lane: &str| {
        let prefix = format!("inception3a.{lane}");
        let own = small.iter().filter(|(_, node)| node.name.starts_with(&prefix));
        own.map(|(id, _)| small.macs(id).value()).sum::<u64>() as f64
    };
    let share = lane("branch2") / lane("branch");
    assert!(tour_text("googlenet").contains(&format!("{:.1} % of the multiply-accumulates", 100.0 * share)), "{share}");
}

#[test]
fn receptive_fields_match_the_graphs() {
    for (tour, net, node) in [
        ("vgg", "vgg16-cifar10", "features.2"),
        ("vgg", "vgg16-cifar10", "features.14"),
        ("googlenet", "googlenet-cifar10", "inception5b"),
    ] {
        let graph = network(net).expect("should be declared");
        let size = graph.node(graph.find(node).expect("should be a node")).receptive.size;
        assert!(tour_text(tour).contains(&format!("{size}×{size}")), "{tour}: {node} sees {size}");
    }
}

#[test]
fn numbers_of_the_pass_match_the_text() {
    let lenet = NetworkOnPicture::new("lenet5", "7");
    assert_eq!(digits().label(7), Some(9));
    let c1 = lenet.values("C1");
    let greatest = (0..28 * 28).max_by(|&a, &b| c1[a].total_cmp(&c1[b])).expect("should have values");
    assert_eq!((greatest / 28, greatest % 28), (13, 18));
    let mut distances: Vec<(f32, usize)> = lenet.values("output").into_iter().zip(0..).collect();
    distances.sort_by(|a, b| a.0.total_cmp(&b.0));
    let nearest: Vec<(String, usize)> = distances[..2].iter().map(|(d, digit)| (format!("{d:.1}"), *digit)).collect();
    assert_eq!(nearest, [("168.2".to_owned(), 9), ("251.5".to_owned(), 4)]);
    let weights = Weights::bundled(&lenet.graph).expect("should ship");
    let kernel = &weights.get("C1.weight").expect("should be there").values[..25];
    let (left, right): (Vec<_>, Vec<_>) = kernel.iter().zip(0..).partition(|(_, place)| place % 5 < 2);
    assert!(left.iter().all(|(weight, _)| **weight > 0.0));
    assert_eq!(right.iter().filter(|(weight, _)| **weight < 0.0).count(), 11);

    let alexnet = NetworkOnPicture::new("alexnet-cifar10", "cat");
    let relu2 = alexnet.values("relu2");
    let zeros = relu2.iter().filter(|value| **value == 0.0).count();
    assert!(zeros as f64 > 0.8 * relu2.len() as f64, "{zeros} of {}", relu2.len());
    let (before, after) = (alexnet.values("relu1"), alexnet.values("norm1"));
    let divisors = before.iter().zip(&after).filter(|(before, _)| **before > 0.0).map(|(before, after)| before / after);
    assert!(divisors.clone().count() > 0 && divisors.into_iter().all(|divisor| format!("{divisor:.2}") == "1.68"));
    let weights = Weights::bundled(&alexnet.graph).expect("should ship");
    let conv1 = &weights.get("conv1.weight").expect("should be there").values;
    let kernel = |map: usize| conv1[map * 75..][..75].chunks_exact(25);
    let sums: Vec<f32> = kernel(7).map(|colour| colour.iter().sum()).collect();
    assert!(sums[0] < 0.0 && sums[1] > 0.0 && sums[2] < 0.0, "{sums:?}");
    let colours: Vec<&[f32]> = kernel(2).collect();
    let alike = colours[0].iter().zip(colours[1]).zip(colours[2]).map(|((r, g), b)| {
        let mean = (r + g + b) / 3.0;
        (r - mean).powi(2) + (g - mean).powi(2) + (b - mean).powi(2)
    });
    let all: f32 = kernel(2).flatten().map(|weight| weight * weight).sum();
    assert!(alike.sum::<f32>() < 0.05 * all);

    let vgg = NetworkOnPicture::new("vgg16-cifar10", "cat");
    let last = vgg.values("features.30");
    let speaking: Vec<usize> = (0..last.len()).filter(|&map| last[map] > 0.0).collect();
    assert_eq!((speaking.len(), last.len()), (23, 192));
    assert_eq!(speaking.iter().copied().max_by(|&a, &b| last[a].total_cmp(&last[b])), Some(43));
    for map in speaking {
        assert_eq!(vgg.answer(&format!("features.30:{map}")).class, "cat", "{map}");
    }
    let rocket = NetworkOnPicture::new("vgg16-cifar10", "rocket").values("features.30");
    assert!((0..last.len()).any(|map| last[map] == 0.0 && rocket[map] > 0.0));

    let googlenet = NetworkOnPicture::new("googlenet-cifar10", "cat");
    let cam = ClassActivation::of(&googlenet.graph).expect("should end in a mean");
    let weights = Weights::bundled(&googlenet.graph).expect("should ship");
    let maps = googlenet.values(&googlenet.graph.node(cam.maps).name);
    let rows = &weights.get("fc.weight").expect("should be there").values;
    let bias = weights.get("fc.bias").expect("should be there").values[3];
    let places = cam.map(&googlenet.graph, &AblationFactors::default(), &maps, &rows[3 * 512..][..512]);
    let (least, most) = places.iter().fold((f32::MAX, f32::MIN), |(l, m), &place| (l.min(place), m.max(place)));
    let score = places.iter().sum::<f32>() / 4.0 + bias;
    let told = [least, most, bias, score].map(|value| format!("{value:.2}"));
    assert_eq!((places.len(), told), (4, ["1.95", "2.02", "0.02", "2.01"].map(str::to_owned)));

    let resnet = NetworkOnPicture::new("resnet18-cifar10", "cat");
    let norm = |node: &str| resnet.values(node).iter().map(|value| f64::from(*value).powi(2)).sum::<f64>();
    assert!(norm("layer1.1.bn2") < norm("layer1.0"));
}
