//! The test pictures of CIFAR-10 that ship with the page (`static/pictures/README.md`). They are fetched on first use.

use std::cell::RefCell;
use std::sync::Arc;

use super::error::PhotoError;
use crate::app::browser::fetch::fetch;
use input::{CroppedPhoto, ImagePack};

/// The path of the file on the site.
const PATH: &str = "pictures/cifar10-test-300.bin";
/// The beginning of a picture's name. Its number follows.
const PREFIX: &str = "cifar10-";
/// The number of pictures.
pub const PICTURES: usize = 300;

thread_local! {
    static PICTURE_PACK: RefCell<Option<Arc<ImagePack>>> = const { RefCell::new(None) };
}

/// Returns the name of picture `index` in links and scripts.
pub(in crate::app) fn picture_name(index: usize) -> String {
    format!("{PREFIX}{index}")
}

/// Returns the number of the picture called `name`, if there is one.
pub(in crate::app) fn picture_number(name: &str) -> Option<usize> {
    let digits = name.strip_prefix(PREFIX)?;
    digits.parse().ok().filter(|&index| index < PICTURES && picture_name(index) == name)
}

/// Returns all pictures.
///
/// # Errors
/// [`PhotoError::NoPictures`] if the file does not arrive, [`PhotoError::Input`] if it is damaged.
pub async fn pictures() -> Result<Arc<ImagePack>, PhotoError> {
    if let Some(pack) = PICTURE_PACK.with_borrow(Clone::clone) {
        return Ok(pack);
    }
    let bytes = fetch(PATH).await.map_err(|reason| PhotoError::NoPictures { reason })?;
    let pack = Arc::new(ImagePack::read(&bytes)?);
    PICTURE_PACK.replace(Some(pack.clone()));
    Ok(pack)
}

/// Returns picture `index` of a pack as a photo.
pub(in crate::app) fn cropped_photo_of(pack: &ImagePack, index: usize) -> Option<CroppedPhoto> {
    Some(CroppedPhoto::new(pack.photo(index)?, picture_name(index)))
}

/// Returns the class of picture `index`, if the pictures are loaded.
pub(in crate::app) fn class_of(index: usize) -> Option<usize> {
    PICTURE_PACK.with_borrow(Clone::clone)?.label(index)
}
