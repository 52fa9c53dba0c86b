//! The fully connected layer that GoogLeNet's global average pooling replaces.

use analysis::evidence::ClassActivation;
use analysis::lesson::averaged::connection;
use net::{NetError, network};

/// A fully connected layer in place of GoogLeNet's pooling.
pub(super) struct ReplacedLayer {
    /// Its weights, as arithmetic.
    pub(super) arithmetic: String,
    pub(super) weights: u64,
    /// The parameters of the pooling itself.
    pub(super) pooling_parameters: u64,
}

impl ReplacedLayer {
    /// Counts the layer; `None` if the network does not end in global average pooling.
    ///
    /// # Errors
    /// [`NetError`] if a network is not declared.
    pub(super) fn new() -> Result<Option<Self>, NetError> {
        let graph = network("googlenet")?;
        let Some(cam) = ClassActivation::of(&graph) else { return Ok(None) };
        let maps = graph.node(cam.maps).shape;
        let (channels, height, width) = maps.chw();
        Ok(Some(Self {
            arithmetic: format!("{height}×{width}×{channels}×{channels}"),
            // Each weight takes part in one multiplication.
            weights: connection(maps, channels)?.total_macs(),
            pooling_parameters: graph.parameters(cam.pool).value(),
        }))
    }
}
