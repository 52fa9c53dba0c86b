//! The form of the tours: the numbers of stops and sentences, and the same content in both languages.

use std::collections::BTreeSet;

use super::{TOURS, root, tour};
use messages::Language;

const STOPS: usize = 12;
/// A title has fewer characters than this.
const TITLE: usize = 45;
/// The most characters of a sentence.
const SENTENCE: usize = 220;

#[test]
fn twelve_stops_of_a_few_sentences() {
    let files = std::fs::read_dir(root().join("static/tours")).expect("should be a folder").count();
    assert_eq!(files, TOURS.len());
    let mut titles = BTreeSet::new();
    for name in TOURS {
        let tour = tour(name);
        assert_eq!(tour.family, name);
        assert!(!tour.title.english().is_empty() && tour.title.english().chars().count() < TITLE, "{name}");
        assert_eq!(tour.stops.len(), STOPS, "{name}");
        for stop in &tour.stops {
            let title = stop.title.english();
            assert!(!title.is_empty() && title.chars().count() < TITLE, "{title}");
            assert!(titles.insert(title.clone()), "{title} is the title of two stops");
            assert!((2..=4).contains(&stop.text.english().len()), "{title}");
            for text in stop.text.english() {
                assert!(
                    text.ends_with('.') && !text.ends_with("et al.") && !text.contains('!') && !goes_on(text),
                    "{text}"
                );
                assert!(text.chars().count() <= SENTENCE, "{} characters: {text}", text.chars().count());
            }
        }
    }
}

/// Returns the numbers in a text, sorted as strings: decimals, and groups of three digits with commas.
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
fn numbers_are_found_in_a_text() {
    assert_eq!(numbers("48, 76,928 and 2.5 of 1998, 3×3."), ["1998", "2.5", "3", "3", "48", "76,928"]);
}

/// Each stop has the same content in every language as in English: as many sentences, the same numbers and the same
/// layers.
#[test]
fn every_stop_is_complete_in_every_language() {
    for (name, language) in TOURS.into_iter().flat_map(|name| Language::all().map(move |language| (name, language))) {
        // The texts of a language with a script of its own contain that script.
        let is_in_language = |text: &str| {
            let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
            language.code() != "zh" || text.chars().any(is_han)
        };
        let tour = tour(name);
        assert!(is_in_language(tour.title.get(language)), "{name}");
        for stop in tour.stops {
            let title = stop.title.english();
            assert!(is_in_language(stop.title.get(language)), "{title}");
            assert_eq!(numbers(title), numbers(stop.title.get(language)), "{title}");
            assert_eq!(stop.text.english().len(), stop.text.get(language).len(), "{title}");
            let graph = stop.graph();
            for (english, other) in stop.text.english().iter().zip(stop.text.get(language)) {
                assert!(is_in_language(other), "{other}");
                assert_eq!(numbers(english), numbers(other), "{english} {other}");
                let words: BTreeSet<&str> = english.split(|c: char| !c.is_alphanumeric() && c != '.').collect();
                // Names without a digit, such as `input` and `output`, are common words too.
                let named = |name: &&str| name.contains(|c: char| c.is_ascii_digit()) && words.contains(name);
                let layers = graph.nodes.iter().map(|node| node.name.as_str()).filter(named);
                for layer in layers {
                    assert!(other.contains(layer), "{layer}: {other}");
                }
            }
        }
    }
}

/// Returns whether a text contains more than one sentence. The full stop of "et al." ends none.
fn goes_on(text: &str) -> bool {
    let stops = text.match_indices(". ").filter(|(at, _)| !text[..*at].ends_with("et al"));
    stops.into_iter().any(|(at, _)| text[at + 2..].starts_with(|next: char| !next.is_lowercase()))
}
