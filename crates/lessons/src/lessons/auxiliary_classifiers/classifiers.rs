//! The three classifiers of GoogLeNet: two auxiliary ones and the main one.

use leptos_i18n::td_string;
use words::i18n::Locale;

use analysis::lesson::auxiliary::classifier_nodes;
use net::Graph;

/// The network. Its shipped weights include trained auxiliary classifiers (`training/run.py`).
pub(super) const NETWORK: &str = "googlenet-cifar10";
/// The number of classifiers.
pub(super) const CLASSIFIERS: usize = 3;

/// Returns the name of a classifier.
pub(super) fn classifier_name(locale: Locale, place: usize) -> &'static str {
    match place {
        0 => td_string!(locale, side_classifiers.first),
        1 => td_string!(locale, side_classifiers.second),
        _ => td_string!(locale, side_classifiers.main),
    }
}

/// Returns the layers with the probabilities of the classifiers.
pub(super) fn probabilities(graph: &Graph) -> Vec<&str> {
    classifier_nodes(graph).iter().map(|classifier| graph.node(classifier.probabilities).name.as_str()).collect()
}

/// Returns the layers with the scores of the classifiers.
pub(super) fn scores(graph: &Graph) -> Vec<&str> {
    classifier_nodes(graph).iter().map(|classifier| graph.node(classifier.scores).name.as_str()).collect()
}
