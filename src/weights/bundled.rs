//! The weights that ship. Natively they are part of the program; the page fetches the same files.

use super::{Weights, WeightsError};
use crate::net::Graph;

/// Each network that ships with weights, and its file.
const FILES: &[(&str, &[u8])] = &[
    ("lenet5", include_bytes!("../../static/weights/lenet5.safetensors")),
    ("lenet5-modern", include_bytes!("../../static/weights/lenet5-modern.safetensors")),
];

impl Weights {
    /// The trained weights that ship for `graph`.
    ///
    /// # Errors
    /// [`WeightsError::NotBundled`] where none do.
    pub fn bundled(graph: &Graph) -> Result<Self, WeightsError> {
        match FILES.iter().find(|(name, _)| *name == graph.name) {
            Some((_, bytes)) => Self::from_bytes(graph, bytes),
            None => Err(WeightsError::NotBundled { network: graph.name.to_owned() }),
        }
    }
}
