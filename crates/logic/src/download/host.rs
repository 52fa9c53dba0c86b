//! The interface between a download and the browser.

use std::future::Future;

use super::error::StoreError;
use super::progress::Progress;
use super::response::ResponseHead;

/// A storage of named blobs.
pub trait BlobStorage {
    /// A handle to stored bytes. Clones share the bytes.
    type Blob: Clone;

    /// Returns all names.
    ///
    /// # Errors
    /// [`StoreError::Storage`] if the storage cannot be read.
    fn names(&self) -> impl Future<Output = Result<Vec<String>, StoreError>>;

    /// Returns the blob called `name`, if it exists.
    ///
    /// # Errors
    /// [`StoreError::Storage`] if the storage cannot be read.
    fn get(&self, name: &str) -> impl Future<Output = Result<Option<Self::Blob>, StoreError>>;

    /// Stores `blob` under `name`, completely or not at all.
    ///
    /// # Errors
    /// [`StoreError::Full`] with `name` as the file if there is no room, [`StoreError::Storage`] if the storage cannot
    /// be written.
    fn put(&self, name: &str, blob: &Self::Blob) -> impl Future<Output = Result<(), StoreError>>;

    /// Deletes the blob called `name`, if it exists.
    ///
    /// # Errors
    /// [`StoreError::Storage`] if the storage cannot be written.
    fn remove(&self, name: &str) -> impl Future<Output = Result<(), StoreError>>;

    /// Returns the bytes that are free; none if the storage has no limit that it knows of.
    fn free_bytes(&self) -> impl Future<Output = Option<u64>>;

    /// Returns the bytes of `blob`.
    fn size(&self, blob: &Self::Blob) -> u64;

    /// Reads `blob` as UTF-8 text.
    ///
    /// # Errors
    /// [`StoreError::Storage`] if the bytes cannot be read.
    fn read_text(&self, blob: &Self::Blob) -> impl Future<Output = Result<String, StoreError>>;

    /// Makes a blob of `text`.
    ///
    /// # Errors
    /// [`StoreError::Storage`] if the browser refuses.
    fn blob_of_text(&self, text: &str) -> Result<Self::Blob, StoreError>;

    /// Returns `blobs` as one, without copying their bytes.
    ///
    /// # Errors
    /// [`StoreError::Storage`] if the browser refuses.
    fn join(&self, blobs: &[Self::Blob]) -> Result<Self::Blob, StoreError>;
}

/// The network, the storage and the clock of a download.
pub trait DownloadHost {
    /// The storage of the file's parts.
    type Storage: BlobStorage;
    /// Bytes of a response, outside of the memory of the WebAssembly.
    type Chunk;
    /// The body of a response.
    type Body;
    /// The reason why there was no response.
    type RequestError;
    /// A SHA-256 in the making.
    type Hasher: Default;
    /// A lock. Dropping it releases it.
    type Lock;

    /// The bytes of a part. A tab that ends loses at most so many.
    const PART_BYTES: u64 = 8 << 20;

    /// Returns the storage.
    fn storage(&self) -> &Self::Storage;

    /// Takes the lock of `key`, which all tabs of the site share.
    ///
    /// # Errors
    /// [`StoreError::Busy`] with `name` as the file if another tab holds it.
    fn lock(&self, key: &str, name: &str) -> impl Future<Output = Result<Self::Lock, StoreError>>;

    /// Requests the bytes of `url` from `offset` on.
    ///
    /// # Errors
    /// The error of the browser if there is no response.
    fn request(
        &self,
        url: &str,
        offset: u64,
    ) -> impl Future<Output = Result<(ResponseHead, Self::Body), Self::RequestError>>;

    /// Finds out why there was no response.
    fn explain(&self, url: &str, error: &Self::RequestError) -> impl Future<Output = StoreError>;

    /// Returns the next bytes of a body; none at its end.
    ///
    /// # Errors
    /// The browser's message if the connection broke.
    fn next_chunk(&self, body: &mut Self::Body) -> impl Future<Output = Result<Option<Self::Chunk>, String>>;

    /// Closes the connection. A body that nobody reads would continue to arrive.
    fn close(&self, body: Self::Body);

    /// Returns the bytes of a chunk.
    fn chunk_bytes(&self, chunk: &Self::Chunk) -> u64;

    /// Makes a blob of `chunks`.
    ///
    /// # Errors
    /// [`StoreError::Storage`] if the browser refuses.
    fn blob_of_chunks(&self, chunks: &[Self::Chunk]) -> Result<<Self::Storage as BlobStorage>::Blob, StoreError>;

    /// Adds the bytes of a chunk to a SHA-256.
    fn hash_chunk(&self, hasher: &mut Self::Hasher, chunk: &Self::Chunk);

    /// Adds the bytes of a part to a SHA-256 and reports the progress: `before` of `total` bytes precede this part.
    ///
    /// # Errors
    /// [`StoreError::Storage`] if the part of the file `name` cannot be read, [`StoreError::Cancelled`].
    fn hash_part(
        &self,
        hasher: &mut Self::Hasher,
        name: &str,
        part: &<Self::Storage as BlobStorage>::Blob,
        before: u64,
        total: u64,
    ) -> impl Future<Output = Result<(), StoreError>>;

    /// Returns the SHA-256, in 64 hexadecimal digits.
    fn finish_hash(&self, hasher: Self::Hasher) -> String;

    /// Returns whether the download is to stop.
    fn is_cancelled(&self) -> bool;

    /// Reports the progress.
    fn report(&self, progress: Progress);

    /// Returns the time in milliseconds, from any origin.
    fn now_ms(&self) -> f64;

    /// Waits for `ms` milliseconds.
    fn sleep(&self, ms: u32) -> impl Future<Output = ()>;
}
