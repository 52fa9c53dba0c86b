//! The buttons of the stage: nearer, farther, the whole, and the block of the current step.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::flight::{fly, set_folded};
use crate::app::lab::Lab;
use net::{BlockId, Graph, NodeId};
use scene::{Camera, Folds, Scene};

/// What one press of a button zooms.
const STEP: f32 = 1.6;

/// Zooms about the middle of the stage: `nearer` or farther by one step.
pub(in crate::app) fn zoom(lab: Lab, nearer: bool) {
    let (bounds, room) = (lab.scene.read_untracked().bounds, lab.room.get_untracked());
    let factor = if nearer { STEP } else { 1.0 / STEP };
    let middle = (room.width / 2.0, room.height / 2.0);
    fly(lab, lab.view.get_untracked().zoomed(factor, middle, bounds, room));
}

/// Shows the whole network.
pub(in crate::app) fn show_whole(lab: Lab) {
    fly(lab, Camera::whole(lab.scene.read_untracked().bounds, lab.room.get_untracked()));
}

/// The block that the step at `node` can fold or unfold, and whether it is folded: the folded one that it shows, else the
/// innermost around it of those that are folded at first.
fn block_of(graph: &Graph, folds: &Folds, node: NodeId) -> Option<(usize, bool)> {
    let around: Vec<BlockId> = graph.blocks_around(node).collect();
    let folded = around.iter().find(|block| folds.contains(&block.0)).map(|block| (block.0, true));
    folded.or_else(|| {
        let foldable = Scene::first_folds(graph);
        around.iter().find(|block| foldable.contains(&block.0)).map(|block| (block.0, false))
    })
}

/// Folds or unfolds the block of the current step.
pub(in crate::app) fn toggle_block(lab: Lab) {
    let found = untrack(|| block_of(&lab.graph.read(), &lab.folds.read(), lab.node()));
    if let Some((block, folded)) = found {
        set_folded(lab, block, !folded);
    }
}

/// The group at the stage's lower right.
#[component]
pub(super) fn Controls() -> impl IntoView {
    let (words, lab) = (use_i18n(), expect_context::<Lab>());
    let block = Memo::new(move |_| {
        let graph = lab.graph.read();
        let (id, folded) = block_of(&graph, &lab.folds.read(), lab.node())?;
        let block = graph.blocks[id].name.clone();
        Some(if folded {
            t_string!(words, stage.unfold, block = block)
        } else {
            t_string!(words, stage.fold, block = block)
        })
    });
    let stop = |event: leptos::ev::PointerEvent| event.stop_propagation();
    view! {
        <div class="stage-controls" role="group" aria-label=move || t_string!(words, stage.camera.name) on:pointerdown=stop on:click=|event| event.stop_propagation()>
            {move || block.get().map(|name| view! {
                <button class="words" title=move || t_string!(words, stage.camera.fold_hint) on:click=move |_| toggle_block(lab)>{name}</button>
            })}
            <button aria-label=move || t_string!(words, stage.camera.out) on:click=move |_| zoom(lab, false)>"−"</button>
            <button aria-label=move || t_string!(words, stage.camera.whole) on:click=move |_| show_whole(lab)>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/></svg>
            </button>
            <button aria-label=move || t_string!(words, stage.camera.near) on:click=move |_| zoom(lab, true)>"+"</button>
        </div>
    }
}
