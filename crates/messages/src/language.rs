//! The languages of the pages.

use crate::catalogue::LANGUAGES;

/// A language of the pages. The default is the first of the list, English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Language(usize);

impl Language {
    /// Returns all languages in the order of `crates/words/languages.js`.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..LANGUAGES.len()).map(Self)
    }

    /// Returns the language with this code, or `None` if the pages do not have it.
    pub fn with_code(code: &str) -> Option<Self> {
        Self::all().find(|language| language.code() == code)
    }

    /// Returns the code of the language, for example `en`.
    pub fn code(self) -> &'static str {
        LANGUAGES[self.0][0]
    }

    /// Returns the name of the language in the language itself.
    pub fn name(self) -> &'static str {
        LANGUAGES[self.0][1]
    }

    /// Returns what stands between two sentences of a text.
    pub fn sentence_gap(self) -> &'static str {
        LANGUAGES[self.0][2]
    }

    /// Returns the position in the list.
    pub(crate) fn index(self) -> usize {
        self.0
    }
}
