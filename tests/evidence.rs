//! Ablations, class activation maps and occlusion, compared with PyTorch's results (`tests/fixtures/evidence.py`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use analysis::evidence::{ClassActivation, Occlusion};
use engine::OutputSlice;
use engine::cpu::CpuNetwork;
use engine::gpu::{Gpu, GpuNetwork, GpuOptions, ReadbackRequest};
use input::Photo;
use net::{AblationFactors, Ablations, Graph, InputKind, network};
use serde::Deserialize;
use train::{DIGIT_PIXELS, FIELD_PIXELS, normalize_ink, read_images, write_centred};
use weights::Weights;

/// Largest error of the CPU engine, in standard deviations of the scores.
const TOLERANCE: f64 = 1e-4;
/// Largest error of the GPU engine, in standard deviations of the scores.
const GPU_TOLERANCE: f64 = 1e-3;
/// Networks with fewer MACs run on the GPU too. Larger ones take too long on a software adapter.
const ON_GPU_MACS: u64 = 800_000_000;

#[derive(Deserialize)]
struct Fixture {
    seed: u64,
    cuts: Vec<AblationCase>,
    cam: Vec<CamCase>,
    occlusion: Vec<OcclusionCase>,
}

#[derive(Deserialize)]
struct CamCase {
    network: String,
    node: String,
    class: usize,
    rows: usize,
    columns: usize,
    map: Vec<f64>,
    bias: f64,
    score: f64,
}

#[derive(Deserialize)]
struct OcclusionCase {
    network: String,
    class: usize,
    patch: usize,
    stride: usize,
    rows: usize,
    columns: usize,
    scores: Vec<f64>,
    probabilities: Vec<f64>,
    whole_score: f64,
    whole_probability: f64,
}

#[derive(Deserialize)]
struct AblationCase {
    network: String,
    cut: String,
    classes: usize,
    /// The first logits.
    logits: Vec<f64>,
    mean: f64,
    /// Euclidean norm of all logits.
    norm: f64,
    /// Standard deviation of the logits without ablation.
    uncut_std: f64,
    /// Largest change of a logit by the ablation.
    change: f64,
}

impl AblationCase {
    /// Returns the largest error of `scores` against the fixture, in standard deviations.
    fn error(&self, scores: &[f32]) -> f64 {
        let scores: Vec<f64> = scores.iter().map(|&score| f64::from(score)).collect();
        assert_eq!(scores.len(), self.classes);
        let mean = scores.iter().sum::<f64>() / scores.len() as f64;
        let norm = scores.iter().map(|score| score * score).sum::<f64>().sqrt();
        let each = scores.iter().zip(&self.logits).map(|(got, want)| (got - want).abs());
        let all = each.chain([(mean - self.mean).abs(), (norm - self.norm).abs() / (scores.len() as f64).sqrt()]);
        // Treat NaN as an infinite error: `f64::max` would ignore it.
        all.map(|off| if off.is_finite() { off } else { f64::INFINITY }).fold(0.0, f64::max) / self.uncut_std
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn fixture() -> Fixture {
    let text = std::fs::read_to_string(fixtures().join("evidence.json")).expect("should be there");
    serde_json::from_str(&text).expect("should be a fixture")
}

/// Returns the picture of the reference as the input of `graph`.
fn input(graph: &Graph) -> Vec<f32> {
    if let InputKind::Digit { .. } = graph.input.kind {
        let pixels = read_images(&fixtures().join("t10k-images-idx3-ubyte.gz")).expect("should be IDX");
        let mut field = vec![0.0; FIELD_PIXELS];
        write_centred(&pixels[..DIGIT_PIXELS], &mut field);
        normalize_ink(graph, &mut field);
        return field;
    }
    let file = std::fs::File::open(fixtures().join("cat.png")).expect("should be readable");
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("should be a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("should be small")];
    let frame = reader.next_frame(&mut bytes).expect("should be whole");
    let photo = Photo::new(frame.width as usize, frame.height as usize, bytes).expect("should have its bytes");
    let (_, height, width) = graph.input.shape.chw();
    photo.nearest(width, height).input(graph).expect("should fit")
}

/// Groups the cases by network.
fn by_network(cases: &[AblationCase]) -> BTreeMap<&str, Vec<&AblationCase>> {
    let mut by_network: BTreeMap<&str, Vec<&AblationCase>> = BTreeMap::new();
    cases.iter().for_each(|case| by_network.entry(&case.network).or_default().push(case));
    by_network
}

#[test]
fn ablations_on_the_cpu_match_pytorch() {
    let fixture = fixture();
    for (name, cases) in by_network(&fixture.cuts) {
        let graph = network(name).expect("should be declared");
        let net = CpuNetwork::new(&graph, &Weights::seeded(&graph, fixture.seed)).expect("should build");
        let input = input(&graph);
        let uncut = net.pass_to(&input, &[graph.logits]).expect("should run").remove(0);
        for case in cases {
            let effects = Ablations::read(&graph, &case.cut).expect("should be cuts").effects(&graph);
            let scores = net.ablated_pass_to(&input, &[graph.logits], &effects).expect("should run").remove(0);
            let off = case.error(&scores);
            assert!(off <= TOLERANCE, "{name}, {}: off by {off} standard deviations", case.cut);
            // The test must fail if nothing is cut: every ablation of the fixture changes more than the tolerance.
            assert!(case.change / case.uncut_std > 10.0 * TOLERANCE, "{name}, {}", case.cut);
            assert!(case.classes > 20 || case.error(&uncut) > TOLERANCE, "{name}, {}: uncut it agrees too", case.cut);
        }
    }
}

#[test]
fn ablations_on_the_gpu_match_pytorch() {
    let fixture = fixture();
    let gpu = pollster::block_on(Gpu::new(&GpuOptions::default())).expect("should be there");
    let mut networks = 0;
    for (name, cases) in by_network(&fixture.cuts) {
        let graph = network(name).expect("should be declared");
        if graph.total_macs() > ON_GPU_MACS {
            continue;
        }
        networks += 1;
        let weights = Weights::seeded(&graph, fixture.seed);
        let mut net = pollster::block_on(GpuNetwork::new(&gpu, &graph, &weights)).expect("should build");
        let input = input(&graph);
        let read = ReadbackRequest { slices: vec![OutputSlice::whole(&graph, graph.logits)], extents: false };
        for case in cases {
            net.ablate(&Ablations::read(&graph, &case.cut).expect("should be cuts").effects(&graph))
                .expect("should be cut");
            let scores = pollster::block_on(net.pass(&input, &read, None)).expect("should run").slices.remove(0);
            let off = case.error(&scores);
            assert!(off <= GPU_TOLERANCE, "{name}, {}: off by {off} standard deviations", case.cut);
        }
    }
    assert!(networks >= 4, "{networks}");
}

/// Returns the largest difference of two lists, in standard deviations of the second.
fn difference(got: &[f32], want: &[f64]) -> f64 {
    assert_eq!(got.len(), want.len());
    let mean = want.iter().sum::<f64>() / want.len() as f64;
    let deviation = (want.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / want.len() as f64).sqrt();
    let off = got.iter().zip(want).map(|(got, want)| (f64::from(*got) - want).abs());
    off.map(|off| if off.is_finite() { off } else { f64::INFINITY }).fold(0.0, f64::max) / deviation
}

#[test]
fn class_activation_maps_match_pytorch() {
    let fixture = fixture();
    for case in &fixture.cam {
        let graph = network(&case.network).expect("should be declared");
        let cam = ClassActivation::of(&graph).expect("should end in global average pooling");
        assert_eq!(graph.node(cam.maps).name, case.node);
        let weights = Weights::seeded(&graph, fixture.seed);
        let net = CpuNetwork::new(&graph, &weights).expect("should build");
        let outputs = net.pass_to(&input(&graph), &[cam.maps, graph.logits]).expect("should run");
        let linear = weights.get(&format!("{}.weight", graph.node(cam.linear).name)).expect("should be there");
        let row = linear.dims[1];
        let own = &linear.values[case.class * row..][..row];
        let map = cam.map(&graph, &AblationFactors::default(), &outputs[0], own);
        assert_eq!(map.len(), case.rows * case.columns);
        let off = difference(&map, &case.map);
        assert!(off <= 10.0 * TOLERANCE, "{}, class {}: off by {off} standard deviations", case.network, case.class);
        // The score is the mean of the map plus the bias.
        let mean = map.iter().map(|&value| f64::from(value)).sum::<f64>() / map.len() as f64;
        assert!((mean + case.bias - case.score).abs() < 1e-3 * case.score.abs().max(1.0), "{}", case.network);
    }
}

#[test]
fn occlusion_matches_pytorch() {
    let fixture = fixture();
    for case in &fixture.occlusion {
        let graph = network(&case.network).expect("should be declared");
        let net = CpuNetwork::new(&graph, &Weights::seeded(&graph, fixture.seed)).expect("should build");
        let (input, nodes) = (input(&graph), [graph.logits, graph.probabilities]);
        let pass = |input: &[f32]| {
            let outputs = net.pass_to(input, &nodes).expect("should run");
            (outputs[0][case.class], outputs[1][case.class])
        };
        let occlusion = Occlusion::new(&graph, case.patch, case.stride).expect("should fit");
        assert_eq!(occlusion.grid_size(), (case.rows, case.columns));
        let hidden = |place| pass(&occlusion.hide_patch(&graph, &input, place));
        let (scores, probabilities): (Vec<f32>, Vec<f32>) = (0..case.rows * case.columns).map(hidden).unzip();
        let (score, probability) = pass(&input);
        for (off, what) in [
            (difference(&scores, &case.scores), "scores"),
            (difference(&probabilities, &case.probabilities), "probabilities"),
        ] {
            assert!(off < 1e-2, "{}: {what} are off by {off} standard deviations", case.network);
        }
        assert!((f64::from(score) - case.whole_score).abs() < 1e-4 * case.whole_score.abs().max(1.0));
        assert!((f64::from(probability) - case.whole_probability).abs() < 1e-5);
    }
}
