//! Finds the files of digits in a folder by their names.

use std::path::{Path, PathBuf};

use super::error::IdxError;

/// The folders that are searched, below the named one: itself, and those of torchvision and of EMNIST's archive.
const FOLDERS: [&str; 7] = ["", "raw", "MNIST/raw", "QMNIST/raw", "EMNIST/raw", "gzip", "EMNIST/raw/gzip"];

/// The content of a file by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Images,
    Labels,
}

/// A file of digits.
struct Found {
    content: Content,
    /// The name before `images` or `labels`.
    stem: String,
    path: PathBuf,
}

/// Returns the files of the pictures and of the labels of a set, `t10k` or `train`.
///
/// # Errors
/// [`IdxError::Unreadable`] if the folder cannot be listed, [`IdxError::Missing`] if it has no such files.
pub(super) fn find(directory: &Path, set: &str) -> Result<(PathBuf, PathBuf), IdxError> {
    for folder in FOLDERS {
        let entries = match std::fs::read_dir(directory.join(folder)) {
            Ok(entries) => entries,
            Err(reason) if folder.is_empty() => {
                return Err(IdxError::Unreadable { path: directory.display().to_string(), reason });
            }
            Err(_) => continue,
        };
        let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
        let mut found: Vec<Found> = paths.filter_map(recognize).filter(|file| is_of(&file.stem, set)).collect();
        // Of a plain and a compressed file, the plain one has the shorter name.
        found.sort_by_key(|file| (rank(&file.stem, set), file.stem.clone(), file.path.as_os_str().len()));
        let pair = found.iter().filter(|file| file.content == Content::Images).find_map(|images| {
            let labels = found.iter().find(|file| file.content == Content::Labels && file.stem == images.stem)?;
            Some((images.path.clone(), labels.path.clone()))
        });
        if let Some(pair) = pair {
            return Ok(pair);
        }
    }
    Err(IdxError::Missing { path: directory.display().to_string(), wanted: set.to_owned() })
}

/// Returns whether a file has the name of one of EMNIST's. Its pictures are stored column by column.
pub fn is_emnist(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().to_lowercase().contains("emnist"))
}

/// Recognizes names such as `t10k-images-idx3-ubyte`, `train-labels.idx1-ubyte.gz` and `qmnist-test-labels-idx2-int`.
fn recognize(path: PathBuf) -> Option<Found> {
    let name = path.file_name()?.to_str()?.to_lowercase();
    let (content, (stem, rest)) = name
        .split_once("images")
        .map(|parts| (Content::Images, parts))
        .or_else(|| name.split_once("labels").map(|parts| (Content::Labels, parts)))?;
    let stem = stem.trim_end_matches(['-', '_', '.']).to_owned();
    // Such a name may also belong to a hidden copy that macOS makes.
    (rest.contains("idx") && !name.starts_with('.')).then_some(Found { content, stem, path })
}

/// Returns whether a file belongs to a set by the start of its name.
fn is_of(stem: &str, set: &str) -> bool {
    let is_training = stem.contains("train");
    if set == "train" { is_training } else { !is_training && (stem.contains("t10k") || stem.contains("test")) }
}

/// Returns the rank of a name among those of one set. MNIST itself is first. Of EMNIST's sets, two are of digits.
fn rank(stem: &str, set: &str) -> usize {
    let parts = [set, "emnist-digits", "emnist-mnist", "qmnist"];
    parts.iter().position(|part| stem == *part || stem.starts_with(&format!("{part}-"))).unwrap_or(parts.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_recognized() {
        let stem = |name: &str| recognize(PathBuf::from(name)).map(|file| (file.content, file.stem));
        assert_eq!(stem("t10k-images-idx3-ubyte"), Some((Content::Images, "t10k".to_owned())));
        assert_eq!(stem("d/t10k-images.idx3-ubyte.gz"), Some((Content::Images, "t10k".to_owned())));
        assert_eq!(stem("qmnist-test-labels-idx2-int"), Some((Content::Labels, "qmnist-test".to_owned())));
        assert_eq!(
            stem("emnist-digits-train-images-idx3-ubyte").map(|(_, s)| s),
            Some("emnist-digits-train".to_owned())
        );
        for other in ["._t10k-images-idx3-ubyte", "images.zip", "t10k-idx3-ubyte", ".."] {
            assert_eq!(stem(other), None, "{other}");
        }
    }

    #[test]
    fn sets_are_told_apart_and_mnist_comes_first() {
        assert!(is_of("t10k", "t10k") && is_of("qmnist-test", "t10k") && !is_of("train", "t10k"));
        assert!(is_of("emnist-digits-train", "train") && !is_of("emnist-digits-test", "train"));
        let mut stems = ["emnist-letters-test", "qmnist-test", "emnist-mnist-test", "t10k", "emnist-digits-test"];
        stems.sort_by_key(|stem| rank(stem, "t10k"));
        assert_eq!(stems, ["t10k", "emnist-digits-test", "emnist-mnist-test", "qmnist-test", "emnist-letters-test"]);
    }
}
