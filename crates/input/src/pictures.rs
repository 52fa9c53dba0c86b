//! Pictures of CIFAR-10 with their classes, as they ship with the page and as training keeps them (format:
//! `static/pictures/README.md`).

use super::labelled::Labelled;
use super::{InputError, Photo};

/// Pixels of a picture, a side (Krizhevsky 2009).
const SIDE: usize = 32;
/// Bytes of a picture: RGB.
const BYTES: usize = SIDE * SIDE * 3;
/// Classes.
const CLASSES: u8 = 10;

/// Pictures with their classes: so many class bytes, then so many pictures of 32x32 RGB pixels, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PicturePack(Labelled);

impl PicturePack {
    /// Reads a pack.
    ///
    /// # Errors
    /// [`InputError::Pictures`] where the length is not that of a pack, or a class is none of the ten.
    pub fn read(bytes: &[u8]) -> Result<Self, InputError> {
        let read = Labelled::read(bytes, BYTES, CLASSES, "a class is none of the ten");
        read.map(Self).map_err(|reason| InputError::Pictures { reason })
    }

    /// How many pictures there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none; a pack that was read never is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The class of picture `index`, as a network's scores count it.
    pub fn label(&self, index: usize) -> Option<usize> {
        self.0.label(index).map(usize::from)
    }

    /// Picture `index`, 32x32.
    pub fn photo(&self, index: usize) -> Option<Photo> {
        Photo::new(SIDE, SIDE, self.0.picture(index)?.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_should_and_nothing_else() {
        let mut bytes = vec![3, 9];
        bytes.extend([7; BYTES]);
        bytes.extend((0..BYTES).map(|at| (at % 251) as u8));
        let pack = PicturePack::read(&bytes).expect("should be a pack");
        assert_eq!((pack.len(), pack.label(0), pack.label(1), pack.label(2)), (2, Some(3), Some(9), None));
        let photo = pack.photo(1).expect("should be there");
        assert_eq!((photo.width(), photo.height(), photo.pixel(0, 1)), (32, 32, [3, 4, 5]));
        assert!(pack.photo(2).is_none() && pack.photo(usize::MAX).is_none());
        assert!(PicturePack::read(&bytes[1..]).is_err());
        assert!(PicturePack::read(&[]).is_err());
        bytes[0] = 10;
        assert!(PicturePack::read(&bytes).is_err());
    }
}
