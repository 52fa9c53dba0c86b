//! Builds the engine that the page asks for, and replaces one that failed.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::td_string;
use logic::schedule::{Build, Recovery};
use web_sys::{AbortController, AbortSignal};
use words::i18n::Locale;

use super::core;
use super::engines::{self, EngineError, Fault};
use crate::app::maps::show_canvas;
use crate::app::state::{EngineStatus, Page};
use engine::{EngineChoice, EngineKind};
use messages::Explain as _;

/// Removes the engine and stops the build under way: its network or its weights were left.
pub(in crate::app) fn abandon() {
    core::with(|runner| {
        runner.schedule.abandon();
        runner.clear();
    });
}

/// Builds the chosen engine for the network and the weights of the page. Without weights, nothing is built.
pub(in crate::app) fn start_engine(page: Page) {
    let (graph, weights) = untrack(|| (page.network.graph().get(), page.network.weights()));
    let Some(weights) = weights else { return abandon() };
    let choice = page.run.choice().get_untracked();
    let (build, signal) = begin_build();
    page.run.set_status(EngineStatus::Starting);
    spawn_local(async move {
        let gpu = core::with(|runner| runner.kept_gpu());
        let built = engines::build(choice, gpu, &graph, &weights, signal.as_ref()).await;
        if !core::with(|runner| runner.schedule.is_wanted(build)) {
            return;
        }
        match built {
            Ok((engine, status)) => {
                if let (EngineChoice::Only(EngineKind::Gpu), EngineStatus::Cpu { why: Some(why) }) = (choice, &status) {
                    page.notices.show(|locale| td_string!(locale, stage.no_webgpu, why = why.text(locale)));
                }
                page.run.set_status(status);
                show_canvas(engine.is_direct());
                core::with(|runner| {
                    if runner.schedule.install(build).is_some() {
                        runner.put(&graph, engine);
                    }
                });
                core::resume(page);
            }
            Err(error) => give_up(page, |locale| error.text(locale)),
        }
    });
}

fn begin_build() -> (Build, Option<AbortSignal>) {
    let controller = AbortController::new().ok();
    let signal = controller.as_ref().map(AbortController::signal);
    let build = core::with(|runner| {
        runner.clear();
        runner.build = controller;
        runner.schedule.begin_build()
    });
    (build, signal)
}

/// Replaces an engine that failed.
pub(super) fn recover(page: Page, recovery: Recovery, fault: &Fault) {
    match (recovery, fault) {
        (Recovery::Restart, _) => start_engine(page),
        (Recovery::UseCpu, Fault::Gpu(error)) => {
            page.notices.show(|locale| td_string!(locale, stage.cpu_instead, reason = error.text(locale)));
            // Another choice starts another engine. After a failure of the automatic choice's CPU there is none to
            // come.
            page.run.choose(EngineChoice::Only(EngineKind::Cpu));
        }
        (_, Fault::Cpu(error)) => give_up(page, |locale| (EngineError::Cpu(error.clone())).text(locale)),
        (Recovery::GiveUp, Fault::Gpu(error)) => give_up(page, |locale| error.text(locale)),
    }
}

/// No engine runs, and the notice says why.
pub(in crate::app) fn give_up(page: Page, text: impl FnOnce(Locale) -> String) {
    page.run.set_status(EngineStatus::Failed);
    page.notices.show(text);
}
