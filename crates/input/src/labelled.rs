//! Pictures of one size with their labels, as both packs have them: so many label bytes, then so many pictures.

/// Pictures with their labels; never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Labelled {
    labels: Vec<u8>,
    pictures: Vec<u8>,
    /// Bytes of a picture.
    size: usize,
}

impl Labelled {
    /// Reads pictures of `size` bytes with labels below `classes`; `unknown` is said of a label that is none of them.
    ///
    /// # Errors
    /// A reason, where the length is not that of such pictures, or `unknown`.
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

    /// How many pictures there are.
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// The label of picture `index`.
    pub(super) fn label(&self, index: usize) -> Option<u8> {
        self.labels.get(index).copied()
    }

    /// The bytes of picture `index`.
    pub(super) fn picture(&self, index: usize) -> Option<&[u8]> {
        let start = index.checked_mul(self.size)?;
        self.pictures.get(start..start.checked_add(self.size)?)
    }
}
