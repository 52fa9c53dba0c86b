//! The notice under the top bar.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use words::i18n::Locale;

/// The notice: one sentence that says what went wrong and what was done about it.
#[derive(Clone, Copy)]
pub(in crate::app) struct Notices {
    words: I18nContext<Locale>,
    text: RwSignal<Option<String>>,
}

impl Notices {
    /// No notice, in the language of `words`.
    pub(in crate::app) fn new(words: I18nContext<Locale>) -> Self {
        Self { words, text: RwSignal::new(None) }
    }

    /// The notice that is shown.
    pub(in crate::app) fn text(self) -> ReadSignal<Option<String>> {
        self.text.read_only()
    }

    /// The signal for features that are given one in place of the whole state.
    pub(in crate::app) fn signal(self) -> RwSignal<Option<String>> {
        self.text
    }

    /// Shows a notice in the current language. It replaces the one before.
    pub(in crate::app) fn show(self, text: impl FnOnce(Locale) -> String) {
        self.text.set(Some(text(self.words.get_locale_untracked())));
    }

    /// Takes the notice away.
    pub(in crate::app) fn dismiss(self) {
        self.text.set(None);
    }
}
