//! A checkpoint from the user's file as a column of the comparison.

use super::column::Column;
use net::Graph;
use weights::{Checkpoint, WeightsError, network_of};

/// The counts of a checkpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckpointCounts {
    /// Name of the file.
    pub file: String,
    /// The network that the checkpoint belongs to.
    pub graph: Graph,
    /// Other networks whose tensors have the same names and shapes. Nothing in the file tells them apart.
    pub also: Vec<&'static str>,
    /// Bytes of the tensors as they are stored.
    pub weight_bytes: u64,
    /// Types of the values: `F16`, or `F32` and `I64`.
    pub types: Vec<&'static str>,
}

impl CheckpointCounts {
    /// Finds the network that a checkpoint belongs to.
    ///
    /// # Errors
    /// Returns [`WeightsError::NoNetworkFits`] if the tensors fit no network.
    pub fn of(file: &str, checkpoint: &Checkpoint) -> Result<Self, WeightsError> {
        let (graph, also) = network_of(checkpoint)?;
        let bytes = checkpoint
            .entries()
            .map(|(_, entry)| entry.dims().iter().map(|&n| n as u64).product::<u64>() * entry.dtype().bytes());
        let mut types: Vec<&'static str> = checkpoint.entries().map(|(_, entry)| entry.dtype().name()).collect();
        types.sort_unstable();
        types.dedup();
        Ok(Self { file: file.to_owned(), graph, also, weight_bytes: bytes.sum(), types })
    }

    /// Returns the column of the checkpoint: that of its network, but with the bytes of the file, the name of the file
    /// as its title, and no published errors, because those were measured with other weights.
    pub fn column(&self, with_auxiliary: bool) -> Column {
        let mut column = if with_auxiliary { Column::of(&self.graph) } else { Column::without_auxiliary(&self.graph) };
        column.title = self.file.clone().into();
        column.totals.weight_bytes = self.weight_bytes;
        column.published_results = &[];
        column
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use net::network;
    use weights::{Weights, to_safetensors};

    fn checkpoint(name: &str) -> Checkpoint {
        let weights = Weights::seeded(&network(name).expect("should be declared"), 1);
        let bytes = to_safetensors(weights.iter(), &weights.metadata).expect("should be written");
        pollster::block_on(Checkpoint::open(Box::new(bytes))).expect("should be readable")
    }

    #[test]
    fn a_checkpoint_is_counted_as_its_network() {
        for name in ["lenet5", "lenet5-modern", "resnet20-cifar"] {
            let opened = CheckpointCounts::of("mine.safetensors", &checkpoint(name)).expect("should be of a network");
            assert_eq!(opened.graph.name, name);
            let (column, own) = (opened.column(true), Column::of(&opened.graph));
            assert_eq!((column.title.as_ref(), column.network), ("mine.safetensors", name));
            assert_eq!(column.totals, own.totals, "{name}: seeded weights are F32");
            assert!(column.published_results.is_empty());
            assert_eq!(opened.types, ["F32"]);
        }
        let plain = CheckpointCounts::of("mine", &checkpoint("resnet20-cifar")).expect("should be of a network");
        assert_eq!(plain.also, ["plain20-cifar"], "parameter-free shortcuts leave no trace in a file");
    }

    #[test]
    fn an_unknown_checkpoint_is_described_by_the_nearest_network() {
        let mut weights: Vec<(String, weights::Array)> =
            Weights::seeded(&network("lenet5-modern").expect("should be declared"), 1).into_tensors().collect();
        let (missing, _) = weights.remove(0);
        let tensors = weights.iter().map(|(name, array)| (name.as_str(), array));
        let bytes = to_safetensors(tensors, &std::collections::BTreeMap::new()).expect("should be written");
        let checkpoint = pollster::block_on(Checkpoint::open(Box::new(bytes))).expect("should be readable");
        let error = CheckpointCounts::of("mine", &checkpoint).expect_err("a tensor is missing");
        let WeightsError::NoNetworkFits { nearest, faults } = error else { panic!("{error}") };
        assert_eq!((nearest.as_str(), faults.to_string()), ("lenet5-modern", format!("{missing} is missing")));
    }
}
