//! A server, a storage and a clock in memory.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

use sha2::{Digest as _, Sha256};

use crate::download::{BlobStorage, DownloadHost, Phase, Progress, ResponseHead, StoreError, to_hex};

/// The bytes of a part in these tests.
pub(super) const PART: usize = 8;
/// The bytes of a chunk.
const CHUNK: usize = 3;

/// An event that a test may look at.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Event {
    Lock,
    Unlock,
    Get(String),
    Put(String),
    Remove(String),
    Request(u64),
    Sleep(u32),
}

/// A storage in memory.
#[derive(Default)]
pub(super) struct MemoryStorage {
    pub(super) blobs: RefCell<BTreeMap<String, Vec<u8>>>,
    pub(super) free: Cell<Option<u64>>,
    /// True if every blob is refused for lack of room.
    pub(super) is_full: Cell<bool>,
    pub(super) events: std::rc::Rc<RefCell<Vec<Event>>>,
}

impl BlobStorage for MemoryStorage {
    type Blob = Vec<u8>;

    async fn names(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.blobs.borrow().keys().cloned().collect())
    }

    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.events.borrow_mut().push(Event::Get(name.to_owned()));
        Ok(self.blobs.borrow().get(name).cloned())
    }

    async fn put(&self, name: &str, blob: &Vec<u8>) -> Result<(), StoreError> {
        if self.is_full.get() {
            return Err(StoreError::Full { name: name.to_owned(), needs: None, free: None });
        }
        self.events.borrow_mut().push(Event::Put(name.to_owned()));
        self.blobs.borrow_mut().insert(name.to_owned(), blob.clone());
        Ok(())
    }

    async fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.events.borrow_mut().push(Event::Remove(name.to_owned()));
        self.blobs.borrow_mut().remove(name);
        Ok(())
    }

    async fn free_bytes(&self) -> Option<u64> {
        self.free.get()
    }

    fn size(&self, blob: &Vec<u8>) -> u64 {
        blob.len() as u64
    }

    async fn read_text(&self, blob: &Vec<u8>) -> Result<String, StoreError> {
        Ok(String::from_utf8_lossy(blob).into_owned())
    }

    fn blob_of_text(&self, text: &str) -> Result<Vec<u8>, StoreError> {
        Ok(text.as_bytes().to_vec())
    }

    fn join(&self, blobs: &[Vec<u8>]) -> Result<Vec<u8>, StoreError> {
        Ok(blobs.concat())
    }
}

/// The answer of the server to one request.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// The requested bytes; the connection breaks after so many of them, if at all.
    Bytes(Option<usize>),
    /// The requested bytes, but the server closes the connection after so many of them without an error.
    Closed(usize),
    /// The complete file, whatever was requested.
    Complete,
    /// The requested bytes, under these headers in place of the right ones.
    Headers(u16, Vec<(&'static str, String)>),
    /// A status without a body.
    Status(u16),
    /// No response.
    Nothing,
}

/// A host in memory.
pub(super) struct MemoryHost {
    pub(super) storage: MemoryStorage,
    pub(super) file: RefCell<Vec<u8>>,
    pub(super) etag: RefCell<Option<String>>,
    /// The answers to the next requests; [`Answer::Bytes`] with all bytes after those.
    pub(super) answers: RefCell<VecDeque<Answer>>,
    pub(super) is_busy: Cell<bool>,
    /// The download is cancelled once so many chunks have arrived.
    pub(super) cancel_after: Cell<Option<usize>>,
    pub(super) chunks: Cell<usize>,
    pub(super) now: Cell<f64>,
    pub(super) progress: RefCell<Vec<Progress>>,
    pub(super) closed: Cell<usize>,
}

/// A lock that records its release.
pub(super) struct MemoryLock(std::rc::Rc<RefCell<Vec<Event>>>);

impl Drop for MemoryLock {
    fn drop(&mut self) {
        self.0.borrow_mut().push(Event::Unlock);
    }
}

/// The rest of a body, and whether the connection breaks at its end.
pub(super) struct MemoryBody(VecDeque<Vec<u8>>, bool);

impl MemoryHost {
    pub(super) fn new(file: &[u8]) -> Self {
        Self {
            storage: MemoryStorage::default(),
            file: RefCell::new(file.to_vec()),
            etag: RefCell::new(Some("\"1\"".to_owned())),
            answers: RefCell::default(),
            is_busy: Cell::new(false),
            cancel_after: Cell::new(None),
            chunks: Cell::new(0),
            now: Cell::new(0.0),
            progress: RefCell::default(),
            closed: Cell::new(0),
        }
    }

    pub(super) fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.answers.replace(answers.into_iter().collect());
    }

    /// Returns the events since the last call.
    pub(super) fn events(&self) -> Vec<Event> {
        self.storage.events.take()
    }

    /// Returns the offsets of the requests since the last call.
    pub(super) fn requests(&self) -> Vec<u64> {
        let offset = |event| if let Event::Request(offset) = event { Some(offset) } else { None };
        self.events().into_iter().filter_map(offset).collect()
    }

    pub(super) fn phases(&self) -> Vec<Phase> {
        self.progress.borrow().iter().map(|progress| progress.phase).collect()
    }
}

impl DownloadHost for MemoryHost {
    type Storage = MemoryStorage;
    type Chunk = Vec<u8>;
    type Body = MemoryBody;
    type RequestError = ();
    type Hasher = Sha256;
    type Lock = MemoryLock;

    const PART_BYTES: u64 = PART as u64;

    fn storage(&self) -> &MemoryStorage {
        &self.storage
    }

    async fn lock(&self, _key: &str, name: &str) -> Result<MemoryLock, StoreError> {
        if self.is_busy.get() {
            return Err(StoreError::Busy { name: name.to_owned() });
        }
        self.storage.events.borrow_mut().push(Event::Lock);
        Ok(MemoryLock(self.storage.events.clone()))
    }

    async fn request(&self, _url: &str, offset: u64) -> Result<(ResponseHead, MemoryBody), ()> {
        self.storage.events.borrow_mut().push(Event::Request(offset));
        let answer = self.answers.borrow_mut().pop_front().unwrap_or(Answer::Bytes(None));
        let file = self.file.borrow().clone();
        let from = if matches!(answer, Answer::Complete) { 0 } else { offset as usize };
        let body = file.get(from..).unwrap_or_default();
        let mut headers = vec![("content-length", body.len().to_string())];
        headers.extend(self.etag.borrow().clone().map(|etag| ("etag", etag)));
        let mut status = 200;
        if from > 0 {
            status = 206;
            headers.push(("content-range", format!("bytes {from}-{}/{}", file.len() - 1, file.len())));
        }
        let (body, breaks) = match &answer {
            Answer::Bytes(Some(count)) => (&body[..*count], true),
            Answer::Closed(count) => (&body[..*count], false),
            Answer::Status(_) => (&body[..0], false),
            _ => (body, false),
        };
        match answer {
            Answer::Nothing => return Err(()),
            Answer::Status(other) => status = other,
            Answer::Headers(other, given) => (status, headers) = (other, given),
            _ => {}
        }
        let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        let chunks = body.chunks(CHUNK).map(<[u8]>::to_vec).collect();
        Ok((ResponseHead::new(status, header), MemoryBody(chunks, breaks)))
    }

    async fn explain(&self, _url: &str, (): &()) -> StoreError {
        StoreError::Unreachable { host: "host".to_owned(), reason: "no route".to_owned() }
    }

    async fn next_chunk(&self, body: &mut MemoryBody) -> Result<Option<Vec<u8>>, String> {
        self.now.set(self.now.get() + 20.0);
        let chunk = body.0.pop_front();
        self.chunks.set(self.chunks.get() + usize::from(chunk.is_some()));
        if chunk.is_none() && body.1 { Err("reset".to_owned()) } else { Ok(chunk) }
    }

    fn close(&self, _body: MemoryBody) {
        self.closed.set(self.closed.get() + 1);
    }

    fn chunk_bytes(&self, chunk: &Vec<u8>) -> u64 {
        chunk.len() as u64
    }

    fn blob_of_chunks(&self, chunks: &[Vec<u8>]) -> Result<Vec<u8>, StoreError> {
        Ok(chunks.concat())
    }

    fn hash_chunk(&self, hasher: &mut Sha256, chunk: &Vec<u8>) {
        hasher.update(chunk);
    }

    async fn hash_part(
        &self,
        hasher: &mut Sha256,
        _name: &str,
        part: &Vec<u8>,
        before: u64,
        total: u64,
    ) -> Result<(), StoreError> {
        hasher.update(part);
        let received = before + part.len() as u64;
        self.report(Progress { phase: Phase::Check, received, total: Some(total), resumed: total });
        Ok(())
    }

    fn finish_hash(&self, hasher: Sha256) -> String {
        to_hex(&hasher.finalize())
    }

    fn is_cancelled(&self) -> bool {
        self.cancel_after.get().is_some_and(|after| self.chunks.get() >= after)
    }

    fn report(&self, progress: Progress) {
        self.progress.borrow_mut().push(progress);
    }

    fn now_ms(&self) -> f64 {
        self.now.get()
    }

    async fn sleep(&self, ms: u32) {
        self.storage.events.borrow_mut().push(Event::Sleep(ms));
    }
}
