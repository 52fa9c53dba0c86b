//! The latest result of an asynchronous computation, kept until the next result is there.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::error::LessonError;

/// The result of a computation that runs again whenever a signal that it depends on changes.
pub(super) struct LatestResult<T: 'static> {
    value: RwSignal<Option<T>, LocalStorage>,
    error: RwSignal<Option<LessonError>>,
    busy: RwSignal<bool>,
}

impl<T> Clone for LatestResult<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for LatestResult<T> {}

impl<T: 'static> LatestResult<T> {
    /// Starts computing `ask`. It depends on the signals that `ask` reads before its first await. While one computation
    /// runs, only the most recent request waits.
    pub(super) fn new<F: Future<Output = Result<T, LessonError>> + 'static>(ask: impl Fn() -> F + 'static) -> Self {
        let latest = Self { value: RwSignal::new_local(None), error: RwSignal::new(None), busy: RwSignal::new(false) };
        // The most recent request, and whether a computation runs.
        let (next, running) = (StoredValue::new_local(None::<F>), StoredValue::new(false));
        Effect::new(move |_| {
            let asked = ask();
            next.set_value(Some(asked));
            latest.busy.set(true);
            if running.get_value() {
                return;
            }
            running.set_value(true);
            spawn_local(async move {
                // A lesson that is left takes these signals with it.
                while let Some(Some(asked)) = next.try_update_value(Option::take) {
                    match asked.await {
                        Ok(value) => {
                            latest.error.try_set(None);
                            latest.value.try_set(Some(value));
                        }
                        Err(error) => drop(latest.error.try_set(Some(error))),
                    }
                }
                running.try_update_value(|running| *running = false);
                latest.busy.try_set(false);
            });
        });
        latest
    }

    /// Returns `look` of the result, or `None` before there is one.
    pub(super) fn with<R>(self, look: impl FnOnce(&T) -> R) -> Option<R> {
        self.value.with(|value| value.as_ref().map(look))
    }

    /// Returns the error of the last computation, if it failed.
    pub(super) fn error(self) -> Signal<Option<LessonError>> {
        self.error.into()
    }

    /// Returns whether a computation is running.
    pub(super) fn busy(self) -> Signal<bool> {
        self.busy.into()
    }
}
