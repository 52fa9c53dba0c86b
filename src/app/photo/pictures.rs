//! The test pictures of CIFAR-10 that ship with the page (`static/pictures/README.md`). They are fetched when the first
//! of them is asked for.

use std::cell::RefCell;
use std::sync::Arc;

use super::error::PhotoError;
use crate::app::fetch::fetch;
use input::{CroppedPhoto, ImagePack};

/// Where they lie.
const ADDRESS: &str = "/pictures/cifar10-test-300.bin";
/// What the name of a picture begins with; its number follows.
const PREFIX: &str = "cifar10-";
/// How many there are.
pub(in crate::app) const PICTURES: usize = 300;

thread_local! {
    static KEPT: RefCell<Option<Arc<ImagePack>>> = const { RefCell::new(None) };
}

/// What picture number `index` is called in links and by scripts.
pub(in crate::app) fn picture_name(index: usize) -> String {
    format!("{PREFIX}{index}")
}

/// The number of the picture that is called `name`; `None` where none is.
pub(in crate::app) fn picture_number(name: &str) -> Option<usize> {
    let digits = name.strip_prefix(PREFIX)?;
    digits.parse().ok().filter(|&index| index < PICTURES && picture_name(index) == name)
}

/// All of them.
///
/// # Errors
/// [`PhotoError::NoPictures`], and [`PhotoError::Input`] where the file is not what it should be.
pub(in crate::app) async fn pictures() -> Result<Arc<ImagePack>, PhotoError> {
    if let Some(kept) = KEPT.with_borrow(Clone::clone) {
        return Ok(kept);
    }
    let bytes = fetch(ADDRESS).await.map_err(|reason| PhotoError::NoPictures { reason })?;
    let pack = Arc::new(ImagePack::read(&bytes)?);
    KEPT.replace(Some(pack.clone()));
    Ok(pack)
}

/// Picture number `index` of a pack, as a photo.
pub(in crate::app) fn shot_of(pack: &ImagePack, index: usize) -> Option<CroppedPhoto> {
    Some(CroppedPhoto::new(pack.photo(index)?, picture_name(index)))
}

/// The class of what picture number `index` shows.
pub(in crate::app) fn class_of(index: usize) -> Option<usize> {
    KEPT.with_borrow(Clone::clone)?.label(index)
}
