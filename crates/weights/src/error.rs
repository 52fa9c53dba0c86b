//! The errors of this crate.

use super::checkpoint::CheckpointError;
use super::mismatch::TensorMismatches;

/// The reason why weights cannot be used or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// The file cannot be read.
    #[error("the checkpoint cannot be used: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The tensors are not those of the network.
    #[error("these weights do not fit {network}: {faults}; choose a checkpoint of {network}")]
    Unfit {
        /// The network asked for.
        network: String,
        /// Every tensor that is missing or extra, or that has the wrong shape or type, by name.
        faults: TensorMismatches,
    },
    /// The tensors are not those of any network.
    #[error(
        "these weights fit none of the networks; the nearest is {nearest}: {faults}; choose a checkpoint of one of them"
    )]
    NoNetworkFits {
        /// The network with the fewest mismatches.
        nearest: String,
        /// Its mismatches.
        faults: TensorMismatches,
    },
    /// There are no bundled weights for the network.
    #[error("no weights ship for {network}; name a file, or seed:N")]
    NotBundled {
        /// The network asked for.
        network: String,
    },
    /// The tensors cannot be written.
    #[error("the weights could not be written as safetensors ({reason})")]
    Unwritable {
        /// The finding of the writer.
        reason: String,
    },
}
