//! Downloads with the browser's network, storage and clock. The rules are in `logic::download`.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::digest::Hasher;
use super::lock::{self, LockGuard};
use super::monitor::ProgressMonitor;
use super::request::{self, Body};
use super::storage::{BrowserStorage, storage_error};
use crate::app::browser::clock::{now_ms, sleep};
use logic::download::{self, DownloadHost, Progress, RemoteFile, ResponseHead, StoreError, StoredFile};

/// Returns the file at `file.url` from the storage, or else from the network.
///
/// # Errors
/// [`StoreError`] says what went wrong and what remains stored.
pub(in crate::app) async fn download(
    file: &RemoteFile,
    monitor: &ProgressMonitor,
) -> Result<StoredFile<Blob>, StoreError> {
    download::download(&Browser { storage: BrowserStorage::open().await, monitor }, file).await
}

/// The browser, and the page's monitor of the download.
struct Browser<'a> {
    storage: BrowserStorage,
    monitor: &'a ProgressMonitor,
}

impl DownloadHost for Browser<'_> {
    type Storage = BrowserStorage;
    type Chunk = Uint8Array;
    type Body = Body;
    type RequestError = JsValue;
    type Hasher = Hasher;
    type Lock = LockGuard;

    fn storage(&self) -> &BrowserStorage {
        &self.storage
    }

    async fn lock(&self, key: &str, name: &str) -> Result<LockGuard, StoreError> {
        lock::take(key, name).await
    }

    async fn request(&self, url: &str, offset: u64) -> Result<(ResponseHead, Body), JsValue> {
        request::send(url, offset, self.monitor.signal.as_ref()).await
    }

    async fn explain(&self, url: &str, error: &JsValue) -> StoreError {
        request::explain(url, error).await
    }

    async fn next_chunk(&self, body: &mut Body) -> Result<Option<Uint8Array>, String> {
        body.next_chunk().await
    }

    fn close(&self, body: Body) {
        body.close();
    }

    fn chunk_bytes(&self, chunk: &Uint8Array) -> u64 {
        u64::from(chunk.length())
    }

    fn blob_of_chunks(&self, chunks: &[Uint8Array]) -> Result<Blob, StoreError> {
        let chunks: Array = chunks.iter().collect();
        Blob::new_with_u8_array_sequence(&chunks).map_err(|error| storage_error(&error))
    }

    fn hash_chunk(&self, hasher: &mut Hasher, chunk: &Uint8Array) {
        hasher.add(chunk);
    }

    async fn hash_part(
        &self,
        hasher: &mut Hasher,
        name: &str,
        part: &Blob,
        before: u64,
        total: u64,
    ) -> Result<(), StoreError> {
        hasher.add_blob(name, part, before, total, self.monitor).await
    }

    fn finish_hash(&self, hasher: Hasher) -> String {
        hasher.finish()
    }

    fn is_cancelled(&self) -> bool {
        self.monitor.is_cancelled()
    }

    fn report(&self, progress: Progress) {
        (self.monitor.progress)(progress);
    }

    fn now_ms(&self) -> f64 {
        now_ms()
    }

    async fn sleep(&self, ms: u32) {
        sleep(i32::try_from(ms).unwrap_or(i32::MAX)).await;
    }
}
