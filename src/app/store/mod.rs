//! Checkpoints that the page fetched: downloaded in pieces, checked, kept by the browser, opened whole or not at all.
//!
//! A file is kept as parts of [`PART`] bytes beside a record that says what they are. A part is written at once or not
//! at all, so that a download which breaks off, is cancelled, or dies with its tab goes on where the last part ends.
//! The record says whether the file is whole; one that is not is never opened.

mod digest;
mod download;
mod error;
mod explain;
mod js;
mod lock;
mod record;
mod request;
mod shelf;

use web_sys::{AbortSignal, Blob};

pub(super) use digest::Digest;
pub(super) use download::download;
pub(super) use error::StoreError;
pub(super) use js::message;
use record::Entry;
use shelf::Shelf;

/// Bytes of a part: what a tab that dies loses at most.
const PART: usize = 8 << 20;

/// How far a download is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Progress {
    /// What is being done.
    pub(super) phase: Phase,
    /// Bytes that are here.
    pub(super) received: u64,
    /// Bytes of the whole file, where the server says so.
    pub(super) total: Option<u64>,
    /// Bytes that were here before this download.
    pub(super) resumed: u64,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Bytes arrive.
    Download,
    /// Bytes that were kept are read again, for their SHA-256.
    Check,
}

impl Phase {
    /// Its name for scripts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Download => "download",
            Self::Check => "check",
        }
    }
}

/// Who watches a download, and may stop it.
pub(super) struct Watch {
    /// Is told how far it is.
    pub(super) progress: Box<dyn Fn(Progress)>,
    /// Stops it.
    pub(super) signal: Option<AbortSignal>,
}

impl Watch {
    fn aborted(&self) -> bool {
        self.signal.as_ref().is_some_and(AbortSignal::aborted)
    }

    /// Fails where the work is to stop.
    pub(super) fn check(&self, name: &str) -> Result<(), StoreError> {
        if self.aborted() { Err(StoreError::Cancelled { name: name.to_owned() }) } else { Ok(()) }
    }
}

/// What is to be downloaded.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// Where it is, in full.
    pub(super) url: String,
    /// Its SHA-256 or the beginning of it, where known.
    pub(super) sha256: Option<Digest>,
}

/// A file that is here, whole.
#[derive(Debug)]
pub(super) struct Kept {
    /// Its bytes, outside of the WebAssembly's memory.
    pub(super) blob: Blob,
    /// Its SHA-256 in 64 hexadecimal digits.
    pub(super) sha256: String,
    /// Whether nothing had to be fetched.
    pub(super) before: bool,
}

/// A file that is kept, whole or in part.
#[derive(Debug)]
pub(super) struct Listed {
    /// Where it came from.
    pub(super) url: String,
    /// Bytes that are here.
    pub(super) received: u64,
    /// Bytes of the whole file, where known.
    pub(super) total: Option<u64>,
    /// Its SHA-256, where it is whole.
    pub(super) sha256: Option<String>,
    /// Whether all of it is here.
    pub(super) whole: bool,
}

/// The last part of a URL's path: what a file is called in messages.
pub(super) fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or(path);
    js_sys::decode_uri_component(name).map_or_else(|_| name.to_owned(), String::from)
}

/// Everything that is kept, in the order of URLs.
///
/// # Errors
/// [`StoreError::Storage`] where the browser does not let its storage be read.
pub(super) async fn list() -> Result<Vec<Listed>, StoreError> {
    let shelf = Shelf::open().await;
    let mut all = Vec::new();
    for name in shelf.names().await? {
        let Some(key) = name.strip_suffix(record::SUFFIX) else { continue };
        let Some(entry) = Entry::open(&shelf, key).await? else { continue };
        let received = entry.received();
        let record = entry.record;
        all.push(Listed { url: record.url, received, total: record.total, whole: record.whole, sha256: record.sha256 });
    }
    all.sort_by(|a, b| a.url.cmp(&b.url));
    Ok(all)
}

/// Deletes what is kept of `url`; says whether there was anything.
///
/// # Errors
/// [`StoreError::Busy`] while it is being downloaded, [`StoreError::Storage`] where the browser refuses.
pub(super) async fn forget(url: &str) -> Result<bool, StoreError> {
    let key = record::key(url);
    let _lock = lock::take(&key, url).await?;
    record::remove(&Shelf::open().await, &key).await
}
