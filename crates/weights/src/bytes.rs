//! Where the bytes of a checkpoint are: read a range at a time, so that a large file never stands in memory whole.

use std::ops::Range;
use std::pin::Pin;

use super::CheckpointError;

/// A future that stays on its thread: what the browser promises is not `Send`.
pub type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Bytes that can be read from any place: a file, a download, memory.
pub trait ByteSource {
    /// How many bytes there are.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of `range`, which lies within [`ByteSource::len`].
    ///
    /// # Errors
    /// [`CheckpointError::Read`] where they are not to be had.
    fn read(&self, range: Range<u64>) -> Local<'_, Result<Vec<u8>, CheckpointError>>;
}

/// Why `range` cannot be read.
fn fault(range: &Range<u64>, reason: impl Into<String>) -> CheckpointError {
    CheckpointError::Read { start: range.start, end: range.end, reason: reason.into() }
}

/// The bytes of `range`, all of them, which belong to `what`.
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

    fn read(&self, range: Range<u64>) -> Local<'_, Result<Vec<u8>, CheckpointError>> {
        let place = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
        let bytes = place.and_then(|(start, end)| self.get(start..end));
        let read = bytes.map(<[u8]>::to_vec).ok_or_else(|| fault(&range, "it is past the end"));
        Box::pin(std::future::ready(read))
    }
}

/// A file of this machine.
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
    /// What the system says, where it cannot be opened.
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

    fn read(&self, range: Range<u64>) -> Local<'_, Result<Vec<u8>, CheckpointError>> {
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

/// A `Blob` of the browser: a file that someone chose or dropped, one of the origin's private file system, or the
/// body of a response. Its bytes stay outside of the WebAssembly's memory until they are read.
#[cfg(target_arch = "wasm32")]
#[derive(Debug)]
pub struct BlobBytes(pub web_sys::Blob);

#[cfg(target_arch = "wasm32")]
impl ByteSource for BlobBytes {
    fn len(&self) -> u64 {
        self.0.size() as u64
    }

    fn read(&self, range: Range<u64>) -> Local<'_, Result<Vec<u8>, CheckpointError>> {
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

/// What a future gives that waits for nothing, as those that read from memory do.
pub(super) fn ready<T, E: From<CheckpointError>>(future: impl Future<Output = Result<T, E>>) -> Result<T, E> {
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
    fn memory_gives_ranges_and_nothing_past_its_end() {
        let source = vec![1, 2, 3, 4];
        assert_eq!(ready(read(&source, 1..3, "a test")), Ok(vec![2, 3]));
        assert_eq!(ready(read(&source, 4..4, "a test")), Ok(vec![]));
        for range in [2..5, 5..6, Range { start: 3, end: 2 }, u64::MAX - 1..u64::MAX] {
            assert_eq!(ready(read(&source, range, "a test")), Err(CheckpointError::CutOff { what: "a test" }));
        }
        assert!(matches!(ready(source.read(2..5)), Err(CheckpointError::Read { .. })));
    }

    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn a_file_gives_what_memory_gives() {
        let path = std::env::temp_dir().join(format!("layerscope-bytes-{}", std::process::id()));
        std::fs::write(&path, [5, 6, 7]).expect("should be writable");
        let source = LocalFile::open(&path).expect("should open");
        assert_eq!(source.len(), 3);
        assert_eq!(ready(read(&source, 1..3, "a test")), Ok(vec![6, 7]));
        assert_eq!(ready(read(&source, 0..1, "a test")), Ok(vec![5]));
        // A file that shrank after it was opened.
        std::fs::write(&path, [5]).expect("should be writable");
        assert_eq!(ready(read(&source, 0..3, "a test")), Err(CheckpointError::CutOff { what: "a test" }));
        std::fs::remove_file(&path).expect("should be removable");
    }
}
