//! The answers that tours state, with and without ablations.

use std::process::Command;

use super::{Answer, NetworkOnPicture, all_stops, photo_file, root};

/// Largest difference of two percentages.
const TOLERANCE: f64 = 0.2;

/// Returns the answer of the command line.
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
fn ablations_change_answers_as_the_text_says() {
    for stop in all_stops() {
        let (title, parameters) = (stop.title.english(), stop.parameters());
        assert_eq!(parameters.contains_key("cut"), stop.measured.is_some(), "{title}");
        let (Some(measured), Some(cut)) = (&stop.measured, parameters.get("cut")) else { continue };
        let (net, picture) =
            (parameters["net"], *parameters.get("digit").or_else(|| parameters.get("photo")).expect("should be there"));
        let shown = NetworkOnPicture::new(net, picture);
        for (told, cut) in [(&measured.before, ""), (&measured.after, cut)] {
            let answer = shown.answer(cut);
            assert_eq!(told.class, answer.class, "{title}");
            assert!(
                (told.percent - answer.percent).abs() <= TOLERANCE,
                "{title}: the text has {told:?}, the network {answer:?}"
            );
            let printed = of_command_line(net, picture, cut);
            assert_eq!(printed.class, answer.class, "{title}");
            assert!((printed.percent - answer.percent).abs() < 1e-3, "{title}: {printed:?}, {answer:?}");
            assert!(stop.joined_text().contains(&told.words()), "{title} does not say {}", told.words());
        }
        assert!(stop.joined_text().contains(&measured.after.class), "{title} does not say {}", measured.after.class);
    }
}

/// Answers that the texts state without a percentage: network, picture, ablations, class.
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
fn other_answers_match_the_text() {
    for (net, picture, cut, class) in ANSWERS {
        assert_eq!(NetworkOnPicture::new(net, picture).answer(cut).class, class, "{net}, {picture}, {cut}");
    }
}
