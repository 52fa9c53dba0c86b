//! Notices of a lesson: why it cannot show something.

use leptos::prelude::*;
use leptos_i18n::t_string;
use messages::Explain as _;
use words::i18n::use_i18n;

use super::error::LessonError;

/// Shows an error, if there is one.
pub(super) fn error_notice(error: Signal<Option<LessonError>>) -> impl IntoView {
    let words = use_i18n();
    move || {
        error.get().map(|error| {
            let text = move || t_string!(words, learn.failed, reason = error.text(words.get_locale()));
            view! {
                <p role="alert" class="bench-notice">
                    {text}
                </p>
            }
        })
    }
}

/// Shows why a layer refuses the settings.
pub(super) fn refusal_notice(reason: String) -> impl IntoView {
    error_notice(Signal::stored(Some(LessonError::Layer(reason))))
}
