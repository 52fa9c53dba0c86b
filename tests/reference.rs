//! Compares both engines with PyTorch's activations of every network (`tests/fixtures`), and checks the bundled weights
//! on digits.
//!
//! At least one network of each family always runs. The others run with the ignored tests (`cargo xtask test --all`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cli::fixture::{Reference, ReferenceOutput};
use engine::OutputSlice;
use engine::cpu::{BatchNetwork, CpuNetwork};
use engine::gpu::{Gpu, GpuNetwork, GpuOptions, ReadbackRequest};
use input::Photo;
use net::{Graph, InputKind, network};
use train::{DIGIT_PIXELS, Digits, FIELD_PIXELS, count_errors, normalize_ink, read_images, write_centred};
use weights::Weights;

/// Largest error of the CPU engine, in standard deviations of the output.
const TOLERANCE: f64 = 1e-4;
/// Largest error of the GPU engine, in standard deviations of the output.
const GPU_TOLERANCE: f64 = 1e-3;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Returns test digit 0 as the input of `graph`.
fn digit(graph: &Graph) -> Vec<f32> {
    let pixels = read_images(&fixtures().join("t10k-images-idx3-ubyte.gz")).expect("should be IDX");
    let mut field = vec![0.0; FIELD_PIXELS];
    write_centred(&pixels[..DIGIT_PIXELS], &mut field);
    normalize_ink(graph, &mut field);
    field
}

/// Returns the photo of the reference, resampled as in the reference.
fn photo(graph: &Graph) -> Vec<f32> {
    let file = std::fs::File::open(fixtures().join("cat.png")).expect("should be readable");
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("should be a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("should be small")];
    let frame = reader.next_frame(&mut bytes).expect("should be whole");
    assert_eq!(frame.color_type, png::ColorType::Rgb);
    let photo = Photo::new(frame.width as usize, frame.height as usize, bytes).expect("should have its bytes");
    let (_, height, width) = graph.input.shape.chw();
    photo.nearest(width, height).input(graph).expect("should fit")
}

/// Returns the picture of the reference as the input of `graph`.
fn input(graph: &Graph) -> Vec<f32> {
    match graph.input.kind {
        InputKind::Digit { .. } => digit(graph),
        InputKind::Photo { .. } => photo(graph),
    }
}

/// Returns the output of every node on the CPU.
fn on_cpu(graph: &Graph, seed: u64) -> Vec<Vec<f32>> {
    cpu_pass(graph, &Weights::seeded(graph, seed))
}

/// Returns the output of every node on the GPU.
fn on_gpu(graph: &Graph, seed: u64) -> Vec<Vec<f32>> {
    gpu_pass(graph, &Weights::seeded(graph, seed))
}

fn cpu_pass(graph: &Graph, weights: &Weights) -> Vec<Vec<f32>> {
    let cpu = CpuNetwork::new(graph, weights).expect("should build");
    cpu.pass(&input(graph)).expect("should run")
}

fn gpu_pass(graph: &Graph, weights: &Weights) -> Vec<Vec<f32>> {
    let pass = async {
        let gpu = Gpu::new(&GpuOptions::default()).await?;
        let network = GpuNetwork::new(&gpu, graph, weights).await?;
        let slices = graph.iter().map(|(node, _)| OutputSlice::whole(graph, node)).collect();
        network.pass(&input(graph), &ReadbackRequest { slices, extents: false }, None).await
    };
    pollster::block_on(pass).expect("should run").slices
}

/// Returns the outputs that the reference names, each with the expected values.
fn outputs(name: &str, run: fn(&Graph, u64) -> Vec<Vec<f32>>) -> Vec<(ReferenceOutput, Vec<f32>)> {
    let graph = network(name).expect("should be declared");
    let fixture = Reference::read(&fixtures(), name).expect("should be a reference");
    assert_eq!(graph.total_parameters(), fixture.parameters);
    let outputs = run(&graph, fixture.seed);
    let values = |wanted: ReferenceOutput| {
        let id = graph.find(&wanted.name).expect("should be a node of the graph");
        let (shape, count) = (graph.node(id).shape.dims(), wanted.shape.iter().product::<usize>());
        assert!(shape == wanted.shape || count == graph.node(id).shape.elements(), "{} is {shape:?}", wanted.name);
        (wanted, outputs[id.0].clone())
    };
    fixture.activations.into_iter().map(values).collect()
}

/// Checks that every output in the reference agrees.
fn agree(name: &str, run: fn(&Graph, u64) -> Vec<Vec<f32>>, tolerance: f64) {
    let wrong: Vec<String> = outputs(name, run)
        .iter()
        .filter(|(wanted, got)| !wanted.agrees(got, tolerance))
        .map(|(wanted, _)| wanted.name.clone())
        .collect();
    assert!(wrong.is_empty(), "{name}: {} disagree, the first of them {:?}", wrong.len(), &wrong[..wrong.len().min(5)]);
}

/// Declares two tests per network, one for each engine.
macro_rules! reference {
    ($($name:ident: $network:literal $(($ignore:meta))?;)*) => {
        mod cpu {
            use super::*;
            $(#[test] $(#[$ignore])? fn $name() { agree($network, on_cpu, TOLERANCE); })*
        }
        mod gpu {
            use super::*;
            $(#[test] $(#[$ignore])? fn $name() { agree($network, on_gpu, GPU_TOLERANCE); })*
        }
        /// Fails if a network has no test.
        #[test]
        fn every_network_has_its_tests() {
            let tested = [$($network),*];
            assert!(net::names().eq(tested));
        }
    };
}

reference! {
    lenet5: "lenet5";
    lenet5_modern: "lenet5-modern";
    alexnet: "alexnet";
    alexnet_relu_last: "alexnet-relu-last" (ignore = "large");
    alexnet_torchvision: "alexnet-torchvision" (ignore = "large");
    alexnet_cifar10: "alexnet-cifar10";
    vgg11: "vgg11" (ignore = "large");
    vgg11_lrn: "vgg11-lrn";
    vgg13: "vgg13" (ignore = "large");
    vgg16_c: "vgg16-c" (ignore = "large");
    vgg16: "vgg16" (ignore = "large");
    vgg19: "vgg19" (ignore = "large");
    vgg16_cifar10: "vgg16-cifar10";
    googlenet: "googlenet";
    googlenet_naive: "googlenet-naive" (ignore = "large");
    googlenet_torchvision: "googlenet-torchvision";
    googlenet_cifar10: "googlenet-cifar10";
    resnet18: "resnet18";
    resnet34: "resnet34" (ignore = "large");
    resnet50: "resnet50";
    resnet50_paper: "resnet50-paper" (ignore = "large");
    resnet101: "resnet101" (ignore = "large");
    resnet152: "resnet152" (ignore = "large");
    resnet18_cifar10: "resnet18-cifar10";
    resnet20_cifar: "resnet20-cifar";
    resnet56_cifar: "resnet56-cifar";
    plain20_cifar: "plain20-cifar";
    plain56_cifar: "plain56-cifar" (ignore = "large");
}

#[test]
fn a_perturbed_activation_does_not_agree() {
    for (wanted, mut got) in outputs("lenet5", on_cpu) {
        let at = wanted.samples[0].0;
        let right = got[at];
        got[at] = right + 3.0 * (TOLERANCE * wanted.std + 1e-6) as f32;
        assert!(!wanted.agrees(&got, TOLERANCE), "{} perturbed", wanted.name);
        got[at] = f32::NAN;
        assert!(!wanted.agrees(&got, TOLERANCE), "{} with NaN", wanted.name);
    }
}

#[test]
fn batches_and_single_passes_agree() {
    let graph = network("lenet5").expect("should be declared");
    let cpu = CpuNetwork::new(&graph, &Weights::seeded(&graph, 1)).expect("should build");
    let digits = Digits::read(&fixtures(), "t10k").expect("should be IDX");
    let mut single = 0;
    for index in 0..60 {
        let mut field = vec![0.0; FIELD_PIXELS];
        write_centred(digits.image(index), &mut field);
        normalize_ink(&graph, &mut field);
        let scores = &cpu.pass(&field).expect("should run")[graph.logits.0];
        let best = (0..10).min_by(|a, b| scores[*a].total_cmp(&scores[*b])).expect("should have ten scores");
        single += usize::from(best != usize::from(digits.labels[index]));
    }
    let mut first = digits;
    let _ = first.split_off(440);
    let batches = BatchNetwork::new(&graph, &Weights::seeded(&graph, 1)).expect("should build");
    assert_eq!(count_errors(&graph, &batches, &first).expect("should run"), single);
}

/// The counts are exact, so that a change of the weights or of the engine is noticed.
#[test]
fn bundled_weights_classify_digits() {
    let digits = Digits::read(&fixtures(), "t10k").expect("should be IDX");
    assert_eq!(digits.len(), 500);
    for (name, errors) in [("lenet5", 5), ("lenet5-modern", 1)] {
        let graph = network(name).expect("should be declared");
        let weights = Weights::bundled(&graph).expect("should fit");
        let batches = BatchNetwork::new(&graph, &weights).expect("should build");
        assert_eq!(count_errors(&graph, &batches, &digits).expect("should run"), errors, "{name}");
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

/// Returns the weights of `seed:1` with one NaN, the first weight of the first convolution.
fn with_one_nan(graph: &Graph) -> Weights {
    let mut tensors: BTreeMap<String, weights::Array> = Weights::seeded(graph, 1).into_tensors().collect();
    tensors.get_mut("conv1.weight").expect("should be the first convolution").values[0] = f32::NAN;
    Weights::new(graph, tensors, BTreeMap::new()).expect("should fit")
}

/// A broken network must not look healthy: in WGSL, `max`, `clamp` and products may make numbers of NaN.
#[test]
fn one_nan_spreads_as_in_pytorch_on_both_engines() {
    let text = std::fs::read_to_string(fixtures().join("not-a-number.json")).expect("should be readable");
    let counts: BTreeMap<String, BTreeMap<String, usize>> = serde_json::from_str(&text).expect("should be JSON");
    assert_eq!(counts.len(), 3);
    for (name, counts) in counts {
        let graph = network(&name).expect("should be declared");
        let weights = with_one_nan(&graph);
        for (engine, outputs) in [("CPU", cpu_pass(&graph, &weights)), ("GPU", gpu_pass(&graph, &weights))] {
            let count = |node: net::NodeId| outputs[node.0].iter().filter(|value| value.is_nan()).count();
            for (output, &wanted) in &counts {
                let node =
                    if output == "logits" { graph.logits } else { graph.find(output).expect("should be a node") };
                assert_eq!(count(node), wanted, "{name}, {engine}: {output}");
            }
            assert_eq!(count(graph.probabilities), 10, "{name}, {engine}: probabilities");
        }
    }
}
