//! Images of CIFAR-10 with their classes, as they ship with the page and as training stores them.
//! `static/pictures/README.md` describes the format.

use super::Photo;
use super::error::InputError;
use super::labelled::LabelledImages;

/// The side of an image, in pixels (Krizhevsky 2009).
const SIDE: usize = 32;
/// Pixels of an image.
pub(super) const PIXELS: usize = SIDE * SIDE;
/// Bytes of an image, in RGB.
pub(super) const BYTES: usize = PIXELS * 3;
/// The number of classes.
pub(super) const CLASSES: u8 = 10;

/// Images with their classes. The file has all classes, one byte each, and then all images of 32x32 RGB pixels, row by
/// row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImagePack(LabelledImages);

impl ImagePack {
    /// Reads a pack.
    ///
    /// # Errors
    /// [`InputError::Pictures`] if the length is not that of a pack, or if a class is not one of the ten.
    pub fn read(bytes: &[u8]) -> Result<Self, InputError> {
        let read = LabelledImages::read(bytes, BYTES, CLASSES, "a class is none of the ten");
        read.map(Self).map_err(|reason| InputError::Pictures { reason })
    }

    /// Returns the number of images.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no images. This is never true of a pack that was read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the class of image `index`, as the index of its score.
    pub fn label(&self, index: usize) -> Option<usize> {
        self.0.label(index).map(usize::from)
    }

    /// Returns image `index`, of 32x32 pixels.
    pub fn photo(&self, index: usize) -> Option<Photo> {
        Photo::new(SIDE, SIDE, self.0.picture(index)?.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_are_read_and_other_files_refused() {
        let mut bytes = vec![3, 9];
        bytes.extend([7; BYTES]);
        bytes.extend((0..BYTES).map(|at| (at % 251) as u8));
        let pack = ImagePack::read(&bytes).expect("should be a pack");
        assert_eq!((pack.len(), pack.label(0), pack.label(1), pack.label(2)), (2, Some(3), Some(9), None));
        let photo = pack.photo(1).expect("should be there");
        assert_eq!((photo.width(), photo.height(), photo.pixel(0, 1)), (32, 32, [3, 4, 5]));
        assert!(pack.photo(2).is_none() && pack.photo(usize::MAX).is_none());
        assert!(ImagePack::read(&bytes[1..]).is_err());
        assert!(ImagePack::read(&[]).is_err());
        bytes[0] = 10;
        assert!(ImagePack::read(&bytes).is_err());
    }
}
