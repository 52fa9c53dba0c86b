//! Starts the page: loads the theme, the test digits, the weights and the engine, and opens networks.

use leptos_i18n::td_string;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser::drops;
use super::browser::fetch::fetch;
use super::components::deferred::is_built;
use super::components::picture;
use super::header::theme;
use super::memory::budget;
use super::runner;
use super::state::Page;
use super::supply::{LoadState, WeightsChoice, accept_file, is_checkpoint_name};
use input::DigitPack;
use logic::schedule::Request;
use messages::{Explain, Message, display_in_english};
use net::{self, Graph, MemoryBudgetError, NetError};
use scene::ChannelParameters;

/// The address of the test digits, which ship with the page.
const DIGITS: &str = "digits/mnist-test-300.bin";

/// Starts the parts that depend on nothing else: the theme, the interface for scripts, dropped files and the test
/// digits.
pub(super) fn begin(page: Page) {
    theme::follow(page.appearance.dark);
    picture::watch_restored(page.appearance);
    runner::begin();
    drops::listen(move |file| {
        let is_checkpoint = is_checkpoint_name(&file.name());
        if is_checkpoint {
            accept_file(page.network.supply, page.network.graph().get_untracked(), file);
        }
        is_checkpoint
    });
    spawn_local(async move {
        match fetch(DIGITS).await.map(|bytes| DigitPack::read(&bytes)) {
            Ok(Ok(digits)) => page.input.set_digits(digits),
            Ok(Err(error)) => page.notices.show(|locale| error.text(locale)),
            Err(reason) => {
                page.notices.show(|locale| td_string!(locale, input.digits_unloaded, file = DIGITS, reason = reason));
            }
        }
    });
}

/// Starts the engine, and requests passes, readbacks and paints when the state of the page changes.
pub(super) fn follow(page: Page) {
    Effect::new(move |_| {
        page.network.supply.opened.track();
        page.run.choice().track();
        // An engine draws on canvases of the page, so these must be built.
        if is_built() {
            untrack(|| page.refit());
            runner::start_engine(page);
        }
    });
    Effect::new(move |_| {
        page.input.values().track();
        page.view.steps().track();
        page.ablation.effects().track();
        runner::request_pass(page);
    });
    Effect::new(move |_| {
        page.selection.current();
        runner::request(page, Request::Readback);
    });
    Effect::new(move |_| {
        page.view.camera().track();
        page.view.room().track();
        page.view.scene().track();
        page.selection.node();
        page.selection.receptive_fields().track();
        page.appearance.dark.track();
        page.colour_range();
        page.appearance.restored.track();
        runner::request(page, Request::Paint);
    });
    Effect::new(move |_| {
        // If weights were open before, they stay. The panel of the weights says why the others failed.
        if let LoadState::Failed(failure) = page.network.supply.state.get()
            && page.network.supply.opened.read_untracked().is_none()
        {
            runner::give_up(page, |locale| (failure.error()).text(locale));
        }
    });
}

/// Loads the weights of the network, and the parameters of the current channel.
pub(super) fn load(page: Page) {
    load_row(page);
    load_weights(page, WeightsChoice::default_for);
}

/// Loads the parameters of the current channel whenever it changes.
fn load_row(page: Page) {
    let channel = Memo::new(move |_| page.selection.channel());
    Effect::new(move |_| {
        let (Some(opened), (node, channel)) = (page.network.weights(), channel.get()) else { return };
        let graph = page.network.graph().get();
        spawn_local(async move {
            let loaded = ChannelParameters::load(&graph, &opened.source, node, channel).await;
            let asked = untrack(|| {
                let is_same = page.network.weights().is_some_and(|now| Rc::ptr_eq(&now, &opened));
                is_same && page.selection.channel() == (node, channel)
            });
            match loaded {
                Ok(row) if asked => page.network.set_row(&graph, row),
                Err(error) if asked => page.notices.show(|locale| error.text(locale)),
                _ => {}
            }
        });
    });
}

/// Loads the weights of the network: those of the address of the page, if it names some, or else those that `choice`
/// returns.
pub(super) fn load_weights(page: Page, choice: impl FnOnce(&Graph) -> WeightsChoice) {
    let graph = page.network.graph().get_untracked();
    let choice = page.network.supply.choice.get_untracked().unwrap_or_else(|| choice(&graph));
    page.network.supply.load(graph, choice);
}

/// Opens a network by its name. The picture stays.
///
/// # Errors
/// Returns the error of [`find_network`]. The open network stays open then.
pub(super) fn open_network(page: Page, name: &str) -> Result<(), OpenError> {
    if page.network.graph().read_untracked().name == name {
        return Ok(());
    }
    let graph = find_network(name)?;
    runner::abandon();
    page.open(graph);
    load_weights(page, WeightsChoice::default_for);
    Ok(())
}

/// The reason why a network is not opened. Its message is in English, for scripts.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum OpenError {
    /// There is no network of this name.
    Net(#[from] NetError),
    /// The memory of this device is too small for it.
    Room(#[from] MemoryBudgetError),
}

display_in_english!(OpenError);

impl Explain for OpenError {
    fn message(&self) -> Message {
        match self {
            Self::Net(error) => error.message(),
            Self::Room(error) => error.message(),
        }
    }
}

/// Returns the network of this name.
///
/// # Errors
/// Returns [`OpenError`] if there is no such network, or if the memory of this device is too small for it.
pub(super) fn find_network(name: &str) -> Result<Graph, OpenError> {
    let graph = net::network(name)?;
    budget::check_room(&graph)?;
    Ok(graph)
}
