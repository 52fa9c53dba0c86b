//! Which weights a person asks for.

use leptos_i18n::td_string;
use web_sys::File;
use words::i18n::Locale;

use crate::app::session::{SessionError, Source};
use crate::app::store::{StoreError, Wanted, file_name};
use net::Graph;
use weights::{Published, WeightsSpec};

/// Weights that a person, or a link, asks for.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) enum Wish {
    /// The file that ships with the page.
    Bundled,
    /// Values from the formula of `seed:N`.
    Seed(u64),
    /// A checkpoint that others publish for this network.
    Published(&'static Published),
    /// Any other address, in full.
    Url(String),
    /// A file that was opened or dropped.
    File(File),
}

/// What weights are called.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) enum Label {
    /// Those that ship.
    Bundled,
    /// Those of a seed.
    Seed(u64),
    /// Those that others publish.
    Published(&'static Published),
    /// Those of a file, by its name.
    File(String),
}

impl Label {
    /// In words.
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

impl From<WeightsSpec> for Wish {
    fn from(named: WeightsSpec) -> Self {
        match named {
            WeightsSpec::Bundled => Self::Bundled,
            WeightsSpec::Seed(seed) => Self::Seed(seed),
            WeightsSpec::Published(file) => Self::Published(file),
            WeightsSpec::Url(url) => Self::Url(url),
        }
    }
}

impl Wish {
    /// What `graph` begins with: the file that ships, or else `seed:1`.
    pub(in crate::app) fn default_for(graph: &Graph) -> Self {
        WeightsSpec::default_for(graph.name).into()
    }

    /// What an address that a person typed names for `graph`; it may be relative to the page's.
    ///
    /// # Errors
    /// [`StoreError::Address`] where that is no http or https address.
    pub(in crate::app) fn at(address: &str, graph: &Graph) -> Result<Self, StoreError> {
        let url = Wanted::at(address.trim())?.url;
        Ok(Self::from_link(&url, graph).unwrap_or(Self::Url(url)))
    }

    /// How a link names it: `bundled`, `seed:N`, or an address. A file of one device means nothing on another.
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

    /// What a link names for `graph`; `None` where that is nothing.
    pub(in crate::app) fn from_link(text: &str, graph: &Graph) -> Option<Self> {
        WeightsSpec::read(text, graph.name).map(Self::from)
    }

    /// What it is called.
    pub(in crate::app) fn label(&self) -> Label {
        match self {
            Self::Bundled => Label::Bundled,
            Self::Seed(seed) => Label::Seed(*seed),
            Self::Published(file) => Label::Published(file),
            Self::Url(url) => Label::File(file_name(url)),
            Self::File(file) => Label::File(file.name()),
        }
    }

    /// What can be opened for it.
    pub(super) fn source(&self) -> Result<Source, SessionError> {
        Ok(match self {
            Self::Bundled => Source::bundled(),
            Self::Seed(seed) => Source::seed(*seed),
            Self::Published(file) => Source::url(&file.url())?,
            Self::Url(url) => Source::url(url)?,
            Self::File(file) => Source::file(file),
        })
    }
}
