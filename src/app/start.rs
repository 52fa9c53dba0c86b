//! Gets things going: the theme, the digits, the weights, the engine; and again when one of them fails.

use std::cell::Cell;
use std::sync::Arc;

use gloo_net::http::Request;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::engines::{self, EngineError, Fault};
use super::lab::{Choice, Lab, Status};
use super::picture;
use super::runner;
use super::theme;
use super::worker::WorkerError;
use crate::engine::gpu::GpuError;
use crate::input::DigitPack;
use crate::net;
use crate::weights::Weights;

/// Losses of the device without a pass between them after which the CPU takes over.
const MOST_LOSSES: u32 = 3;

thread_local! {
    static LOSSES: Cell<u32> = const { Cell::new(0) };
    /// Counts what is being started, so that only the newest is installed.
    static ATTEMPT: Cell<u64> = const { Cell::new(0) };
}

/// Starts everything.
pub(super) fn begin(lab: Lab) {
    theme::follow(lab.dark);
    picture::watch_restored(lab);
    api::expose(lab);
    spawn_local(async move {
        match fetch("digits/mnist-test-300.bin").await.map(|bytes| DigitPack::read(&bytes)) {
            Ok(Ok(pack)) => lab.pack.set(Some(Arc::new(pack))),
            Ok(Err(error)) => lab.notice.set(Some(error.to_string())),
            Err(text) => lab.notice.set(Some(text)),
        }
    });
    let name = Memo::new(move |_| lab.graph.read().name);
    Effect::new(move |_| load_weights(lab, name.get()));
    Effect::new(move |_| {
        lab.weights.track();
        let choice = lab.choice.get();
        start_engine(lab, choice);
    });
    Effect::new(move |_| {
        lab.field();
        lab.focus();
        lab.node();
        lab.layout.track();
        lab.dark.track();
        lab.scope.track();
        lab.restored.track();
        runner::request(lab);
    });
}

/// A file of the page's own.
async fn fetch(path: &str) -> Result<Vec<u8>, String> {
    let failed =
        |reason: String| format!("{path} could not be loaded ({reason}); check the connection and reload the page");
    let response = Request::get(path).send().await.map_err(|e| failed(e.to_string()))?;
    if !response.ok() {
        return Err(failed(format!("the server answered {}", response.status())));
    }
    response.binary().await.map_err(|e| failed(e.to_string()))
}

/// Opens a network by its name; the drawing stays.
pub(super) fn open_network(lab: Lab, name: &str) {
    if lab.graph.read_untracked().name == name {
        return;
    }
    match net::network(name) {
        Ok(graph) => {
            runner::remove();
            lab.weights.set(None);
            lab.frame.set(None);
            lab.hover.set(None);
            lab.scan.set(None);
            lab.pixel.set(None);
            lab.map.set(0);
            lab.step.set(1);
            lab.graph.set(Arc::new(graph));
        }
        Err(error) => lab.notice.set(Some(error.to_string())),
    }
}

fn load_weights(lab: Lab, name: &'static str) {
    spawn_local(async move {
        let loaded = fetch(&format!("weights/{name}.safetensors")).await;
        let graph = lab.graph.get_untracked();
        if graph.name != name {
            return;
        }
        match loaded.map(|bytes| Weights::from_bytes(&graph, &bytes)) {
            Ok(Ok(weights)) => lab.weights.set(Some(Arc::new(weights))),
            Ok(Err(error)) => fail(lab, error.to_string()),
            Err(text) => fail(lab, text),
        }
    });
}

fn fail(lab: Lab, text: String) {
    lab.status.set(Status::Failed);
    lab.notice.set(Some(text));
}

fn start_engine(lab: Lab, choice: Choice) {
    let Some(weights) = lab.weights.get_untracked() else { return };
    let graph = lab.graph.get_untracked();
    let attempt = ATTEMPT.get() + 1;
    ATTEMPT.set(attempt);
    lab.status.set(Status::Starting);
    runner::remove();
    spawn_local(async move {
        let built = engines::build(choice, runner::kept_gpu(), &graph, &weights).await;
        if ATTEMPT.get() != attempt {
            return;
        }
        match built {
            Ok((engine, status)) => {
                if let (Choice::Gpu, Status::Cpu { why: Some(why) }) = (choice, &status) {
                    lab.notice.set(Some(format!("WebGPU cannot be used: {why}. The CPU serves instead.")));
                }
                lab.status.set(status);
                runner::install(lab, engine);
            }
            Err(error) => fail(lab, error.to_string()),
        }
    });
}

/// A pass went well: the GPU, if it was lost before, is back.
pub(super) fn succeeded() {
    LOSSES.set(0);
}

/// Replaces an engine that failed: a device or a worker that is lost with a new one, the GPU with the CPU where it keeps
/// failing.
pub(super) fn recover(lab: Lab, fault: &Fault) {
    let losses = LOSSES.get() + 1;
    LOSSES.set(losses);
    let lost = matches!(fault, Fault::Gpu(GpuError::Lost { .. }) | Fault::Cpu(WorkerError::Died { .. }));
    match fault {
        _ if lost && losses < MOST_LOSSES => start_engine(lab, lab.choice.get_untracked()),
        Fault::Cpu(error) => fail(lab, EngineError::Cpu(error.clone()).to_string()),
        Fault::Gpu(error) => {
            lab.notice.set(Some(format!("{error}. The CPU serves instead.")));
            lab.choice.set(Choice::Cpu);
            start_engine(lab, Choice::Cpu);
        }
    }
}
