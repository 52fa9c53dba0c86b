//! Tracks whether the device is lost, and makes waiting for a callback end when it is.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::error::GpuError;

/// The state that a device's callbacks report. They run on any thread and at any time.
#[derive(Debug, Default)]
pub(super) struct Health {
    lost: Mutex<Option<String>>,
    fault: Mutex<Option<GpuError>>,
    waiting: Mutex<Vec<Waker>>,
}

/// Locks a mutex even if it is poisoned: no holder leaves these values in an inconsistent state.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Health {
    /// Records that the device is lost. The first reason is kept.
    pub(super) fn lose(&self, reason: String) {
        hold(&self.lost).get_or_insert(reason);
        let waiting = std::mem::take(&mut *hold(&self.waiting));
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Records an error that no error scope caught. The first one is kept until [`Health::check`] returns it.
    pub(super) fn blame(&self, fault: GpuError) {
        hold(&self.fault).get_or_insert(fault);
    }

    /// Returns an error if the device is lost or a fault was recorded since the last check.
    pub(super) fn check(&self) -> Result<(), GpuError> {
        if let Some(reason) = &*hold(&self.lost) {
            return Err(GpuError::Lost { reason: reason.clone() });
        }
        hold(&self.fault).take().map_or(Ok(()), Err)
    }

    /// Returns whether the device is lost.
    pub(super) fn is_lost(&self) -> bool {
        hold(&self.lost).is_some()
    }
}

/// The sending half of a one-shot channel, for a callback.
#[derive(Debug)]
pub(super) struct Answer<T>(Arc<Mutex<Slot<T>>>);

/// The state that both halves share.
#[derive(Debug)]
struct Slot<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

impl<T> Answer<T> {
    /// Creates the half for the callback and the half to await.
    pub(super) fn expect(health: &Arc<Health>) -> (Self, Waiting<T>) {
        let slot = Arc::new(Mutex::new(Slot { value: None, waker: None }));
        (Self(Arc::clone(&slot)), Waiting { slot, health: Arc::clone(health) })
    }

    /// Delivers the answer.
    pub(super) fn give(&self, value: T) {
        let waker = {
            let mut slot = hold(&self.0);
            slot.value = Some(value);
            slot.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// The receiving half: resolves to the answer, or to `None` if the device is lost first.
#[derive(Debug)]
pub(super) struct Waiting<T> {
    slot: Arc<Mutex<Slot<T>>>,
    health: Arc<Health>,
}

impl<T> Future for Waiting<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let mut waiting = hold(&self.health.waiting);
        waiting.retain(|waker| !waker.will_wake(context.waker()));
        let mut slot = hold(&self.slot);
        if let Some(value) = slot.value.take() {
            return Poll::Ready(Some(value));
        }
        if self.health.is_lost() {
            return Poll::Ready(None);
        }
        slot.waker = Some(context.waker().clone());
        waiting.push(context.waker().clone());
        Poll::Pending
    }
}
