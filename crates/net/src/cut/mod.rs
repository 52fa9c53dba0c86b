//! Cuts: parts of a network that are switched off, or scaled, to see what the rest makes of it.
//!
//! As text, in links and on the command line, a cut is `PART` or `PART=SCALE`; without a scale the part is switched off.
//! A part is `NODE` (all its maps), `NODE:3` (a map, counted from 0), `NODE:3-7` (maps), `NODE:3/2` (the kernel that
//! map 3 of a convolution has for map 2 of its input), `BLOCK/branch` and `BLOCK/shortcut` (the summands of a residual
//! block), `BLOCK/lane2` (a lane of an Inception, counted from 1) or `tower1` (counted from 1).

mod effects;
mod fault;
mod part;

use std::fmt;

use super::NetError;
use super::graph::Graph;

pub use effects::{Effects, KernelCut};
pub use fault::CutFault;
pub use part::Part;

/// A part and what it is multiplied with.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// What is cut.
    pub part: Part,
    /// The factor; 0 switches the part off.
    pub scale: f32,
}

/// The greatest factor.
pub const MOST_SCALE: f32 = 4.0;

/// All cuts of a network, each part at most once, in the order they were made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cuts(Vec<Cut>);

impl Cuts {
    /// Reads cuts from text, one after the other with commas between.
    ///
    /// # Errors
    /// [`NetError::Cut`] with what is wrong with the first that cannot be read.
    pub fn read(graph: &Graph, text: &str) -> Result<Self, NetError> {
        let mut cuts = Self::default();
        for one in text.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            let (part, scale) = one.split_once('=').unwrap_or((one, "0"));
            let fault = |reason: CutFault| NetError::Cut { text: one.to_owned(), reason };
            let scale = scale.parse().ok().filter(|scale| (0.0..=MOST_SCALE).contains(scale));
            let scale = scale.ok_or_else(|| fault(CutFault::Scale))?;
            cuts.set(Cut { part: Part::read(graph, part).map_err(fault)?, scale });
        }
        Ok(cuts)
    }

    /// As [`Cuts::read`] takes them.
    pub fn write(&self, graph: &Graph) -> String {
        self.0.iter().map(|cut| cut.write(graph)).collect::<Vec<_>>().join(",")
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Cut> {
        self.0.iter()
    }

    /// Whether nothing is cut.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scale of a part that is cut by itself.
    pub fn scale(&self, part: &Part) -> Option<f32> {
        self.0.iter().find(|cut| cut.part == *part).map(|cut| cut.scale)
    }

    /// Cuts a part, or scales it otherwise where it is cut already.
    pub fn set(&mut self, cut: Cut) {
        match self.0.iter_mut().find(|old| old.part == cut.part) {
            Some(old) => old.scale = cut.scale,
            None => self.0.push(cut),
        }
    }

    /// Restores a part.
    pub fn restore(&mut self, part: &Part) {
        self.0.retain(|cut| cut.part != *part);
    }

    /// What engines do for them.
    pub fn effects(&self, graph: &Graph) -> Effects {
        Effects::new(graph, &self.0)
    }
}

impl Cut {
    fn write(&self, graph: &Graph) -> String {
        let part = self.part.write(graph);
        if self.scale == 0.0 { part } else { format!("{part}={}", Rounded(self.scale)) }
    }
}

/// A scale with two decimals at most.
struct Rounded(f32);

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (self.0 * 100.0).round() / 100.0)
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
            let cuts = Cuts::read(&graph, text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(cuts.write(&graph), text);
            assert!(!cuts.effects(&graph).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_not_there_is_said_with_what_there_is() {
        for (name, text, says) in [
            ("lenet5", "C9", "no layer named 'C9'"),
            ("lenet5", "C1:6", "0 to 5"),
            ("lenet5", "C1:4-2", "0 to 5"),
            ("lenet5", "C1:x", "0 to 5"),
            ("lenet5", "S2:0/0", "S2 is no convolution"),
            ("lenet5", "C3:0/5", "map 0 of C3 reads maps 0, 1, 2"),
            ("lenet5", "C1=9", "from 0 to 4"),
            ("lenet5", "C1=NaN", "from 0 to 4"),
            ("lenet5", "tower1", "has no towers"),
            ("alexnet", "tower3", "tower1 and tower2"),
            ("resnet18", "layer1/shortcut", "no residual block"),
            ("plain20-cifar", "layer1.0/shortcut", "no residual block"),
            ("googlenet", "inception3a/lane5", "lane1 to lane4"),
            ("googlenet", "inception3a/first", "branch, shortcut or laneN"),
            ("resnet18", "stem/lane1", "no Inception"),
        ] {
            let error = Cuts::read(&graph(name), text).expect_err(text).to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn a_part_is_cut_once() {
        let graph = graph("lenet5");
        let mut cuts = Cuts::read(&graph, "C1:0=0.5,C3,C1:0=2").expect("should be read");
        assert_eq!(cuts.write(&graph), "C1:0=2,C3");
        let part = Part::read(&graph, "C3").expect("should be a part");
        cuts.restore(&part);
        assert_eq!(cuts.write(&graph), "C1:0=2");
    }
}
