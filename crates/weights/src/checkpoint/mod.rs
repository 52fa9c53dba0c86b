//! Checkpoints: files of named tensors, read some rows at a time.
//!
//! Opening a file reads its headers only. Nothing in a file is trusted: every length is checked against the length of
//! the file or a limit before it is used. Memory is taken for the headers, for the values that are asked for and for
//! one piece of [`CHUNK_BYTES`] bytes, and for nothing else.

mod dtype;
mod error;
mod index;
mod layout;
mod module;
mod other_format;
mod pickle;
mod safetensors;
mod state_dict;
mod tensor;
mod torch;
mod value;
mod zip;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

pub use dtype::DType;
pub use error::CheckpointError;
pub use index::{Place, TensorEntry};
pub use other_format::OtherFormat;

use super::bytes::{ByteSource, read};
use index::{ByteOrder, ByteRun, Index};
use other_format::HEAD_BYTES;

/// The number of bytes that are read at once.
pub const CHUNK_BYTES: u64 = 4 << 20;

/// The part of a run that was read without a gap from its start, with its CRC-32 so far.
#[derive(Debug, Default)]
struct ChecksumProgress {
    next: u64,
    crc: crc32fast::Hasher,
}

/// A file of tensors. Only the contents of its headers are in memory.
pub struct Checkpoint {
    source: Box<dyn ByteSource>,
    index: Index,
    progress: RefCell<HashMap<usize, ChecksumProgress>>,
}

impl std::fmt::Debug for Checkpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checkpoint").field("index", &self.index).finish_non_exhaustive()
    }
}

impl Checkpoint {
    /// Reads the headers of a safetensors file, or of a file that `torch.save` wrote. The first bytes decide between
    /// them. The tensors are those of the dictionary or module with the most tensors, wherever it is in the file.
    ///
    /// # Errors
    /// [`CheckpointError`] with the reason why the file is refused.
    pub async fn open(source: Box<dyn ByteSource>) -> Result<Self, CheckpointError> {
        Self::open_at(source, None).await
    }

    /// Reads the headers like [`Checkpoint::open`]. If `place` is given, the tensors are those at these keys of a file
    /// that `torch.save` wrote ([`Place::path`]).
    ///
    /// # Errors
    /// [`CheckpointError`] with the reason why the file is refused.
    pub async fn open_at(source: Box<dyn ByteSource>, place: Option<&str>) -> Result<Self, CheckpointError> {
        let head = read(&*source, 0..source.len().min(HEAD_BYTES), "its first bytes").await?;
        let index = match head.as_slice() {
            [b'P', b'K', 3 | 5, 4 | 6, ..] => torch::open_zip(&*source, place).await?,
            // A pickle begins with its protocol. A safetensors file has the length of its header, and then `{`.
            [_, _, _, _, _, _, _, _, b'{', ..] => safetensors::open(&*source).await?,
            [0x80, ..] => torch::open_legacy(&*source, place).await?,
            head => return Err(CheckpointError::OtherFormat { format: OtherFormat::of_head(head) }),
        };
        let checkpoint = Self { source, index, progress: RefCell::default() };
        checkpoint.verify().await?;
        Ok(checkpoint)
    }

    /// Checks the CRC-32 of every run that reading all rows in order would not check, because the run is not exactly
    /// one row-major tensor. A network saved by PyTorch has no such run.
    async fn verify(&self) -> Result<(), CheckpointError> {
        let mut in_order: Vec<u64> = vec![0; self.index.runs.len()];
        let mut names = vec![""; self.index.runs.len()];
        for (name, TensorEntry { dtype, layout, run }) in &self.index.entries {
            names[*run] = name;
            let filled = layout.run(&(0..layout.rows())).filter(|places| places.start == 0);
            in_order[*run] = in_order[*run].max(filled.map_or(0, |places| places.end * dtype.bytes()));
        }
        for (run, ByteRun { bytes, crc, .. }) in self.index.runs.iter().enumerate() {
            if crc.is_none() || in_order[run] == *bytes {
                continue;
            }
            let mut at = 0;
            while at < *bytes {
                let end = (at + CHUNK_BYTES).min(*bytes);
                self.bytes(names[run], run, at..end).await?;
                at = end;
            }
        }
        Ok(())
    }

    /// Returns the metadata of a safetensors file. Other formats have none.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.index.metadata
    }

    /// Returns the name of the format: `safetensors`, `torch.save` or `torch.save, legacy`.
    pub fn format(&self) -> &'static str {
        self.index.format
    }

    /// Returns the place of the tensors in the file.
    pub fn place(&self) -> &Place {
        &self.index.place
    }

    /// Returns all tensors in the order of their names.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &TensorEntry)> {
        self.index.entries.iter().map(|(name, entry)| (name.as_str(), entry))
    }

    /// Returns the tensor called `name`.
    ///
    /// # Errors
    /// [`CheckpointError::NoTensor`] if there is none.
    pub fn entry(&self, name: &str) -> Result<&TensorEntry, CheckpointError> {
        self.index.entries.get(name).ok_or_else(|| CheckpointError::NoTensor { name: name.to_owned() })
    }

    /// Loads `rows` of a tensor, row-major, as F32. Rows are indices of the leading dimension. F64 is rounded.
    ///
    /// If the file has a CRC-32 (zip files have one) and all rows are loaded in order, the call that loads the last row
    /// checks it.
    ///
    /// # Errors
    /// [`CheckpointError`] if there is no such tensor, if it has no such rows or no floating-point values, or if its
    /// bytes cannot be read or are damaged.
    pub async fn load_rows(&self, name: &str, rows: Range<usize>) -> Result<Vec<f32>, CheckpointError> {
        let entry = self.entry(name)?;
        let TensorEntry { dtype, layout, .. } = entry;
        if !dtype.is_float() {
            return Err(CheckpointError::NoFloats { name: name.to_owned(), dtype: dtype.name() });
        }
        if rows.start > rows.end || rows.end > layout.rows() {
            let (has, Range { start, end }) = (layout.rows(), rows);
            return Err(CheckpointError::NoRows { name: name.to_owned(), has, start, end });
        }
        let count = (rows.end - rows.start) as u64 * layout.row_len();
        let too_much = CheckpointError::TooMuch { what: "values at once", got: count, most: usize::MAX as u64 / 4 };
        let count = usize::try_from(count).ok().filter(|&n| n <= usize::MAX / 4).ok_or(too_much)?;
        if let Some(run) = layout.run(&rows) {
            self.contiguous(name, entry, run, count).await
        } else {
            self.strided(name, entry, &rows, count).await
        }
    }

    /// Loads all values of a tensor, row-major, as F32.
    ///
    /// # Errors
    /// Those of [`Checkpoint::load_rows`].
    pub async fn load(&self, name: &str) -> Result<Vec<f32>, CheckpointError> {
        self.load_rows(name, 0..self.entry(name)?.rows()).await
    }

    async fn contiguous(
        &self,
        name: &str,
        entry: &TensorEntry,
        places: Range<u64>,
        count: usize,
    ) -> Result<Vec<f32>, CheckpointError> {
        let size = entry.dtype.bytes();
        let mut values = Vec::with_capacity(count);
        let mut at = places.start * size;
        while at < places.end * size {
            let end = (at + CHUNK_BYTES).min(places.end * size);
            self.decode(entry.dtype, self.bytes(name, entry.run, at..end).await?, &mut values);
            at = end;
        }
        Ok(values)
    }

    /// Loads rows whose values are not consecutive. They are read in the order of the storage, one window of bytes at a
    /// time.
    async fn strided(
        &self,
        name: &str,
        entry: &TensorEntry,
        rows: &Range<usize>,
        count: usize,
    ) -> Result<Vec<f32>, CheckpointError> {
        let size = entry.dtype.bytes();
        let run = &self.index.runs[entry.run];
        let mut values = vec![0.0; count];
        let mut window: Vec<f32> = Vec::new();
        let mut from = 0;
        for (place, target) in entry.layout.places(rows) {
            if place >= from + window.len() as u64 {
                window.clear();
                from = place;
                let end = (place * size + CHUNK_BYTES).min(run.bytes);
                self.decode(entry.dtype, self.bytes(name, entry.run, place * size..end).await?, &mut window);
            }
            values[target as usize] = window[(place - from) as usize];
        }
        Ok(values)
    }

    /// Converts bytes of the file to F32 and appends the values to `out`.
    fn decode(&self, dtype: DType, mut bytes: Vec<u8>, out: &mut Vec<f32>) {
        let size = dtype.bytes() as usize;
        if self.index.order == ByteOrder::Big && size > 1 {
            bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
        }
        dtype.decode(&bytes, out);
    }

    /// Reads bytes of a run. `range` counts from the start of the run.
    async fn bytes(&self, name: &str, run: usize, range: Range<u64>) -> Result<Vec<u8>, CheckpointError> {
        let ByteRun { start, bytes: len, crc } = self.index.runs[run];
        let place = start + range.start..start + range.end;
        let bytes = match place.start.checked_sub(self.source.len()) {
            // Unpacked runs follow the file. A run has no byte there otherwise, or it is empty.
            Some(from) if !self.index.unpacked.is_empty() => {
                read(&self.index.unpacked, from..from + (place.end - place.start), "the values").await?
            }
            _ => read(&*self.source, place, "the values").await?,
        };
        let Some(wanted) = crc else { return Ok(bytes) };
        let mut all = self.progress.borrow_mut();
        let progress = all.entry(run).or_default();
        if range.start == 0 {
            *progress = ChecksumProgress::default();
        }
        if range.start == progress.next {
            progress.next = range.end;
            progress.crc.update(&bytes);
            if range.end == len && progress.crc.clone().finalize() != wanted {
                return Err(CheckpointError::Damaged { name: name.to_owned() });
            }
        }
        Ok(bytes)
    }
}
