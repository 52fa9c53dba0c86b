//! Checks the bundled CIFAR-10 weights on 500 test pictures with both engines. The counts are exact, so that a change
//! of the weights or of an engine is noticed.
//!
//! `tests/fixtures/cifar10-test-500.bin` is a pack (`static/pictures/README.md`) with 50 pictures of each class.

use engine::OutputSlice;
use engine::cpu::CpuNetwork;
use engine::gpu::{Gpu, GpuNetwork, GpuOptions, ReadbackRequest};
use input::ImagePack;
use net::{Graph, network};
use weights::Weights;

fn pack() -> ImagePack {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/cifar10-test-500.bin");
    ImagePack::read(&std::fs::read(path).expect("should be readable")).expect("should be a pack")
}

/// Returns the graph and its bundled weights. Their metadata must say how they were made.
fn shipped(name: &str) -> (Graph, Weights) {
    let graph = network(name).expect("should be declared");
    let weights = Weights::bundled(&graph).expect("should ship");
    for key in ["network", "data", "epochs", "batch", "seed", "optimizer", "schedule", "distortion", "test_error"] {
        assert!(weights.metadata.contains_key(key), "{name} does not say its {key}");
    }
    (graph, weights)
}

/// Returns the class assigned to each of the first `count` pictures.
fn answers(graph: &Graph, count: usize, mut scores: impl FnMut(&[f32]) -> Vec<f32>) -> Vec<usize> {
    let pack = pack();
    let answer = |index: usize| {
        let input = pack.photo(index).expect("should be there").input(graph).expect("should be of its size");
        let scores = scores(&input);
        (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).expect("should have scores")
    };
    (0..count).map(answer).collect()
}

fn on_cpu(name: &str, count: usize) -> Vec<usize> {
    let (graph, weights) = shipped(name);
    let cpu = CpuNetwork::new(&graph, &weights).expect("should build");
    answers(&graph, count, |input| cpu.pass(input).expect("should run").swap_remove(graph.logits.0))
}

fn on_gpu(name: &str, count: usize) -> Vec<usize> {
    let (graph, weights) = shipped(name);
    let network = pollster::block_on(async {
        let gpu = Gpu::new(&GpuOptions::default()).await.expect("should be there");
        GpuNetwork::new(&gpu, &graph, &weights).await.expect("should build")
    });
    let slice = OutputSlice::whole(&graph, graph.logits);
    answers(&graph, count, |input| {
        let read = ReadbackRequest { slices: vec![slice], extents: false };
        pollster::block_on(network.pass(input, &read, None)).expect("should run").slices.swap_remove(0)
    })
}

/// Counts the answers that differ from the picture's class.
fn errors(answers: &[usize]) -> usize {
    let pack = pack();
    answers.iter().enumerate().filter(|&(index, &answer)| pack.label(index) != Some(answer)).count()
}

/// Each network, with the number of the 500 pictures that it misclassifies.
const SHIPPED: [(&str, usize); 8] = [
    ("alexnet-cifar10", 55),
    ("vgg16-cifar10", 56),
    ("googlenet-cifar10", 67),
    ("resnet18-cifar10", 46),
    ("resnet20-cifar", 52),
    ("resnet56-cifar", 45),
    ("plain20-cifar", 56),
    ("plain56-cifar", 60),
];

#[test]
fn bundled_weights_classify_pictures() {
    assert_eq!(pack().len(), 500);
    for (name, wrong) in SHIPPED {
        assert_eq!(errors(&on_cpu(name, 500)), wrong, "{name}");
    }
}

#[test]
fn the_gpu_answers_as_the_cpu_does() {
    for (name, _) in SHIPPED {
        assert_eq!(on_gpu(name, 20), on_cpu(name, 20), "{name}");
    }
}

#[test]
#[ignore = "long"]
fn the_gpu_answers_all_pictures_as_the_cpu_does() {
    for (name, wrong) in SHIPPED {
        let answers = on_gpu(name, 500);
        assert_eq!(errors(&answers), wrong, "{name}");
        assert_eq!(answers, on_cpu(name, 500), "{name}");
    }
}

/// The pictures on the page are the first of the test pictures.
#[test]
fn the_page_shows_the_first_test_pictures() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/static/pictures/cifar10-test-300.bin");
    let shown = ImagePack::read(&std::fs::read(path).expect("should be readable")).expect("should be a pack");
    let all = pack();
    assert_eq!(shown.len(), 300);
    for index in 0..shown.len() {
        assert_eq!(shown.label(index), Some(index % 10));
        assert_eq!((shown.label(index), shown.photo(index)), (all.label(index), all.photo(index)), "{index}");
    }
}
