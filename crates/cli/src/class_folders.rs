//! Test pictures in one folder per class, a common way to distribute CIFAR-10.

use std::path::{Path, PathBuf};

use super::decode;
use super::error::{CliError, read};
use input::{MAX_BYTES, Photo};
use net::Classes;

/// The files that programs leave in folders of pictures. Files whose names begin with a dot are left there, too.
const LITTER: [&str; 6] = ["Thumbs.db", "ehthumbs.db", "desktop.ini", "Icon\r", "@eaDir", "__MACOSX"];

/// Lists the picture files of `folder` with their classes. Each class is a subfolder with the name of the class. The
/// files are in the order of classes, then of names. Files that programs leave beside pictures are passed over.
pub(super) fn list(folder: &Path, classes: Classes) -> Result<Vec<(PathBuf, usize)>, CliError> {
    let mut files = Vec::new();
    for class in 0..classes.count() {
        let of_class = folder.join(classes.name(class).unwrap_or_default());
        let fault = |reason| CliError::Read { path: of_class.display().to_string(), reason };
        let entries = std::fs::read_dir(&of_class).map_err(fault)?;
        let mut found =
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(fault)?;
        found.retain(|file| !is_litter(file));
        found.sort();
        files.extend(found.into_iter().map(|file| (file, class)));
    }
    if files.is_empty() {
        return Err(CliError::Argument(format!("there are no pictures in the folders of {}", folder.display())));
    }
    Ok(files)
}

/// Returns whether a file was left by a program, and not put there as a picture.
fn is_litter(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || LITTER.iter().any(|litter| litter.eq_ignore_ascii_case(&name))
}

/// Decodes one picture file.
pub(super) fn open(file: &Path) -> Result<Photo, CliError> {
    Ok(decode::photo(&file.display().to_string(), &read(file, MAX_BYTES)?)?.photo)
}
