//! Counts of 1x1 convolutions in GoogLeNet.

use analysis::lesson::mixing::{channels, macs};
use net::{Expr, Graph, NetError, network};

/// The network whose maps are mixed, and its first 1x1 convolution.
pub(super) const NETWORK: &str = "googlenet-cifar10";
pub(super) const LAYER: &str = "conv2_reduce";

/// A dimension reduction by a 1x1 convolution.
pub(super) struct Reduction {
    pub(super) input_channels: usize,
    pub(super) output_channels: usize,
    pub(super) parameters: Expr,
}

/// Counts from GoogLeNet's own graphs.
pub(super) struct LayerCounts {
    /// Input channels of [`LAYER`].
    pub(super) input_channels: usize,
    /// The reductions before 3x3 and 5x5 in the first module.
    pub(super) reductions: [Reduction; 2],
    /// MACs of the 5x5 branch with its reduction.
    pub(super) macs_with_reduction: u64,
    /// MACs of the 5x5 branch of the naive module.
    pub(super) macs_without_reduction: u64,
}

impl LayerCounts {
    /// Counts the layers.
    ///
    /// # Errors
    /// [`NetError`] if a layer is missing.
    pub(super) fn new() -> Result<Self, NetError> {
        let [own, full, naive]: [Graph; 3] = [network(NETWORK)?, network("googlenet")?, network("googlenet-naive")?];
        let reduction = |name: &str| {
            let (input_channels, output_channels, parameters) = channels(&full, name)?;
            Ok::<_, NetError>(Reduction { input_channels, output_channels, parameters })
        };
        Ok(Self {
            input_channels: channels(&own, LAYER)?.0,
            reductions: [reduction("inception3a.branch2_reduce")?, reduction("inception3a.branch3_reduce")?],
            macs_with_reduction: macs(&full, &["inception3a.branch3_reduce", "inception3a.branch3"])?,
            macs_without_reduction: macs(&naive, &["inception3a.branch3"])?,
        })
    }
}
