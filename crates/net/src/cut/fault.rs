//! Why a text names nothing that can be cut.

use super::MOST_SCALE;
use crate::NetError;

/// What is wrong with a cut, the end of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CutFault {
    /// The scale is no number, or too large.
    #[error("the scale is a number from 0 to {MOST_SCALE}")]
    Scale,
    /// The network has no such layer.
    #[error(transparent)]
    Layer(Box<NetError>),
    /// The network has no towers.
    #[error("{network} has no towers")]
    NoTowers {
        /// The network.
        network: String,
    },
    /// It has others.
    #[error("there are tower1 and tower2")]
    Tower,
    /// The layer has no such map.
    #[error("maps of {layer} are counted from 0 to {last}")]
    Map {
        /// The layer.
        layer: String,
        /// The last map.
        last: usize,
    },
    /// Kernels are those of convolutions.
    #[error("{layer} is no convolution: it has no kernels")]
    NoKernels {
        /// The layer.
        layer: String,
    },
    /// The map reads others.
    #[error("map {map} of {layer} reads maps {reads}")]
    Reads {
        /// The layer.
        layer: String,
        /// The map.
        map: usize,
        /// Those that it reads, with commas between.
        reads: String,
    },
    /// The network has no such block.
    #[error("{network} has no block named '{block}'")]
    NoBlock {
        /// The network.
        network: String,
        /// What was asked for.
        block: String,
    },
    /// Lanes are those of Inceptions.
    #[error("{block} is no Inception")]
    NoInception {
        /// The block.
        block: String,
    },
    /// It has others.
    #[error("{block} has lane1 to lane{lanes}")]
    Lane {
        /// The block.
        block: String,
        /// How many.
        lanes: usize,
    },
    /// A block has other parts.
    #[error("of {block} there may be cut branch, shortcut or laneN")]
    Part {
        /// The block.
        block: String,
    },
    /// Branch and shortcut are those of residual blocks.
    #[error("{block} is no residual block with a shortcut")]
    NoShortcut {
        /// The block.
        block: String,
    },
}
