//! The buttons of the stage: zoom in, zoom out, show the whole network, and fold the block of the current step.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::flight::{fly, set_folded};
use crate::app::state::Page;
use net::{BlockId, Graph, NodeId};
use scene::{Camera, Folds, Scene};

/// The zoom factor of one press of a button.
const STEP: f32 = 1.6;

/// Zooms about the middle of the stage by one step: in if `nearer` is true, or else out.
pub(in crate::app) fn zoom(page: Page, nearer: bool) {
    let (bounds, room) = (page.view.scene().read_untracked().bounds, page.view.room().get_untracked());
    let factor = if nearer { STEP } else { 1.0 / STEP };
    let middle = (room.width / 2.0, room.height / 2.0);
    fly(page, page.view.camera().get_untracked().zoomed(factor, middle, bounds, room));
}

/// Shows the whole network.
pub(in crate::app) fn show_whole(page: Page) {
    fly(page, Camera::whole(page.view.scene().read_untracked().bounds, page.view.room().get_untracked()));
}

/// Returns the block that the step at `node` can fold or unfold, and whether it is folded. This is the folded block
/// that the step shows, or else the innermost block around it that is folded when the network opens.
fn block_of(graph: &Graph, folds: &Folds, node: NodeId) -> Option<(usize, bool)> {
    let around: Vec<BlockId> = graph.enclosing_blocks(node).collect();
    let folded = around.iter().find(|block| folds.contains(&block.0)).map(|block| (block.0, true));
    folded.or_else(|| {
        let foldable = Scene::initial_folds(graph);
        around.iter().find(|block| foldable.contains(&block.0)).map(|block| (block.0, false))
    })
}

/// Folds or unfolds the block of the current step.
pub(in crate::app) fn toggle_block(page: Page) {
    let found = untrack(|| block_of(&page.network.graph().read(), &page.view.folds().read(), page.selection.node()));
    if let Some((block, folded)) = found {
        set_folded(page, block, !folded);
    }
}

/// The group of buttons at the lower right of the stage.
#[component]
pub(super) fn Controls() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let block = Memo::new(move |_| {
        let graph = page.network.graph().read();
        let (id, folded) = block_of(&graph, &page.view.folds().read(), page.selection.node())?;
        let block = graph.blocks[id].name.clone();
        Some(if folded {
            t_string!(words, stage.unfold, block = block)
        } else {
            t_string!(words, stage.fold, block = block)
        })
    });
    let stop = |event: leptos::ev::PointerEvent| event.stop_propagation();
    view! {
        <div
            class="stage-controls"
            role="group"
            aria-label=move || t_string!(words, stage.camera.name)
            on:pointerdown=stop
            on:click=|event| event.stop_propagation()
        >
            {move || {
                block
                    .get()
                    .map(|name| {
                        view! {
                            <button
                                class="words"
                                title=move || t_string!(words, stage.camera.fold_hint)
                                on:click=move |_| toggle_block(page)
                            >
                                {name}
                            </button>
                        }
                    })
            }}
            <button aria-label=move || t_string!(words, stage.camera.out) on:click=move |_| zoom(page, false)>
                "−"
            </button>
            <button aria-label=move || t_string!(words, stage.camera.whole) on:click=move |_| show_whole(page)>
                <svg viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" />
                </svg>
            </button>
            <button aria-label=move || t_string!(words, stage.camera.near) on:click=move |_| zoom(page, true)>
                "+"
            </button>
        </div>
    }
}
