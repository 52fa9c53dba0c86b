//! Gets things going: the theme, the digits, the weights, the engine; and again when one of them fails.

use leptos_i18n::td_string;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use words::i18n::Locale;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::budget;
use super::drops;
use super::engines::{self, EngineError, Fault};
use super::fetch::fetch;
use super::lab::{Choice, Lab, Status};
use super::later::is_built;
use super::picture;
use super::runner;
use super::said::net::{net_fault, room_fault};
use super::said::photo::input_fault;
use super::said::session::{engine_fault, gpu_fault, no_gpu};
use super::said::weights::weights_fault;
use super::supply::{State, Wish, accept_file, is_checkpoint_name};
use super::theme;
use super::worker::WorkerError;
use engine::gpu::GpuError;
use input::DigitPack;
use net::{self, Graph, NetError, NoRoom};
use scene::{Row, Scene};

/// Where the test digits lie that ship with the page.
const DIGITS: &str = "digits/mnist-test-300.bin";
/// Losses of the device without a pass between them after which the CPU takes over.
const MOST_LOSSES: u32 = 3;

thread_local! {
    static LOSSES: Cell<u32> = const { Cell::new(0) };
    /// Counts what is being started, so that only the newest is installed.
    static ATTEMPT: Cell<u64> = const { Cell::new(0) };
}

/// Starts what needs nothing else: the theme, what scripts call, what is dropped, the digits.
pub(super) fn begin(lab: Lab) {
    theme::follow(lab.dark);
    picture::watch_restored(lab.easel());
    api::expose(lab);
    drops::listen(move |file| {
        let is_checkpoint = is_checkpoint_name(&file.name());
        if is_checkpoint {
            accept_file(lab.supply, lab.graph.get_untracked(), file);
        }
        is_checkpoint
    });
    spawn_local(async move {
        match fetch(DIGITS).await.map(|bytes| DigitPack::read(&bytes)) {
            Ok(Ok(pack)) => lab.pack.set(Some(Arc::new(pack))),
            Ok(Err(error)) => lab.notify(|locale| input_fault(locale, &error)),
            Err(reason) => {
                lab.notify(|locale| td_string!(locale, input.digits_unloaded, file = DIGITS, reason = reason));
            }
        }
    });
}

/// Has the engine start, and passes, looks and paints follow from what is looked at.
pub(super) fn follow(lab: Lab) {
    Effect::new(move |_| {
        lab.supply.opened.track();
        let choice = lab.choice.get();
        // An engine draws on canvases of the page.
        if is_built() {
            start_engine(lab, choice);
        }
    });
    Effect::new(move |_| {
        lab.input.track();
        lab.steps.track();
        lab.cutting.effects.track();
        runner::request_pass(lab);
    });
    Effect::new(move |_| {
        lab.focus();
        runner::request_look(lab);
    });
    Effect::new(move |_| {
        lab.view.track();
        lab.room.track();
        lab.scene.track();
        lab.node();
        lab.lit.track();
        lab.dark.track();
        lab.scope();
        lab.restored.track();
        runner::request_paint(lab);
    });
    Effect::new(move |_| {
        // What was there before, if anything was, goes on; the panel of the weights says why the others are not.
        if let State::Failed(failure) = lab.supply.state.get()
            && lab.supply.opened.read_untracked().is_none()
        {
            fail(lab, |locale| failure.text(locale));
        }
    });
}

/// Has the weights loaded, and with them what is read of them.
pub(super) fn load(lab: Lab) {
    load_row(lab);
    load_weights(lab, Wish::default_for);
}

/// Loads the parameters of the channel in focus whenever it is another.
fn load_row(lab: Lab) {
    let channel = Memo::new(move |_| lab.channel());
    Effect::new(move |_| {
        let (Some(opened), (node, channel)) = (lab.supply.opened.get(), channel.get()) else { return };
        let graph = lab.graph.get();
        if opened.network != graph.name {
            return;
        }
        spawn_local(async move {
            let loaded = Row::load(&graph, &opened.source, node, channel).await;
            let asked = untrack(|| lab.channel()) == (node, channel)
                && lab.supply.opened.with_untracked(|now| now.as_ref().is_some_and(|now| Rc::ptr_eq(now, &opened)));
            match loaded {
                Ok(row) if asked => lab.loaded_row.set(Some(Arc::new(row))),
                Err(error) if asked => lab.notify(|locale| weights_fault(locale, &error)),
                _ => {}
            }
        });
    });
}

/// Has the weights of the network fetched: those of the address on the way in, else those that `wish` says.
pub(super) fn load_weights(lab: Lab, wish: impl FnOnce(&Graph) -> Wish) {
    let graph = lab.graph.get_untracked();
    let wish = lab.supply.wish.get_untracked().unwrap_or_else(|| wish(&graph));
    lab.supply.load(graph, wish);
}

/// Opens a network by its name; the picture stays.
///
/// # Errors
/// As [`find_network`]; what was open stays so.
pub(super) fn open_network(lab: Lab, name: &str) -> Result<(), Unopened> {
    if lab.graph.read_untracked().name == name {
        return Ok(());
    }
    let graph = find_network(name)?;
    abandon();
    lab.playing.set(false);
    lab.supply.opened.set(None);
    lab.supply.wish.set(None);
    lab.offered.set(None);
    lab.loaded_row.set(None);
    lab.cutting.forget();
    lab.why.forget();
    lab.frame.set(None);
    lab.hover.set(None);
    lab.scan.set(None);
    lab.pixel.set(None);
    lab.map.set(0);
    lab.step.set(1);
    lab.camera.set(None);
    lab.wished_medium.set(None);
    lab.status.set(Status::Starting);
    show(lab, graph);
    load_weights(lab, Wish::default_for);
    Ok(())
}

/// Why a network is not opened. In English for scripts.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum Unopened {
    /// There is none of that name.
    #[error(transparent)]
    Net(#[from] NetError),
    /// This device has no room for it.
    #[error(transparent)]
    Room(#[from] NoRoom),
}

impl Unopened {
    /// In words.
    pub(super) fn text(&self, locale: Locale) -> String {
        match self {
            Self::Net(error) => net_fault(locale, error),
            Self::Room(no_room) => room_fault(locale, no_room),
        }
    }
}

/// The network of that name.
///
/// # Errors
/// [`Unopened`], where there is none or this device has no room for it.
pub(super) fn find_network(name: &str) -> Result<Graph, Unopened> {
    let graph = net::network(name)?;
    budget::has_room(&graph)?;
    Ok(graph)
}

/// Puts a graph on the stage, its blocks folded.
pub(super) fn show(lab: Lab, graph: Graph) {
    let folds = Scene::first_folds(&graph);
    lab.graph.set(Arc::new(graph));
    lab.folds.set(folds);
}

fn fail(lab: Lab, text: impl FnOnce(Locale) -> String) {
    lab.status.set(Status::Failed);
    lab.notify(text);
}

/// Removes the engine and invalidates every build that is under way. Returns the number of the attempt that may follow.
///
/// A build that is still running belongs to the old network or the old weights. It must not be installed, even if the
/// weights of the new network are not there yet and no new build has begun.
fn abandon() -> u64 {
    let attempt = ATTEMPT.get() + 1;
    ATTEMPT.set(attempt);
    runner::remove();
    attempt
}

fn start_engine(lab: Lab, choice: Choice) {
    let attempt = abandon();
    let Some(weights) = lab.supply.opened.get_untracked() else { return };
    let graph = lab.graph.get_untracked();
    if weights.network != graph.name {
        return;
    }
    lab.status.set(Status::Starting);
    spawn_local(async move {
        let built = engines::build(choice, runner::kept_gpu(), &graph, &weights).await;
        if ATTEMPT.get() != attempt {
            return;
        }
        match built {
            Ok((engine, status)) => {
                if let (Choice::Gpu, Status::Cpu { why: Some(why) }) = (choice, &status) {
                    lab.notify(|locale| td_string!(locale, stage.no_webgpu, why = no_gpu(locale, why)));
                }
                lab.status.set(status);
                runner::install(lab, engine);
            }
            Err(error) => fail(lab, |locale| engine_fault(locale, &error)),
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
        Fault::Cpu(error) => fail(lab, |locale| engine_fault(locale, &EngineError::Cpu(error.clone()))),
        Fault::Gpu(error) => {
            lab.notify(|locale| td_string!(locale, stage.cpu_instead, reason = gpu_fault(locale, error)));
            lab.choice.set(Choice::Cpu);
            start_engine(lab, Choice::Cpu);
        }
    }
}
