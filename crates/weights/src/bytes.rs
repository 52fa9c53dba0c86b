//! The bytes of a checkpoint, read one range at a time, so that a large file is never in memory as a whole.

use std::ops::Range;
use std::pin::Pin;

use super::CheckpointError;

/// A future that stays on its thread, because the promises of the browser are not `Send`.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Bytes that can be read at any position: a file, a download or memory.
pub trait ByteSource {
    /// Returns the number of bytes.
    fn len(&self) -> u64;

    /// Returns whether there are no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads the bytes of `range`, which must lie within [`ByteSource::len`].
    ///
    /// # Errors
    /// [`CheckpointError::Read`] if they cannot be read.
    fn read(&self, range: Range<u64>) -> LocalFuture<'_, Result<Vec<u8>, CheckpointError>>;
}

/// Returns the error for a range that cannot be read.
fn fault(range: &Range<u64>, reason: impl Into<String>) -> CheckpointError {
    CheckpointError::Read { start: range.start, end: range.end, reason: reason.into() }
}

/// Reads all bytes of `range`. `what` names the part of the file for error messages.
pub(super) async fn read(
    source: &dyn ByteSource,
    range: Range<u64>,
    what: &'static str,
) -> Result<Vec<u8>, CheckpointError> {
    if range.start > range.end || range.end > source.len() {
        return Err(CheckpointError::CutOff { what });
    }
    let wanted = range.end - range.start;
    let bytes = source.read(range).await?;
    if bytes.len() as u64 == wanted { Ok(bytes) } else { Err(CheckpointError::CutOff { what }) }
}

impl ByteSource for Vec<u8> {
    fn len(&self) -> u64 {
        self.as_slice().len() as u64
    }

    fn read(&self, range: Range<u64>) -> LocalFuture<'_, Result<Vec<u8>, CheckpointError>> {
        let place = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
        let bytes = place.and_then(|(start, end)| self.get(start..end));
        let read = bytes.map(<[u8]>::to_vec).ok_or_else(|| fault(&range, "it is past the end"));
        Box::pin(std::future::ready(read))
    }
}

/// A file of this computer.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug)]
pub struct LocalFile {
    file: std::fs::File,
    len: u64,
}

#[cfg(not(target_arch = "wasm32"))]
impl LocalFile {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// The error of the system, if the file cannot be opened.
    pub fn open(path: &std::path::Path) -> std::io::Result<Self> {
        let file = std::fs::File::open(path)?;
        let len = file.metadata()?.len();
        Ok(Self { file, len })
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl ByteSource for LocalFile {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&self, range: Range<u64>) -> LocalFuture<'_, Result<Vec<u8>, CheckpointError>> {
        use std::io::{Read, Seek, SeekFrom};
        let read = || {
            let mut file = &self.file;
            let wanted = range.end.saturating_sub(range.start);
            file.seek(SeekFrom::Start(range.start))?;
            let mut bytes = Vec::with_capacity(usize::try_from(wanted.min(self.len)).unwrap_or(0));
            file.take(wanted).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let read = read().map_err(|reason: std::io::Error| fault(&range, reason.to_string()));
        Box::pin(std::future::ready(read))
    }
}

/// A `Blob` of the browser: a file that someone chose or dropped, a file of the origin's private file system, or the
/// body of a response. Its bytes stay outside the memory of WebAssembly until they are read.
#[cfg(target_arch = "wasm32")]
#[derive(Debug)]
pub struct BlobBytes(pub web_sys::Blob);

#[cfg(target_arch = "wasm32")]
impl ByteSource for BlobBytes {
    fn len(&self) -> u64 {
        self.0.size() as u64
    }

    fn read(&self, range: Range<u64>) -> LocalFuture<'_, Result<Vec<u8>, CheckpointError>> {
        Box::pin(async move {
            let said = |error: wasm_bindgen::JsValue| {
                let text = js_sys::Error::from(error).message().as_string();
                fault(&range, text.unwrap_or_else(|| "the browser did not say why".to_owned()))
            };
            let part = self.0.slice_with_f64_and_f64(range.start as f64, range.end as f64).map_err(said)?;
            let buffer = wasm_bindgen_futures::JsFuture::from(part.array_buffer()).await.map_err(said)?;
            Ok(js_sys::Uint8Array::new(&buffer).to_vec())
        })
    }
}

/// Returns the result of a future that never waits, as futures that read from memory do.
pub(super) fn poll_once<T, E: From<CheckpointError>>(future: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(result) => result,
        std::task::Poll::Pending => Err(fault(&(0..0), "the source waits, and is not memory").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_up_to_its_end() {
        let source = vec![1, 2, 3, 4];
        assert_eq!(poll_once(read(&source, 1..3, "a test")), Ok(vec![2, 3]));
        assert_eq!(poll_once(read(&source, 4..4, "a test")), Ok(vec![]));
        for range in [2..5, 5..6, Range { start: 3, end: 2 }, u64::MAX - 1..u64::MAX] {
            assert_eq!(poll_once(read(&source, range, "a test")), Err(CheckpointError::CutOff { what: "a test" }));
        }
        assert!(matches!(poll_once(source.read(2..5)), Err(CheckpointError::Read { .. })));
    }

    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn a_file_is_read_like_memory() {
        let path = std::env::temp_dir().join(format!("layerscope-bytes-{}", std::process::id()));
        std::fs::write(&path, [5, 6, 7]).expect("should be writable");
        let source = LocalFile::open(&path).expect("should open");
        assert_eq!(source.len(), 3);
        assert_eq!(poll_once(read(&source, 1..3, "a test")), Ok(vec![6, 7]));
        assert_eq!(poll_once(read(&source, 0..1, "a test")), Ok(vec![5]));
        // The file is truncated after it was opened.
        std::fs::write(&path, [5]).expect("should be writable");
        assert_eq!(poll_once(read(&source, 0..3, "a test")), Err(CheckpointError::CutOff { what: "a test" }));
        std::fs::remove_file(&path).expect("should be removable");
    }
}
