//! SHA-256, a piece at a time.

use std::fmt::Write as _;

use js_sys::Uint8Array;
use sha2::{Digest as _, Sha256};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::js::message;
use super::{Phase, Progress, StoreError, Watch};
use crate::app::clock::yield_to_browser;
use weights::{bundled_sha256, published};

/// Bytes that are in the WebAssembly's memory at once.
const WINDOW: usize = 256 << 10;
/// Bytes of a kept file that are read at once.
const READ: u64 = 2 << 20;

/// A SHA-256 or the beginning of one, in small hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Digest(String);

impl Digest {
    /// A hash as someone wrote it.
    ///
    /// # Errors
    /// [`StoreError::NoDigest`] where it is not 8 to 64 hexadecimal digits.
    pub(in crate::app) fn read(text: &str) -> Result<Self, StoreError> {
        let digits = text.trim().to_lowercase();
        let good = (8..=64).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if good { Ok(Self(digits)) } else { Err(StoreError::NoDigest { text: text.to_owned() }) }
    }

    /// What is known of the file called `file` of a network: torchvision's names hold the hash's beginning.
    pub(in crate::app) fn known(network: &str, file: &str) -> Option<Self> {
        let found =
            published(network).into_iter().find(|published| published.sha256.is_some() && published.file == file);
        found.and_then(|published| published.sha256).map(|digits| Self(digits.to_owned()))
    }

    /// Of the file that ships for a network.
    pub(in crate::app) fn shipped(network: &str) -> Option<Self> {
        bundled_sha256(network).map(|digits| Self(digits.to_owned()))
    }

    /// Whether `sha256`, of 64 digits, begins so.
    pub(super) fn fits(&self, sha256: &str) -> bool {
        sha256.starts_with(&self.0)
    }

    /// Fails where `sha256` of the file called `name` is another.
    pub(in crate::app) fn check(&self, name: &str, sha256: &str) -> Result<(), StoreError> {
        if self.fits(sha256) {
            return Ok(());
        }
        Err(StoreError::Hash { name: name.to_owned(), expected: self.0.clone(), got: sha256.to_owned() })
    }

    /// The SHA-256 of a file that someone opened, held against this one.
    ///
    /// # Errors
    /// [`StoreError::Hash`] where it is another, [`StoreError::Storage`] where the file cannot be read,
    /// [`StoreError::Cancelled`].
    pub(in crate::app) async fn check_blob(&self, name: &str, blob: &Blob, watch: &Watch) -> Result<(), StoreError> {
        let mut hash = Hash::default();
        hash.add_blob(name, blob, 0, blob.size() as u64, watch).await?;
        self.check(name, &hash.finish())
    }
}

/// A SHA-256 in the making.
#[derive(Default)]
pub(super) struct Hash {
    hasher: Sha256,
    window: Vec<u8>,
}

impl Hash {
    /// Goes over bytes that are outside of the WebAssembly's memory.
    pub(super) fn add(&mut self, bytes: &Uint8Array) {
        self.window.resize(WINDOW, 0);
        let length = bytes.length();
        for start in (0..length).step_by(WINDOW) {
            let end = length.min(start + WINDOW as u32);
            let window = &mut self.window[..(end - start) as usize];
            bytes.subarray(start, end).copy_to(window);
            self.hasher.update(window);
        }
    }

    /// Goes over a kept file, of which `before` bytes of `total` have gone already.
    pub(super) async fn add_blob(
        &mut self,
        name: &str,
        blob: &Blob,
        before: u64,
        total: u64,
        watch: &Watch,
    ) -> Result<(), StoreError> {
        let unread = |error| StoreError::Storage { reason: format!("{name} cannot be read: {}", message(&error)) };
        let size = blob.size() as u64;
        for start in (0..size).step_by(READ as usize) {
            watch.check(name)?;
            let end = size.min(start + READ);
            let part = blob.slice_with_f64_and_f64(start as f64, end as f64).map_err(unread)?;
            let buffer = JsFuture::from(part.array_buffer()).await.map_err(unread)?;
            self.add(&Uint8Array::new(&buffer));
            let received = before + end;
            (watch.progress)(Progress { phase: Phase::Check, received, total: Some(total), resumed: total });
            yield_to_browser().await;
        }
        Ok(())
    }

    /// The hash in 64 hexadecimal digits.
    pub(super) fn finish(self) -> String {
        hex(&self.hasher.finalize())
    }
}

/// The SHA-256 of a text in 64 hexadecimal digits.
pub(super) fn of_text(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
