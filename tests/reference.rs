//! The CPU engine held to PyTorch's activations (`tests/fixtures`), and the weights that ship to digits.

use std::path::{Path, PathBuf};

use layerscope::engine::cpu::CpuNetwork;
use layerscope::net::{Graph, network};
use layerscope::train::{DIGIT_PIXELS, Digits, FIELD_PIXELS, centred, count_errors, picture, read_images};
use layerscope::weights::Weights;
use serde::Deserialize;

/// What the CPU engine may be off by, in standard deviations of the output.
const TOLERANCE: f64 = 1e-4;

#[derive(Deserialize)]
struct Fixture {
    seed: u64,
    parameters: u64,
    activations: Vec<Activation>,
}

#[derive(Deserialize)]
struct Activation {
    name: String,
    shape: Vec<usize>,
    mean: f64,
    std: f64,
    samples: Vec<(usize, f64)>,
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn fixture(name: &str) -> Fixture {
    let text = std::fs::read_to_string(fixtures().join(format!("{name}.json"))).expect("should be readable");
    serde_json::from_str(&text).expect("should be a fixture")
}

/// Test digit 0 as the network takes it.
fn digit(graph: &Graph) -> Vec<f32> {
    let pixels = read_images(&fixtures().join("t10k-images-idx3-ubyte.gz")).expect("should be IDX");
    let mut field = vec![0.0; FIELD_PIXELS];
    centred(&pixels[..DIGIT_PIXELS], &mut field);
    picture(graph, &mut field);
    field
}

/// Whether every sample, the mean and the standard deviation are close enough. NaN never is.
fn agrees(wanted: &Activation, got: &[f32], tolerance: f64) -> bool {
    let count = got.len() as f64;
    let mean = got.iter().map(|&x| f64::from(x)).sum::<f64>() / count;
    let std = (got.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / count).sqrt();
    let limit = tolerance * wanted.std + 1e-6;
    let samples = wanted.samples.iter().map(|&(i, value)| (f64::from(got[i]), value));
    samples.chain([(mean, wanted.mean), (std, wanted.std)]).all(|(got, value)| {
        let error = (got - value).abs();
        error <= limit
    })
}

/// The outputs of a fixture's network on the CPU, each with what it should be.
fn outputs(name: &str) -> Vec<(Activation, Vec<f32>)> {
    let graph = network(name).expect("should be declared");
    let fixture = fixture(name);
    assert_eq!(graph.total_parameters(), fixture.parameters);
    let cpu = CpuNetwork::new(&graph, &Weights::seeded(&graph, fixture.seed)).expect("should build");
    let outputs = cpu.pass(&digit(&graph)).expect("should run");
    let values = |wanted: Activation| {
        let id =
            if wanted.name == "logits" { graph.logits } else { graph.find(&wanted.name).expect("should be a node") };
        assert_eq!(graph.node(id).shape.dims(), wanted.shape, "{}", wanted.name);
        (wanted, outputs[id.0].clone())
    };
    fixture.activations.into_iter().map(values).collect()
}

#[test]
fn lenet5_agrees() {
    for (wanted, got) in outputs("lenet5") {
        assert!(agrees(&wanted, &got, TOLERANCE), "{}", wanted.name);
    }
}

#[test]
fn lenet5_modern_agrees() {
    for (wanted, got) in outputs("lenet5-modern") {
        assert!(agrees(&wanted, &got, TOLERANCE), "{}", wanted.name);
    }
}

#[test]
fn a_perturbed_activation_does_not_agree() {
    for (wanted, mut got) in outputs("lenet5") {
        let at = wanted.samples[0].0;
        let right = got[at];
        got[at] = right + 3.0 * (TOLERANCE * wanted.std + 1e-6) as f32;
        assert!(!agrees(&wanted, &got, TOLERANCE), "{} perturbed", wanted.name);
        got[at] = f32::NAN;
        assert!(!agrees(&wanted, &got, TOLERANCE), "{} with NaN", wanted.name);
    }
}

#[test]
fn a_batch_gives_what_single_passes_give() {
    let graph = network("lenet5").expect("should be declared");
    let cpu = CpuNetwork::new(&graph, &Weights::seeded(&graph, 1)).expect("should build");
    let digits = Digits::read(&fixtures(), "t10k").expect("should be IDX");
    let mut single = 0;
    for index in 0..60 {
        let mut field = vec![0.0; FIELD_PIXELS];
        centred(digits.image(index), &mut field);
        picture(&graph, &mut field);
        let scores = &cpu.pass(&field).expect("should run")[graph.logits.0];
        let best = (0..10).min_by(|a, b| scores[*a].total_cmp(&scores[*b])).expect("should have ten scores");
        single += usize::from(best != usize::from(digits.labels[index]));
    }
    let mut first = digits;
    let _ = first.split_off(440);
    assert_eq!(count_errors(&graph, &cpu, &first).expect("should run"), single);
}

/// Exact counts: a change of the weights or of the engine shows here.
#[test]
fn the_weights_that_ship_read_digits() {
    let digits = Digits::read(&fixtures(), "t10k").expect("should be IDX");
    assert_eq!(digits.len(), 500);
    for (name, errors) in [("lenet5", 5), ("lenet5-modern", 1)] {
        let graph = network(name).expect("should be declared");
        let weights = Weights::bundled(&graph).expect("should fit");
        let cpu = CpuNetwork::new(&graph, &weights).expect("should build");
        assert_eq!(count_errors(&graph, &cpu, &digits).expect("should run"), errors, "{name}");
        for key in ["made", "recipe", "seed", "epochs", "test_error"] {
            assert!(weights.metadata.contains_key(key), "{name} does not say its {key}");
        }
    }
}

#[test]
fn an_input_of_the_wrong_size_is_refused() {
    let graph = network("lenet5").expect("should be declared");
    let cpu = CpuNetwork::new(&graph, &Weights::seeded(&graph, 1)).expect("should build");
    let error = cpu.pass(&[0.0; 7]).expect_err("should be refused");
    assert_eq!(error.to_string(), "the input has 7 values, and the network takes 1024");
}
