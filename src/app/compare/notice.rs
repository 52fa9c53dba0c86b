//! What could not be done, in sentences.

use leptos_i18n::td_string;
use words::i18n::Locale;

use super::{FEWEST, MOST};
use messages::Explain as _;
use weights::WeightsError;

/// Something that could not be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Notice {
    /// The link names networks that there are not.
    Unknown(String),
    /// The link names more networks than there is room for.
    TooMany,
    /// The link leaves too few networks.
    TooFew,
    /// There is no room for another checkpoint.
    Full,
    /// A file cannot be used, and why.
    Unusable(String, WeightsError),
}

impl Notice {
    /// It in a sentence.
    pub(super) fn text(&self, locale: Locale) -> String {
        match self {
            Self::Unknown(names) => td_string!(locale, compare.notice.unknown, names = names.as_str()),
            Self::TooMany => td_string!(locale, compare.notice.too_many, most = MOST),
            Self::TooFew => td_string!(locale, compare.notice.too_few, fewest = FEWEST),
            Self::Full => td_string!(locale, compare.notice.full, most = MOST),
            Self::Unusable(file, error) => {
                let reason = error.text(locale);
                td_string!(locale, compare.notice.unusable, file = file.as_str(), reason = reason)
            }
        }
    }
}
