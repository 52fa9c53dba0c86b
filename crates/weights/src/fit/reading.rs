//! What a file was taken for: what was read of it, and what was left out.

use net::Graph;

use super::assignment::Assignment;
use super::names::Convention;
use super::recipe::Recipe;
use crate::checkpoint::{Checkpoint, Place};

/// Words that stand for one of the five families in the names of architectures.
const FAMILIES: [&str; 6] = ["lenet", "alexnet", "vgg", "googlenet", "inception", "resnet"];

/// The way in which a file was read, where it is more than the tensors of one network under its own names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The place of the tensors in the file.
    pub place: Place,
    /// The convention of the names, if it is not torchvision's.
    pub convention: Option<Convention>,
    /// The prefix of all names, with the parts that wrappers put into them. Empty if there is none.
    pub prefix: String,
    /// The name in the file of the last fully connected layer, if it is another than in the network.
    pub head: Option<String>,
    /// The names of the tensors that were left out, with characters that do not print escaped.
    pub left_out: Vec<String>,
    /// The number of pruned tensors that are multiplied by their masks.
    pub masked: usize,
    /// The number of tensors with weight normalization.
    pub normed: usize,
    /// The name that the file gives its architecture, if it is not that of the network.
    pub other_architecture: Option<String>,
}

impl Reading {
    pub(super) fn of(graph: &Graph, checkpoint: &Checkpoint, assignment: &Assignment<'_>) -> Self {
        let place = checkpoint.place().clone();
        let wrappers = assignment.offers.wrappers.iter().map(|wrapper| format!("{wrapper}."));
        let recipes = || assignment.assigned.values().map(|&index| &assignment.offers.all[index].recipe);
        let other_architecture = place.architecture.clone().filter(|name| is_other(graph.name, name));
        Self {
            convention: Some(assignment.naming.convention).filter(|&own| own != Convention::Torchvision),
            prefix: wrappers.chain([assignment.naming.prefix.clone()]).collect(),
            head: assignment.head.clone().map(|name| name.escape_debug().to_string()),
            left_out: assignment.foreign.iter().map(|name| name.escape_debug().to_string()).collect(),
            masked: recipes().filter(|recipe| matches!(recipe, Recipe::Masked { .. })).count(),
            normed: recipes().filter(|recipe| matches!(recipe, Recipe::Normed { .. })).count(),
            other_architecture,
            place,
        }
    }
}

/// Returns whether `architecture` is the name of another network of the five families than `network`. A name that says
/// no more than the family, and one that is of no family, say nothing.
fn is_other(network: &str, architecture: &str) -> bool {
    let plain = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    // timm writes its recipe after a dot, and hubs write the publisher before a slash.
    let name = architecture.rsplit('/').next().unwrap_or(architecture);
    let name = plain(name.split('.').next().unwrap_or(name));
    let own = [plain(network), plain(network.split('-').next().unwrap_or(network))];
    FAMILIES.iter().any(|family| name.contains(family) && name != *family) && !own.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_architecture_is_told_by_its_name() {
        for same in ["resnet18", "ResNet-18", "resnet18.a1_in1k", "timm/resnet18.tv_in1k", "resnet", "MyNet", "net18"] {
            assert!(!is_other("resnet18", same), "{same}");
        }
        for other in ["resnetblur18", "resnet18d", "seresnet18", "resnet34", "resnet18_v2"] {
            assert!(is_other("resnet18", other), "{other}");
        }
        assert!(!is_other("googlenet-torchvision", "googlenet"));
        assert!(!is_other("resnet18-cifar10", "resnet18_cifar10"));
        assert!(is_other("googlenet-torchvision", "inception_v3"));
    }
}
