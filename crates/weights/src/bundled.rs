//! The bundled weights. Native programs contain them; the page fetches the same files.

#[cfg(not(target_arch = "wasm32"))]
use super::{Weights, error::WeightsError};
#[cfg(not(target_arch = "wasm32"))]
use net::Graph;

/// Each network with bundled weights, and the SHA-256 of its file (`static/weights/NET.safetensors`).
const SHIPPED: &[(&str, &str)] = &[
    ("lenet5", "91e25acdffc690c8b5f87c385fda12580ab777ac34f4d68108c1f7821b61a184"),
    ("lenet5-modern", "9ca00b305067a20c84ce6047272f38868f947127c5f2ef4bc7c8bab0ea8767e5"),
    ("alexnet-cifar10", "004b40a1e3adb7a5bd02fbf714fb7d93f0cf2faf8ca9e9fae4730710c7d77462"),
    ("vgg16-cifar10", "09d497a170043161ece788944d0e95b36e11ed81a97e9a573bbd7dede351060d"),
    ("googlenet-cifar10", "2799d2f92ef52eebe304398eaaa2c7639b140c48cbe961a6de80b6c7bd23b944"),
    ("resnet18-cifar10", "779a95b146d7dfb2d06e380905f0105537b51364c3b2e10d2b6eff7fef005023"),
    ("resnet20-cifar", "8a605838ad0ee1c87c2b36bf8c129d0b97a41b745306195149ac2c1b4204f7c0"),
    ("resnet56-cifar", "c27a2921228eaaf9589380a555dca96d3da7c72be8f53116e4c28943bac2f842"),
    ("plain20-cifar", "c6ed4cf6f9fd17e1fc722fe200846bac09debef231c46fdd90cb21b911ca938c"),
    ("plain56-cifar", "76d45afad9d72d427e88aa477d186186adcd36861302f9c4b3f6074b87083966"),
];

/// Returns whether there are bundled weights for the network called `network`.
pub fn is_bundled(network: &str) -> bool {
    bundled_sha256(network).is_some()
}

/// Returns the SHA-256 of the bundled file for the network called `network`, in 64 hexadecimal digits, or `None` if
/// there is no such file.
pub fn bundled_sha256(network: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(name, _)| *name == network).map(|(_, sha256)| *sha256)
}

/// The files, in the order of [`SHIPPED`].
#[cfg(not(target_arch = "wasm32"))]
const FILES: &[&[u8]] = &[
    include_bytes!("../../../static/weights/lenet5.safetensors"),
    include_bytes!("../../../static/weights/lenet5-modern.safetensors"),
    include_bytes!("../../../static/weights/alexnet-cifar10.safetensors"),
    include_bytes!("../../../static/weights/vgg16-cifar10.safetensors"),
    include_bytes!("../../../static/weights/googlenet-cifar10.safetensors"),
    include_bytes!("../../../static/weights/resnet18-cifar10.safetensors"),
    include_bytes!("../../../static/weights/resnet20-cifar.safetensors"),
    include_bytes!("../../../static/weights/resnet56-cifar.safetensors"),
    include_bytes!("../../../static/weights/plain20-cifar.safetensors"),
    include_bytes!("../../../static/weights/plain56-cifar.safetensors"),
];

#[cfg(not(target_arch = "wasm32"))]
impl Weights {
    /// Returns the trained weights that are bundled for `graph`.
    ///
    /// # Errors
    /// [`WeightsError::NotBundled`] if there are none.
    pub fn bundled(graph: &Graph) -> Result<Self, WeightsError> {
        let shipped = SHIPPED.iter().zip(FILES).find(|((name, _), _)| *name == graph.name);
        match shipped {
            Some((_, bytes)) => Self::from_bytes(graph, bytes),
            None => Err(WeightsError::NotBundled { network: graph.name.to_owned() }),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::fmt::Write as _;

    use sha2::{Digest as _, Sha256};

    use super::*;

    /// The most bytes of a bundled file. A phone has to fetch it before the page shows anything.
    const MAX_BYTES: usize = 6_000_000;

    #[test]
    fn bundled_files_have_their_hashes_and_fit_their_networks() {
        assert_eq!(FILES.len(), SHIPPED.len());
        for ((name, expected), bytes) in SHIPPED.iter().zip(FILES) {
            let mut sha256 = String::new();
            for byte in Sha256::digest(bytes) {
                write!(sha256, "{byte:02x}").expect("should be written to a String");
            }
            assert_eq!(sha256, *expected, "{name}");
            assert!(bytes.len() <= MAX_BYTES, "{name} has {} bytes", bytes.len());
            let graph = net::network(name).expect("should be declared");
            Weights::bundled(&graph).expect("should fit its network");
        }
    }

    #[test]
    fn every_family_opens_with_a_network_whose_weights_ship() {
        for family in net::FAMILIES {
            assert!(is_bundled(family.default_network), "{}", family.default_network);
        }
    }
}
