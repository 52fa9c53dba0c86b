use super::*;
use crate::Folds;
use net::{Ablations, names, network};

/// A parsed element with its attributes and its text.
#[derive(Debug)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
}

/// Checks that a text has no markup (no loose `<`, and `&` only in character references) and resolves its references.
fn plain(text: &str) -> String {
    assert!(!text.contains('<') && !text.contains('"'), "{text}");
    for rest in text.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;"].iter().any(|name| rest.starts_with(name)), "{text}");
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Returns all elements of a document in the order in which they end. Panics if the document is not well formed.
fn elements(document: &str) -> Vec<Element> {
    let (mut open, mut done): (Vec<Element>, Vec<Element>) = (Vec::new(), Vec::new());
    for part in document.trim().strip_prefix('<').expect("should begin with a tag").split('<') {
        let (tag, text) = part.split_once('>').expect("should end");
        if let Some(name) = tag.strip_prefix('/') {
            let element = open.pop().expect("should have been opened");
            assert_eq!(element.name, name);
            done.push(element);
        } else {
            let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
            let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
            let mut attributes: Vec<(String, String)> = Vec::new();
            while !rest.is_empty() {
                let (key, after) = rest.split_once("=\"").expect("should be an attribute");
                let (value, after) = after.split_once('"').expect("should be closed");
                assert!(attributes.iter().all(|(other, _)| other != key), "{tag}");
                attributes.push((key.to_owned(), plain(value)));
                rest = after.trim_start();
            }
            let element = Element { name: name.to_owned(), attributes, text: String::new() };
            if empty { done.push(element) } else { open.push(element) }
        }
        let text = plain(text);
        match open.last_mut() {
            Some(element) => element.text.push_str(&text),
            None => assert_eq!(text.trim(), ""),
        }
    }
    assert!(open.is_empty(), "{open:?}");
    done
}

fn graph(name: &str) -> Graph {
    network(name).expect("should be declared")
}

/// Returns every network in three states: folded as at first, with one block unfolded, and fully unfolded.
fn scenes() -> impl Iterator<Item = (Graph, Scene)> {
    names().flat_map(|name| {
        let graph = graph(name);
        let first = Scene::initial_folds(&graph);
        let middle = first.iter().copied().nth(first.len() / 2);
        let one = first.iter().copied().filter(|&block| Some(block) != middle).collect();
        [first, one, Folds::new()].map(|folds| (graph.clone(), Scene::of(&graph, &folds)))
    })
}

#[test]
fn every_drawing_is_well_formed_and_finite() {
    for (graph, scene) in scenes() {
        let document = svg(&graph, &scene, &ArchitectureOptions::default());
        let all = elements(&document);
        let root = all.last().expect("should be there");
        assert_eq!(root.name, "svg");
        for key in ["xmlns", "width", "height", "viewBox", "font-family"] {
            assert!(root.attributes.iter().any(|(name, _)| name == key), "{key}");
        }
        for Element { name, attributes, .. } in &all {
            assert!(["svg", "title", "desc", "g", "rect", "path", "circle", "text", "tspan"].contains(&name.as_str()));
            for (key, value) in attributes {
                assert!(!value.contains("NaN") && !value.contains("inf"), "{}: {key}={value}", graph.name);
                if ["x", "y", "width", "height", "cx", "cy", "r", "dx", "font-size", "stroke-width"]
                    .contains(&key.as_str())
                {
                    let number: f32 = value.parse().expect("should be a number");
                    assert!(number.is_finite() && (number >= 0.0 || ["x", "y", "cx", "cy"].contains(&key.as_str())));
                }
            }
        }
        let text =
            |element: &str, text: &str| all.iter().any(|one| one.name == element && one.text.trim().starts_with(text));
        for tile_text in scene.tiles.iter().map(|tile| tile_text(&graph, &scene.frames, tile)) {
            assert!(
                text("text", &tile_text.name) && text("title", &tile_text.full),
                "{} {}",
                graph.name,
                tile_text.full
            );
        }
        for frame in &scene.frames {
            assert!(text("text", &graph.blocks[frame.block.0].name), "{}", graph.name);
        }
        assert!(document.contains(graph.title) && text("desc", graph.title));
    }
}

#[test]
fn no_text_overlaps_other_text_or_leaves_the_drawing() {
    let overlap = |a: &Rect, b: &Rect| a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
    for (graph, scene) in scenes() {
        let drawing = draw(&graph, &scene, &ArchitectureOptions::default());
        let all = elements(&drawing.out);
        let said: Vec<&str> = all.iter().filter(|one| one.name == "text").map(|one| one.text.as_str()).collect();
        let view = all.last().and_then(|svg| svg.attributes.iter().find(|(key, _)| key == "viewBox"));
        let view: Vec<f32> =
            view.expect("should be there").1.split(' ').map(|n| n.parse().expect("should be a number")).collect();
        let mut texts: Vec<(&Rect, &str)> = drawing.texts.iter().zip(said).collect();
        for (rect, said) in &texts {
            assert!(rect.x >= view[0] && rect.y >= view[1], "{}: {said}", graph.name);
            assert!(
                rect.x + rect.w <= view[0] + view[2] && rect.y + rect.h <= view[1] + view[3],
                "{}: {said}",
                graph.name
            );
        }
        texts.sort_by(|a, b| a.0.x.total_cmp(&b.0.x));
        for (place, (rect, said)) in texts.iter().enumerate() {
            for (other, beside) in texts[place + 1..].iter().take_while(|(other, _)| other.x < rect.x + rect.w) {
                assert!(!overlap(rect, other), "{}: {said} and {beside}: {rect:?} {other:?}", graph.name);
            }
        }
    }
}

#[test]
fn ablated_parts_are_crossed_out() {
    for (name, text, dashed) in
        [("alexnet", "tower1", 0), ("resnet50", "layer1.0/shortcut", 1), ("resnet18", "layer2.1/branch=0.5", 1)]
    {
        let graph = graph(name);
        let effects = Ablations::read(&graph, text).expect("should be read").effects(&graph);
        let mut folds = Scene::initial_folds(&graph);
        if dashed == 1 && name == "resnet18" {
            folds.clear();
        }
        let scene = Scene::of(&graph, &folds);
        let (ablated, whole) = (ArchitectureOptions { effects: &effects }, ArchitectureOptions::default());
        let marks = |options| {
            let all = elements(&svg(&graph, &scene, options));
            let red = |one: &&Element| one.attributes.iter().any(|(_, value)| value == ABLATED);
            let dashed = |one: &&Element| one.attributes.iter().any(|(key, _)| key == "stroke-dasharray");
            (all.iter().filter(red).count(), all.iter().filter(red).filter(dashed).count())
        };
        assert_eq!(marks(&whole), (0, 0));
        // Expect two marks in the colour of ablation: the entry of the legend and the ablated part.
        assert_eq!(marks(&ablated), (2, dashed), "{name}");
    }
}

#[test]
fn fills_differ_in_greyscale() {
    let grey = |colour: &str| {
        let part = |at: usize| f32::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("should be a byte"));
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    let greys: Vec<f32> = FILLS.iter().map(|(_, colour)| grey(colour)).collect();
    assert!(greys.windows(2).all(|pair| pair[0] - pair[1] > 6.0), "{greys:?}");
}

#[test]
fn counts_are_formatted_for_reading() {
    let said = [84, 60_000, 1_000, 61_100_840, 999_960_000, 15_470_264_320].map(format_count);
    assert_eq!(said, ["84", "60,000", "1,000", "61.1 million", "1.0 billion", "15.5 billion"]);
}
