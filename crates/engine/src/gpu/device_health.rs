//! Tracks whether the device is lost, and the errors that no one awaits.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use super::error::GpuError;

/// The state that a device's callbacks report. They run on any thread and at any time.
#[derive(Debug, Default)]
pub(super) struct DeviceHealth {
    lost: Mutex<Option<String>>,
    fault: Mutex<Option<GpuError>>,
    /// The futures to wake when the device is lost.
    pub(super) waiting: Mutex<Vec<Waker>>,
}

/// Locks a mutex even if it is poisoned: no holder leaves these values in an inconsistent state.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl DeviceHealth {
    /// Records that the device is lost. The first reason is kept.
    pub(super) fn mark_lost(&self, reason: String) {
        lock(&self.lost).get_or_insert(reason);
        let waiting = std::mem::take(&mut *lock(&self.waiting));
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Records an error that no error scope caught. The first one is kept until [`DeviceHealth::check`] returns it.
    pub(super) fn record_fault(&self, fault: GpuError) {
        lock(&self.fault).get_or_insert(fault);
    }

    /// Returns an error if the device is lost or a fault was recorded since the last check.
    pub(super) fn check(&self) -> Result<(), GpuError> {
        if let Some(reason) = &*lock(&self.lost) {
            return Err(GpuError::Lost { reason: reason.clone() });
        }
        lock(&self.fault).take().map_or(Ok(()), Err)
    }

    /// Returns whether the device is lost.
    pub(super) fn is_lost(&self) -> bool {
        lock(&self.lost).is_some()
    }
}
