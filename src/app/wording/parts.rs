//! The names of the parts of a network.

use leptos_i18n::td_string;
use words::i18n::Locale;

use net::{AblationPart, Graph, NodeId};

/// Returns the name of a part of a network. Feature maps are counted from 1.
pub(in crate::app) fn part_name(locale: Locale, graph: &Graph, part: &AblationPart) -> String {
    let name = |node: &NodeId| graph.node(*node).name.clone();
    let block = |block: &usize| graph.blocks[*block].name.clone();
    let is_flat = |node: &NodeId| graph.node(*node).shape.is_flat();
    match part {
        AblationPart::Node(node) => td_string!(locale, ablation.part.all, layer = name(node)),
        AblationPart::Maps { node, first, last } if first == last => {
            let (layer, number) = (name(node), first + 1);
            if is_flat(node) {
                td_string!(locale, ablation.part.unit, number = number, layer = layer)
            } else {
                td_string!(locale, ablation.part.map, number = number, layer = layer)
            }
        }
        AblationPart::Maps { node, first, last } => {
            let (layer, first, last) = (name(node), first + 1, last + 1);
            if is_flat(node) {
                td_string!(locale, ablation.part.units, first = first, last = last, layer = layer)
            } else {
                td_string!(locale, ablation.part.maps, first = first, last = last, layer = layer)
            }
        }
        AblationPart::Kernel { node, map, from } => {
            td_string!(locale, ablation.part.kernel, map = map + 1, from = from + 1, layer = name(node))
        }
        AblationPart::ResidualBranch(of) => td_string!(locale, ablation.part.branch, block = block(of)),
        AblationPart::Shortcut(of) => td_string!(locale, ablation.part.shortcut, block = block(of)),
        AblationPart::InceptionBranch { block: of, branch } => {
            td_string!(locale, ablation.part.inception_branch, branch = branch + 1, block = block(of))
        }
        AblationPart::Tower(tower) => td_string!(locale, ablation.part.tower, tower = tower + 1),
    }
}
