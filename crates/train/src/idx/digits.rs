//! Digits with their labels, from the two files of a set.

use std::path::Path;

use super::error::IdxError;
use super::files::find;
use super::parse::{DIGIT_PIXELS, read_images, read_labels};

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
        let (images, labels) = find(directory, set)?;
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
