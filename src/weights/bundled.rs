//! The weights that ship. Natively they are part of the program; the page fetches the same files.

#[cfg(not(target_arch = "wasm32"))]
use super::{Weights, WeightsError};
#[cfg(not(target_arch = "wasm32"))]
use crate::net::Graph;

/// Each network that ships with weights.
const NAMES: &[&str] = &["lenet5", "lenet5-modern"];

/// Whether weights ship for the network called `network`.
pub fn is_bundled(network: &str) -> bool {
    NAMES.contains(&network)
}

/// Each network that ships with weights, and its file.
#[cfg(not(target_arch = "wasm32"))]
const FILES: &[(&str, &[u8])] = &[
    ("lenet5", include_bytes!("../../static/weights/lenet5.safetensors")),
    ("lenet5-modern", include_bytes!("../../static/weights/lenet5-modern.safetensors")),
];

#[cfg(not(target_arch = "wasm32"))]
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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_ship_does() {
        assert_eq!(FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>(), NAMES);
    }
}
