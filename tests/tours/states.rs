//! Checks that the page can show the states of all stops.

use net::{Ablations, InputKind, Op};
use scene::MapCell;
use weights::is_bundled;

use super::{Stop, TOURS, Translated, digits, photo_file, tour};

const PARAMETERS: [&str; 12] =
    ["net", "layer", "map", "y", "x", "digit", "photo", "unfolded", "cut", "scale", "input", "weights"];

/// Panics if the page cannot take the state of `stop` completely.
fn check_state(stop: &Stop) {
    let (title, parameters, graph) = (stop.title.english(), stop.parameters(), stop.graph());
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
    let spot = MapCell { node, map: place("map"), y: place("y"), x: place("x") };
    assert!(spot.locate(&graph).is_some(), "{title}: there is no {spot:?}");
    for name in parameters.get("unfolded").iter().flat_map(|names| names.split(',')) {
        assert!(graph.blocks.iter().any(|block| block.name == name), "{title}: {name} is no block");
    }
    if let Some(cut) = parameters.get("cut") {
        let cuts = Ablations::read(&graph, cut).unwrap_or_else(|error| panic!("{title}: {error}"));
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
fn every_state_is_valid() {
    for name in TOURS {
        let tour = tour(name);
        for stop in &tour.stops {
            check_state(stop);
            let family = serde_json::to_value(stop.graph().family).expect("should be written");
            assert_eq!(family, name, "{}", stop.title.english());
        }
        let networks: Vec<&str> = tour.stops.iter().map(|stop| stop.parameters()["net"]).collect();
        let without = networks.iter().filter(|name| !is_bundled(name)).count();
        assert!(without <= 1, "{name}: {without} stops have no weights");
        let changes = networks.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(changes <= 3, "{name}: the network changes {changes} times");
        let cuts = tour.stops.iter().filter(|stop| stop.measured.is_some()).count();
        assert!((2..=3).contains(&cuts), "{name}: {cuts} stops have ablations");
    }
}

#[test]
fn an_invalid_state_is_detected() {
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
        let (title, text) = (Translated::default(), Translated::default());
        let stop = Stop { title, text, state: state.to_owned(), measured: None };
        let found = std::panic::catch_unwind(|| check_state(&stop));
        assert!(found.is_err(), "{state}");
    }
}
