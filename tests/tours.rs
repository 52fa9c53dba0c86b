//! The tours (`static/tours`) held to what they speak of: the networks, the numbers of their layers, and what becomes of
//! answers where a stop cuts something.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use layerscope::compare::units::grouped;
use layerscope::engine::cpu::CpuNetwork;
use layerscope::evidence::ClassActivation;
use layerscope::input::{DigitPack, Photo, to_field};
use layerscope::net::{BlockKind, Cuts, Effects, Graph, InputKind, Op, network};
use layerscope::stage::Spot;
use layerscope::weights::{Weights, is_bundled};
use serde::Deserialize;

const TOURS: [&str; 5] = ["lenet", "alexnet", "vgg", "googlenet", "resnet"];
const STOPS: usize = 12;
/// Characters of a title are fewer.
const TITLE: usize = 45;
/// Characters of a sentence are at most so many.
const SENTENCE: usize = 220;
const PARAMETERS: [&str; 12] =
    ["net", "layer", "map", "y", "x", "digit", "photo", "unfolded", "cut", "scale", "input", "weights"];
/// What percentages may be off by.
const TOLERANCE: f64 = 0.2;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tour {
    family: String,
    title: Told<String>,
    stops: Vec<Stop>,
}

/// The same in every language of the page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told<T> {
    en: T,
    zh: T,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stop {
    title: Told<String>,
    text: Told<Vec<String>>,
    state: String,
    measured: Option<Measured>,
}

/// The best class and its probability, of the whole network and under the stop's cuts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Measured {
    before: Answer,
    after: Answer,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    class: String,
    percent: f64,
}

impl Answer {
    /// The percentage as the page writes it.
    fn words(&self) -> String {
        if self.percent >= 99.95 { "100 %".to_owned() } else { format!("{:.1} %", self.percent) }
    }
}

impl Stop {
    /// The parameters of its state.
    fn parameters(&self) -> BTreeMap<&str, &str> {
        let pairs = self.state.split('&').map(|pair| pair.split_once('=').expect("should be a parameter"));
        let all: Vec<(&str, &str)> = pairs.collect();
        let by_name: BTreeMap<&str, &str> = all.iter().copied().collect();
        assert_eq!(by_name.len(), all.len(), "{}: a parameter stands twice", self.title.en);
        by_name
    }

    fn graph(&self) -> Graph {
        network(self.parameters()["net"]).expect("should be declared")
    }

    fn says(&self) -> String {
        self.text.en.join(" ")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn tour(name: &str) -> Tour {
    let text = std::fs::read_to_string(root().join(format!("static/tours/{name}.json"))).expect("should be there");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn all_stops() -> impl Iterator<Item = Stop> {
    TOURS.iter().flat_map(|name| tour(name).stops)
}

/// All that a tour says.
fn said(name: &str) -> String {
    tour(name).stops.iter().map(Stop::says).collect::<Vec<_>>().join(" ")
}

fn digits() -> DigitPack {
    let bytes = std::fs::read(root().join("static/digits/mnist-test-300.bin")).expect("should be readable");
    DigitPack::read(&bytes).expect("should be a pack")
}

fn photo_file(name: &str) -> PathBuf {
    root().join(format!("static/photos/{name}.png"))
}

/// A sample photo.
fn photo(name: &str) -> Photo {
    let file = std::fs::File::open(photo_file(name)).expect("should be readable");
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("should be a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("should be small")];
    let frame = reader.next_frame(&mut bytes).expect("should be whole");
    assert_eq!(frame.color_type, png::ColorType::Rgb, "{name}");
    Photo::new(frame.width as usize, frame.height as usize, bytes).expect("should have its bytes")
}

/// A digit by its place or a sample photo by its name, as the page gives it to `graph`.
fn input(graph: &Graph, picture: &str) -> Vec<f32> {
    match picture.parse() {
        Ok(index) => to_field(&digits().digit(index).expect("should be there"), graph.input.kind),
        Err(_) => photo(picture).prepare(graph).expect("should be prepared").input(graph).expect("should fit"),
    }
}

/// A network with the weights that ship, and a picture.
struct Shown {
    graph: Graph,
    net: CpuNetwork,
    input: Vec<f32>,
}

impl Shown {
    fn new(name: &str, picture: &str) -> Self {
        let graph = network(name).expect("should be declared");
        let net = CpuNetwork::new(&graph, &Weights::bundled(&graph).expect("should ship")).expect("should build");
        let input = input(&graph, picture);
        Self { graph, net, input }
    }

    /// The best class and its probability.
    fn answer(&self, cut: &str) -> Answer {
        let effects = Cuts::read(&self.graph, cut).expect("should be cuts").effects(&self.graph);
        let nodes = [self.graph.probabilities];
        let shares = self.net.cut_pass_to(&self.input, &nodes, &effects).expect("should run").remove(0);
        let best = (0..shares.len()).max_by(|&a, &b| shares[a].total_cmp(&shares[b])).expect("should have classes");
        let class = self.graph.classes.name(best).expect("should have a name").to_owned();
        Answer { class, percent: 100.0 * f64::from(shares[best]) }
    }

    /// What a node gives.
    fn values(&self, node: &str) -> Vec<f32> {
        let node = self.graph.find(node).expect("should be a node");
        self.net.pass_to(&self.input, &[node]).expect("should run").remove(0)
    }
}

#[test]
fn twelve_stops_of_a_few_sentences() {
    let files = std::fs::read_dir(root().join("static/tours")).expect("should be a folder").count();
    assert_eq!(files, TOURS.len());
    let mut titles = BTreeSet::new();
    for name in TOURS {
        let tour = tour(name);
        assert_eq!(tour.family, name);
        assert!(!tour.title.en.is_empty() && tour.title.en.chars().count() < TITLE, "{name}");
        assert_eq!(tour.stops.len(), STOPS, "{name}");
        for stop in &tour.stops {
            let title = &stop.title.en;
            assert!(!title.is_empty() && title.chars().count() < TITLE, "{title}");
            assert!(titles.insert(title.clone()), "{title} is the title of two stops");
            assert!((2..=4).contains(&stop.text.en.len()), "{title}");
            for text in &stop.text.en {
                assert!(
                    text.ends_with('.') && !text.ends_with("et al.") && !text.contains('!') && !goes_on(text),
                    "{text}"
                );
                assert!(text.chars().count() <= SENTENCE, "{} characters: {text}", text.chars().count());
            }
        }
    }
}

/// The numbers of a text, in order: groups of three digits with commas between, and decimals.
fn numbers(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let (mut out, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let start = at;
        while digit(at)
            || chars.get(at) == Some(&'.') && digit(at + 1)
            || chars.get(at) == Some(&',') && (1..=3).all(|next| digit(at + next)) && !digit(at + 4)
        {
            at += 1;
        }
        out.push(chars[start..at].iter().collect());
    }
    out.sort();
    out
}

#[test]
fn numbers_of_a_text() {
    assert_eq!(numbers("48, 76,928 and 2.5 of 1998, 3×3."), ["1998", "2.5", "3", "3", "48", "76,928"]);
}

/// Each stop says in Chinese what it says in English: as many sentences, the same numbers, the same layers.
#[test]
fn every_stop_is_there_in_chinese() {
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for name in TOURS {
        let tour = tour(name);
        assert!(han(&tour.title.zh), "{name}");
        for stop in tour.stops {
            let title = &stop.title.en;
            assert!(han(&stop.title.zh), "{title}");
            assert_eq!(numbers(title), numbers(&stop.title.zh), "{title}");
            assert_eq!(stop.text.en.len(), stop.text.zh.len(), "{title}");
            let graph = stop.graph();
            for (english, chinese) in stop.text.en.iter().zip(&stop.text.zh) {
                assert!(han(chinese), "{chinese}");
                assert_eq!(numbers(english), numbers(chinese), "{english} {chinese}");
                let words: BTreeSet<&str> = english.split(|c: char| !c.is_alphanumeric() && c != '.').collect();
                // Some are common words as well: `input`, `output`.
                let named = |name: &&str| name.contains(|c: char| c.is_ascii_digit()) && words.contains(name);
                let layers = graph.nodes.iter().map(|node| node.name.as_str()).filter(named);
                for layer in layers {
                    assert!(chinese.contains(layer), "{layer}: {chinese}");
                }
            }
        }
    }
}

/// Whether a text goes on after a full stop; that of "et al." is none.
fn goes_on(text: &str) -> bool {
    let stops = text.match_indices(". ").filter(|(at, _)| !text[..*at].ends_with("et al"));
    stops.into_iter().any(|(at, _)| text[at + 2..].starts_with(|next: char| !next.is_lowercase()))
}

/// Whether a state is one that the page can take, whole.
fn check_state(stop: &Stop) {
    let (title, parameters, graph) = (&stop.title.en, stop.parameters(), stop.graph());
    assert!(!stop.state.contains(['%', '+', ' ', '?', '#']), "{title}: {}", stop.state);
    for name in parameters.keys() {
        assert!(PARAMETERS.contains(name), "{title}: {name}");
    }
    let number = |name: &str| parameters.get(name).map(|text| text.parse::<usize>().expect("should be a number"));
    let node = graph.find(parameters["layer"]).unwrap_or_else(|error| panic!("{title}: {error}"));
    assert!(!matches!(graph.node(node).op, Op::Softmax(_)), "{title}");
    assert_eq!(number("y").is_some(), number("x").is_some(), "{title}");
    let place = |name| number(name).unwrap_or(0);
    assert!(place("map") < graph.node(node).shape.chw().0, "{title}");
    let spot = Spot { node, map: place("map"), y: place("y"), x: place("x") };
    assert!(spot.locate(&graph).is_some(), "{title}: there is no {spot:?}");
    for name in parameters.get("unfolded").iter().flat_map(|names| names.split(',')) {
        assert!(graph.blocks.iter().any(|block| block.name == name), "{title}: {name} is no block");
    }
    if let Some(cut) = parameters.get("cut") {
        let cuts = Cuts::read(&graph, cut).unwrap_or_else(|error| panic!("{title}: {error}"));
        assert_eq!(cuts.write(&graph), *cut, "{title}");
        assert!(!cuts.is_empty(), "{title}");
    }
    match graph.input.kind {
        InputKind::Digit { .. } => {
            assert!(place("digit") < digits().len() && parameters.contains_key("digit"), "{title}");
        }
        InputKind::Photo { .. } => assert!(photo_file(parameters["photo"]).is_file(), "{title}"),
    }
    assert_eq!(parameters.contains_key("digit"), !parameters.contains_key("photo"), "{title}");
    let is_one_of = |name: &str, values: &[&str]| parameters.get(name).is_none_or(|value| values.contains(value));
    assert!(is_one_of("scale", &["map", "layer", "network"]), "{title}");
    assert!(is_one_of("input", &["drawing", "photo"]) && is_one_of("weights", &["bundled", "none"]), "{title}");
}

#[test]
fn every_state_is_one_of_the_page() {
    for name in TOURS {
        let tour = tour(name);
        for stop in &tour.stops {
            check_state(stop);
            let family = serde_json::to_value(stop.graph().family).expect("should be written");
            assert_eq!(family, name, "{}", stop.title.en);
        }
        let networks: Vec<&str> = tour.stops.iter().map(|stop| stop.parameters()["net"]).collect();
        let without = networks.iter().filter(|name| !is_bundled(name)).count();
        assert!(without <= 1, "{name}: {without} stops have no weights");
        let changes = networks.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(changes <= 3, "{name}: the network changes {changes} times");
        let cuts = tour.stops.iter().filter(|stop| stop.measured.is_some()).count();
        assert!((2..=3).contains(&cuts), "{name}: {cuts} stops cut");
    }
}

#[test]
fn a_state_that_is_wrong_is_found() {
    let wrong = [
        "net=lenet5&digit=0&layer=C1&map=6",
        "net=lenet5&digit=300&layer=C1",
        "net=lenet5&digit=0&layer=C9",
        "net=lenet5&digit=0&layer=C1&y=28&x=0",
        "net=lenet5&digit=0&layer=C1&view=0,0,1",
        "net=lenet5&digit=0&layer=C1&cut=C1:6",
        "net=resnet18-cifar10&photo=dog&layer=conv1",
        "net=resnet18-cifar10&photo=cat&layer=conv1&unfolded=layer9",
    ];
    for state in wrong {
        let (title, text) = (Told::default(), Told::default());
        let stop = Stop { title, text, state: state.to_owned(), measured: None };
        let found = std::panic::catch_unwind(|| check_state(&stop));
        assert!(found.is_err(), "{state}");
    }
}

/// What the command line answers.
fn of_command_line(net: &str, picture: &str, cut: &str) -> Answer {
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerscope"));
    command.args(["run", net, "--format", "json"]);
    match picture.parse::<usize>() {
        Ok(_) => {
            command.args(["--index", picture, "--input"]).arg(root().join("tests/fixtures/t10k-images-idx3-ubyte.gz"))
        }
        Err(_) => command.arg("--input").arg(photo_file(picture)),
    };
    if !cut.is_empty() {
        command.args(["--cut", cut]);
    }
    let output = command.output().expect("should start");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("should be JSON");
    let best = &report["top"][0];
    let percent = 100.0 * best["probability"].as_f64().expect("should be a number");
    Answer { class: best["name"].as_str().expect("should have a name").to_owned(), percent }
}

#[test]
fn cuts_do_what_the_text_says() {
    for stop in all_stops() {
        let (title, parameters) = (&stop.title.en, stop.parameters());
        assert_eq!(parameters.contains_key("cut"), stop.measured.is_some(), "{title}");
        let (Some(measured), Some(cut)) = (&stop.measured, parameters.get("cut")) else { continue };
        let (net, picture) =
            (parameters["net"], *parameters.get("digit").or_else(|| parameters.get("photo")).expect("should be there"));
        let shown = Shown::new(net, picture);
        for (told, cut) in [(&measured.before, ""), (&measured.after, cut)] {
            let answer = shown.answer(cut);
            assert_eq!(told.class, answer.class, "{title}");
            assert!((told.percent - answer.percent).abs() <= TOLERANCE, "{title}: {told:?} is told, {answer:?} is so");
            let printed = of_command_line(net, picture, cut);
            assert_eq!(printed.class, answer.class, "{title}");
            assert!((printed.percent - answer.percent).abs() < 1e-3, "{title}: {printed:?}, {answer:?}");
            assert!(stop.says().contains(&told.words()), "{title} does not say {}", told.words());
        }
        assert!(stop.says().contains(&measured.after.class), "{title} does not say {}", measured.after.class);
    }
}

/// Answers that texts tell without a percentage: network, picture, cuts, class.
const ANSWERS: [(&str, &str, &str, &str); 17] = [
    ("lenet5", "7", "C1:2", "9"),
    ("lenet5", "7", "C1:5", "9"),
    ("lenet5", "0", "C1", "5"),
    ("lenet5", "1", "C1", "5"),
    ("lenet5", "7", "C1", "5"),
    ("vgg16-cifar10", "cat", "input:0", "cat"),
    ("vgg16-cifar10", "cat", "input:2", "cat"),
    ("resnet18-cifar10", "cat", "layer2.0/branch", "dog"),
    ("resnet56-cifar", "cat", "", "cat"),
    ("resnet56-cifar", "cat", "layer2.4/branch", "cat"),
    ("plain56-cifar", "rocket", "layer2.4.conv2", "deer"),
    ("plain56-cifar", "coffee", "layer2.4.conv2", "deer"),
    ("alexnet-cifar10", "cat", "", "cat"),
    ("vgg16-cifar10", "cat", "", "cat"),
    ("googlenet-cifar10", "cat", "", "cat"),
    ("resnet18-cifar10", "cat", "", "cat"),
    ("plain56-cifar", "cat", "", "cat"),
];

#[test]
fn other_answers_are_as_told() {
    for (net, picture, cut, class) in ANSWERS {
        assert_eq!(Shown::new(net, picture).answer(cut).class, class, "{net}, {picture}, {cut}");
    }
}

/// What is counted.
#[derive(Clone, Copy)]
enum Count {
    Parameters,
    Macs,
}
use Count::{Macs, Parameters};

/// Numbers that tours name, with the nodes of which they are the sum; no nodes stand for the whole network.
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
fn numbers_of_layers_are_the_graphs() {
    let graph = |name: &str| network(name).expect("should be declared");
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for &(tour, net, nodes, what) in COUNTS {
        known.entry(tour).or_default().insert(grouped(count(&graph(net), nodes, what)));
    }
    // GoogLeNet without its side classifiers.
    let full = graph("googlenet");
    let is_side = |node| full.blocks_around(node).any(|block| full.blocks[block.0].kind == BlockKind::SideClassifier);
    let main = full.iter().filter(|(id, _)| !is_side(*id)).map(|(id, _)| full.parameters(id).value()).sum();
    // What there would be without a reduction: 5x5 over 96 maps, two 3x3 over 256.
    let small = graph("googlenet-cifar10");
    let shape = |name: &str| small.node(small.find(name).expect("should be a node")).shape.chw();
    let (maps, height, width) = shape("inception3a.branch3");
    let direct = (maps * height * width * shape("pool2").0 * 25) as u64;
    known.entry("googlenet").or_default().extend([grouped(main), grouped(direct)]);
    known.entry("resnet").or_default().insert(grouped(2 * 256 * 256 * 9));
    // What fc6 reads.
    let alexnet = graph("alexnet-cifar10");
    let read = alexnet.input_shape(alexnet.find("fc6").expect("should be a node")).elements();
    known.entry("alexnet").or_default().insert(grouped(read as u64));
    for name in TOURS {
        let said = said(name);
        let known = &known[name];
        for number in known {
            assert!(said.contains(number.as_str()), "{name} does not say {number}");
        }
        // And no number of more than three digits is said that is not known; a year has no comma.
        let numbers = said.split(|c: char| !c.is_ascii_digit() && c != ',').map(|number| number.trim_matches(','));
        for number in numbers.filter(|number| number.contains(',')) {
            assert!(known.contains(number), "{name} says {number}, which is not known");
        }
    }
    // Lane 2 of 3a.
    let lane = |lane: &str| {
        let prefix = format!("inception3a.{lane}");
        let own = small.iter().filter(|(_, node)| node.name.starts_with(&prefix));
        own.map(|(id, _)| small.macs(id).value()).sum::<u64>() as f64
    };
    let share = lane("branch2") / lane("branch");
    assert!(said("googlenet").contains(&format!("{:.1} % of the multiply-accumulates", 100.0 * share)), "{share}");
}

#[test]
fn receptive_fields_are_the_graphs() {
    for (tour, net, node) in [
        ("vgg", "vgg16-cifar10", "features.2"),
        ("vgg", "vgg16-cifar10", "features.14"),
        ("googlenet", "googlenet-cifar10", "inception5b"),
    ] {
        let graph = network(net).expect("should be declared");
        let size = graph.node(graph.find(node).expect("should be a node")).receptive.size;
        assert!(said(tour).contains(&format!("{size}×{size}")), "{tour}: {node} sees {size}");
    }
}

#[test]
fn numbers_of_this_pass_are_as_told() {
    let lenet = Shown::new("lenet5", "7");
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

    let alexnet = Shown::new("alexnet-cifar10", "cat");
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

    let vgg = Shown::new("vgg16-cifar10", "cat");
    let last = vgg.values("features.30");
    let speaking: Vec<usize> = (0..last.len()).filter(|&map| last[map] > 0.0).collect();
    assert_eq!((speaking.len(), last.len()), (23, 192));
    assert_eq!(speaking.iter().copied().max_by(|&a, &b| last[a].total_cmp(&last[b])), Some(43));
    for map in speaking {
        assert_eq!(vgg.answer(&format!("features.30:{map}")).class, "cat", "{map}");
    }
    let rocket = Shown::new("vgg16-cifar10", "rocket").values("features.30");
    assert!((0..last.len()).any(|map| last[map] == 0.0 && rocket[map] > 0.0));

    let googlenet = Shown::new("googlenet-cifar10", "cat");
    let cam = ClassActivation::of(&googlenet.graph).expect("should end in a mean");
    let weights = Weights::bundled(&googlenet.graph).expect("should ship");
    let maps = googlenet.values(&googlenet.graph.node(cam.maps).name);
    let rows = &weights.get("fc.weight").expect("should be there").values;
    let bias = weights.get("fc.bias").expect("should be there").values[3];
    let places = cam.map(&googlenet.graph, &Effects::default(), &maps, &rows[3 * 512..][..512]);
    let (least, most) = places.iter().fold((f32::MAX, f32::MIN), |(l, m), &place| (l.min(place), m.max(place)));
    let score = places.iter().sum::<f32>() / 4.0 + bias;
    let told = [least, most, bias, score].map(|value| format!("{value:.2}"));
    assert_eq!((places.len(), told), (4, ["1.95", "2.02", "0.02", "2.01"].map(str::to_owned)));

    let resnet = Shown::new("resnet18-cifar10", "cat");
    let norm = |node: &str| resnet.values(node).iter().map(|value| f64::from(*value).powi(2)).sum::<f64>();
    assert!(norm("layer1.1.bn2") < norm("layer1.0"));
}
