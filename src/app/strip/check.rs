//! The check: every test picture through the network that is on the page, on the engine that serves it.

use leptos_i18n::td_string;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::AbortController;

use super::Bench;
use crate::app::answer::ranking;
use crate::app::clock::yield_to_browser;
use crate::app::session::{Beside, SessionError, Wish};
use crate::app::state::EngineStatus;
use crate::app::supply::Opened;
use input::ImagePack;
use messages::Explain as _;
use net::Graph;

/// Begins a check of what is on the page; the answers of the last one go.
pub(super) fn begin(bench: Bench) {
    let page = bench.page;
    let (Some(pack), Some(opened)) = (bench.pack.get_untracked(), page.network.supply.opened.get_untracked()) else {
        return;
    };
    let graph = page.network.graph().get_untracked();
    let controller = match AbortController::new() {
        Ok(controller) if opened.network == graph.name => controller,
        _ => return,
    };
    let wish = match page.run.status().get_untracked() {
        EngineStatus::Gpu { .. } => Wish::Gpu,
        _ => Wish::Cpu,
    };
    bench.clear();
    bench.running.set(Some(controller.clone()));
    spawn_local(async move {
        let ended = check(bench, &pack, &opened, &graph, wish, &controller).await;
        // One that was stopped has been taken out already, and another may have its place.
        if !controller.signal().aborted() {
            bench.running.try_set(None);
            if let Err(error) = ended {
                page.notices.show(|locale| td_string!(locale, strip.ended, reason = error.text(locale)));
            }
        }
    });
}

async fn check(
    bench: Bench,
    pack: &ImagePack,
    opened: &Rc<Opened>,
    graph: &Arc<Graph>,
    wish: Wish,
    controller: &AbortController,
) -> Result<(), SessionError> {
    let signal = controller.signal();
    let mut engine = Beside::default();
    let answers = bench.answers.with_value(Clone::clone);
    for (index, answer) in answers.iter().enumerate() {
        let (Some(photo), Some(truth)) = (pack.photo(index), pack.label(index)) else { continue };
        let Some(input) = photo.input(graph) else { continue };
        let network = (&**graph, &*opened.source, &opened.parcel);
        let scores = engine.scores(network, &input, wish, Some(&signal)).await?;
        if signal.aborted() {
            return Ok(());
        }
        if let Some(&best) = ranking(&scores, graph.lowest_wins).first() {
            answer.set(Some(best));
            bench.tally.update(|tally| tally.add(truth, best));
        }
        yield_to_browser().await;
    }
    Ok(())
}
