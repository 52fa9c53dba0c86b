//! One download, from the lock to the stored file.

use super::error::StoreError;
use super::file::{RemoteFile, StoredFile, file_name};
use super::host::{BlobStorage, DownloadHost};
use super::progress::{Phase, Progress, ReportTimer};
use super::record::{self, Entry, Record};
use super::response::ResponseHead;
use super::version::FileVersion;

/// How often a broken connection is opened again, whether or not bytes arrived each time.
pub(super) const RETRIES: u32 = 4;
/// Milliseconds before the first retry. Each further retry waits twice as long.
pub(super) const FIRST_WAIT_MS: u32 = 250;

type BlobOf<Host> = <<Host as DownloadHost>::Storage as BlobStorage>::Blob;

/// Returns the file at `file.url` from the storage, or else from the network.
///
/// The lock is taken before the storage is read, and released when the download ends.
///
/// # Errors
/// [`StoreError`] says what went wrong and what remains stored.
pub async fn download<Host: DownloadHost>(
    host: &Host,
    file: &RemoteFile,
) -> Result<StoredFile<BlobOf<Host>>, StoreError> {
    let (name, key) = (file_name(&file.url), record::key(&file.url));
    check_cancelled(host, &name)?;
    let _lock = host.lock(&key, &name).await?;
    let storage = host.storage();
    let entry = Entry::load(storage, &key).await?;
    if let Some(stored) = complete_file(storage, entry.as_ref(), file)? {
        return Ok(stored);
    }
    // A complete file with another digest is fetched again.
    let entry = entry.filter(|entry| !entry.record.is_complete).unwrap_or_else(|| {
        let (url, version) = (file.url.clone(), FileVersion::default());
        Entry { record: Record { url, total: None, version, sha256: None, is_complete: false }, parts: Vec::new() }
    });
    let resumed = entry.received(storage);
    let timer = ReportTimer::new();
    let mut download =
        Download { host, file, name, key, entry, hasher: None, pending: Vec::new(), pending_bytes: 0, resumed, timer };
    let result = download.run().await;
    if let Err(StoreError::Full { .. } | StoreError::Hash { .. } | StoreError::Length { .. }) = &result {
        record::remove(storage, &download.key).await?;
    }
    if let Err(StoreError::Full { .. }) = &result {
        let needs = download.entry.record.total;
        return Err(StoreError::Full { name: download.name, needs, free: storage.free_bytes().await });
    }
    result
}

fn check_cancelled<Host: DownloadHost>(host: &Host, name: &str) -> Result<(), StoreError> {
    if host.is_cancelled() { Err(StoreError::Cancelled { name: name.to_owned() }) } else { Ok(()) }
}

/// Returns the stored file if it is complete and has the expected digest.
fn complete_file<Storage: BlobStorage>(
    storage: &Storage,
    entry: Option<&Entry<Storage::Blob>>,
    file: &RemoteFile,
) -> Result<Option<StoredFile<Storage::Blob>>, StoreError> {
    let Some(entry) = entry.filter(|entry| entry.record.is_complete) else { return Ok(None) };
    match &entry.record.sha256 {
        Some(sha256) if file.sha256.as_ref().is_none_or(|digest| digest.matches(sha256)) => {
            let blob = storage.join(&entry.parts)?;
            Ok(Some(StoredFile { blob, sha256: sha256.clone(), was_stored: true }))
        }
        _ => Ok(None),
    }
}

/// The end of a connection.
enum ConnectionEnd {
    /// All bytes have arrived.
    Complete,
    /// The connection broke. The text is the browser's message.
    Broken(String),
    /// The stored bytes are not part of the server's file. The download begins again from the first byte.
    Restart,
}

/// A download under its lock.
struct Download<'a, Host: DownloadHost> {
    host: &'a Host,
    file: &'a RemoteFile,
    name: String,
    key: String,
    entry: Entry<BlobOf<Host>>,
    /// The SHA-256 of all received bytes; none until it has been computed from the stored parts.
    hasher: Option<Host::Hasher>,
    /// Received chunks that belong to no part yet.
    pending: Vec<Host::Chunk>,
    pending_bytes: u64,
    resumed: u64,
    timer: ReportTimer,
}

impl<Host: DownloadHost> Download<'_, Host> {
    fn stored(&self) -> u64 {
        self.entry.received(self.host.storage())
    }

    fn received(&self) -> u64 {
        self.stored() + self.pending_bytes
    }

    fn report(&mut self, forced: bool) {
        if self.timer.is_due(self.host.now_ms(), forced) {
            let (received, total) = (self.received(), self.entry.record.total);
            self.host.report(Progress { phase: Phase::Download, received, total, resumed: self.resumed });
        }
    }

    async fn run(&mut self) -> Result<StoredFile<BlobOf<Host>>, StoreError> {
        let mut retries = 0;
        let mut may_resume = true;
        loop {
            match self.connect(may_resume).await? {
                ConnectionEnd::Complete => return self.finish().await,
                ConnectionEnd::Restart => may_resume = false,
                ConnectionEnd::Broken(reason) => {
                    if retries == RETRIES {
                        let (name, received) = (self.name.clone(), self.received());
                        return Err(StoreError::Broken { name, received, reason });
                    }
                    self.host.sleep(FIRST_WAIT_MS << retries).await;
                    check_cancelled(self.host, &self.name)?;
                    (retries, may_resume) = (retries + 1, true);
                }
            }
        }
    }

    /// Returns the first byte to request.
    fn offset(&self, may_resume: bool) -> u64 {
        // Without a version or a digest, nobody would notice that two parts belong to different files.
        let is_safe = self.entry.record.version.is_known() || self.file.sha256.is_some();
        if may_resume && is_safe { self.stored() } else { 0 }
    }

    /// Opens one connection and receives until it ends.
    async fn connect(&mut self, may_resume: bool) -> Result<ConnectionEnd, StoreError> {
        let offset = self.offset(may_resume);
        if offset > 0 {
            self.hash_parts().await?;
            if self.entry.record.total == Some(offset) {
                return Ok(ConnectionEnd::Complete);
            }
        }
        let (head, body) = match self.host.request(&self.file.url, offset).await {
            Ok(response) => response,
            Err(_) if self.host.is_cancelled() => return Err(StoreError::Cancelled { name: self.name.clone() }),
            // Some browsers ask other origins for permission to send Range, which few of them give.
            Err(_) if offset > 0 => return Ok(ConnectionEnd::Restart),
            Err(error) => return Err(self.host.explain(&self.file.url, &error).await),
        };
        let refused = match head.status {
            200 => self.begin(&head).await.err().map(Err),
            206 if offset > 0 && self.is_rest(&head, offset) => None,
            206 | 416 if offset > 0 => Some(Ok(ConnectionEnd::Restart)),
            status => Some(Err(StoreError::Status { name: self.name.clone(), status })),
        };
        if let Some(result) = refused {
            self.host.close(body);
            return result;
        }
        self.report(true);
        self.receive(body).await
    }

    /// Returns whether a response is the rest of the stored bytes and, as far as can be told, of the same version.
    fn is_rest(&self, head: &ResponseHead, offset: u64) -> bool {
        let record = &self.entry.record;
        let are_known = record.version.is_known() && head.version.is_known();
        let is_same = if are_known { record.version.is_same(&head.version) } else { self.file.sha256.is_some() };
        is_same && head.continues(offset, record.total)
    }

    /// Begins with the first byte of the file, and deletes the parts of earlier downloads.
    async fn begin(&mut self, head: &ResponseHead) -> Result<(), StoreError> {
        let storage = self.host.storage();
        record::remove(storage, &self.key).await?;
        self.entry.parts.clear();
        (self.hasher, self.resumed) = (Some(Host::Hasher::default()), 0);
        let record = &mut self.entry.record;
        (record.total, record.version) = (head.length, head.version.clone());
        let free = storage.free_bytes().await;
        if record.total.zip(free).is_some_and(|(total, free)| total > free) {
            return Err(StoreError::Full { name: self.name.clone(), needs: record.total, free });
        }
        record.save(storage, &self.key).await
    }

    /// Computes the SHA-256 of the stored parts, unless it is known.
    async fn hash_parts(&mut self) -> Result<(), StoreError> {
        if self.hasher.is_none() {
            let mut hasher = Host::Hasher::default();
            let (mut before, total) = (0, self.stored());
            for part in &self.entry.parts {
                self.host.hash_part(&mut hasher, &self.name, part, before, total).await?;
                before += self.host.storage().size(part);
            }
            self.hasher = Some(hasher);
        }
        Ok(())
    }

    /// Receives the body of a response, chunk by chunk.
    async fn receive(&mut self, mut body: Host::Body) -> Result<ConnectionEnd, StoreError> {
        let end = loop {
            match self.host.next_chunk(&mut body).await {
                Err(reason) => break ConnectionEnd::Broken(reason),
                Ok(None) => break ConnectionEnd::Complete,
                Ok(Some(chunk)) => {
                    if let Err(error) = self.add(chunk).await {
                        self.host.close(body);
                        return Err(error);
                    }
                }
            }
        };
        // Keep the received bytes, however the connection ended.
        self.store_pending().await?;
        self.report(true);
        check_cancelled(self.host, &self.name)?;
        match (end, self.entry.record.total) {
            (ConnectionEnd::Complete, Some(total)) if self.received() < total => {
                Ok(ConnectionEnd::Broken("the connection was closed".to_owned()))
            }
            (end, _) => Ok(end),
        }
    }

    async fn add(&mut self, chunk: Host::Chunk) -> Result<(), StoreError> {
        self.host.hash_chunk(self.hasher.get_or_insert_default(), &chunk);
        self.pending_bytes += self.host.chunk_bytes(&chunk);
        self.pending.push(chunk);
        self.report(false);
        if self.pending_bytes >= Host::PART_BYTES { self.store_pending().await } else { Ok(()) }
    }

    /// Stores the pending chunks as a part.
    async fn store_pending(&mut self) -> Result<(), StoreError> {
        if self.pending_bytes == 0 {
            return Ok(());
        }
        let storage = self.host.storage();
        let blob = self.host.blob_of_chunks(&self.pending)?;
        let name = record::part_name(&self.key, self.entry.parts.len());
        storage.put(&name, &blob).await?;
        // Hold the stored blob in place of the chunks, so that their memory is freed.
        let part = storage.get(&name).await?.filter(|part| storage.size(part) == storage.size(&blob));
        let missing = || StoreError::Storage { reason: "what was written is not there".to_owned() };
        self.entry.parts.push(part.ok_or_else(missing)?);
        self.pending.clear();
        self.pending_bytes = 0;
        Ok(())
    }

    /// Checks the received bytes and marks the file as complete.
    async fn finish(&mut self) -> Result<StoredFile<BlobOf<Host>>, StoreError> {
        let received = self.received();
        if let Some(total) = self.entry.record.total.filter(|&total| total != received) {
            return Err(StoreError::Length { name: self.name.clone(), received, total });
        }
        let sha256 = self.host.finish_hash(self.hasher.take().unwrap_or_default());
        if let Some(digest) = &self.file.sha256 {
            digest.check(&self.name, &sha256)?;
        }
        let storage = self.host.storage();
        let record = &mut self.entry.record;
        (record.total, record.sha256, record.is_complete) = (Some(received), Some(sha256.clone()), true);
        record.save(storage, &self.key).await?;
        Ok(StoredFile { blob: storage.join(&self.entry.parts)?, sha256, was_stored: false })
    }
}
