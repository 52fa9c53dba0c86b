//! The error of a command: one line that says what is wrong and what to do.

/// The error that ends a command.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// The network, a layer or a block does not exist.
    #[error(transparent)]
    Net(#[from] net::NetError),
    /// The digits cannot be used.
    #[error(transparent)]
    Digits(#[from] train::IdxError),
    /// The training failed.
    #[error(transparent)]
    Train(#[from] train::TrainError),
    /// The CPU engine failed on a batch.
    #[error(transparent)]
    Cpu(#[from] engine::cpu::CpuError),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] engine::EngineError),
    /// The weights cannot be used.
    #[error(transparent)]
    Weights(#[from] weights::WeightsError),
    /// A checkpoint cannot be used.
    #[error("{path}: {reason}")]
    Checkpoint {
        /// Path of the file.
        path: String,
        /// Reason for the failure.
        reason: weights::WeightsError,
    },
    /// A file of class names cannot be used.
    #[error("{path} cannot be used ({reason})")]
    ClassNames {
        /// Path of the file.
        path: String,
        /// Reason for the failure.
        reason: weights::ClassNamesError,
    },
    /// The reference cannot be used.
    #[error(transparent)]
    Reference(#[from] crate::fixture::ReferenceError),
    /// A file cannot be read.
    #[error("{path} cannot be read ({reason})")]
    Read {
        /// Path of the file.
        path: String,
        /// Reason for the failure.
        reason: std::io::Error,
    },
    /// A file cannot be written.
    #[error("{path} cannot be written ({reason})")]
    Write {
        /// Path of the file.
        path: String,
        /// Reason for the failure.
        reason: std::io::Error,
    },
    /// A file is no picture that can be read, or one that is cut off or too large.
    #[error(transparent)]
    Input(#[from] input::InputError),
    /// A picture cannot be used.
    #[error("{path} cannot be used ({reason})")]
    Picture {
        /// Path of the file.
        path: String,
        /// Reason for the failure.
        reason: String,
    },
    /// The scores are not finite numbers.
    #[error(
        "the scores of {network} are not numbers: {layer} is its first layer with NaN or infinity, in {count} of {of} \
         values; look at the weights of that layer, or choose others"
    )]
    NotNumbers {
        /// The network.
        network: String,
        /// The first layer whose output is not finite.
        layer: String,
        /// The number of its values that are not finite.
        count: usize,
        /// The number of its values.
        of: usize,
    },
    /// An argument asks for something that does not exist.
    #[error("{0}")]
    Argument(String),
}

/// Reads a file of at most `most` bytes.
pub(super) fn read(path: &std::path::Path, most: u64) -> Result<Vec<u8>, CliError> {
    let shown = || path.display().to_string();
    let length = std::fs::metadata(path).map_err(|reason| CliError::Read { path: shown(), reason })?.len();
    if length > most {
        return Err(CliError::Picture { path: shown(), reason: format!("it is larger than {most} bytes") });
    }
    std::fs::read(path).map_err(|reason| CliError::Read { path: shown(), reason })
}

/// Writes a file.
pub(super) fn write(path: &std::path::Path, bytes: &[u8]) -> Result<(), CliError> {
    std::fs::write(path, bytes).map_err(|reason| CliError::Write { path: path.display().to_string(), reason })
}
