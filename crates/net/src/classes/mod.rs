//! The names of the classes.

use serde::Serialize;

/// The set of classes that a network tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Classes {
    /// The digits 0 to 9.
    Digits,
    /// The 10 classes of CIFAR-10 (Krizhevsky 2009).
    Cifar10,
    /// The 1000 classes of ILSVRC (Russakovsky et al. 2015).
    ImageNet,
    /// Any number of classes, whose names are not known.
    Numbered(usize),
}

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// The names, in the order of the labels in Krizhevsky's files.
const CIFAR10: [&str; 10] = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/// The names, one per line, in the order of the WordNet identifiers of the classes. The wording is torchvision's.
const IMAGENET: &str = include_str!("imagenet.txt");

impl Classes {
    /// Returns the number of classes.
    pub fn count(self) -> usize {
        match self {
            Self::Digits | Self::Cifar10 => 10,
            Self::ImageNet => 1000,
            Self::Numbered(count) => count,
        }
    }

    /// Returns the length of the longest name or number, in characters.
    pub fn longest_name(self) -> usize {
        if let Self::Numbered(count) = self {
            return count.saturating_sub(1).to_string().len();
        }
        (0..self.count()).filter_map(|class| self.name(class)).map(|name| name.chars().count()).max().unwrap_or(0)
    }

    /// Returns the name of a class, or its number if it has no name.
    pub fn name_or_number(self, class: usize) -> String {
        self.name(class).map_or_else(|| class.to_string(), str::to_owned)
    }

    /// Returns the name of class `class`, or `None` if there is no such class or it has no name.
    pub fn name(self, class: usize) -> Option<&'static str> {
        match self {
            Self::Digits => DIGITS.get(class).copied(),
            Self::Cifar10 => CIFAR10.get(class).copied(),
            Self::ImageNet => IMAGENET.lines().nth(class),
            Self::Numbered(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_names() {
        assert_eq!(IMAGENET.lines().count(), Classes::ImageNet.count());
        assert_eq!(Classes::ImageNet.name(281), Some("tabby"));
        assert_eq!(Classes::ImageNet.name(999), Some("toilet tissue"));
        assert_eq!(Classes::ImageNet.name(1000), None);
        assert_eq!(Classes::Cifar10.name(3), Some("cat"));
    }

    #[test]
    fn every_network_has_a_score_for_each_class() {
        for name in crate::names() {
            let graph = crate::network(name).expect("should be declared");
            assert_eq!(graph.node(graph.logits).shape.elements(), graph.classes.count(), "{name}");
        }
    }
}
