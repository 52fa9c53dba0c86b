//! The ties between the modules of a crate, and the circles that they make.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use super::names;
use super::tree::Crate;

/// A module names items of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tie {
    /// The module that names them.
    pub(crate) from: usize,
    /// The module that defines them.
    pub(crate) to: usize,
    /// The names, and how often each is written.
    pub(crate) names: BTreeMap<String, usize>,
}

/// Modules that all reach each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Circle {
    /// The modules, in the order of the crate.
    pub(crate) modules: Vec<usize>,
    /// The ties between them.
    pub(crate) ties: Vec<Tie>,
}

impl Crate {
    /// Every tie between two modules, by the module that names.
    pub(crate) fn ties(&self) -> Vec<Tie> {
        let mut ties = Vec::new();
        for from in 0..self.modules.len() {
            let mut by_module: BTreeMap<usize, BTreeMap<String, usize>> = BTreeMap::new();
            for ((to, name), count) in names::uses(self, from) {
                by_module.entry(to).or_default().insert(name, count);
            }
            ties.extend(by_module.into_iter().map(|(to, names)| Tie { from, to, names }));
        }
        ties
    }
}

impl Circle {
    /// The circles that the ties of a crate make, the largest first.
    pub(crate) fn all(ties: &[Tie]) -> Vec<Self> {
        let circles = circles(ties.iter().map(|tie| (tie.from, tie.to)));
        let with_ties = |modules: BTreeSet<usize>| Self {
            ties: ties.iter().filter(|tie| modules.contains(&tie.from) && modules.contains(&tie.to)).cloned().collect(),
            modules: modules.into_iter().collect(),
        };
        circles.into_iter().map(with_ties).collect()
    }
}

impl Crate {
    /// A circle in lines: its modules, then each tie with its names.
    pub(crate) fn listing(&self, circle: &Circle) -> Vec<String> {
        let modules: Vec<_> = circle.modules.iter().map(|module| self.name(*module)).collect();
        let mut lines = vec![format!("{}: a circle of {} modules: {}", self.label, modules.len(), modules.join(", "))];
        for tie in &circle.ties {
            let names: Vec<_> = tie.names.keys().map(String::as_str).collect();
            lines.push(format!("  {} -> {}: {}", self.name(tie.from), self.name(tie.to), names.join(", ")));
        }
        lines
    }
}

/// The strongly connected sets of more than one node, the largest first.
pub(crate) fn circles<N: Copy + Ord + Hash>(edges: impl Iterator<Item = (N, N)>) -> Vec<BTreeSet<N>> {
    let graph: DiGraphMap<N, ()> = edges.map(|(from, to)| (from, to, ())).collect();
    let mut circles: Vec<BTreeSet<N>> = tarjan_scc(&graph)
        .into_iter()
        .filter(|circle| circle.len() > 1)
        .map(|circle| circle.into_iter().collect())
        .collect();
    circles.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    circles
}
