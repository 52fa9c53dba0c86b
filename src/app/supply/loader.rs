//! Loads the weights of the network on the page.

use std::rc::Rc;
use std::sync::Arc;

use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{AbortController, File};

use super::choice::{WeightsChoice, WeightsLabel};
use super::loaded::{LoadFailure, LoadState, LoadedWeights};
use crate::app::session::SessionError;
use crate::app::store::ProgressMonitor;
use logic::download::{Phase, Progress};
use logic::{LatestRequest, RequestId};
use net::Graph;

/// The newest call of [`WeightsLoader::load`].
#[derive(Default)]
struct CurrentLoad {
    /// Numbers the calls of [`WeightsLoader::load`] and [`WeightsLoader::cancel`]. Only the latest changes the state.
    latest: LatestRequest,
    controller: Option<AbortController>,
    /// The network whose weights are loaded.
    network: &'static str,
    /// Resolves when the call has ended, whatever its result.
    end: Option<Promise>,
}

/// Loads weights, and holds the loaded ones.
#[derive(Clone, Copy)]
pub(in crate::app) struct WeightsLoader {
    /// The choice that was made last. After a failure or a cancellation, the loaded weights of the same network.
    pub(in crate::app) choice: RwSignal<Option<WeightsChoice>, LocalStorage>,
    /// The state of loading that choice.
    pub(in crate::app) state: RwSignal<LoadState>,
    /// The loaded weights. They may belong to the former network, see [`LoadedWeights::is_of`].
    pub(in crate::app) opened: RwSignal<Option<Rc<LoadedWeights>>, LocalStorage>,
    /// Whether the network begins with the step that transforms its input, if a person or a link chose that.
    pub(in crate::app) transform: RwSignal<Option<bool>>,
    current: StoredValue<CurrentLoad, LocalStorage>,
}

impl WeightsLoader {
    /// Makes a loader without weights.
    pub(in crate::app) fn new() -> Self {
        Self {
            choice: RwSignal::new_local(None),
            state: RwSignal::new(LoadState::Idle),
            opened: RwSignal::new_local(None),
            transform: RwSignal::new(None),
            current: StoredValue::new_local(CurrentLoad::default()),
        }
    }

    /// Names the weights to load first, before anything was loaded.
    pub(in crate::app) fn choose_first(self, choice: WeightsChoice) {
        self.choice.set(Some(choice));
    }

    /// Forgets the loaded weights and the choice: another network follows.
    pub(in crate::app) fn forget(self) {
        self.opened.set(None);
        self.choice.set(None);
        self.transform.set(None);
    }

    /// Loads weights that a person chose. Others than the present ones are run as their file says, until the person
    /// chooses whether the input is transformed.
    pub(in crate::app) fn load_chosen(self, graph: Arc<Graph>, choice: WeightsChoice) {
        if self.choice.read_untracked().as_ref() != Some(&choice) {
            self.transform.set(None);
        }
        self.load(graph, choice);
    }

    /// Chooses whether the network begins with the step that transforms its input, and loads its weights again.
    pub(in crate::app) fn choose_transform(self, graph: Arc<Graph>, transform_input: Option<bool>) {
        if self.transform.get_untracked() == transform_input {
            return;
        }
        self.transform.set(transform_input);
        if let Some(choice) = self.choice.get_untracked() {
            self.load(graph, choice);
        }
    }

    /// Loads the chosen weights of `graph`. An earlier call that is still running is aborted; its bytes stay stored.
    /// [`WeightsLoader::opened`] changes once the new weights have been checked against `graph`.
    pub(in crate::app) fn load(self, graph: Arc<Graph>, choice: WeightsChoice) {
        let (id, before) = self.supersede();
        let network = graph.name;
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        let what = choice.label();
        self.state.set(LoadState::Loading { what: what.clone(), received: 0, total: None, checking: false });
        self.choice.set(Some(choice.clone()));
        let transform_input = self.transform.get_untracked();
        let progress = Box::new(move |progress| self.show_progress(id, &what, progress));
        let monitor = ProgressMonitor { progress, signal };
        let end = future_to_promise(async move {
            // The earlier call may hold the lock on the same file until it notices that it is aborted.
            if let Some(before) = before {
                let _ = JsFuture::from(before).await;
            }
            let result = LoadedWeights::open(&graph, choice, transform_input, &monitor).await;
            self.finish(id, network, result);
            Ok(JsValue::UNDEFINED)
        });
        self.current.update_value(|now| (now.controller, now.network, now.end) = (controller, network, Some(end)));
    }

    /// Stops loading. The downloaded bytes stay stored, and the former weights stay loaded.
    pub(in crate::app) fn cancel(self) {
        if !matches!(*self.state.read_untracked(), LoadState::Loading { .. }) {
            return;
        }
        self.supersede();
        self.fall_back(self.current.with_value(|now| now.network));
        self.state.set(if self.choice.read_untracked().is_some() { LoadState::Ready } else { LoadState::Idle });
    }

    /// Returns to the loaded weights of `network`, or to no choice if there are none.
    fn fall_back(self, network: &str) {
        let loaded = self.opened.get_untracked().filter(|loaded| loaded.graph.name == network);
        self.choice.set(loaded.map(|loaded| loaded.choice.clone()));
    }

    /// Aborts the newest call and begins another request. Returns its number and the end of the aborted call.
    fn supersede(self) -> (Option<RequestId>, Option<Promise>) {
        let superseded = self.current.try_update_value(|now| {
            if let Some(controller) = now.controller.take() {
                controller.abort();
            }
            (Some(now.latest.begin()), now.end.clone())
        });
        superseded.unwrap_or_default()
    }

    fn is_latest(self, id: Option<RequestId>) -> bool {
        self.current.try_with_value(|now| id.is_some_and(|id| now.latest.is_latest(id))).unwrap_or(false)
    }

    fn show_progress(self, id: Option<RequestId>, what: &WeightsLabel, progress: Progress) {
        if self.is_latest(id) {
            let Progress { phase, received, total, .. } = progress;
            self.state.set(LoadState::Loading { what: what.clone(), received, total, checking: phase == Phase::Check });
        }
    }

    fn finish(self, id: Option<RequestId>, network: &str, result: Result<LoadedWeights, SessionError>) {
        if !self.is_latest(id) {
            return;
        }
        match result {
            Ok(loaded) => {
                self.opened.set(Some(Rc::new(loaded)));
                self.state.set(LoadState::Ready);
            }
            Err(error) => {
                self.state.set(LoadState::Failed(LoadFailure::new(error)));
                self.fall_back(network);
            }
        }
    }
}

/// Loads a file that was dropped on the page.
pub(in crate::app) fn accept_file(supply: WeightsLoader, graph: Arc<Graph>, file: File) {
    supply.load_chosen(graph, WeightsChoice::File(file));
}
