//! The patches that a cell reads, one of each input map: their names, and which of them are shown.

use leptos_i18n::td_string;
use words::i18n::Locale;

use net::Graph;
use net::order::greatest_first;
use scene::InputPatch;

/// The decimals of the sums.
pub(super) const SUM_DECIMALS: usize = 3;
/// The most input maps with a button. If there are more, those with the largest terms have one.
pub(super) const MAX_MAPS: usize = 12;

/// Returns the name of a patch: its layer and its map.
pub(super) fn patch_name(locale: Locale, graph: &Graph, patch: &InputPatch) -> String {
    let node = graph.node(patch.node);
    match (patch.node.0, node.shape.is_flat()) {
        (0, _) => td_string!(locale, pixel.input).to_owned(),
        (_, true) => node.name.clone(),
        (_, false) => td_string!(locale, pixel.map, layer = node.name.as_str(), map = patch.map + 1),
    }
}

/// Returns the indices of the patches with the largest sums, largest first. If there are at most [`MAX_MAPS`] patches,
/// returns all in order.
pub(super) fn strongest_patches(patches: &[InputPatch]) -> Vec<usize> {
    if patches.len() <= MAX_MAPS {
        return (0..patches.len()).collect();
    }
    let mut order = greatest_first(patches.len(), |index| patches[index].sum().abs());
    order.truncate(MAX_MAPS);
    order
}
