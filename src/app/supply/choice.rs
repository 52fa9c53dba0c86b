//! Weights that a person or a link chooses.

use leptos_i18n::td_string;
use web_sys::File;
use words::i18n::Locale;

use crate::app::session::{SessionError, WeightsRequest};
use crate::app::store::remote_file;
use logic::download::{StoreError, file_name};
use net::Graph;
use weights::{Published, WeightsSpec};

/// Weights that a person or a link chooses.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) enum WeightsChoice {
    /// The file that ships with the page.
    Bundled,
    /// The values of the formula of `seed:N`.
    Seed(u64),
    /// A checkpoint that others publish for this network.
    Published(&'static Published),
    /// Another absolute URL.
    Url(String),
    /// A file that was opened or dropped.
    File(File),
}

/// The name of weights.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) enum WeightsLabel {
    /// The shipped weights.
    Bundled,
    /// The weights of a seed.
    Seed(u64),
    /// Published weights.
    Published(&'static Published),
    /// The weights of a file, by its name.
    File(String),
}

impl WeightsLabel {
    /// Returns the label in words.
    pub(in crate::app) fn text(&self, locale: Locale) -> String {
        match self {
            Self::Bundled => td_string!(locale, supply.label.shipped).to_owned(),
            Self::Seed(seed) => td_string!(locale, supply.label.seed, seed = seed),
            Self::Published(file) => {
                td_string!(locale, supply.label.published, file = file.file, publisher = file.publisher.name())
            }
            Self::File(name) => name.clone(),
        }
    }
}

impl From<WeightsSpec> for WeightsChoice {
    fn from(named: WeightsSpec) -> Self {
        match named {
            WeightsSpec::Bundled => Self::Bundled,
            WeightsSpec::Seed(seed) => Self::Seed(seed),
            WeightsSpec::Published(file) => Self::Published(file),
            WeightsSpec::Url(url) => Self::Url(url),
        }
    }
}

impl WeightsChoice {
    /// Returns the first choice for `graph`: the shipped file, or else `seed:1`.
    pub(in crate::app) fn default_for(graph: &Graph) -> Self {
        WeightsSpec::default_for(graph.name).into()
    }

    /// Reads an address that a person typed for `graph`. It may be relative to the address of the page.
    ///
    /// # Errors
    /// [`StoreError::Address`] if it is not an http or https address.
    pub(in crate::app) fn from_address(address: &str, graph: &Graph) -> Result<Self, StoreError> {
        let url = remote_file(address.trim())?.url;
        Ok(Self::from_link(&url, graph).unwrap_or(Self::Url(url)))
    }

    /// Returns the text for a link: `bundled`, `seed:N`, or an address. A file has none, because other devices do not
    /// have it.
    pub(in crate::app) fn to_link(&self) -> Option<String> {
        let named = match self {
            Self::Bundled => WeightsSpec::Bundled,
            Self::Seed(seed) => WeightsSpec::Seed(*seed),
            Self::Published(file) => WeightsSpec::Published(file),
            Self::Url(url) => WeightsSpec::Url(url.clone()),
            Self::File(_) => return None,
        };
        Some(named.to_string())
    }

    /// Reads the text of a link for `graph`; none if it names no weights.
    pub(in crate::app) fn from_link(text: &str, graph: &Graph) -> Option<Self> {
        WeightsSpec::read(text, graph.name).map(Self::from)
    }

    /// Returns the name of the weights.
    pub(in crate::app) fn label(&self) -> WeightsLabel {
        match self {
            Self::Bundled => WeightsLabel::Bundled,
            Self::Seed(seed) => WeightsLabel::Seed(*seed),
            Self::Published(file) => WeightsLabel::Published(file),
            Self::Url(url) => WeightsLabel::File(file_name(url)),
            Self::File(file) => WeightsLabel::File(file.name()),
        }
    }

    /// Returns the request that opens the weights.
    pub(super) fn request(&self) -> Result<WeightsRequest, SessionError> {
        Ok(match self {
            Self::Bundled => WeightsRequest::bundled(),
            Self::Seed(seed) => WeightsRequest::seed(*seed),
            Self::Published(file) => WeightsRequest::url(&file.url())?,
            Self::Url(url) => WeightsRequest::url(url)?,
            Self::File(file) => WeightsRequest::file(file),
        })
    }
}
