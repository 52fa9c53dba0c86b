//! Networks that differ from their declaration: a transformed input, other numbers of classes, and no auxiliary
//! classifiers. Their values are PyTorch's (`tests/fixtures/options.py`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cli::fixture::Reference;
use engine::OutputSlice;
use engine::cpu::CpuNetwork;
use engine::gpu::{Gpu, GpuNetwork, GpuOptions, ReadbackRequest};
use input::Photo;
use net::{Graph, GraphOptions, network};
use serde_json::Value;
use weights::{Weights, to_safetensors};

/// Largest error of the engines, in standard deviations of the output.
const TOLERANCE: f64 = 1e-4;
const GPU_TOLERANCE: f64 = 1e-3;
const GOOGLENET: &str = "googlenet-torchvision";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn with(name: &str, options: GraphOptions) -> Graph {
    network(name).and_then(|graph| graph.with_options(options)).expect("should be a network")
}

/// Returns the photo of the fixtures as the input of `graph`.
fn photo(graph: &Graph) -> Vec<f32> {
    let file = std::fs::File::open(fixture("cat.png")).expect("should be readable");
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("should be a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("should be small")];
    let frame = reader.next_frame(&mut bytes).expect("should be whole");
    let photo = Photo::new(frame.width as usize, frame.height as usize, bytes).expect("should have its bytes");
    photo.nearest(224, 224).input(graph).expect("should fit")
}

/// Returns the output of every node with the weights `seed:1`, on the CPU and on the GPU.
fn outputs(graph: &Graph) -> [(Vec<Vec<f32>>, f64); 2] {
    let weights = Weights::seeded(graph, 1);
    let cpu = CpuNetwork::new(graph, &weights).and_then(|net| net.pass(&photo(graph))).expect("should run");
    let pass = async {
        let gpu = Gpu::new(&GpuOptions::default()).await?;
        let network = GpuNetwork::new(&gpu, graph, &weights).await?;
        let slices = graph.iter().map(|(node, _)| OutputSlice::whole(graph, node)).collect();
        network.pass(&photo(graph), &ReadbackRequest { slices, extents: false }, None).await
    };
    [(cpu, TOLERANCE), (pollster::block_on(pass).expect("should run").slices, GPU_TOLERANCE)]
}

#[test]
fn the_transformed_network_agrees_with_pytorch_in_every_output() {
    let graph = with(GOOGLENET, GraphOptions { transform_input: true, ..GraphOptions::default() });
    let folder = fixture("");
    let recorded = Reference::read(&folder, "googlenet-torchvision-transform").expect("should be a reference");
    let plain = Reference::read(&folder, GOOGLENET).expect("should be a reference");
    assert_eq!(
        (graph.total_parameters(), recorded.activations[0].name.as_str()),
        (recorded.parameters, "transform_input")
    );
    assert_eq!(recorded.activations.len(), plain.activations.len() + 1);
    for (got, tolerance) in outputs(&graph) {
        for wanted in &recorded.activations {
            let values = &got[graph.find(&wanted.name).expect("should be a node").0];
            assert!(wanted.agrees(values, tolerance), "{} is off by {}", wanted.name, wanted.error(values));
        }
        // Without the step, the values are others.
        let plain = plain.activations.last().expect("should be logits");
        assert!(plain.name == "logits" && !plain.agrees(&got[graph.logits.0], 0.1));
    }
}

#[derive(serde::Deserialize)]
struct Head {
    network: String,
    classes: usize,
    auxiliary: bool,
    /// The first ten of them.
    logits: Vec<f64>,
}

fn heads() -> Vec<Head> {
    serde_json::from_slice(&std::fs::read(fixture("heads.json")).expect("should be readable")).expect("should be JSON")
}

impl Head {
    fn graph(&self) -> Graph {
        let declared = network(&self.network).expect("should be declared");
        let classes = Some(self.classes).filter(|&classes| classes != declared.classes.count());
        let without_auxiliary = self.network == GOOGLENET && !self.auxiliary;
        with(&self.network, GraphOptions { classes, without_auxiliary, transform_input: false })
    }
}

#[test]
fn other_heads_agree_with_pytorch() {
    for head in heads() {
        let graph = head.graph();
        for (got, tolerance) in outputs(&graph) {
            let scores = &got[graph.logits.0];
            assert_eq!(scores.len(), head.classes);
            for (got, want) in scores.iter().zip(&head.logits) {
                assert!((f64::from(*got) - want).abs() <= 10.0 * tolerance * want.abs().max(1.0), "{got} {want}");
            }
            let shares = &got[graph.probabilities.0];
            let total: f32 = shares.iter().sum();
            match head.classes {
                1 => assert!((shares[0] - 1.0 / (1.0 + (-scores[0]).exp())).abs() < 1e-6),
                _ => assert!((total - 1.0).abs() < 1e-4, "{total}"),
            }
        }
    }
}

fn layerscope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_layerscope")).args(arguments).output().expect("should start")
}

/// Passes the photo through a network on the command line, and returns what it prints as text or as JSON.
fn run(network: &str, more: &[&str]) -> Output {
    let cat = fixture("cat.png").display().to_string();
    layerscope(&[&["run", network, "--input", &cat, "--resample", "nearest"], more].concat())
}

fn json(network: &str, more: &[&str]) -> Value {
    let output = run(network, &[more, &["--format", "json", "--top", "1000"]].concat());
    assert!(output.status.success(), "{more:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("should be JSON")
}

/// Returns the score of a class.
fn score(report: &Value, class: usize) -> f64 {
    let top = report["top"].as_array().expect("should be a list");
    let found = top.iter().find(|row| row["class"] == class).expect("should be a class");
    found["score"].as_f64().expect("should be a number")
}

/// A folder of files that is removed at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("layerscope-options-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("should be made");
        Self(folder)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> String {
        let file = self.0.join(name);
        std::fs::write(&file, bytes).expect("should be written");
        file.display().to_string()
    }

    fn weights(&self, name: &str, graph: &Graph) -> String {
        let bytes = to_safetensors(Weights::seeded(graph, 1).iter(), &BTreeMap::new()).expect("should be written");
        self.write(name, &bytes)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_command_line_opens_any_head() {
    let folder = Folder::new("heads");
    for (place, head) in heads().iter().enumerate() {
        let file = folder.weights(&format!("head-{place}.safetensors"), &head.graph());
        let report = json(&head.network, &["--weights", &file]);
        assert_eq!(report["top"].as_array().map(Vec::len), Some(head.classes));
        for (class, want) in head.logits.iter().enumerate() {
            let got = score(&report, class);
            assert!((got - want).abs() < 1e-3 * want.abs().max(1.0), "{}: {got} {want}", head.network);
        }
        if head.classes != 1000 {
            assert!(report["top"][0]["name"].is_null());
        }
    }
    let one = folder.0.join("head-1.safetensors").display().to_string();
    let text = run("resnet18", &["--weights", &one]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    // 1 / (1 + exp(0.2059)) is 44.87 %.
    assert!(text.contains("sigmoid") && text.contains("-0.2059") && text.contains("44.87"), "{text}");
}

#[test]
fn classes_have_the_names_of_a_file() {
    let folder = Folder::new("names");
    let five = with("resnet18", GraphOptions { classes: Some(5), ..GraphOptions::default() });
    let weights = folder.weights("five.safetensors", &five);
    let names = folder.write("names.txt", b"ant\nbee\ncow\ndog\neel\n");
    let json_names = folder.write("names.json", br#"{"0":"ant","1":"bee","2":"cow","3":"dog","4":"eel"}"#);
    for names in [&names, &json_names] {
        let report = json("resnet18", &["--weights", &weights, "--classes", names]);
        assert_eq!((&report["top"][0]["class"], &report["top"][0]["name"]), (&2.into(), &"cow".into()));
    }
    let refused = |bytes: &[u8]| {
        let file = folder.write("other.txt", bytes);
        let output = run("resnet18", &["--weights", &weights, "--classes", &file]);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).replace(&file, "FILE")
    };
    assert_eq!(
        refused(b"ant\nbee\n"),
        "layerscope: FILE cannot be used (it has 2 names, and the network has 5 classes; choose the file that belongs to \
         the weights)\n"
    );
    assert_eq!(
        refused(b"{}{"),
        "layerscope: FILE cannot be used (it holds no names of classes; write one name per line, or JSON such as \
         [\"cat\", \"dog\"])\n"
    );
}

#[test]
fn torchvisions_published_file_transforms_its_input() {
    let folder = Folder::new("transform");
    let declared = network(GOOGLENET).expect("should be declared");
    let recorded = |name| {
        let reference = Reference::read(&fixture(""), name).expect("should be a reference");
        let logits = reference.activations.into_iter().rfind(|output| output.name == "logits");
        logits.expect("should be logits").samples
    };
    let (plain, transformed) = (recorded(GOOGLENET), recorded("googlenet-torchvision-transform"));
    let published = folder.weights("googlenet-1378be20.pth", &declared);
    let own = folder.0.join("own.pth").display().to_string();
    std::fs::copy(&published, &own).expect("should be copied");
    for (more, want, is_transformed) in [
        (&["--weights", &published][..], &transformed, true),
        (&["--weights", &published, "--transform-input=false"], &plain, false),
        (&["--weights", &own], &plain, false),
        (&["--weights", &own, "--transform-input"], &transformed, true),
        (&["--weights", "seed:1"], &plain, false),
        (&["--weights", "seed:1", "--transform-input", "--engine", "gpu"], &transformed, true),
    ] {
        let report = json(GOOGLENET, more);
        assert_eq!(report.get("transform_input"), is_transformed.then_some(&true.into()), "{more:?}");
        for &(class, want) in want {
            let got = score(&report, class);
            assert!((got - want).abs() < 1e-3, "{more:?}: {got} {want}");
        }
    }
    let refused = run("resnet18", &["--weights", "seed:1", "--transform-input"]);
    assert_eq!(
        String::from_utf8_lossy(&refused.stderr),
        "layerscope: resnet18 has no step that transforms its input; choose googlenet-torchvision for it\n"
    );
}

#[test]
fn the_step_is_drawn_and_listed() {
    let text = |arguments: &[&str]| String::from_utf8_lossy(&layerscope(arguments).stdout).into_owned();
    let (with, without) = (
        text(&["summary", GOOGLENET, "--transform-input", "--format", "csv"]),
        text(&["summary", GOOGLENET, "--format", "csv"]),
    );
    let row = with.lines().find(|line| line.starts_with("transform_input,")).expect("should be a row");
    assert!(row.starts_with("transform_input,scale and shift,1x3x224x224,0,"), "{row}");
    assert_eq!(with.lines().count(), without.lines().count() + 1);
    assert!(text(&["draw", GOOGLENET, "--transform-input"]).contains(">transform_input<"));
    assert!(!text(&["draw", GOOGLENET]).contains("transform_input"));
}
