//! Long work in pieces: between two pieces, other work can run.

use std::cell::Cell;

use web_sys::AbortSignal;

use super::clock::now_ms;

/// The time that the work runs before it yields, in milliseconds: less than a frame.
const SLICE_MS: f64 = 12.0;

/// The signal asked the work to stop.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("it was cancelled")]
pub struct CancelledError;

/// Yields to other work at regular times, and reports when the work shall stop.
pub struct Yielder<'a, R> {
    since: Cell<f64>,
    signal: Option<&'a AbortSignal>,
    rest: R,
}

impl<'a, R: AsyncFn()> Yielder<'a, R> {
    /// `rest` waits while other work runs. `signal` cancels the work.
    pub fn new(signal: Option<&'a AbortSignal>, rest: R) -> Self {
        Self { since: Cell::new(now_ms()), signal, rest }
    }

    /// Yields if the work has run for long enough. Call it between two pieces of work.
    ///
    /// # Errors
    /// Returns [`CancelledError`] if the signal is aborted.
    pub async fn yield_if_due(&self) -> Result<(), CancelledError> {
        if now_ms() - self.since.get() >= SLICE_MS {
            (self.rest)().await;
            self.since.set(now_ms());
        }
        if self.signal.is_some_and(AbortSignal::aborted) { Err(CancelledError) } else { Ok(()) }
    }
}
