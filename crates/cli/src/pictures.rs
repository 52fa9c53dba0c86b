//! Pictures in a folder for each class, as CIFAR-10 is often handed out.

use std::path::{Path, PathBuf};

use super::decode;
use super::error::{CliError, read};
use input::Photo;
use net::Classes;

/// The most bytes of a picture's file.
const MOST_FILE_BYTES: u64 = 1 << 20;

/// The files of one folder for each class, named as the classes are, in the order of classes and names, each with its
/// class.
pub(super) fn list(folder: &Path, classes: Classes) -> Result<Vec<(PathBuf, usize)>, CliError> {
    let mut files = Vec::new();
    for class in 0..classes.count() {
        let of_class = folder.join(classes.name(class).unwrap_or_default());
        let fault = |reason| CliError::Read { path: of_class.display().to_string(), reason };
        let entries = std::fs::read_dir(&of_class).map_err(fault)?;
        let mut found =
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(fault)?;
        found.sort();
        files.extend(found.into_iter().map(|file| (file, class)));
    }
    if files.is_empty() {
        return Err(CliError::Argument(format!("there are no pictures in the folders of {}", folder.display())));
    }
    Ok(files)
}

/// One of them.
pub(super) fn open(file: &Path) -> Result<Photo, CliError> {
    let fault = |reason| CliError::Picture { path: file.display().to_string(), reason };
    decode::photo(&read(file, MOST_FILE_BYTES)?).map_err(fault)
}
