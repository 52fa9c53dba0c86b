//! Reads IDX files, the format of MNIST (LeCun, Cortes, Burges), with or without gzip compression, under the names that
//! MNIST, torchvision, EMNIST (Cohen et al. 2017) and QMNIST (Yadav and Bottou 2019) give them.

mod files;
mod parse;

use std::path::Path;

pub use files::is_emnist;
pub use parse::{read_images, read_labels};

/// Rows and columns of a digit.
pub const DIGIT_SIDE: usize = 28;

/// Pixels of a digit.
pub const DIGIT_PIXELS: usize = DIGIT_SIDE * DIGIT_SIDE;

/// Errors of reading IDX files.
#[derive(Debug, thiserror::Error)]
pub enum IdxError {
    /// The file or the folder cannot be read.
    #[error("{path} cannot be read ({reason})")]
    Unreadable {
        /// Path of the file.
        path: String,
        /// Reason for the failure.
        reason: std::io::Error,
    },
    /// A folder has no files of digits.
    #[error(
        "{path} has no {wanted}-images-idx3-ubyte with its {wanted}-labels-idx1-ubyte, .gz or not; name the folder \
         with the IDX files of MNIST, EMNIST's digits or QMNIST"
    )]
    Missing {
        /// Path of the folder.
        path: String,
        /// The set of digits: `t10k` or `train`.
        wanted: String,
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
    /// Reads the test digits (`t10k`) or the training digits (`train`) of a folder. The files are in the folder or
    /// where torchvision puts them (`MNIST/raw`), and have the names of MNIST, EMNIST or QMNIST. Those of MNIST come
    /// first.
    ///
    /// # Errors
    /// Returns [`IdxError`] if a file is missing or malformed, or if the numbers of pictures and labels differ.
    pub fn read(directory: &Path, set: &str) -> Result<Self, IdxError> {
        let (images, labels) = files::find(directory, set)?;
        let (pixels, labels) = (read_images(&images)?, read_labels(&labels)?);
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
