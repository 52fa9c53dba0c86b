//! Tensors for an engine, some megabytes at a time: between two of them the page draws and answers.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;

use web_sys::AbortSignal;

use super::SessionError;
use crate::app::runner::now_ms;
use crate::app::store::breathe;
use crate::engine::gpu::{GpuError, TensorRows};
use crate::net::Graph;
use crate::weights::{Array, TensorSource, Weights};

/// Milliseconds of work after which the page has its turn: less than a frame.
const TURN_MS: f64 = 12.0;
/// Values that are taken from a source at once.
const PIECE_VALUES: usize = 1 << 20;

/// Gives the page its turn now and then, and notices that the work is to stop.
pub(super) struct Turns<'a> {
    since: Cell<f64>,
    signal: Option<&'a AbortSignal>,
}

impl<'a> Turns<'a> {
    pub(super) fn new(signal: Option<&'a AbortSignal>) -> Self {
        Self { since: Cell::new(now_ms()), signal }
    }

    /// Between two pieces of work.
    ///
    /// # Errors
    /// [`SessionError::Cancelled`].
    pub(super) async fn next(&self) -> Result<(), SessionError> {
        if now_ms() - self.since.get() >= TURN_MS {
            breathe().await;
            self.since.set(now_ms());
        }
        if self.is_over() { Err(SessionError::Cancelled) } else { Ok(()) }
    }

    /// Whether the work is to stop.
    pub(super) fn is_over(&self) -> bool {
        self.signal.is_some_and(AbortSignal::aborted)
    }
}

/// A source that gives the page its turns.
pub(super) struct Rows<'a> {
    pub(super) source: &'a TensorSource,
    pub(super) turns: &'a Turns<'a>,
}

impl TensorRows for Rows<'_> {
    async fn rows(&self, name: &str, rows: Range<usize>) -> Result<Vec<f32>, GpuError> {
        let fault = |reason: String| GpuError::Tensor { name: name.to_owned(), reason };
        self.turns.next().await.map_err(|error| fault(error.to_string()))?;
        self.source.load_rows(name, rows).await.map_err(|error| fault(error.to_string()))
    }
}

/// All tensors of a source, for the CPU.
pub(super) async fn all(graph: &Graph, source: &TensorSource, turns: &Turns<'_>) -> Result<Weights, SessionError> {
    let mut tensors = BTreeMap::new();
    for (name, dims) in source.tensors() {
        let row: usize = dims.iter().skip(1).product();
        let rows = dims.first().copied().unwrap_or(1);
        let step = (PIECE_VALUES / row.max(1)).max(1);
        let mut values = Vec::with_capacity(rows * row);
        for start in (0..rows).step_by(step) {
            values.extend(source.load_rows(name, start..rows.min(start + step)).await?);
            turns.next().await?;
        }
        tensors.insert(name.to_owned(), Array { dims: dims.to_vec(), values });
    }
    Ok(Weights::new(graph, tensors, source.metadata().clone())?)
}
