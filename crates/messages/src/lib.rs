//! The messages of errors, in every language of the pages.
//!
//! The texts are in `crates/words/locales/LANGUAGE/errors.json` and nowhere else. An error type names the key of its
//! text and the values in it ([`Explain`], [`message!`]). The command line and scripts read the message in English,
//! which is the type's `Display` ([`display_in_english!`]). The pages read it in their own language
//! ([`Explain::text`]).

mod catalogue;
mod language;
mod message;

pub use catalogue::{TextId, keys};
pub use language::Language;
pub use message::{Explain, Message};
