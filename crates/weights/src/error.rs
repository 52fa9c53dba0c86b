//! The errors of this crate.

use super::checkpoint::CheckpointError;
use super::mismatch::TensorMismatches;

/// The network that a checkpoint fits best.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    /// Its name.
    pub network: String,
    /// The number of tensors that do not fit it.
    pub differences: usize,
}

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
        /// Another network that they fit better.
        nearest: Option<Nearest>,
    },
    /// The tensors are not those of any network.
    NoNetworkFits {
        /// The network of which most tensors are there.
        nearest: String,
        /// Its mismatches.
        faults: TensorMismatches,
    },
    /// Less than a third of the tensors of every network is there.
    NothingInCommon {
        /// The names of the tensors, with characters that do not print escaped.
        names: Vec<String>,
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
