//! The errors of reading IDX files.

/// Errors of reading IDX files.
#[derive(Debug, thiserror::Error)]
pub enum IdxError {
    /// The file or the folder cannot be read.
    #[error("{path} cannot be read ({reason})")]
    Unreadable {
        /// Path of the file.
        path: String,
        /// Reason for the failure.
        reason: std::io::Error,
    },
    /// A folder has no files of digits.
    #[error(
        "{path} has no {wanted}-images-idx3-ubyte with its {wanted}-labels-idx1-ubyte, .gz or not; name the folder \
         with the IDX files of MNIST, EMNIST's digits or QMNIST"
    )]
    Missing {
        /// Path of the folder.
        path: String,
        /// The set of digits: `t10k` or `train`.
        wanted: String,
    },
    /// The file is no IDX file of the expected dimensions.
    #[error("{path} is no IDX file of digits ({reason})")]
    Malformed {
        /// Path of the file.
        path: String,
        /// The part that is malformed.
        reason: String,
    },
    /// The numbers of pictures and labels differ.
    #[error("{images} pictures and {labels} labels do not belong together")]
    CountMismatch {
        /// Number of pictures.
        images: usize,
        /// Number of labels.
        labels: usize,
    },
}
