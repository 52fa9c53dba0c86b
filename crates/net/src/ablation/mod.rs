//! Ablations: parts of a network are switched off, or scaled, to see how the rest of the network answers.
//!
//! In links and on the command line an ablation is written `PART` or `PART=SCALE`. Without a scale the part is switched
//! off. A part is one of:
//!
//! - `NODE`: all feature maps of a node.
//! - `NODE:3` or `NODE:3-7`: one feature map, or several. Maps are counted from 0.
//! - `NODE:3/2`: the kernel of a convolution that computes map 3 from map 2 of its input.
//! - `BLOCK/branch` or `BLOCK/shortcut`: a summand of a residual block.
//! - `BLOCK/lane2`: a branch of an Inception module, counted from 1.
//! - `tower1`: a tower, counted from 1.

mod factors;
mod part;
mod scale;

use super::error::{AblationError, NetError};
use super::graph::Graph;

pub use factors::{AblationFactors, KernelAblation};
pub use part::{Ablation, AblationPart};
pub use scale::MAX_SCALE;

/// All ablations of a network, in the order in which they were made. Each part occurs at most once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ablations(Vec<Ablation>);

impl Ablations {
    /// Reads ablations from text, separated by commas.
    ///
    /// # Errors
    /// [`NetError::Ablation`] for the first ablation that cannot be read.
    pub fn read(graph: &Graph, text: &str) -> Result<Self, NetError> {
        let mut ablations = Self::default();
        for one in text.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            let (part, scale) = one.split_once('=').unwrap_or((one, "0"));
            let fault = |reason: AblationError| NetError::Ablation { text: one.to_owned(), reason };
            let scale = scale::read(scale).ok_or_else(|| fault(AblationError::Scale))?;
            ablations.set(Ablation { part: AblationPart::read(graph, part).map_err(fault)?, scale });
        }
        Ok(ablations)
    }

    /// Writes the ablations in the form that [`Ablations::read`] takes.
    pub fn write(&self, graph: &Graph) -> String {
        self.0.iter().map(|ablation| ablation.write(graph)).collect::<Vec<_>>().join(",")
    }

    /// Returns all ablations, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Ablation> {
        self.0.iter()
    }

    /// Returns whether there is no ablation.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the scale of exactly this part, or `None` if it is not ablated.
    pub fn scale(&self, part: &AblationPart) -> Option<f32> {
        self.0.iter().find(|ablation| ablation.part == *part).map(|ablation| ablation.scale)
    }

    /// Adds an ablation. If the part is ablated already, its scale is replaced.
    pub fn set(&mut self, ablation: Ablation) {
        match self.0.iter_mut().find(|old| old.part == ablation.part) {
            Some(old) => old.scale = ablation.scale,
            None => self.0.push(ablation),
        }
    }

    /// Removes the ablation of a part.
    pub fn restore(&mut self, part: &AblationPart) {
        self.0.retain(|ablation| ablation.part != *part);
    }

    /// Returns the factors that engines apply.
    pub fn effects(&self, graph: &Graph) -> AblationFactors {
        AblationFactors::new(graph, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network;

    fn graph(name: &str) -> Graph {
        network(name).expect("should be declared")
    }

    #[test]
    fn every_kind_of_part_is_read_and_written() {
        for (name, text) in [
            ("lenet5", "C1"),
            ("lenet5", "C3:5"),
            ("lenet5", "C3:5/1"),
            ("lenet5", "F6:3-7=0.5"),
            ("alexnet", "tower1,conv3:0"),
            ("googlenet-torchvision", "inception3a/lane2,inception4e.branch1.conv:3=1.5"),
            ("resnet50", "layer1.0/shortcut,layer4.2/branch=0.25"),
            ("resnet20-cifar", "layer2.0/shortcut"),
            ("lenet5", "input:0"),
        ] {
            let graph = graph(name);
            let ablations = Ablations::read(&graph, text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(ablations.write(&graph), text);
            assert!(!ablations.effects(&graph).is_empty(), "{text}");
        }
    }

    #[test]
    fn errors_list_the_parts_that_exist() {
        for (name, text, says) in [
            ("lenet5", "C9", "no layer named 'C9'"),
            ("lenet5", "C1:6", "0 to 5"),
            ("lenet5", "C1:4-2", "0 to 5"),
            ("lenet5", "C1:x", "0 to 5"),
            ("lenet5", "S2:0/0", "S2 is not a convolution"),
            ("lenet5", "C3:0/5", "map 0 of C3 reads maps 0, 1, 2"),
            ("lenet5", "C1=9", "from 0 to 4"),
            ("lenet5", "C1=NaN", "from 0 to 4"),
            ("lenet5", "tower1", "has no towers"),
            ("alexnet", "tower3", "tower1 and tower2"),
            ("resnet18", "layer1/shortcut", "not a residual block"),
            ("plain20-cifar", "layer1.0/shortcut", "not a residual block"),
            ("googlenet", "inception3a/lane5", "lane1 to lane4"),
            ("googlenet", "inception3a/first", "branch, shortcut and laneN"),
            ("resnet18", "stem/lane1", "not an Inception module"),
        ] {
            let error = Ablations::read(&graph(name), text).expect_err(text).to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn each_part_is_listed_once() {
        let graph = graph("lenet5");
        let mut ablations = Ablations::read(&graph, "C1:0=0.5,C3,C1:0=2").expect("should be read");
        assert_eq!(ablations.write(&graph), "C1:0=2,C3");
        let part = AblationPart::read(&graph, "C3").expect("should be a part");
        ablations.restore(&part);
        assert_eq!(ablations.write(&graph), "C1:0=2");
    }
}
