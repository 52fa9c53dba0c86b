//! Notices above the comparison: the parts of a link or file that it could not use.

use leptos_i18n::td_string;
use words::i18n::Locale;

use super::link::{LinkProblem, MAX_NETWORKS, MIN_NETWORKS};
use messages::Explain as _;
use weights::WeightsError;

/// Something that the comparison could not use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ComparisonNotice {
    /// The networks of the link have a problem.
    Link(LinkProblem),
    /// The comparison has no room for another checkpoint.
    Full,
    /// A file cannot be used, for this reason.
    Unusable(String, WeightsError),
}

impl ComparisonNotice {
    /// Returns the notice as a sentence.
    pub(super) fn text(&self, locale: Locale) -> String {
        match self {
            Self::Link(LinkProblem::Unknown(names)) => {
                td_string!(locale, compare.notice.unknown, names = names.as_str())
            }
            Self::Link(LinkProblem::TooMany) => td_string!(locale, compare.notice.too_many, most = MAX_NETWORKS),
            Self::Link(LinkProblem::TooFew) => td_string!(locale, compare.notice.too_few, fewest = MIN_NETWORKS),
            Self::Full => td_string!(locale, compare.notice.full, most = MAX_NETWORKS),
            Self::Unusable(file, error) => {
                let reason = error.text(locale);
                td_string!(locale, compare.notice.unusable, file = file.as_str(), reason = reason)
            }
        }
    }
}
