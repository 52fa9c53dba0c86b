//! What a lesson waits for: the last that came, until the next is there.

use messages::Explain as _;
use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::network::LessonError;

/// Something that is computed elsewhere, anew whenever what it follows from changes.
pub(super) struct Shown<T: 'static> {
    value: RwSignal<Option<T>, LocalStorage>,
    error: RwSignal<Option<LessonError>>,
    busy: RwSignal<bool>,
}

impl<T> Clone for Shown<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Shown<T> {}

impl<T: 'static> Shown<T> {
    /// What `ask` gives. The signals that it reads before it first waits are those it follows. While one is under way
    /// only the last question after it is kept.
    pub(super) fn new<F: Future<Output = Result<T, LessonError>> + 'static>(ask: impl Fn() -> F + 'static) -> Self {
        let shown = Self { value: RwSignal::new_local(None), error: RwSignal::new(None), busy: RwSignal::new(false) };
        // What is asked next, and whether something is under way.
        let (next, running) = (StoredValue::new_local(None::<F>), StoredValue::new(false));
        Effect::new(move |_| {
            let asked = ask();
            next.set_value(Some(asked));
            shown.busy.set(true);
            if running.get_value() {
                return;
            }
            running.set_value(true);
            spawn_local(async move {
                // Whoever leaves the lesson has left these with it.
                while let Some(Some(asked)) = next.try_update_value(Option::take) {
                    match asked.await {
                        Ok(value) => {
                            shown.error.try_set(None);
                            shown.value.try_set(Some(value));
                        }
                        Err(error) => drop(shown.error.try_set(Some(error))),
                    }
                }
                running.try_update_value(|running| *running = false);
                shown.busy.try_set(false);
            });
        });
        shown
    }

    /// What `look` sees of it; nothing until it is there.
    pub(super) fn with<R>(self, look: impl FnOnce(&T) -> R) -> Option<R> {
        self.value.with(|value| value.as_ref().map(look))
    }

    /// Why there is none.
    pub(super) fn error(self) -> Signal<Option<LessonError>> {
        self.error.into()
    }

    /// Whether another is under way.
    pub(super) fn busy(self) -> Signal<bool> {
        self.busy.into()
    }
}

/// Says why something is not shown, where there is a reason.
pub(super) fn failure(error: Signal<Option<LessonError>>) -> impl IntoView {
    let words = use_i18n();
    move || {
        error.get().map(|error| {
            let text = move || t_string!(words, learn.failed, reason = error.text(words.get_locale()));
            view! { <p role="alert" class="bench-notice">{text}</p> }
        })
    }
}

/// Says why a layer refuses what was chosen for it.
pub(super) fn refusal(reason: String) -> impl IntoView {
    failure(Signal::stored(Some(LessonError::Layer(reason))))
}
