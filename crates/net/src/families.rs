//! The five families of networks: their years and their variants.

use super::graph::{Family, Graph};
use super::ops::Op;

/// A family, as the page and the command line present it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyInfo {
    /// The family.
    pub family: Family,
    /// The name that people read.
    pub title: &'static str,
    /// The year of its paper.
    pub year: u16,
    /// The network that the page opens for this family: one that ships with trained weights.
    pub default_network: &'static str,
    /// The networks of the family by name, its own first, each with words that tell it from the others.
    pub variants: &'static [(&'static str, &'static str)],
}

/// The families in the order of their years.
pub const FAMILIES: [FamilyInfo; 5] = [
    // LeCun et al. 1998, section II.
    FamilyInfo {
        family: Family::LeNet,
        title: "LeNet-5",
        year: 1998,
        default_network: "lenet5",
        variants: &[("lenet5", "as published"), ("lenet5-modern", "as taught today")],
    },
    // Krizhevsky et al. 2012, section 3.
    FamilyInfo {
        family: Family::AlexNet,
        title: "AlexNet",
        year: 2012,
        default_network: "alexnet-cifar10",
        variants: &[
            ("alexnet", "two towers, as published"),
            ("alexnet-relu-last", "two towers, ReLU last"),
            ("alexnet-torchvision", "one tower, torchvision"),
            ("alexnet-cifar10", "two towers, for CIFAR-10"),
        ],
    },
    // Simonyan and Zisserman 2014, section 2.
    FamilyInfo {
        family: Family::Vgg,
        title: "VGG",
        year: 2014,
        default_network: "vgg16-cifar10",
        variants: &[
            ("vgg16", "16 layers (D)"),
            ("vgg11", "11 layers (A)"),
            ("vgg11-lrn", "11 layers with LRN (A-LRN)"),
            ("vgg13", "13 layers (B)"),
            ("vgg16-c", "16 layers, some 1×1 (C)"),
            ("vgg19", "19 layers (E)"),
            ("vgg16-cifar10", "16 layers for CIFAR-10"),
        ],
    },
    // Szegedy et al. 2014, sections 4 and 5.
    FamilyInfo {
        family: Family::GoogLeNet,
        title: "GoogLeNet",
        year: 2014,
        default_network: "googlenet-cifar10",
        variants: &[
            ("googlenet", "as published"),
            ("googlenet-naive", "without the 1×1 reductions"),
            ("googlenet-torchvision", "with batch norm, torchvision"),
            ("googlenet-cifar10", "for CIFAR-10"),
        ],
    },
    // He et al. 2015, section 3.
    FamilyInfo {
        family: Family::ResNet,
        title: "ResNet",
        year: 2015,
        default_network: "resnet18-cifar10",
        variants: &[
            ("resnet18", "18 layers"),
            ("resnet34", "34 layers"),
            ("resnet50", "50 layers"),
            ("resnet50-paper", "50 layers, the paper's strides"),
            ("resnet101", "101 layers"),
            ("resnet152", "152 layers"),
            ("resnet18-cifar10", "18 layers for CIFAR-10"),
            ("resnet20-cifar", "20 layers for CIFAR-10"),
            ("resnet56-cifar", "56 layers for CIFAR-10"),
            ("plain20-cifar", "20 layers without shortcuts"),
            ("plain56-cifar", "56 layers without shortcuts"),
        ],
    },
];

/// Returns the description of a family.
pub fn family_info(family: Family) -> &'static FamilyInfo {
    // A test ensures that every family has its row; the first row is an unreachable default.
    FAMILIES.iter().find(|info| info.family == family).unwrap_or(&FAMILIES[0])
}

/// Returns the family whose novelty a network shows. Networks of the ResNet family without additions have no shortcuts:
/// they are for comparison and show no novelty, so the result is `None`.
pub fn novelty(graph: &Graph) -> Option<Family> {
    let adds = graph.nodes.iter().any(|node| matches!(node.op, Op::Add(_)));
    (graph.family != Family::ResNet || adds).then_some(graph.family)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{names, network};

    #[test]
    fn plain_networks_have_no_novelty() {
        let novelty_of = |name: &str| novelty(&network(name).expect("should be declared"));
        for name in names() {
            assert_eq!(novelty_of(name).is_none(), name.starts_with("plain"), "{name}");
        }
        assert_eq!(novelty_of("resnet56-cifar"), Some(Family::ResNet));
    }

    #[test]
    fn every_network_is_a_variant_of_its_family() {
        let mut listed: Vec<&str> = Vec::new();
        for info in FAMILIES {
            for (name, _) in info.variants {
                let graph = network(name).expect("should be declared");
                assert_eq!((graph.family, graph.year), (info.family, info.year), "{name}");
                listed.push(name);
            }
            assert!(info.variants.iter().any(|(name, _)| *name == info.default_network));
        }
        let mut all: Vec<&str> = names().collect();
        listed.sort_unstable();
        all.sort_unstable();
        assert_eq!(listed, all);
    }
}
