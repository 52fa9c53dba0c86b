//! SHA-256 of bytes outside of the memory of the WebAssembly, window by window.

use js_sys::Uint8Array;
use sha2::{Digest as _, Sha256};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::monitor::ProgressMonitor;
use crate::app::browser::clock::yield_to_browser;
use crate::app::browser::js::error_message;
use logic::download::{Digest, Phase, Progress, StoreError, to_hex};
use weights::{bundled_sha256, published};

/// Bytes that are copied into the memory of the WebAssembly at once.
const WINDOW_BYTES: usize = 256 << 10;
/// Bytes of a stored file that are read at once.
const READ_BYTES: u64 = 2 << 20;

/// Returns the digest of a file that is published for a network, if known. The names of torchvision's files contain
/// the first digits.
pub(in crate::app) fn published_digest(network: &str, file: &str) -> Option<Digest> {
    let file = published(network).into_iter().find(|known| known.sha256.is_some() && known.file == file);
    Digest::parse(file?.sha256?).ok()
}

/// Returns the digest of the file that ships for a network, if one ships.
pub(in crate::app) fn bundled_digest(network: &str) -> Option<Digest> {
    Digest::parse(bundled_sha256(network)?).ok()
}

/// Checks that the SHA-256 of the file `name` begins with `digest`.
///
/// # Errors
/// [`StoreError::Hash`] if it does not, [`StoreError::Storage`] if the file cannot be read, [`StoreError::Cancelled`].
pub(in crate::app) async fn check_blob(
    digest: &Digest,
    name: &str,
    blob: &Blob,
    monitor: &ProgressMonitor,
) -> Result<(), StoreError> {
    let mut hasher = Hasher::default();
    hasher.add_blob(name, blob, 0, blob.size() as u64, monitor).await?;
    digest.check(name, &hasher.finish())
}

/// A SHA-256 in the making.
#[derive(Default)]
pub(super) struct Hasher {
    hasher: Sha256,
    window: Vec<u8>,
}

impl Hasher {
    /// Adds bytes.
    pub(super) fn add(&mut self, bytes: &Uint8Array) {
        self.window.resize(WINDOW_BYTES, 0);
        let length = bytes.length();
        for start in (0..length).step_by(WINDOW_BYTES) {
            let end = length.min(start + WINDOW_BYTES as u32);
            let window = &mut self.window[..(end - start) as usize];
            bytes.subarray(start, end).copy_to(window);
            self.hasher.update(window);
        }
    }

    /// Adds the bytes of a blob and reports the progress: `before` of `total` bytes precede the blob.
    pub(super) async fn add_blob(
        &mut self,
        name: &str,
        blob: &Blob,
        before: u64,
        total: u64,
        monitor: &ProgressMonitor,
    ) -> Result<(), StoreError> {
        let unread =
            |error| StoreError::Storage { reason: format!("{name} cannot be read: {}", error_message(&error)) };
        let size = blob.size() as u64;
        for start in (0..size).step_by(READ_BYTES as usize) {
            monitor.check(name)?;
            let end = size.min(start + READ_BYTES);
            let part = blob.slice_with_f64_and_f64(start as f64, end as f64).map_err(unread)?;
            let buffer = JsFuture::from(part.array_buffer()).await.map_err(unread)?;
            self.add(&Uint8Array::new(&buffer));
            let received = before + end;
            (monitor.progress)(Progress { phase: Phase::Check, received, total: Some(total), resumed: total });
            yield_to_browser().await;
        }
        Ok(())
    }

    /// Returns the SHA-256, in 64 hexadecimal digits.
    pub(super) fn finish(self) -> String {
        to_hex(&self.hasher.finalize())
    }
}
