//! A download: what is here already goes on, what breaks off is tried again, and only what is whole and right is kept.

use js_sys::{Array, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamDefaultReader};

use super::digest::Hash;
use super::js::{message, storage};
use super::record::{self, Entry, Record, Version};
use super::request::{self, Answer};
use super::shelf::{self, Shelf};
use super::{Kept, PART, Phase, Progress, StoreError, Wanted, Watch, file_name, lock};
use crate::app::clock::sleep;

/// How often a connection that breaks is opened again, if some bytes came each time or not.
const RETRIES: u32 = 4;
/// The rest before the first of these, in milliseconds; each next is twice as long.
const REST_MS: i32 = 250;
/// Milliseconds between two reports.
const REPORT_MS: f64 = 50.0;

/// The file at `wanted.url`, from what is kept or from the network.
///
/// # Errors
/// [`StoreError`]: what went wrong and what is left of it.
pub(in crate::app) async fn download(wanted: &Wanted, watch: &Watch) -> Result<Kept, StoreError> {
    let (name, key) = (file_name(&wanted.url), record::key(&wanted.url));
    watch.check(&name)?;
    let _lock = lock::take(&key, &wanted.url).await?;
    let shelf = Shelf::open().await;
    let entry = Entry::open(&shelf, &key).await?;
    if let Some(kept) = kept(entry.as_ref(), wanted)? {
        return Ok(kept);
    }
    // A whole file that is not the one that is wanted now is fetched anew.
    let entry = entry.filter(|entry| !entry.record.whole).unwrap_or_else(|| {
        let (url, version) = (wanted.url.clone(), Version::default());
        Entry { record: Record { url, total: None, version, sha256: None, whole: false }, parts: Vec::new() }
    });
    let resumed = entry.received();
    let mut download = Download {
        name,
        key,
        wanted,
        watch,
        shelf,
        entry,
        hash: None,
        pending: Array::new(),
        pending_bytes: 0,
        resumed,
        reported: f64::NEG_INFINITY,
    };
    let result = download.run().await;
    if let Err(StoreError::Full { .. } | StoreError::Hash { .. } | StoreError::Length { .. }) = &result {
        record::remove(&download.shelf, &download.key).await?;
    }
    if let Err(StoreError::Full { .. }) = &result {
        let (name, needs) = (download.name.clone(), download.entry.record.total);
        return Err(StoreError::Full { name, needs, free: shelf::free().await });
    }
    result
}

/// What is kept, where it is whole and the file that is wanted.
fn kept(entry: Option<&Entry>, wanted: &Wanted) -> Result<Option<Kept>, StoreError> {
    let Some(entry) = entry.filter(|entry| entry.record.whole) else { return Ok(None) };
    match &entry.record.sha256 {
        Some(sha256) if wanted.sha256.as_ref().is_none_or(|digest| digest.fits(sha256)) => {
            Ok(Some(Kept { blob: entry.blob()?, sha256: sha256.clone(), before: true }))
        }
        _ => Ok(None),
    }
}

/// How a connection ended.
enum End {
    /// All bytes have come.
    Whole,
    /// It broke; what the browser says.
    Broke(String),
    /// What is kept is not part of what the server has now.
    Anew,
}

struct Download<'a> {
    name: String,
    key: String,
    wanted: &'a Wanted,
    watch: &'a Watch,
    shelf: Shelf,
    entry: Entry,
    /// The hash of all bytes that are here; none where it has to be made from them.
    hash: Option<Hash>,
    /// Chunks that are in no part yet.
    pending: Array,
    pending_bytes: usize,
    resumed: u64,
    reported: f64,
}

impl Download<'_> {
    fn received(&self) -> u64 {
        self.entry.received() + self.pending_bytes as u64
    }

    fn report(&mut self, always: bool) {
        let now = window().performance().map_or(0.0, |performance| performance.now());
        if always || now - self.reported >= REPORT_MS {
            self.reported = now;
            let (received, total) = (self.received(), self.entry.record.total);
            (self.watch.progress)(Progress { phase: Phase::Download, received, total, resumed: self.resumed });
        }
    }

    async fn run(&mut self) -> Result<Kept, StoreError> {
        let mut retries = 0;
        let mut resume = true;
        loop {
            match self.connect(resume).await? {
                End::Whole => return self.finish().await,
                End::Anew => resume = false,
                End::Broke(reason) => {
                    let (name, received) = (self.name.clone(), self.received());
                    if retries == RETRIES {
                        return Err(StoreError::Broken { name, received, reason });
                    }
                    sleep(REST_MS << retries).await;
                    self.watch.check(&self.name)?;
                    (retries, resume) = (retries + 1, true);
                }
            }
        }
    }

    /// Bytes that are here and may be gone on from.
    fn from(&self, resume: bool) -> u64 {
        // Without a version or a hash nobody would notice that two halves are not of the same file.
        let safe = self.entry.record.version.is_known() || self.wanted.sha256.is_some();
        if resume && safe { self.entry.received() } else { 0 }
    }

    /// One connection, to its end.
    async fn connect(&mut self, resume: bool) -> Result<End, StoreError> {
        let from = self.from(resume);
        if from > 0 {
            self.rehash().await?;
            if self.entry.record.total == Some(from) {
                return Ok(End::Whole);
            }
        }
        let url = self.wanted.url.clone();
        let answer = match request::send(&url, from, self.watch.signal.as_ref()).await {
            Ok(answer) => answer,
            Err(_) if self.watch.aborted() => return Err(StoreError::Cancelled { name: self.name.clone() }),
            // Some browsers ask other origins for leave to send Range, and few of those give it.
            Err(_) if from > 0 => return Ok(End::Anew),
            Err(error) => return Err(request::explain(&url, &error).await),
        };
        let refused = match answer.response.status() {
            200 => self.begin(&answer).await.err().map(Err),
            206 if from > 0 && self.is_rest(&answer, from) => None,
            206 | 416 if from > 0 => Some(Ok(End::Anew)),
            status => Some(Err(StoreError::Status { name: self.name.clone(), status })),
        };
        if let Some(result) = refused {
            answer.refuse();
            return result;
        }
        self.report(true);
        self.receive(&answer).await
    }

    /// Whether an answer is the rest of what is here, and of the same version where that can be told.
    fn is_rest(&self, answer: &Answer, from: u64) -> bool {
        let record = &self.entry.record;
        let known = record.version.is_known() && answer.version.is_known();
        let same = if known { record.version.is(&answer.version) } else { self.wanted.sha256.is_some() };
        same && answer.continues(from, record.total)
    }

    /// The server sends the file from its first byte: what is here of another download goes.
    async fn begin(&mut self, answer: &Answer) -> Result<(), StoreError> {
        record::remove(&self.shelf, &self.key).await?;
        self.entry.parts.clear();
        (self.hash, self.resumed) = (Some(Hash::default()), 0);
        let record = &mut self.entry.record;
        (record.total, record.version) = (answer.total(), answer.version.clone());
        let free = if matches!(self.shelf, Shelf::Tab) { None } else { shelf::free().await };
        if record.total.zip(free).is_some_and(|(total, free)| total > free) {
            return Err(StoreError::Full { name: self.name.clone(), needs: record.total, free });
        }
        record.save(&self.shelf, &self.key).await
    }

    /// Makes the hash of what is here.
    async fn rehash(&mut self) -> Result<(), StoreError> {
        if self.hash.is_none() {
            let mut hash = Hash::default();
            let (mut before, total) = (0, self.entry.received());
            for part in &self.entry.parts {
                hash.add_blob(&self.name, part, before, total, self.watch).await?;
                before += part.size() as u64;
            }
            self.hash = Some(hash);
        }
        Ok(())
    }

    /// Takes the body of an answer, a chunk at a time.
    async fn receive(&mut self, answer: &Answer) -> Result<End, StoreError> {
        let Some(body) = answer.response.body() else { return Ok(End::Whole) };
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let end = loop {
            match JsFuture::from(reader.read()).await {
                Err(error) => break End::Broke(message(&error)),
                Ok(next) => match Reflect::get(&next, &"value".into()).map(JsCast::dyn_into::<Uint8Array>) {
                    Ok(Ok(chunk)) => {
                        if let Err(error) = self.take(&chunk).await {
                            request::close(reader.cancel());
                            return Err(error);
                        }
                    }
                    _ => break End::Whole,
                },
            }
        };
        // What has arrived is kept, however it ended.
        self.flush().await?;
        self.report(true);
        self.watch.check(&self.name)?;
        match (end, self.entry.record.total) {
            (End::Whole, Some(total)) if self.received() < total => {
                Ok(End::Broke("the connection was closed".to_owned()))
            }
            (end, _) => Ok(end),
        }
    }

    async fn take(&mut self, chunk: &Uint8Array) -> Result<(), StoreError> {
        self.hash.get_or_insert_default().add(chunk);
        self.pending.push(chunk);
        self.pending_bytes += chunk.length() as usize;
        self.report(false);
        if self.pending_bytes >= PART { self.flush().await } else { Ok(()) }
    }

    /// Writes the chunks at hand as a part.
    async fn flush(&mut self) -> Result<(), StoreError> {
        if self.pending_bytes == 0 {
            return Ok(());
        }
        let blob = Blob::new_with_u8_array_sequence(&self.pending).map_err(|error| storage(&error))?;
        let part = record::part(&self.key, self.entry.parts.len());
        self.shelf.put(&part, &blob).await?;
        // The kept one, so that the chunks go.
        let kept = self.shelf.get(&part).await?.filter(|kept| kept.size() == blob.size());
        let lost = || storage(&JsValue::from_str("what was written is not there"));
        self.entry.parts.push(kept.ok_or_else(lost)?);
        (self.pending, self.pending_bytes) = (Array::new(), 0);
        Ok(())
    }

    /// All bytes are here: marks them as whole, if they are the right ones.
    async fn finish(&mut self) -> Result<Kept, StoreError> {
        let received = self.received();
        if let Some(total) = self.entry.record.total.filter(|&total| total != received) {
            return Err(StoreError::Length { name: self.name.clone(), received, total });
        }
        let sha256 = self.hash.take().unwrap_or_default().finish();
        if let Some(digest) = &self.wanted.sha256 {
            digest.check(&self.name, &sha256)?;
        }
        let record = &mut self.entry.record;
        (record.total, record.sha256, record.whole) = (Some(received), Some(sha256.clone()), true);
        record.save(&self.shelf, &self.key).await?;
        Ok(Kept { blob: self.entry.blob()?, sha256, before: false })
    }
}
