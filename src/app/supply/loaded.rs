//! Loaded weights, and the state of loading others.

use std::rc::Rc;
use std::sync::Arc;

use words::i18n::Locale;

use super::choice::{WeightsChoice, WeightsLabel};
use crate::app::session::{OpenedWeights, SessionError, WeightsOrigin};
use crate::app::store::ProgressMonitor;
use crate::app::worker::SendableWeights;
use net::Graph;
use weights::{TensorSource, read_seed};

/// Loaded weights. Only the headers of a file have been read.
pub(in crate::app) struct LoadedWeights {
    /// The network that the tensors belong to, with the options that they ask for.
    pub(in crate::app) graph: Arc<Graph>,
    /// The choice that was loaded.
    pub(in crate::app) choice: WeightsChoice,
    /// The tensors, which are read when needed.
    pub(in crate::app) source: Rc<TensorSource>,
    /// The same weights in the form that can be sent to a worker.
    pub(in crate::app) sendable: SendableWeights,
    /// True if the weights are trained, false if they are values of a seed, by the formula or by the file's metadata.
    pub(in crate::app) trained: bool,
    /// The origin, with the length and the SHA-256 of the file if there is one.
    pub(in crate::app) origin: WeightsOrigin,
}

impl LoadedWeights {
    /// Opens the chosen weights of `graph`.
    ///
    /// # Errors
    /// As `WeightsRequest::open`.
    pub(super) async fn open(
        graph: &Graph,
        choice: WeightsChoice,
        transform_input: Option<bool>,
        monitor: &ProgressMonitor,
    ) -> Result<Self, SessionError> {
        let request = choice.request()?.with_transform(transform_input);
        let OpenedWeights { graph, source, sendable, origin } = request.open(graph, monitor).await?;
        let is_seeded = source.metadata().get("weights").is_some_and(|weights| read_seed(weights).is_some());
        Ok(Self { graph: Arc::new(graph), choice, source: Rc::new(source), sendable, trained: !is_seeded, origin })
    }

    /// Returns whether these are weights of exactly this network.
    pub(in crate::app) fn is_of(&self, graph: &Graph) -> bool {
        (self.graph.name, self.graph.options) == (graph.name, graph.options)
    }

    /// Returns the name of the weights, such as `seed 1` or the name of a file.
    pub(in crate::app) fn label(&self, locale: Locale) -> String {
        self.choice.label().text(locale)
    }
}

/// The state of loading the weights that were chosen last.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) enum LoadState {
    /// No weights are chosen.
    Idle,
    /// The weights are being loaded.
    Loading {
        /// The name of the weights.
        what: WeightsLabel,
        /// Bytes that have arrived, or that have been checked.
        received: u64,
        /// The bytes of the complete file, if known.
        total: Option<u64>,
        /// True while stored bytes are read again for their SHA-256.
        checking: bool,
    },
    /// The weights are loaded.
    Ready,
    /// The weights could not be loaded. The former ones stay.
    Failed(LoadFailure),
}

/// The reason why weights could not be loaded. Two failures are never equal, so that each is announced.
#[derive(Debug, Clone)]
pub(in crate::app) struct LoadFailure(Arc<SessionError>);

impl LoadFailure {
    /// Makes a failure of an error.
    pub(super) fn new(error: SessionError) -> Self {
        Self(Arc::new(error))
    }

    /// Returns the error.
    pub(in crate::app) fn error(&self) -> &SessionError {
        &self.0
    }
}

impl PartialEq for LoadFailure {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
