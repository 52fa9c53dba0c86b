//! The command line, tested as a program: arguments in, output and exit status out.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn layerscope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_layerscope")).args(arguments).output().expect("should start")
}

/// Runs the program and parses its output as JSON.
fn json(arguments: &[&str]) -> Value {
    let output = layerscope(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("should be JSON")
}

/// Runs the program, which must fail, and returns its error of one line.
fn refusal(arguments: &[&str]) -> String {
    let output = layerscope(arguments);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
    assert_eq!(text.lines().count(), 1, "{arguments:?}: {text}");
    assert!(output.stdout.is_empty());
    text
}

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name).display().to_string()
}

#[test]
fn nothing_that_is_no_error_reads_as_one() {
    let out = Command::new(env!("CARGO_BIN_EXE_layerscope"))
        .args(["bench", "lenet5", "--engine", "gpu", "--passes", "1"])
        .env_remove("XDG_RUNTIME_DIR")
        .output()
        .expect("should start");
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success() && !said.to_lowercase().contains("error"), "{said}");
}

/// A file that is removed at the end of the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("layerscope-cli-{}-{name}", std::process::id())))
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("should be UTF-8")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Writes a grey PNG with 8 bits per pixel.
fn write_png(file: &Scratch, width: u32, height: u32, pixels: &[u8]) {
    let out = std::fs::File::create(&file.0).expect("should be writable");
    let mut encoder = png::Encoder::new(out, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().expect("should be written").write_image_data(pixels).expect("should be written");
}

#[test]
fn summary_counts() {
    let summary = json(&["summary", "lenet5", "--format", "json"]);
    assert_eq!(summary["totals"]["parameters"], 60_000);
    assert_eq!(summary["layers"][3]["parameters_arithmetic"], "6*(3*25+1) + 6*(4*25+1) + 3*(4*25+1) + 1*(6*25+1)");
    for format in ["table", "csv", "markdown"] {
        let output = layerscope(&["summary", "lenet5", "--format", format]);
        assert!(String::from_utf8_lossy(&output.stdout).contains("60000"), "{format}");
    }
}

#[test]
fn summary_of_all_networks_compares_them() {
    let columns = json(&["summary", "--format", "json"]);
    let columns = columns.as_array().expect("should be a list");
    let column = |name: &str| columns.iter().find(|column| column["network"] == name).expect("should be there");
    let vgg = column("vgg16");
    assert_eq!((&vgg["depth"], &vgg["totals"]["parameters"]), (&16.into(), &138_357_544.into()));
    assert_eq!(vgg["homes"]["full_connection"], 123_642_856);
    assert_eq!(vgg["resolutions"][0]["side"], 224);
    let ensemble = column("resnet152")["marks"].as_array().and_then(|marks| marks.last()).expect("should be marks");
    assert_eq!((&ensemble["top5"], &ensemble["models"]), (&3.57.into(), &6.into()));
    let table = layerscope(&["summary", "--format", "csv"]);
    let table = String::from_utf8_lossy(&table.stdout).into_owned();
    let row = table.lines().find(|line| line.starts_with("googlenet,")).expect("should be a row");
    assert!(row.contains(",22,13378280,") && row.ends_with(",,10.07,6.67"), "{row}");
}

#[test]
fn run_reads_a_seven_and_dumps_every_layer() {
    let (images, dump) = (fixture("t10k-images-idx3-ubyte.gz"), Scratch::new("dump.safetensors"));
    let report = json(&["run", "lenet5", "--input", &images, "--dump", dump.path(), "--top", "3", "--format", "json"]);
    assert_eq!(report["top"][0]["class"], 7);
    assert_eq!(report["top"].as_array().map(Vec::len), Some(3));
    let bytes = std::fs::read(&dump.0).expect("should be written");
    let file = safetensors::SafeTensors::deserialize(&bytes).expect("should be safetensors");
    let mut names: Vec<&str> = file.names().into_iter().collect();
    names.sort_unstable();
    assert_eq!(names, ["C1", "C3", "C5", "F6", "S2", "S4", "input", "logits", "output", "softmax"]);
    assert_eq!(file.tensor("C3").expect("should be there").shape(), [1, 16, 10, 10]);
}

#[test]
fn run_applies_ablations() {
    let images = fixture("t10k-images-idx3-ubyte.gz");
    let run = |more: &[&str]| {
        json(&[&["run", "lenet5", "--input", &images, "--top", "10", "--format", "json"], more].concat())
    };
    let (uncut, cut) = (run(&[]), run(&["--cut", "C3:5/0", "--cut", "C1:2=0.5,F6:3-7"]));
    assert_eq!((uncut.get("cut"), &cut["cut"]), (None, &"C3:5/0,C1:2=0.5,F6:3-7".into()));
    assert_ne!(uncut["top"], cut["top"]);
    assert_eq!(run(&["--cut", "C1:2=1"])["top"], uncut["top"]);
    let on_gpu = run(&["--cut", "C3:5/0", "--cut", "C1:2=0.5,F6:3-7", "--engine", "gpu"]);
    let score = |report: &Value| report["top"][0]["score"].as_f64().expect("should be a number");
    assert!((score(&cut) - score(&on_gpu)).abs() < 1e-2, "{} {}", score(&cut), score(&on_gpu));
    let unknown = refusal(&["run", "lenet5", "--input", &images, "--cut", "C1:6"]);
    assert!(unknown.contains("the cut 'C1:6' cannot be applied: maps of C1 are counted from 0 to 5"), "{unknown}");
}

#[test]
fn draw_makes_an_svg() {
    let out = layerscope(&["draw", "googlenet", "--unfold", "inception3a"]);
    let svg = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success() && svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
    assert!(
        svg.contains(">branch2_reduce<") && svg.contains("GoogLeNet, 2014") && !svg.contains("inception3b.branch1")
    );
    let file = Scratch::new("plate.svg");
    let out = layerscope(&["draw", "alexnet", "--unfold", "all", "--cut", "tower1", "--output", file.path()]);
    assert!(out.status.success() && out.stdout.is_empty());
    assert!(std::fs::read_to_string(&file.0).expect("should be written").contains(">switched off<"));
    for (arguments, says) in [
        (["draw", "lenet6", "--unfold", "all"], "no network named 'lenet6'"),
        (["draw", "resnet18", "--unfold", "layer9"], "resnet18 has no block named 'layer9'; its blocks are: stem"),
        (["draw", "lenet5", "--unfold", "C1"], "lenet5 has no block named 'C1'; it has none"),
        (["draw", "lenet5", "--cut", "C1:6"], "maps of C1 are counted from 0 to 5"),
        (["draw", "lenet5", "--output", "/no/where/plate.svg"], "/no/where/plate.svg cannot be written"),
    ] {
        let said = refusal(&arguments);
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn explain_locates_the_evidence() {
    let cat = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/photos/cat.png").display().to_string();
    let net = "resnet20-cifar";
    let explain = |more: &[&str]| json(&[&["explain", net, "--input", &cat, "--format", "json"], more].concat());
    let cam = explain(&["--method", "cam"]);
    let values: Vec<f64> = serde_json::from_value(cam["values"].clone()).expect("should be numbers");
    assert_eq!((cam["rows"].as_u64(), cam["columns"].as_u64(), values.len()), (Some(8), Some(8), 64));
    assert_eq!(cam["name"], "cat");
    let hidden = explain(&["--patch", "16", "--stride", "16", "--class", "3"]);
    let values: Vec<f64> = serde_json::from_value(hidden["values"].clone()).expect("should be numbers");
    let whole = hidden["probability"].as_f64().expect("should be a number");
    assert_eq!(values.len(), 4);
    assert!(values.iter().any(|value| *value < 0.8 * whole), "{values:?} of {whole}");
    let none = refusal(&["explain", "vgg16-cifar10", "--input", &cat, "--method", "cam"]);
    assert!(none.contains("vgg16-cifar10 does not end in global average pooling; use --method occlusion"), "{none}");
    for (more, says) in [
        (["--patch", "33"], "the patch has 33 pixels a side; give it 1 to 31"),
        (["--stride", "0"], "the stride is 0; give it 1 to 8"),
        (["--class", "10"], "tells classes 0 to 9 apart; there is no 10"),
    ] {
        let said = refusal(&[&["explain", net, "--input", &cat], &more[..]].concat());
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn run_reads_weights_by_path() {
    let images = fixture("t10k-images-idx3-ubyte.gz");
    let run = |weights: &str| {
        json(&["run", "lenet5-modern", "--input", &images, "--weights", weights, "--format", "json"])["top"].clone()
    };
    let file = |name: &str| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkpoints/files").join(name).display().to_string()
    };
    let seeded = run("seed:1");
    for name in ["lenet5-modern.pth", "lenet5-modern-legacy.pth", "lenet5-modern.safetensors"] {
        assert_eq!(run(&file(name)), seeded, "{name}");
    }
    let unfit = refusal(&["run", "lenet5", "--input", &images, "--weights", &file("lenet5-modern.pth")]);
    assert!(
        unfit.contains(
            "lenet5-modern.pth: these weights are those of lenet5-modern, and do not fit lenet5: C1.bias is missing"
        ),
        "{unfit}"
    );
}

#[test]
fn run_reads_pngs() {
    let images = fixture("t10k-images-idx3-ubyte.gz");
    let pixels = train::read_images(Path::new(&images)).expect("should be IDX");
    let small = Scratch::new("28.png");
    write_png(&small, 28, 28, &pixels[..784]);
    let same = |a: &Value, b: &Value| assert_eq!(a["top"], b["top"]);
    let idx = json(&["run", "lenet5", "--input", &images, "--format", "json"]);
    same(&json(&["run", "lenet5", "--input", small.path(), "--format", "json"]), &idx);
    // A picture of 64x64 in which every pixel of the 32x32 field appears four times. Nearest sampling returns the
    // field.
    let mut field = vec![0; 64 * 64];
    for (i, pixel) in field.iter_mut().enumerate() {
        let (y, x) = (i / 64 / 2, i % 64 / 2);
        if (2..30).contains(&y) && (2..30).contains(&x) {
            *pixel = pixels[(y - 2) * 28 + x - 2];
        }
    }
    let large = Scratch::new("64.png");
    write_png(&large, 64, 64, &field);
    same(&json(&["run", "lenet5", "--input", large.path(), "--resample", "nearest", "--format", "json"]), &idx);
    assert!(refusal(&["run", "lenet5", "--input", large.path()]).contains("add --resample nearest"));
    // A file that ends before the pixels that its header declares.
    let mut bytes = std::fs::read(&large.0).expect("should be readable");
    bytes.truncate(60);
    std::fs::write(&large.0, bytes).expect("should be writable");
    refusal(&["run", "lenet5", "--input", large.path(), "--resample", "nearest"]);
}

/// A digit in other clothes: dark on light, transparent paper, JPEG.
#[test]
fn run_tells_ink_from_paper() {
    let images = fixture("t10k-images-idx3-ubyte.gz");
    let pixels = train::read_images(Path::new(&images)).expect("should be IDX");
    let seven = &pixels[..784];
    let run = |file: &str| {
        let output = layerscope(&["run", "lenet5", "--input", file, "--format", "json"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{file}: {said}");
        (serde_json::from_slice::<Value>(&output.stdout).expect("should be JSON")["top"].clone(), said)
    };
    let (wanted, said) = run(&images);
    assert_eq!((&wanted[0]["class"], said.as_str()), (&7.into(), ""));
    let exchanged = "its paper is light and its ink dark; both were exchanged, as MNIST has them";
    let (white, black) = ("its transparent parts are white", "its transparent parts are black");
    let inverted: Vec<u8> = seven.iter().map(|ink| 255 - ink).collect();
    let dark = Scratch::new("dark.png");
    write_png(&dark, 28, 28, &inverted);
    let (black_ink, white_ink) = (Scratch::new("black-ink.png"), Scratch::new("white-ink.png"));
    for (file, colour) in [(&black_ink, 0), (&white_ink, 255)] {
        let rgba: Vec<u8> = seven.iter().flat_map(|&ink| [colour, colour, colour, ink]).collect();
        let out = std::fs::File::create(&file.0).expect("should be writable");
        let mut encoder = png::Encoder::new(out, 28, 28);
        encoder.set_color(png::ColorType::Rgba);
        encoder.write_header().and_then(|mut writer| writer.write_image_data(&rgba)).expect("should be written");
    }
    for (file, says) in [(&dark, &[exchanged][..]), (&black_ink, &[white, exchanged]), (&white_ink, &[black])] {
        let (top, said) = run(file.path());
        assert_eq!(top, wanted, "{}", file.path());
        assert!(says.iter().all(|says| said.contains(says)) && said.lines().count() == says.len(), "{said}");
    }
    let (jpeg, said) = run(&fixture("pictures/digit0.jpg"));
    assert_eq!((&jpeg[0]["class"], said.as_str()), (&7.into(), ""));
    let (apart, score) = (|top: &Value| top[0]["score"].as_f64().expect("should be a number"), &wanted);
    assert!((apart(&jpeg) - apart(score)).abs() < 0.5, "{jpeg} {wanted}");
}

#[test]
fn eval_counts() {
    let directory = fixture("");
    let report = json(&["eval", "lenet5", "--data", &directory, "--format", "json"]);
    assert_eq!(report["pictures"], 500);
    assert!(report["errors"].as_u64().is_some_and(|errors| errors < 10));
}

#[test]
fn eval_reads_a_folder_for_each_class() {
    let data = std::env::temp_dir().join(format!("layerscope-eval-{}", std::process::id()));
    let classes =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"].map(|name| {
            let folder = data.join("test").join(name);
            std::fs::create_dir_all(&folder).expect("should create the temporary folder");
            folder
        });
    let path = data.to_str().expect("should be UTF-8");
    let eval = ["eval", "resnet20-cifar", "--weights", "seed:1", "--data", path];
    let told = |more: &[&str]| json(&[&eval[..], more].concat());
    let refused = || refusal(&eval);
    assert!(refused().contains("there are no pictures"), "{}", refused());
    // The same picture once in each class, so one of the ten labels is right.
    for folder in &classes {
        std::fs::copy(fixture("cifar10-cat.jpg"), folder.join("0.jpg")).expect("should be written");
    }
    let report = told(&["--format", "json"]);
    assert_eq!((&report["pictures"], &report["errors"]), (&10.into(), &9.into()));
    let report = told(&["--every", "4", "--format", "json"]);
    assert_eq!(report["pictures"], 3);
    std::fs::write(classes[3].join("1.jpg"), "no picture").expect("should be written");
    assert!(refused().contains("1.jpg is not an image that can be read here"), "{}", refused());
    std::fs::remove_file(classes[3].join("1.jpg")).expect("should go");
    // Files that programs leave beside pictures are passed over.
    for name in [".DS_Store", "Thumbs.db", "._0.jpg", "desktop.ini"] {
        std::fs::write(classes[3].join(name), "no picture").expect("should be written");
    }
    assert_eq!(told(&["--format", "json"])["pictures"], 10);
    std::fs::remove_dir_all(&classes[9]).expect("should go");
    assert!(refused().contains("truck"), "{}", refused());
    std::fs::remove_dir_all(&data).expect("should remove the temporary folder");
}

#[test]
fn eval_reads_the_archives_of_cifar10() {
    let data = std::env::temp_dir().join(format!("layerscope-cifar10-{}", std::process::id()));
    let pack = std::fs::read(fixture("cifar10-test-500.bin")).expect("should be readable");
    let (labels, pictures) = pack.split_at(500);
    // A record has the class, and then all values of red, of green and of blue.
    let record = |(label, picture): (&u8, &[u8])| {
        let plane = |channel: usize| picture.iter().skip(channel).step_by(3).copied();
        std::iter::once(*label).chain(plane(0)).chain(plane(1)).chain(plane(2)).collect::<Vec<u8>>()
    };
    let records: Vec<u8> = labels.iter().zip(pictures.chunks(3072)).flat_map(record).collect();
    let folder = data.join("cifar-10-batches-bin");
    std::fs::create_dir_all(&folder).expect("should create the temporary folder");
    let file = folder.join("test_batch.bin");
    std::fs::write(&file, records).expect("should be writable");
    let eval = |path: &str| json(&["eval", "resnet20-cifar", "--data", path, "--every", "10", "--format", "json"]);
    let wanted = eval(&fixture("cifar10-test-500.bin"));
    for path in [&data, &folder, &file] {
        assert_eq!(eval(path.to_str().expect("should be UTF-8"))["errors"], wanted["errors"], "{}", path.display());
    }
    let batch =
        json(&["eval", "resnet20-cifar", "--data", &fixture("pictures/cifar10-batch.pickle"), "--format", "json"]);
    assert_eq!(batch["pictures"], 2);
    std::fs::remove_dir_all(&data).expect("should remove the temporary folder");
}

#[test]
fn eval_reads_a_pack() {
    let path = &fixture("cifar10-test-500.bin");
    let report = json(&["eval", "resnet20-cifar", "--data", path, "--every", "10", "--format", "json"]);
    assert_eq!(report["pictures"], 50);
    assert!(report["errors"].as_u64().is_some_and(|errors| errors < 10), "{report}");
    let other = refusal(&["eval", "resnet18", "--weights", "seed:1", "--data", path]);
    assert!(other.contains("whose classes resnet18 does not know"), "{other}");
    let damaged = refusal(&["eval", "resnet20-cifar", "--data", &fixture("cat.png")]);
    assert!(damaged.contains("its length is wrong"), "{damaged}");
}

#[test]
fn bench_times() {
    let rows = json(&["bench", "lenet5-modern", "resnet20-cifar", "--passes", "3", "--format", "json"]);
    let names: Vec<_> = rows.as_array().expect("should be rows").iter().map(|row| &row["network"]).collect();
    assert_eq!(names, ["lenet5-modern", "resnet20-cifar"]);
    let number = |value: &Value| value.as_f64().expect("should be a number");
    for row in rows.as_array().expect("should be rows") {
        assert_eq!(row["passes"], 3);
        let [low, median, high] = ["p10_ms", "median_ms", "p90_ms"].map(|name| number(&row[name]));
        assert!(0.0 < low && low <= median && median <= high, "{row}");
        assert!((number(&row["gflops"]) - 2.0 * number(&row["macs"]) / 1e6 / median).abs() < 1e-6, "{row}");
        let layers = row["layers"].as_array().expect("should be layers");
        let shares: f64 = layers.iter().map(|layer| number(&layer["share"])).sum();
        assert!((shares - 1.0).abs() < 1e-6, "{row}");
    }
    // Seven layers, each with the operations fused into it. The probabilities are not computed.
    assert_eq!(rows[0]["layers"].as_array().map(Vec::len), Some(7));
    let on_gpu =
        json(&["bench", "lenet5-modern", "--engine", "gpu", "--passes", "2", "--tune", "0", "--format", "json"]);
    assert!(on_gpu[0]["adapter"].as_str().is_some_and(|name| !name.is_empty()));
    assert!(on_gpu[0]["layers"][0]["kernel"].as_str().is_some_and(|kernel| kernel.starts_with("conv2d")), "{on_gpu}");
    for (format, head) in [("text", "GFLOP/s"), ("markdown", "| network "), ("csv", "network,engine,passes,")] {
        let output = layerscope(&["bench", "lenet5-modern", "--passes", "1", "--format", format]);
        assert!(String::from_utf8_lossy(&output.stdout).contains(head), "{format}");
    }
}

#[test]
fn errors_are_one_line() {
    let images = fixture("t10k-images-idx3-ubyte.gz");
    let labels = fixture("t10k-labels-idx1-ubyte.gz");
    assert!(refusal(&["summary", "lenet6"]).contains("the names are: lenet5"));
    assert!(refusal(&["run", "lenet5", "--input", "nowhere.png"]).contains("nowhere.png cannot be read"));
    assert!(refusal(&["run", "lenet5", "--input", &labels]).contains("is no IDX file"));
    assert!(refusal(&["run", "lenet5", "--input", &images, "--index", "500"]).contains("no picture 500 among 500"));
    assert!(refusal(&["run", "lenet5", "--input", &images, "--weights", "seed:x"]).contains("'seed:x' is no seed"));
    assert!(refusal(&["run", "lenet5", "--input", &images, "--weights", &labels]).contains("it is an archive"));
    assert!(
        refusal(&["run", "lenet5", "--input", &images, "--weights", "nowhere.pth"])
            .contains("nowhere.pth cannot be read")
    );
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/weights/lenet5.safetensors");
    let other = ["run", "lenet5-modern", "--input", &images, "--weights", &weights.display().to_string()];
    assert!(refusal(&other).contains("do not fit lenet5-modern"));
    assert!(refusal(&["eval", "lenet5", "--data", "nowhere"]).contains("nowhere"));
    assert!(refusal(&["train", "lenet5", "--data", "nowhere", "--out", "nowhere"]).contains("nowhere"));
}

#[test]
fn inspect_says_what_a_file_holds_and_what_it_fits() {
    let file = |name: &str| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkpoints/files").join(name).display().to_string()
    };
    let training = file("kept-lenet5-training.pth");
    let output = |arguments: &[&str]| String::from_utf8(layerscope(arguments).stdout).expect("should be UTF-8");
    let text = output(&["inspect", &training]);
    assert_eq!(
        text,
        format!(
            "{training}: torch.save, 10 tensors, 61706 values of F16\n\
             The file names its architecture small.\n\
             It fits lenet5-modern.\n\
             The tensors are those at state_dict.\n\
             There are others of the same names at state_dict_ema.\n\
             The prefix module. is left out of the names.\n"
        )
    );
    let verbose = output(&["inspect", &format!("{training}#state_dict_ema"), "--verbose"]);
    assert!(verbose.contains("The tensors are those at state_dict_ema."), "{verbose}");
    assert!(verbose.contains("  module.conv1.weight F16 [6, 1, 5, 5]\n"), "{verbose}");
    let report = json(&["inspect", &training, "--network", "lenet5", "--format", "json"]);
    assert_eq!(report["nearest"], "lenet5");
    assert_eq!(report["fits"].as_array().map(Vec::len), Some(0));
    assert_eq!(report["differences"][0], "C1.bias is missing");
    assert_eq!(report["differences"].as_array().map(Vec::len), Some(19), "all of them");
    assert_eq!(report["tensors"][0]["name"], "module.conv1.bias");
    let none = refusal(&["inspect", &format!("{training}#ema")]);
    assert!(none.contains("it has no tensors at ema; it has some at state_dict, state_dict_ema"), "{none}");
}

#[test]
fn scores_that_are_no_numbers_are_an_error() {
    let images = fixture("t10k-images-idx3-ubyte.gz");
    let graph = net::network("lenet5-modern").expect("should be declared");
    for (value, layer, count) in [(f32::NAN, "conv1", 784), (f32::INFINITY, "conv1", 784)] {
        let mut tensors: std::collections::BTreeMap<String, weights::Array> =
            weights::Weights::seeded(&graph, 1).into_tensors().collect();
        tensors.get_mut("conv1.bias").expect("should be a tensor").values[2] = value;
        let all = tensors.iter().map(|(name, array)| (name.as_str(), array));
        let bytes = weights::to_safetensors(all, &std::collections::BTreeMap::new()).expect("should be written");
        let (broken, dump) = (Scratch::new("broken.safetensors"), Scratch::new("dump.safetensors"));
        std::fs::write(&broken.0, bytes).expect("should be writable");
        for engine in ["cpu", "gpu"] {
            let arguments = ["lenet5-modern", "--input", &images, "--weights", broken.path(), "--engine", engine];
            let run = [&["run"], arguments.as_slice(), &["--dump", dump.path(), "--format", "json"]].concat();
            let said = refusal(&run);
            let wanted = format!(
                "the scores of lenet5-modern are not numbers: {layer} is its first layer with NaN or infinity, in {count} \
                 of 4704 values"
            );
            assert!(said.contains(&wanted), "{value}, {engine}: {said}");
            assert!(
                std::fs::metadata(&dump.0).is_ok_and(|file| file.len() > 4 * 4704),
                "the outputs are there to look at"
            );
            let explained = refusal(&[&["explain"], arguments.as_slice()].concat());
            assert!(explained.contains("are not numbers"), "{explained}");
        }
        let evaluated =
            refusal(&["eval", "lenet5-modern", "--data", &fixture(""), "--weights", broken.path(), "--every", "100"]);
        assert!(evaluated.contains("are not numbers"), "{evaluated}");
    }
}
