//! A one-shot channel from a callback to a future. Waiting ends when the device is lost.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::device_health::{DeviceHealth, lock};

/// The sending half of a one-shot channel, for a callback.
#[derive(Debug)]
pub(super) struct CallbackSender<T>(Arc<Mutex<CallbackState<T>>>);

/// The state that both halves share.
#[derive(Debug)]
struct CallbackState<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

impl<T> CallbackSender<T> {
    /// Creates the half for the callback and the half to await.
    pub(super) fn channel(health: &Arc<DeviceHealth>) -> (Self, CallbackFuture<T>) {
        let state = Arc::new(Mutex::new(CallbackState { value: None, waker: None }));
        (Self(Arc::clone(&state)), CallbackFuture { state, health: Arc::clone(health) })
    }

    /// Delivers the answer.
    pub(super) fn send(&self, value: T) {
        let waker = {
            let mut state = lock(&self.0);
            state.value = Some(value);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// The receiving half: resolves to the answer, or to `None` if the device is lost first.
#[derive(Debug)]
pub(super) struct CallbackFuture<T> {
    state: Arc<Mutex<CallbackState<T>>>,
    health: Arc<DeviceHealth>,
}

impl<T> Future for CallbackFuture<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let mut waiting = lock(&self.health.waiting);
        waiting.retain(|waker| !waker.will_wake(context.waker()));
        let mut state = lock(&self.state);
        if let Some(value) = state.value.take() {
            return Poll::Ready(Some(value));
        }
        if self.health.is_lost() {
            return Poll::Ready(None);
        }
        state.waker = Some(context.waker().clone());
        waiting.push(context.waker().clone());
        Poll::Pending
    }
}
