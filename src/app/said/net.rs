//! The errors of requests for networks, and the names of their parts. [`NetError`], [`AblationError`] and [`MemoryBudgetError`] say the
//! same in English, for the command line and for scripts.

use leptos_i18n::td_string;
use words::i18n::Locale;

use analysis::evidence::OcclusionError;
use net::{AblationError, AblationPart, Graph, MAX_SCALE, MemoryBudgetError, NetError, NodeId};

/// Returns a sentence on an error in a request for a network or a part of it.
pub(in crate::app) fn net_fault(locale: Locale, error: &NetError) -> String {
    match error {
        NetError::UnknownNetwork { name, known } => {
            td_string!(locale, faults.net.unknown_network, name = name, known = known)
        }
        NetError::UnknownNode { network, name, known } => {
            td_string!(locale, faults.net.unknown_layer, network = network, name = name, known = known)
        }
        NetError::Ablation { text, reason } => {
            td_string!(locale, faults.net.cut, text = text, reason = cut_fault(locale, reason))
        }
        NetError::Shape { node, reason } => td_string!(locale, faults.net.shape, node = node, reason = reason),
    }
}

/// Returns the reason why a part cannot be ablated, as the end of a sentence.
fn cut_fault(locale: Locale, fault: &AblationError) -> String {
    match fault {
        AblationError::Scale => td_string!(locale, faults.cut.scale, most = MAX_SCALE),
        AblationError::Layer(error) => net_fault(locale, error),
        AblationError::NoTowers { network } => td_string!(locale, faults.cut.no_towers, network = network),
        AblationError::Tower => td_string!(locale, faults.cut.tower).to_owned(),
        AblationError::Map { layer, last } => td_string!(locale, faults.cut.map, layer = layer, last = last),
        AblationError::NoKernels { layer } => td_string!(locale, faults.cut.no_kernels, layer = layer),
        AblationError::Reads { layer, map, reads } => {
            td_string!(locale, faults.cut.reads, layer = layer, map = map, reads = reads)
        }
        AblationError::NoBlock { network, block } => {
            td_string!(locale, faults.cut.no_block, network = network, block = block)
        }
        AblationError::NoInception { block } => td_string!(locale, faults.cut.no_inception, block = block),
        AblationError::InceptionBranch { block, branches } => {
            td_string!(locale, faults.cut.lane, block = block, lanes = branches)
        }
        AblationError::Part { block } => td_string!(locale, faults.cut.part, block = block),
        AblationError::NoShortcut { block } => td_string!(locale, faults.cut.no_shortcut, block = block),
    }
}

/// Returns a sentence that says why the memory of this device is too small for a network.
pub(in crate::app) fn room_fault(locale: Locale, error: &MemoryBudgetError) -> String {
    let MemoryBudgetError { title, needs, budget, largest_that_fit } = error;
    let mb = |bytes: u64| bytes.div_ceil(1_000_000);
    let advice = match largest_that_fit.as_slice() {
        [] => td_string!(locale, faults.net.room_none).to_owned(),
        some => td_string!(locale, faults.net.room_smaller, names = some.join(", ")),
    };
    td_string!(
        locale,
        faults.net.room,
        title = *title,
        all = mb(needs.total_bytes()),
        weights = mb(needs.weight_bytes),
        activations = mb(needs.activation_bytes + needs.input_bytes),
        budget = budget / 1_000_000,
        advice = advice
    )
}

/// Returns the reason why an occlusion run with these numbers is impossible.
pub(in crate::app) fn occlusion_fault(locale: Locale, error: &OcclusionError) -> String {
    match error {
        OcclusionError::Patch { patch, most } => {
            td_string!(locale, faults.occlusion.patch, patch = patch, most = most)
        }
        OcclusionError::Stride { stride, most } => {
            td_string!(locale, faults.occlusion.stride, stride = stride, most = most)
        }
    }
}

/// Returns the name of a part of a network. Maps are counted from 1.
pub(in crate::app) fn part_name(locale: Locale, graph: &Graph, part: &AblationPart) -> String {
    let name = |node: &NodeId| graph.node(*node).name.clone();
    let block = |block: &usize| graph.blocks[*block].name.clone();
    let is_flat = |node: &NodeId| graph.node(*node).shape.is_flat();
    match part {
        AblationPart::Node(node) => td_string!(locale, cut.part.all, layer = name(node)),
        AblationPart::Maps { node, first, last } if first == last => {
            let (layer, number) = (name(node), first + 1);
            if is_flat(node) {
                td_string!(locale, cut.part.unit, number = number, layer = layer)
            } else {
                td_string!(locale, cut.part.map, number = number, layer = layer)
            }
        }
        AblationPart::Maps { node, first, last } => {
            let (layer, first, last) = (name(node), first + 1, last + 1);
            if is_flat(node) {
                td_string!(locale, cut.part.units, first = first, last = last, layer = layer)
            } else {
                td_string!(locale, cut.part.maps, first = first, last = last, layer = layer)
            }
        }
        AblationPart::Kernel { node, map, from } => {
            td_string!(locale, cut.part.kernel, map = map + 1, from = from + 1, layer = name(node))
        }
        AblationPart::ResidualBranch(of) => td_string!(locale, cut.part.branch, block = block(of)),
        AblationPart::Shortcut(of) => td_string!(locale, cut.part.shortcut, block = block(of)),
        AblationPart::InceptionBranch { block: of, branch } => {
            td_string!(locale, cut.part.lane, lane = branch + 1, block = block(of))
        }
        AblationPart::Tower(tower) => td_string!(locale, cut.part.tower, tower = tower + 1),
    }
}
