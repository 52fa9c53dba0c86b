//! The errors of this crate.

use super::checkpoint::CheckpointError;
use super::mismatch::TensorMismatches;

/// The reason why weights cannot be used or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// The file cannot be read.
    Checkpoint(#[from] CheckpointError),
    /// The tensors are not those of the network.
    Unfit {
        /// The network asked for.
        network: String,
        /// Every tensor that is missing or extra, or that has the wrong shape or type, by name.
        faults: TensorMismatches,
    },
    /// The tensors are not those of any network.
    NoNetworkFits {
        /// The network with the fewest mismatches.
        nearest: String,
        /// Its mismatches.
        faults: TensorMismatches,
    },
    /// There are no bundled weights for the network.
    NotBundled {
        /// The network asked for.
        network: String,
    },
    /// The tensors cannot be written.
    Unwritable {
        /// The finding of the writer.
        reason: String,
    },
}
