//! Whether a device still lives, and waiting for what it answers without waiting for ever.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::error::GpuError;

/// What a device's callbacks have said so far. They come on any thread, and between any two of our calls.
#[derive(Debug, Default)]
pub(super) struct Health {
    lost: Mutex<Option<String>>,
    fault: Mutex<Option<GpuError>>,
    waiting: Mutex<Vec<Waker>>,
}

/// A value behind a mutex holds no broken promise here, whatever its last holder did.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Health {
    /// Notes that the device is gone. The first reason stays.
    pub(super) fn lose(&self, reason: String) {
        hold(&self.lost).get_or_insert(reason);
        let waiting = std::mem::take(&mut *hold(&self.waiting));
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Notes an error that no scope caught. The first stays until it is taken.
    pub(super) fn blame(&self, fault: GpuError) {
        hold(&self.fault).get_or_insert(fault);
    }

    /// `Err` where the device is gone or something went wrong since this was asked last.
    pub(super) fn check(&self) -> Result<(), GpuError> {
        if let Some(reason) = &*hold(&self.lost) {
            return Err(GpuError::Lost { reason: reason.clone() });
        }
        hold(&self.fault).take().map_or(Ok(()), Err)
    }

    /// Whether the device is gone.
    pub(super) fn is_lost(&self) -> bool {
        hold(&self.lost).is_some()
    }
}

/// Where a callback leaves its answer.
#[derive(Debug)]
pub(super) struct Answer<T>(Arc<Mutex<Slot<T>>>);

#[derive(Debug)]
struct Slot<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

impl<T> Answer<T> {
    /// The end for the callback and the end to await.
    pub(super) fn expect(health: &Arc<Health>) -> (Self, Waiting<T>) {
        let slot = Arc::new(Mutex::new(Slot { value: None, waker: None }));
        (Self(Arc::clone(&slot)), Waiting { slot, health: Arc::clone(health) })
    }

    /// Leaves the answer.
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

/// Resolves to the answer, or to `None` where the device is lost first.
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
