//! Test pictures in one folder per class, a common way to distribute CIFAR-10.

use std::path::{Path, PathBuf};

use super::decode;
use super::error::{CliError, read};
use input::Photo;
use net::Classes;

/// The most bytes of a picture file.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Lists the picture files of `folder` with their classes. Each class is a subfolder with the name of the class. The
/// files are in the order of classes, then of names.
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

/// Decodes one picture file.
pub(super) fn open(file: &Path) -> Result<Photo, CliError> {
    let fault = |reason| CliError::Picture { path: file.display().to_string(), reason };
    decode::photo(&read(file, MAX_FILE_BYTES)?).map_err(fault)
}
