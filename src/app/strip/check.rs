//! The check: runs every test picture through the network on the page, on the engine of the stage.

use leptos_i18n::td_string;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::AbortController;

use super::state::StripState;
use crate::app::answer::ranking;
use crate::app::browser::clock::yield_to_browser;
use crate::app::session::{BatchEngine, SessionError};
use crate::app::state::EngineStatus;
use crate::app::supply::LoadedWeights;
use engine::{EngineChoice, EngineKind};
use input::ImagePack;
use messages::Explain as _;
use net::Graph;

/// Begins a check of the network on the page. It removes the answers of the last check.
pub(super) fn begin(strip: StripState) {
    let page = strip.page;
    let (Some(pack), Some(opened)) = (strip.pack.get_untracked(), page.network.supply.opened.get_untracked()) else {
        return;
    };
    let graph = page.network.graph().get_untracked();
    let controller = match AbortController::new() {
        Ok(controller) if opened.is_of(&graph) => controller,
        _ => return,
    };
    let choice = EngineChoice::Only(match page.run.status().get_untracked() {
        EngineStatus::Gpu { .. } => EngineKind::Gpu,
        _ => EngineKind::Cpu,
    });
    strip.clear();
    strip.running.set(Some(controller.clone()));
    spawn_local(async move {
        let ended = check(strip, &pack, &opened, &graph, choice, &controller).await;
        // A check that was stopped is removed already, and another may have taken its place.
        if !controller.signal().aborted() {
            strip.running.try_set(None);
            if let Err(error) = ended {
                page.notices.show(|locale| td_string!(locale, strip.ended, reason = error.text(locale)));
            }
        }
    });
}

async fn check(
    strip: StripState,
    pack: &ImagePack,
    opened: &Rc<LoadedWeights>,
    graph: &Arc<Graph>,
    choice: EngineChoice,
    controller: &AbortController,
) -> Result<(), SessionError> {
    let signal = controller.signal();
    let mut engine = BatchEngine::default();
    let answers = strip.answers.with_value(Clone::clone);
    for (index, answer) in answers.iter().enumerate() {
        let (Some(photo), Some(truth)) = (pack.photo(index), pack.label(index)) else { continue };
        let Some(input) = photo.input(graph) else { continue };
        let network = (&**graph, &*opened.source, &opened.sendable);
        let scores = engine.scores(network, &input, choice, Some(&signal)).await?;
        if signal.aborted() {
            return Ok(());
        }
        if let Some(&best) = ranking(&scores, graph.lowest_wins).first() {
            answer.set(Some(best));
            strip.confusion.update(|confusion| confusion.add(truth, best));
        }
        yield_to_browser().await;
    }
    Ok(())
}
