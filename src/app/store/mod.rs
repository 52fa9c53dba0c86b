//! The store of downloaded checkpoints. `logic::download` says how files are downloaded and stored.

mod digest;
mod download;
mod lock;
mod monitor;
mod request;
mod storage;

pub(super) use digest::{bundled_digest, check_blob, published_digest};
pub(super) use download::download;
pub(super) use monitor::ProgressMonitor;
pub(super) use request::remote_file;

use logic::download::{BlobStorage as _, Entry, RECORD_SUFFIX, StoreError, file_name, key, remove};
use storage::BrowserStorage;

/// A stored file, complete or in part.
#[derive(Debug)]
pub(super) struct StoredFileInfo {
    /// The URL.
    pub(super) url: String,
    /// Stored bytes.
    pub(super) received: u64,
    /// The bytes of the complete file, if known.
    pub(super) total: Option<u64>,
    /// The SHA-256 of a complete file.
    pub(super) sha256: Option<String>,
    /// True if all bytes are stored.
    pub(super) is_complete: bool,
}

/// Returns all stored files, in the order of their URLs.
///
/// # Errors
/// [`StoreError::Storage`] if the browser's storage cannot be read.
pub(super) async fn list() -> Result<Vec<StoredFileInfo>, StoreError> {
    let storage = BrowserStorage::open().await;
    let mut files = Vec::new();
    for name in storage.names().await? {
        let Some(key) = name.strip_suffix(RECORD_SUFFIX) else { continue };
        let Some(entry) = Entry::load(&storage, key).await? else { continue };
        let (received, record) = (entry.received(&storage), entry.record);
        let (total, sha256, is_complete) = (record.total, record.sha256, record.is_complete);
        files.push(StoredFileInfo { url: record.url, received, total, sha256, is_complete });
    }
    net::order::sort_by(&mut files, |a, b| a.url.cmp(&b.url));
    Ok(files)
}

/// Deletes the stored bytes of `url`. Returns whether there were any.
///
/// # Errors
/// [`StoreError::Busy`] while the file is being downloaded, [`StoreError::Storage`] if the browser refuses.
pub(super) async fn forget(url: &str) -> Result<bool, StoreError> {
    let key = key(url);
    let _lock = lock::take(&key, &file_name(url)).await?;
    remove(&BrowserStorage::open().await, &key).await
}
