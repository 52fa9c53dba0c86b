//! Progress and cancellation of a download.

use web_sys::AbortSignal;

use logic::download::{Progress, StoreError};

/// Receives the progress of a download, and can cancel it.
pub(in crate::app) struct ProgressMonitor {
    /// Receives the progress.
    pub(in crate::app) progress: Box<dyn Fn(Progress)>,
    /// Cancels the download.
    pub(in crate::app) signal: Option<AbortSignal>,
}

impl ProgressMonitor {
    /// Returns whether the download is cancelled.
    pub(super) fn is_cancelled(&self) -> bool {
        self.signal.as_ref().is_some_and(AbortSignal::aborted)
    }

    /// Checks that loading the file `name` is not cancelled.
    ///
    /// # Errors
    /// [`StoreError::Cancelled`].
    pub(in crate::app) fn check(&self, name: &str) -> Result<(), StoreError> {
        if self.is_cancelled() { Err(StoreError::Cancelled { name: name.to_owned() }) } else { Ok(()) }
    }
}
