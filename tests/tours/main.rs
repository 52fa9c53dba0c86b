//! Compares the tours (`static/tours`) with the networks: the numbers of their layers, and the answers with a stop's
//! ablations.

mod answers;
mod figures;
mod form;
mod states;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::cpu::CpuNetwork;
use input::{DigitPack, Photo, to_field};
use messages::Language;
use net::{Ablations, Graph, network};
use serde::Deserialize;
use weights::Weights;

const TOURS: [&str; 5] = ["lenet", "alexnet", "vgg", "googlenet", "resnet"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tour {
    family: String,
    title: Translated<String>,
    stops: Vec<Stop>,
}

/// A value for each language of the page, by the code of the language.
#[derive(Debug, Clone, Default, Deserialize)]
struct Translated<T>(BTreeMap<String, T>);

impl<T> Translated<T> {
    fn english(&self) -> &T {
        self.get(Language::default())
    }

    /// # Panics
    /// Panics if the tour is not in this language.
    fn get(&self, language: Language) -> &T {
        &self.0[language.code()]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stop {
    title: Translated<String>,
    text: Translated<Vec<String>>,
    state: String,
    measured: Option<Measured>,
}

/// The best class and its probability, for the whole network and with the stop's ablations.
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
    /// Returns the percentage as the page writes it.
    fn words(&self) -> String {
        if self.percent >= 99.95 { "100 %".to_owned() } else { format!("{:.1} %", self.percent) }
    }
}

impl Stop {
    /// Returns the link parameters of the stop's state.
    fn parameters(&self) -> BTreeMap<&str, &str> {
        let pairs = self.state.split('&').map(|pair| pair.split_once('=').expect("should be a parameter"));
        let all: Vec<(&str, &str)> = pairs.collect();
        let by_name: BTreeMap<&str, &str> = all.iter().copied().collect();
        assert_eq!(by_name.len(), all.len(), "{}: a parameter occurs twice", self.title.english());
        by_name
    }

    fn graph(&self) -> Graph {
        network(self.parameters()["net"]).expect("should be declared")
    }

    fn joined_text(&self) -> String {
        self.text.english().join(" ")
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

/// Returns the text of all stops of a tour.
fn tour_text(name: &str) -> String {
    tour(name).stops.iter().map(Stop::joined_text).collect::<Vec<_>>().join(" ")
}

fn digits() -> DigitPack {
    let bytes = std::fs::read(root().join("static/digits/mnist-test-300.bin")).expect("should be readable");
    DigitPack::read(&bytes).expect("should be a pack")
}

fn photo_file(name: &str) -> PathBuf {
    root().join(format!("static/photos/{name}.png"))
}

/// Reads a sample photo.
fn photo(name: &str) -> Photo {
    let file = std::fs::File::open(photo_file(name)).expect("should be readable");
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("should be a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("should be small")];
    let frame = reader.next_frame(&mut bytes).expect("should be whole");
    assert_eq!(frame.color_type, png::ColorType::Rgb, "{name}");
    Photo::new(frame.width as usize, frame.height as usize, bytes).expect("should have its bytes")
}

/// Returns a digit by its index, or a sample photo by its name, as the input of `graph`.
fn input(graph: &Graph, picture: &str) -> Vec<f32> {
    match picture.parse() {
        Ok(index) => to_field(&digits().digit(index).expect("should be there"), graph.input.kind),
        Err(_) => photo(picture).prepare(graph).expect("should be prepared").input(graph).expect("should fit"),
    }
}

/// A network with its bundled weights, and an input.
struct NetworkOnPicture {
    graph: Graph,
    net: CpuNetwork,
    input: Vec<f32>,
}

impl NetworkOnPicture {
    fn new(name: &str, picture: &str) -> Self {
        let graph = network(name).expect("should be declared");
        let net = CpuNetwork::new(&graph, &Weights::bundled(&graph).expect("should ship")).expect("should build");
        let input = input(&graph, picture);
        Self { graph, net, input }
    }

    /// Returns the best class and its probability, with the ablations of `cut`.
    fn answer(&self, cut: &str) -> Answer {
        let effects = Ablations::read(&self.graph, cut).expect("should be cuts").effects(&self.graph);
        let nodes = [self.graph.probabilities];
        let shares = self.net.ablated_pass_to(&self.input, &nodes, &effects).expect("should run").remove(0);
        let best = (0..shares.len()).max_by(|&a, &b| shares[a].total_cmp(&shares[b])).expect("should have classes");
        let class = self.graph.classes.name(best).expect("should have a name").to_owned();
        Answer { class, percent: 100.0 * f64::from(shares[best]) }
    }

    /// Returns the output of a node.
    fn values(&self, node: &str) -> Vec<f32> {
        let node = self.graph.find(node).expect("should be a node");
        self.net.pass_to(&self.input, &[node]).expect("should run").remove(0)
    }
}
