//! Long work in pieces: between two of them others have their turn.

use std::cell::Cell;

use web_sys::AbortSignal;

use super::clock::now_ms;

/// Milliseconds of work after which others have their turn: less than a frame.
const TURN_MS: f64 = 12.0;

/// The work is to stop.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("it was cancelled")]
pub(super) struct Over;

/// Gives others their turn now and then, and notices that the work is to stop.
pub(super) struct Turns<'a, R> {
    since: Cell<f64>,
    signal: Option<&'a AbortSignal>,
    rest: R,
}

impl<'a, R: AsyncFn()> Turns<'a, R> {
    /// `rest` is what others have their turn in.
    pub(super) fn new(signal: Option<&'a AbortSignal>, rest: R) -> Self {
        Self { since: Cell::new(now_ms()), signal, rest }
    }

    /// Between two pieces of work.
    ///
    /// # Errors
    /// [`Over`], where the signal says so.
    pub(super) async fn next(&self) -> Result<(), Over> {
        if now_ms() - self.since.get() >= TURN_MS {
            (self.rest)().await;
            self.since.set(now_ms());
        }
        if self.signal.is_some_and(AbortSignal::aborted) { Err(Over) } else { Ok(()) }
    }
}
