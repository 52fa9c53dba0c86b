//! The weights of the network on the page: the choice, the progress of loading, and the loaded weights.

mod choice;
mod curves;
mod loaded;
mod loader;
mod offers;
mod panel;

pub(in crate::app) use choice::WeightsChoice;
pub(in crate::app) use loaded::{LoadState, LoadedWeights};
pub(in crate::app) use loader::{WeightsLoader, accept_file};
pub(in crate::app) use panel::WeightsPanel;
pub(in crate::app) use weights::is_checkpoint_name;
pub(in crate::app) use wish::{Label, Wish};

use super::session::{self, Origin, SessionError};
use super::store::{Phase, Progress, Watch};
use super::worker::Parcel;
use messages::Explain as _;
use net::Graph;
use weights::{TensorSource, read_seed};

/// Weights that are there. Of a file only the headers have been read.
pub(in crate::app) struct Opened {
    /// The network whose tensors they are.
    pub(in crate::app) network: &'static str,
    /// What was asked for.
    pub(in crate::app) wish: Wish,
    /// The tensors, to be read when they are needed.
    pub(in crate::app) source: Rc<TensorSource>,
    /// The same, as a worker takes them.
    pub(in crate::app) parcel: Parcel,
    /// Whether they have learned something: not those of a seed, whether from the formula or from a file that says so.
    pub(in crate::app) trained: bool,
    /// Where they came from, with the length and the SHA-256 of the file where there is one.
    pub(in crate::app) origin: Origin,
}

/// How far the weights that were asked for last are.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) enum State {
    /// Nothing is there and nothing was asked for.
    Idle,
    /// They are on their way.
    Loading {
        /// What they are called.
        what: Label,
        /// Bytes that are here, or that have been checked.
        received: u64,
        /// Bytes of the whole file, where known.
        total: Option<u64>,
        /// Whether bytes that are here are read again for their SHA-256.
        checking: bool,
    },
    /// They are there.
    Ready,
    /// They are not, and this is why; what was there before still is.
    Failed(Failure),
}

/// Why weights are not there. Each is another than every other.
#[derive(Debug, Clone)]
pub(in crate::app) struct Failure(Arc<SessionError>);

impl Failure {
    /// In words.
    pub(in crate::app) fn text(&self, locale: Locale) -> String {
        self.0.text(locale)
    }
}

impl PartialEq for Failure {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Opened {
    /// What they are called: `seed 1`, the name of a file.
    pub(in crate::app) fn label(&self, locale: Locale) -> String {
        self.wish.label().text(locale)
    }
}

/// What is being loaded, if anything is.
#[derive(Default)]
struct UnderWay {
    /// Counts the calls of [`Supply::load`] and [`Supply::cancel`]: only the newest has a say.
    attempt: u64,
    controller: Option<AbortController>,
    /// The network that it is for.
    network: &'static str,
    /// Resolves when the newest call has come to its end, whatever that was.
    end: Option<Promise>,
}

/// Where the weights of the network on the page come from.
#[derive(Clone, Copy)]
pub(in crate::app) struct Supply {
    /// What was asked for last; after a failure or a cancellation, what is there of the same network.
    pub(in crate::app) wish: RwSignal<Option<Wish>, LocalStorage>,
    pub(in crate::app) state: RwSignal<State>,
    /// What is there: perhaps weights of the network before, see [`Opened::network`].
    pub(in crate::app) opened: RwSignal<Option<Rc<Opened>>, LocalStorage>,
    under_way: StoredValue<UnderWay, LocalStorage>,
}

impl Supply {
    /// Nothing is there and nothing was asked for.
    pub(in crate::app) fn new() -> Self {
        Self {
            wish: RwSignal::new_local(None),
            state: RwSignal::new(State::Idle),
            opened: RwSignal::new_local(None),
            under_way: StoredValue::new_local(UnderWay::default()),
        }
    }

    /// Loads the weights of `graph` that `wish` names. The call before, if it is not done, is aborted; what it has
    /// downloaded is kept. [`Supply::opened`] changes when the new weights are known to be those of `graph`, and stays
    /// as it is where they are not.
    pub(in crate::app) fn load(self, graph: Arc<Graph>, wish: Wish) {
        let (before, network) = (self.abort(), graph.name);
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        let attempt = self.attempt();
        let what = wish.label();
        self.state.set(State::Loading { what: what.clone(), received: 0, total: None, checking: false });
        self.wish.set(Some(wish.clone()));
        let progress = Box::new(move |progress| self.tell(attempt, &what, progress));
        let watch = Watch { progress, signal };
        let end = future_to_promise(async move {
            // It may hold the lock on the file that is wanted now, until it has seen that it is to stop.
            if let Some(before) = before {
                let _ = JsFuture::from(before).await;
            }
            let result = open(&graph, wish, &watch).await;
            self.arrive(attempt, network, result);
            Ok(JsValue::UNDEFINED)
        });
        self.under_way.update_value(|now| (now.controller, now.network, now.end) = (controller, network, Some(end)));
    }

    /// Stops what is being loaded. What has been downloaded of it is kept, and what was there before still is.
    pub(in crate::app) fn cancel(self) {
        if !matches!(*self.state.read_untracked(), State::Loading { .. }) {
            return;
        }
        self.abort();
        self.fall_back(self.under_way.with_value(|now| now.network));
        self.state.set(if self.wish.read_untracked().is_some() { State::Ready } else { State::Idle });
    }

    /// Takes back a wish that did not come true: what is there of `network`, if anything is, is what is wished for.
    fn fall_back(self, network: &str) {
        let there = self.opened.get_untracked().filter(|opened| opened.network == network);
        self.wish.set(there.map(|opened| opened.wish.clone()));
    }

    /// Aborts the newest call and begins another attempt; gives the end of that call.
    fn abort(self) -> Option<Promise> {
        self.under_way
            .try_update_value(|now| {
                now.attempt += 1;
                if let Some(controller) = now.controller.take() {
                    controller.abort();
                }
                now.end.clone()
            })
            .flatten()
    }

    fn attempt(self) -> u64 {
        self.under_way.with_value(|now| now.attempt)
    }

    fn tell(self, attempt: u64, what: &Label, progress: Progress) {
        if attempt == self.attempt() {
            let Progress { phase, received, total, .. } = progress;
            self.state.set(State::Loading { what: what.clone(), received, total, checking: phase == Phase::Check });
        }
    }

    fn arrive(self, attempt: u64, network: &str, result: Result<Opened, SessionError>) {
        if attempt != self.attempt() {
            return;
        }
        match result {
            Ok(opened) => {
                self.opened.set(Some(Rc::new(opened)));
                self.state.set(State::Ready);
            }
            Err(error) => {
                self.state.set(State::Failed(Failure(Arc::new(error))));
                self.fall_back(network);
            }
        }
    }
}

async fn open(graph: &Graph, wish: Wish, watch: &Watch) -> Result<Opened, SessionError> {
    let session::Opened { source, parcel, origin } = wish.source()?.open(graph, watch).await?;
    let from_seed = source.metadata().get("weights").is_some_and(|weights| read_seed(weights).is_some());
    Ok(Opened { network: graph.name, wish, source: Rc::new(source), parcel, trained: !from_seed, origin })
}

/// Loads a file that was dropped on the page.
pub(in crate::app) fn accept_file(supply: Supply, graph: Arc<Graph>, file: File) {
    supply.load(graph, Wish::File(file));
}
