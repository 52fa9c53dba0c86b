//! Reads IDX files, the format of MNIST (LeCun, Cortes, Burges), with or without gzip compression.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

/// The most bytes that the header of a file may declare. The largest file of MNIST has 47 MB.
const MAX_BYTES: usize = 256 << 20;

/// Rows and columns of a digit.
pub const DIGIT_SIDE: usize = 28;

/// Pixels of a digit.
pub const DIGIT_PIXELS: usize = DIGIT_SIDE * DIGIT_SIDE;

/// Errors of reading IDX files.
#[derive(Debug, thiserror::Error)]
pub enum IdxError {
    /// The file cannot be read.
    #[error("{path} cannot be read ({reason})")]
    Unreadable {
        /// Path of the file.
        path: String,
        /// Reason for the failure.
        reason: std::io::Error,
    },
    /// The file is no IDX file of the expected dimensions.
    #[error("{path} is no IDX file of digits ({reason})")]
    Malformed {
        /// Path of the file.
        path: String,
        /// The part that is malformed.
        reason: String,
    },
    /// The numbers of pictures and labels differ.
    #[error("{images} pictures and {labels} labels do not belong together")]
    CountMismatch {
        /// Number of pictures.
        images: usize,
        /// Number of labels.
        labels: usize,
    },
}

/// Digits of 28x28 with their labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits {
    /// One byte per pixel, 0 for paper and 255 for ink, `[digits, 28, 28]` row-major.
    pub pixels: Vec<u8>,
    /// The digit that each picture shows, 0 to 9.
    pub labels: Vec<u8>,
}

impl Digits {
    /// Reads `STEM-images-idx3-ubyte` and `STEM-labels-idx1-ubyte` from a folder, each with or without `.gz`.
    ///
    /// # Errors
    /// Returns [`IdxError`] if a file is missing or malformed, or if the numbers of pictures and labels differ.
    pub fn read(directory: &Path, stem: &str) -> Result<Self, IdxError> {
        let pixels = read_images(&plain_or_gzip(directory, &format!("{stem}-images-idx3-ubyte")))?;
        let labels = read_labels(&plain_or_gzip(directory, &format!("{stem}-labels-idx1-ubyte")))?;
        let images = pixels.len() / DIGIT_PIXELS;
        if images != labels.len() {
            return Err(IdxError::CountMismatch { images, labels: labels.len() });
        }
        Ok(Self { pixels, labels })
    }

    /// Returns the number of digits.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Returns whether there are no digits.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Returns the pixels of digit `index`, row by row.
    pub fn image(&self, index: usize) -> &[u8] {
        &self.pixels[index * DIGIT_PIXELS..(index + 1) * DIGIT_PIXELS]
    }

    /// Removes the last `count` digits and returns them.
    #[must_use]
    pub fn split_off(&mut self, count: usize) -> Self {
        let keep = self.len().saturating_sub(count);
        Self { pixels: self.pixels.split_off(keep * DIGIT_PIXELS), labels: self.labels.split_off(keep) }
    }
}

/// Returns the path of the file `name` if it exists, otherwise that of `name.gz`.
fn plain_or_gzip(directory: &Path, name: &str) -> PathBuf {
    let plain = directory.join(name);
    if plain.exists() { plain } else { directory.join(format!("{name}.gz")) }
}

/// Reads pictures of 28x28. Returns one byte per pixel, `[pictures, 28, 28]` row-major.
///
/// # Errors
/// Returns [`IdxError`] if the file cannot be read or is no IDX file of 28x28 pictures.
pub fn read_images(path: &Path) -> Result<Vec<u8>, IdxError> {
    parse(path, &[None, Some(DIGIT_SIDE), Some(DIGIT_SIDE)])
}

/// Reads labels, 0 to 9.
///
/// # Errors
/// Returns [`IdxError`] if the file cannot be read or is no IDX file of such labels.
pub fn read_labels(path: &Path) -> Result<Vec<u8>, IdxError> {
    let labels = parse(path, &[None])?;
    match labels.iter().find(|label| **label > 9) {
        Some(label) => {
            Err(IdxError::Malformed { path: path.display().to_string(), reason: format!("{label} is no digit") })
        }
        None => Ok(labels),
    }
}

/// Reads an IDX file of bytes with the dimensions `dims`; `None` accepts any length.
fn parse(path: &Path, dims: &[Option<usize>]) -> Result<Vec<u8>, IdxError> {
    let unreadable = |reason| IdxError::Unreadable { path: path.display().to_string(), reason };
    let mut head = [0; 2];
    let gzip = {
        let mut file = File::open(path).map_err(unreadable)?;
        file.read_exact(&mut head).is_ok() && head == [0x1f, 0x8b]
    };
    let file = BufReader::new(File::open(path).map_err(unreadable)?);
    let result = if gzip { read_body(&mut GzDecoder::new(file), dims) } else { read_body(&mut { file }, dims) };
    result.map_err(|reason| IdxError::Malformed { path: path.display().to_string(), reason })
}

/// Checks the header and returns the bytes after it. Memory grows with the bytes that are read, not with the lengths
/// that the header declares.
fn read_body(reader: &mut dyn Read, dims: &[Option<usize>]) -> Result<Vec<u8>, String> {
    let mut word = || {
        let mut bytes = [0; 4];
        reader.read_exact(&mut bytes).map_err(|e| format!("its header is cut off: {e}"))?;
        Ok::<u32, String>(u32::from_be_bytes(bytes))
    };
    // The third byte, 0x08, is the type "unsigned byte"; the last byte is the number of dimensions.
    let (magic, expected) = (word()?, 0x0800 + dims.len() as u32);
    if magic != expected {
        return Err(format!("it begins with {magic:#010x}, not {expected:#010x}"));
    }
    let mut count = 1usize;
    for wanted in dims {
        let n = word()? as usize;
        if wanted.is_some_and(|wanted| wanted != n) {
            return Err(format!("a side of its pictures is {n}, not {DIGIT_SIDE}"));
        }
        count = count.checked_mul(n).filter(|count| *count <= MAX_BYTES).ok_or("it says it holds too much")?;
    }
    let mut bytes = Vec::new();
    // Read one byte more than declared to detect a file that is too long.
    reader.take(count as u64 + 1).read_to_end(&mut bytes).map_err(|e| format!("it breaks off: {e}"))?;
    if bytes.len() != count {
        let more = if bytes.len() > count { "more" } else { "less" };
        return Err(format!("it says it holds {count} bytes and holds {more}"));
    }
    Ok(bytes)
}
