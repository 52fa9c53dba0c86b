//! Images of one size with their labels, in the format of both packs: all labels, one byte each, and then all images.

/// Images with their labels. There is at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LabelledImages {
    labels: Vec<u8>,
    pictures: Vec<u8>,
    /// Bytes of one image.
    size: usize,
}

impl LabelledImages {
    /// Reads images of `size` bytes with labels below `classes`.
    ///
    /// # Errors
    /// Returns the reason as text. It is `unknown` if a label is not below `classes`.
    pub(super) fn read(bytes: &[u8], size: usize, classes: u8, unknown: &'static str) -> Result<Self, &'static str> {
        let count = bytes.len() / (size + 1);
        if count == 0 || bytes.len() != count * (size + 1) {
            return Err("its length is wrong");
        }
        let (labels, pictures) = bytes.split_at(count);
        if labels.iter().any(|&label| label >= classes) {
            return Err(unknown);
        }
        Ok(Self { labels: labels.to_vec(), pictures: pictures.to_vec(), size })
    }

    /// Returns the number of images.
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Returns the label of image `index`.
    pub(super) fn label(&self, index: usize) -> Option<u8> {
        self.labels.get(index).copied()
    }

    /// Returns the bytes of image `index`.
    pub(super) fn picture(&self, index: usize) -> Option<&[u8]> {
        let start = index.checked_mul(self.size)?;
        self.pictures.get(start..start.checked_add(self.size)?)
    }
}
