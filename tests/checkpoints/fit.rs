//! Checkpoints that do not fit a graph: the error names every fault, and nothing is loaded.

use std::collections::BTreeMap;

use net::{About, Activation, Builder, Classes, Family, Graph, Input, InputKind, Linear, Op, Shape, Softmax};
use weights::{Array, TensorSource, Weights, WeightsError, to_safetensors};

use super::{bytes, modern, open, small};

fn refusal(graph: &Graph, file: Vec<u8>) -> String {
    match TensorSource::checkpoint(graph, open(file).expect("should open")) {
        Err(error @ WeightsError::Unfit { .. }) => error.to_string(),
        other => panic!("{other:?} is something else"),
    }
}

/// Returns all faults of a file, also those that the message does not name.
fn faults(graph: &Graph, file: Vec<u8>) -> String {
    match TensorSource::checkpoint(graph, open(file).expect("should open")) {
        Err(WeightsError::Unfit { faults, .. }) => {
            faults.all().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        other => panic!("{other:?} is something else"),
    }
}

/// Returns a safetensors file with tensors of zeros in these shapes.
fn zeros(shapes: &[(&str, &[usize])]) -> Vec<u8> {
    let array = |dims: &[usize]| Array { dims: dims.to_vec(), values: vec![0.0; dims.iter().product()] };
    let arrays: Vec<(&str, Array)> = shapes.iter().map(|&(name, dims)| (name, array(dims))).collect();
    to_safetensors(arrays.iter().map(|(name, array)| (*name, array)), &BTreeMap::new()).expect("should be written")
}

#[test]
fn every_fault_is_listed() {
    let file = zeros(&[
        ("conv.weight", &[3, 1, 5, 5]),
        ("fc.weight", &[10, 108]),
        ("fc.bias", &[10]),
        ("fc.scale", &[1]),
        ("bn.num_batches_tracked", &[]),
        ("fc.bad\u{7}name", &[1]),
    ]);
    assert_eq!(
        refusal(&small(), file),
        "these weights do not fit small: conv.bias is missing, conv.weight is [3, 1, 5, 5], not [3, 1, 3, 3], \
         fc.bad\\u{7}name is extra, fc.scale is extra; choose a checkpoint of small"
    );
}

#[test]
fn unsupported_types_are_listed() {
    let text = refusal(&small(), bytes("small-i32.pth"));
    for name in ["conv.weight", "conv.bias", "fc.weight", "fc.bias"] {
        assert!(text.contains(&format!("{name} is I32, and not a floating-point number")), "{text}");
    }
    assert!(!text.contains("missing"), "{text}");
}

#[test]
fn another_network_is_refused() {
    let text = faults(&modern(), bytes("small-shared.pth"));
    assert!(text.contains("conv1.weight is missing") && text.contains("fc3.bias is missing"), "{text}");
    assert!(text.contains("conv.weight is extra"), "{text}");
    assert_eq!(
        refusal(&modern(), bytes("small-shared.pth")),
        "these weights do not fit lenet5-modern: conv1.bias is missing, conv1.weight is missing, conv2.bias is missing, \
         conv2.weight is missing, and 10 more; choose a checkpoint of lenet5-modern"
    );
}

#[test]
fn the_network_that_a_file_fits_better_is_named() {
    let weights = |name: &str| {
        let graph = net::network(name).expect("should be declared");
        (graph.name, Weights::seeded(&graph, 1).into_tensors().collect::<BTreeMap<String, Array>>())
    };
    let file = |tensors: &BTreeMap<String, Array>| {
        to_safetensors(tensors.iter().map(|(name, array)| (name.as_str(), array)), &BTreeMap::new())
            .expect("should be written")
    };
    let (name, mut tensors) = weights("resnet20-cifar");
    let text = refusal(&modern(), file(&tensors));
    assert!(text.starts_with(&format!("these weights are those of {name}, and do not fit lenet5-modern: ")), "{text}");
    assert!(text.ends_with("more; open them with resnet20-cifar"), "{text}");
    tensors.remove("layer1.0.conv1.weight");
    let text = refusal(&modern(), file(&tensors));
    assert!(
        text.ends_with(
            "they are nearest to resnet20-cifar, with 1 tensors that differ; choose a checkpoint of lenet5-modern"
        ),
        "{text}"
    );
    assert!(text.len() < 400, "{text}");
}

/// Three fully connected layers, named and ordered as in VGG's classifier, but small.
fn classifier() -> Graph {
    let kind = InputKind::Digit { scale: 1.0, offset: 0.0 };
    let mut net = Builder::new(Input { shape: Shape::maps(2, 3, 3), kind });
    for (name, units) in [("classifier.0", 5), ("classifier.3", 4), ("classifier.6", 3)] {
        net.then(name, Op::Linear(Linear { units, activation: Activation::Identity })).expect("should fit");
    }
    net.then("softmax", Op::Softmax(Softmax { scale: 1.0 })).expect("should fit");
    net.finish(About {
        name: "classifier",
        title: "Classifier",
        family: Family::LeNet,
        year: 2024,
        source: "a test",
        classes: Classes::Digits,
    })
    .expect("should be a graph")
}

#[test]
fn timms_classifier_is_read_as_torchvisions() {
    let timm: [(&str, &[usize]); 6] = [
        ("pre_logits.fc1.weight", &[5, 2, 3, 3]),
        ("pre_logits.fc1.bias", &[5]),
        ("pre_logits.fc2.weight", &[4, 5, 1, 1]),
        ("pre_logits.fc2.bias", &[4]),
        ("head.fc.weight", &[3, 4]),
        ("head.fc.bias", &[3]),
    ];
    let arrays: Vec<(&str, Array)> = timm
        .iter()
        .map(|&(name, dims)| {
            let values = (0..dims.iter().product()).map(|i: usize| i as f32).collect();
            (name, Array { dims: dims.to_vec(), values })
        })
        .collect();
    let file =
        to_safetensors(arrays.iter().map(|(name, array)| (*name, array)), &BTreeMap::new()).expect("should be written");
    let weights = Weights::from_bytes(&classifier(), &file).expect("should fit");
    let first = weights.get("classifier.0.weight").expect("should be there");
    assert_eq!(first.dims, [5, 18]);
    assert_eq!(first.values, (0..90).map(|i| i as f32).collect::<Vec<_>>());
    assert_eq!(weights.get("classifier.6.bias").map(|array| array.dims.as_slice()), Some([3].as_slice()));
    // Another shape with as many values is another tensor. Only timm's names allow the other shape.
    let mut wrong = timm;
    wrong[0].1 = &[10, 1, 3, 3];
    assert!(faults(&classifier(), zeros(&wrong)).contains("classifier.0.weight is [10, 1, 3, 3], not [5, 18]"));
    let ours: Vec<(&str, &[usize])> = vec![("classifier.0.weight", &[5, 2, 3, 3])];
    assert!(faults(&classifier(), zeros(&ours)).contains("classifier.0.weight is [5, 2, 3, 3], not [5, 18]"));
    // A file with both names of one tensor is refused.
    let both: Vec<(&str, &[usize])> = [timm.as_slice(), &[("classifier.0.bias", &[5])]].concat();
    assert!(faults(&classifier(), zeros(&both)).contains("classifier.0.bias is there twice"));
}
