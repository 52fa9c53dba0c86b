//! One rule for names: the convention and the prefix under which most tensors of a graph are found.

use std::collections::BTreeMap;

use super::offers::Offer;
use net::TensorSpec;

/// A way of naming the tensors of the networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Convention {
    /// That of torchvision and of the networks here.
    Torchvision,
    /// timm's names for VGG, whose classifier consists of convolutions of 7x7 and 1x1. Their weights are those of the
    /// fully connected layers, in the same order.
    TimmVgg,
    /// The names of ResNet in the library `transformers` (`modeling_resnet.py`).
    Transformers,
    /// `shortcut` instead of `downsample`, as in many implementations of ResNet for CIFAR.
    Shortcut,
    /// Numbers instead of the names of the outermost modules, as in a `Sequential` of them.
    Numbered,
}

/// All conventions. Of two that find as many tensors, the first is taken.
const CONVENTIONS: [Convention; 5] = [
    Convention::Torchvision,
    Convention::TimmVgg,
    Convention::Transformers,
    Convention::Shortcut,
    Convention::Numbered,
];

/// Prefixes of VGG's classifier in timm and in torchvision.
const TIMM_VGG: [(&str, &str); 3] =
    [("pre_logits.fc1.", "classifier.0."), ("pre_logits.fc2.", "classifier.3."), ("head.fc.", "classifier.6.")];

/// Words of the prefixes of copies that training programs keep beside a network: averages, and the slow network of two.
const COPIES: [&str; 7] = ["ema", "avg", "swa", "teacher", "target", "momentum", "k"];

/// The names of offered tensors under one convention, each with the prefix that most of them have.
#[derive(Debug)]
pub(super) struct Naming {
    pub(super) convention: Convention,
    /// What is in front of the names of the graph, with its last dot.
    pub(super) prefix: String,
    /// The names under the convention, with the prefix, in the order of the offers.
    names: Vec<String>,
}

impl Naming {
    /// Returns the name that a graph has for the offer with this index, or `None` if it has not the prefix.
    pub(super) fn name(&self, offer: usize) -> Option<&str> {
        self.names[offer].strip_prefix(&self.prefix)
    }

    /// Returns the naming under which most tensors of `wanted` are found in their shapes. `first` is the name of the
    /// graph's first tensor, and `modules` are the names of its outermost modules in order.
    pub(super) fn best(wanted: &BTreeMap<String, TensorSpec>, first: &str, modules: &[&str], offers: &[Offer]) -> Self {
        let mut best: Option<(usize, bool, bool, Self)> = None;
        for convention in CONVENTIONS {
            for names in convention.names(wanted, modules, offers) {
                let mut prefixes: Vec<(&str, usize, bool)> = Vec::new();
                for (name, offer) in names.iter().zip(offers) {
                    let flat = convention == Convention::TimmVgg;
                    let ends = std::iter::once(0).chain(name.match_indices('.').map(|(at, _)| at + 1));
                    for (prefix, rest) in ends.map(|at| name.split_at(at)) {
                        if let Some(spec) = wanted.get(rest) {
                            let at = prefixes.iter().position(|(known, ..)| *known == prefix).unwrap_or_else(|| {
                                prefixes.push((prefix, 0, false));
                                prefixes.len() - 1
                            });
                            // A tensor of another shape is still a tensor of that name.
                            prefixes[at].1 += 1 + 2 * usize::from(same(&offer.dims, &spec.dims, flat));
                            prefixes[at].2 |= rest == first;
                        }
                    }
                }
                for (prefix, found, has_first) in prefixes {
                    let plain = !is_copy(prefix);
                    let better =
                        best.as_ref().is_none_or(|&(most, with, own, _)| (found, has_first, plain) > (most, with, own));
                    if better {
                        let naming = Self { convention, prefix: prefix.to_owned(), names: names.clone() };
                        best = Some((found, has_first, plain, naming));
                    }
                }
            }
        }
        best.map_or_else(|| Self::plain(offers), |(.., naming)| naming)
    }

    fn plain(offers: &[Offer]) -> Self {
        let names = offers.iter().map(|offer| offer.name.clone()).collect();
        Self { convention: Convention::Torchvision, prefix: String::new(), names }
    }
}

impl Convention {
    /// Returns the names of the offers in torchvision's convention, if this is theirs. A convention with numbers can be
    /// read in several ways.
    fn names(self, wanted: &BTreeMap<String, TensorSpec>, modules: &[&str], offers: &[Offer]) -> Vec<Vec<String>> {
        let renamed = |rename: &dyn Fn(&str) -> Option<String>| {
            let mut any = false;
            let names = offers.iter().map(|offer| {
                let name = rename(&offer.name);
                any |= name.is_some();
                name.unwrap_or_else(|| offer.name.clone())
            });
            let names: Vec<String> = names.collect();
            if any { vec![names] } else { Vec::new() }
        };
        match self {
            Self::Torchvision => vec![offers.iter().map(|offer| offer.name.clone()).collect()],
            Self::TimmVgg => renamed(&|name| {
                let ours = TIMM_VGG.iter().find_map(|(theirs, ours)| {
                    let at = name.find(theirs).filter(|&at| at == 0 || name[..at].ends_with('.'))?;
                    Some((&name[..at], format!("{ours}{}", &name[at + theirs.len()..])))
                });
                ours.filter(|(_, ours)| wanted.contains_key(ours)).map(|(prefix, ours)| format!("{prefix}{ours}"))
            }),
            Self::Transformers => renamed(&transformers),
            Self::Shortcut => {
                renamed(&|name| name.contains(".shortcut.").then(|| name.replace(".shortcut.", ".downsample.")))
            }
            Self::Numbered => numbered(modules, offers),
        }
    }
}

/// Returns whether a prefix is that of a copy, as in `model_ema.` or `encoder_k.`.
fn is_copy(prefix: &str) -> bool {
    prefix.split(['.', '_']).any(|word| COPIES.contains(&word))
}

/// Returns whether dimensions are those wanted. If `flat`, the dimensions after the first may be flattened into one.
pub(super) fn same(dims: &[usize], wanted: &[usize], flat: bool) -> bool {
    let product = |dims: &[usize]| dims.iter().try_fold(1_usize, |all, &dim| all.checked_mul(dim));
    dims == wanted || flat && dims.first() == wanted.first() && product(dims) == product(wanted)
}

/// Returns torchvision's name for a tensor of ResNet in `transformers`.
fn transformers(name: &str) -> Option<String> {
    let part = |text: &str| match text {
        "convolution" => Some("conv"),
        "normalization" => Some("bn"),
        _ => None,
    };
    if let Some(at) = name.find("embedder.embedder.") {
        let (kind, leaf) = name[at + "embedder.embedder.".len()..].split_once('.')?;
        return Some(format!("{}{}1.{leaf}", &name[..at], part(kind)?));
    }
    let at = name.find("encoder.stages.")?;
    let rest: Vec<&str> = name[at + "encoder.stages.".len()..].split('.').collect();
    let (stage, block, rest) = match rest.as_slice() {
        [stage, "layers", block, rest @ ..] => (stage.parse::<u8>().ok()?, block, rest),
        _ => return None,
    };
    let inner = match rest {
        ["layer", index, kind, leaf] => format!("{}{}.{leaf}", part(kind)?, index.parse::<u8>().ok()?.checked_add(1)?),
        ["shortcut", "convolution", leaf] => format!("downsample.0.{leaf}"),
        ["shortcut", "normalization", leaf] => format!("downsample.1.{leaf}"),
        _ => return None,
    };
    Some(format!("{}layer{}.{block}.{inner}", &name[..at], stage.checked_add(1)?))
}

/// Returns the names of a `Sequential` of the outermost modules, for each place where its numbers may be. Modules
/// without tensors have numbers too, so only the order of the numbers counts.
fn numbered(modules: &[&str], offers: &[Offer]) -> Vec<Vec<String>> {
    let split = |name: &str, prefix: &str| {
        let (number, rest) = name.strip_prefix(prefix)?.split_once('.')?;
        Some((number.parse::<u16>().ok()?, rest.to_owned()))
    };
    // Names are in order, so a prefix of half of them is one of these.
    let mut prefixes: Vec<&str> = Vec::new();
    for name in (0..4).filter_map(|quarter| offers.get(offers.len() * quarter / 4)).map(|offer| offer.name.as_str()) {
        let starts = std::iter::once(0).chain(name.match_indices('.').map(|(at, _)| at + 1));
        prefixes.extend(starts.map(|at| &name[..at]));
    }
    let mut all = Vec::new();
    for prefix in prefixes {
        let under: Vec<u16> =
            offers.iter().filter_map(|offer| split(&offer.name, prefix)).map(|(number, _)| number).collect();
        let mut numbers = under.clone();
        net::order::sort_by(&mut numbers, Ord::cmp);
        numbers.dedup();
        // The numbers within a block are those of few tensors.
        if under.len() * 2 < offers.len() || numbers.len() < 2 || numbers.len() > modules.len() {
            continue;
        }
        let module = |number: u16| numbers.iter().position(|&known| known == number).map(|at| modules[at]);
        let name = |offer: &Offer| match split(&offer.name, prefix) {
            Some((number, rest)) => format!("{prefix}{}.{rest}", module(number).unwrap_or_default()),
            None => offer.name.clone(),
        };
        all.push(offers.iter().map(name).collect());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_transformers_are_torchvisions() {
        for (theirs, ours) in [
            ("resnet.embedder.embedder.convolution.weight", "resnet.conv1.weight"),
            ("embedder.embedder.normalization.running_var", "bn1.running_var"),
            ("resnet.encoder.stages.0.layers.1.layer.0.convolution.weight", "resnet.layer1.1.conv1.weight"),
            ("resnet.encoder.stages.3.layers.0.layer.2.normalization.bias", "resnet.layer4.0.bn3.bias"),
            ("resnet.encoder.stages.1.layers.0.shortcut.convolution.weight", "resnet.layer2.0.downsample.0.weight"),
            ("resnet.encoder.stages.1.layers.0.shortcut.normalization.weight", "resnet.layer2.0.downsample.1.weight"),
        ] {
            assert_eq!(transformers(theirs).as_deref(), Some(ours));
        }
        for other in ["encoder.stages.x.layers.0.layer.0.convolution.weight", "encoder.stages.", "conv1.weight"] {
            assert_eq!(transformers(other), None);
        }
    }
}
