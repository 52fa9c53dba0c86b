//! Applies a link to the page. Whatever cannot be applied is said in a notice, and the rest counts.

use engine::EngineChoice;
use input::{Crop, Drawing};
use leptos::prelude::*;
use leptos_i18n::td_string;
use logic::link::LinkState;
use net::{Ablations, Graph, GraphOptions, NodeId};
use scene::{Camera, MapCell};
use web_sys::UrlSearchParams;

use super::describe::{medium_name, range_name};
use super::embed;
use crate::app::input_panel;
use crate::app::start;
use crate::app::state::{ColourRange, Medium, Page};
use crate::app::supply::WeightsChoice;
use messages::Explain as _;

/// Applies the address that the page was opened with. Returns the stop of a tour that it names, from 1.
pub(in crate::app) fn open(page: Page) -> Option<usize> {
    let parameters = embed::parameters()?;
    let link = LinkState::read(|name| parameters.get(name));
    if let Some(name) = &link.net {
        match start::find_network(name) {
            Ok(graph) => page.begin_with(transformed(page, graph, &link)),
            Err(unopened) => page.notices.show(|locale| unopened.text(locale)),
        }
    }
    if let Some(name) = &link.photo {
        page.input.set_first_photo((name.clone(), crop(&link)));
    }
    match named_weights(page, &link) {
        Some(choice @ (WeightsChoice::Bundled | WeightsChoice::Seed(_))) => {
            page.network.supply.choose_first(choice);
        }
        Some(choice) => page.network.offer(choice),
        None => {}
    }
    apply(page, &link);
    // The second stage is this page in a frame: it has no second stage of its own.
    page.second.show(link.second.filter(|_| !embed::is_embedded()));
    link.stop
}

/// Brings the open page to a state. Everything that the state does not name is as it first appears.
pub(in crate::app) fn go(page: Page, parameters: &UrlSearchParams) {
    let link = LinkState::read(|name| parameters.get(name));
    if let Some(name) = &link.net
        && let Err(unopened) = start::open_network(page, name)
    {
        return page.notices.show(|locale| unopened.text(locale));
    }
    page.network.supply.choose_transform(page.network.graph().get_untracked(), transform(page, &link));
    go_to_weights(page, &link);
    page.restart();
    if link.cut.is_none() {
        page.ablation.restore_all();
    }
    apply(page, &link);
    if let Some(name) = &link.photo {
        input_panel::show_sample(page, name.clone(), crop(&link));
    }
}

/// Returns the choice of the link whether the network transforms its input; none for a network without that step.
fn transform(page: Page, link: &LinkState) -> Option<bool> {
    link.transform.filter(|_| page.network.graph().read_untracked().can_transform_input())
}

/// Returns the network of a link with the step that transforms its input, if the link chooses it. The layers that the
/// link names are those of this network.
fn transformed(page: Page, graph: Graph, link: &LinkState) -> Graph {
    let Some(transform_input) = link.transform.filter(|_| graph.can_transform_input()) else { return graph };
    page.network.supply.transform.set(Some(transform_input));
    graph.with_options(GraphOptions { transform_input, ..GraphOptions::default() }).unwrap_or(graph)
}

/// Loads the weights that the state names, or else those that the network opens with. A file or an address that a
/// person chose stays loaded, and the page goes on to name it.
fn go_to_weights(page: Page, link: &LinkState) {
    let named = named_weights(page, link);
    let is_own = |choice: &WeightsChoice| !matches!(choice, WeightsChoice::Bundled | WeightsChoice::Seed(_));
    if page.network.supply.choice.read_untracked().as_ref().is_some_and(is_own) {
        return;
    }
    let graph = page.network.graph().get_untracked();
    match named {
        Some(choice) if is_own(&choice) => page.network.offer(choice),
        named => {
            let choice = named.unwrap_or_else(|| WeightsChoice::default_for(&graph));
            if page.network.supply.choice.read_untracked().as_ref().is_some_and(|there| *there != choice) {
                page.network.supply.load(graph, choice);
            }
        }
    }
}

/// Returns the weights that the link names. Unknown ones are said in a notice.
fn named_weights(page: Page, link: &LinkState) -> Option<WeightsChoice> {
    let name = link.weights.as_ref()?;
    let choice = WeightsChoice::from_link(name, &page.network.graph().read_untracked());
    if choice.is_none() {
        page.notices.show(|locale| td_string!(locale, supply.unknown_wish, name = name));
    }
    choice
}

fn crop(link: &LinkState) -> Option<Crop> {
    link.crop.map(|[left, top, side]| Crop { left, top, side })
}

/// Applies what a link says of the network that is open.
fn apply(page: Page, link: &LinkState) {
    unfold(page, &link.unfolded);
    let medium = |name: &str| [Medium::Drawing, Medium::Photo].into_iter().find(|medium| medium_name(*medium) == name);
    if let Some(medium) = link.input.as_deref().and_then(medium) {
        page.input.link_medium(Some(medium));
    }
    if let Some(text) = &link.cut {
        let ablations = Ablations::read(&page.network.graph().read_untracked(), text);
        match ablations {
            Ok(ablations) => page.ablation.open(ablations),
            Err(error) => page.notices.show(|locale| error.text(locale)),
        }
    }
    if let Some([x, y, scale]) = link.view {
        page.view.set_camera(Camera { centre: (x, y), scale });
    }
    let engine = link.engine.as_deref().and_then(EngineChoice::named);
    if let Some(choice) = engine.filter(|choice| *choice != EngineChoice::Auto) {
        page.run.choose(choice);
    }
    let ranges = [ColourRange::Map, ColourRange::Layer, ColourRange::Network];
    if let Some(range) = ranges.into_iter().find(|range| link.scale.as_deref() == Some(range_name(*range))) {
        page.view.choose_range(range);
    }
    if let Some(name) = &link.layer {
        let found = page.network.graph().read_untracked().find(name);
        match found {
            Ok(node) => {
                select(page, node, link);
                page.view.head_for(node);
            }
            Err(error) => page.notices.show(|locale| error.text(locale)),
        }
    }
    let mut drawing = Drawing { digit: link.digit, strokes: Vec::new() };
    if let Some(ink) = &link.ink {
        match Drawing::decode(ink) {
            Ok(strokes) => drawing.strokes = strokes,
            Err(error) => page.notices.show(|locale| error.text(locale)),
        }
    }
    page.input.show_drawing(drawing);
}

/// Unfolds the blocks of these names.
fn unfold(page: Page, names: &[String]) {
    let graph = page.network.graph().get_untracked();
    for name in names {
        match graph.blocks.iter().position(|block| block.name == *name) {
            Some(block) => page.view.fold(block, false),
            None => page.notices.show(|locale| td_string!(locale, stage.no_block, network = graph.name, name = name)),
        }
    }
}

/// Selects a node with the map and the cell of the link. The folded blocks that hide the node are unfolded.
fn select(page: Page, node: NodeId, link: &LinkState) {
    let graph = page.network.graph().get_untracked();
    if !page.view.steps().read_untracked().contains(&node) {
        let around: Vec<_> = graph.enclosing_blocks(node).collect();
        page.view.unfold(&around);
    }
    let map_cell = MapCell { node, map: link.map.unwrap_or(0), y: link.y.unwrap_or(0), x: link.x.unwrap_or(0) };
    if map_cell.locate(&graph).is_some() {
        page.selection.select_map(node, map_cell.map, link.y.zip(link.x));
    } else {
        page.selection.select_map(node, 0, None);
    }
}
