//! The texts of the pages in the languages of `locales`, with one file per part of a page and language. `build.rs`
//! turns them into code.
//!
//! Only the pages depend on this crate. Crates that cannot know the language return enums, which the page turns into
//! texts.

#[allow(clippy::all, missing_docs, reason = "the code is generated")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

use leptos_i18n::Locale as _;
use messages::Language;

pub use generated::i18n;
pub use leptos_i18n;

impl From<i18n::Locale> for Language {
    fn from(locale: i18n::Locale) -> Self {
        Self::with_code(locale.as_str()).unwrap_or_default()
    }
}
