//! The report of a measurement.

use std::sync::Arc;

use serde::Serialize;

use crate::app::session::SessionError;
use analysis::timing::BenchRow;

/// The result of a plan: the output of `layerscope bench --format json` with two fields that only the browser has.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct TimingReport {
    /// The user agent.
    pub(crate) browser: String,
    /// The times.
    pub(crate) rows: Vec<BenchRow>,
    /// The networks that could not be timed.
    pub(crate) failures: Vec<TimingFailure>,
}

/// A network that an engine could not run.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TimingFailure {
    /// The network.
    pub(crate) network: String,
    /// The engine, `cpu` or `gpu`.
    pub(crate) engine: &'static str,
    /// The reason, in English.
    pub(crate) reason: String,
    /// The reason as an error, which the page words in its language.
    #[serde(skip)]
    pub(crate) error: Arc<SessionError>,
}
