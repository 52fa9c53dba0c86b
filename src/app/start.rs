//! Gets things going: the theme, the digits, the weights, the engine; and again when one of them fails.

use leptos_i18n::td_string;
use std::rc::Rc;
use words::i18n::Locale;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::budget;
use super::deferred::is_built;
use super::drops;
use super::fetch::fetch;
use super::picture;
use super::runner;
use super::said::net::{net_fault, room_fault};
use super::said::photo::input_fault;
use super::said::weights::weights_fault;
use super::state::Page;
use super::supply::{State, Wish, accept_file, is_checkpoint_name};
use super::theme;
use input::DigitPack;
use logic::schedule::Request;
use net::{self, Graph, NetError, NoRoom};
use scene::ChannelParameters;

/// Where the test digits lie that ship with the page.
const DIGITS: &str = "digits/mnist-test-300.bin";

/// Starts what needs nothing else: the theme, what scripts call, what is dropped, the digits.
pub(super) fn begin(page: Page) {
    theme::follow(page.appearance.dark);
    picture::watch_restored(page.appearance);
    runner::begin();
    api::expose(page);
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
            Ok(Err(error)) => page.notices.show(|locale| input_fault(locale, &error)),
            Err(reason) => {
                page.notices.show(|locale| td_string!(locale, input.digits_unloaded, file = DIGITS, reason = reason));
            }
        }
    });
}

/// Has the engine start, and passes, looks and paints follow from what is looked at.
pub(super) fn follow(page: Page) {
    Effect::new(move |_| {
        page.network.supply.opened.track();
        page.run.choice().track();
        // An engine draws on canvases of the page.
        if is_built() {
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
        // What was there before, if anything was, goes on; the panel of the weights says why the others are not.
        if let State::Failed(failure) = page.network.supply.state.get()
            && page.network.supply.opened.read_untracked().is_none()
        {
            runner::give_up(page, |locale| failure.text(locale));
        }
    });
}

/// Has the weights loaded, and with them what is read of them.
pub(super) fn load(page: Page) {
    load_row(page);
    load_weights(page, Wish::default_for);
}

/// Loads the parameters of the channel in focus whenever it is another.
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
                Err(error) if asked => page.notices.show(|locale| weights_fault(locale, &error)),
                _ => {}
            }
        });
    });
}

/// Has the weights of the network fetched: those of the address on the way in, else those that `wish` says.
pub(super) fn load_weights(page: Page, wish: impl FnOnce(&Graph) -> Wish) {
    let graph = page.network.graph().get_untracked();
    let wish = page.network.supply.wish.get_untracked().unwrap_or_else(|| wish(&graph));
    page.network.supply.load(graph, wish);
}

/// Opens a network by its name. The picture stays.
///
/// # Errors
/// As [`find_network`]; the network that was open stays open.
pub(super) fn open_network(page: Page, name: &str) -> Result<(), OpenError> {
    if page.network.graph().read_untracked().name == name {
        return Ok(());
    }
    let graph = find_network(name)?;
    runner::abandon();
    page.open(graph);
    load_weights(page, Wish::default_for);
    Ok(())
}

/// Why a network is not opened. In English for scripts.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum OpenError {
    /// There is none of that name.
    #[error(transparent)]
    Net(#[from] NetError),
    /// This device has no room for it.
    #[error(transparent)]
    Room(#[from] NoRoom),
}

impl OpenError {
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
/// [`OpenError`], where there is none or this device has no room for it.
pub(super) fn find_network(name: &str) -> Result<Graph, OpenError> {
    let graph = net::network(name)?;
    budget::check_room(&graph)?;
    Ok(graph)
}
