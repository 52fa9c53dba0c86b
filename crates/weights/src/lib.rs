//! The numbers of a network: seeded, or read from a checkpoint, and always complete.

mod bundled;
mod bytes;
mod checkpoint;
mod fit;
mod memory;
mod misfit;
mod named;
mod published;
mod seeded;
mod source;
pub mod splitmix;

use std::collections::BTreeMap;

use net::Graph;

pub use bundled::{bundled_sha256, is_bundled};
#[cfg(target_arch = "wasm32")]
pub use bytes::BlobBytes;
#[cfg(not(target_arch = "wasm32"))]
pub use bytes::LocalFile;
pub use bytes::{ByteSource, Local};
pub use checkpoint::{Checkpoint, CheckpointError, DType, Entry, PIECE};
pub use fit::network_of;
pub use memory::to_safetensors;
pub use misfit::{Misfit, Misfits};
pub use named::{Named, is_checkpoint_name};
pub use published::{Published, Publisher, published};
pub use source::TensorSource;

/// A tensor of F32 values, row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// Dimensions, in PyTorch's order.
    pub dims: Vec<usize>,
    /// Values, `dims.iter().product()` of them.
    pub values: Vec<f32>,
}

/// What can be wrong with weights.
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
        /// Every tensor that is missing, extra, of the wrong shape or type, by name.
        faults: Misfits,
    },
    /// The tensors are those of no network.
    #[error(
        "these weights fit none of the networks; nearest is {nearest}: {faults}; choose a checkpoint of one of them"
    )]
    OfNone {
        /// The network of which least is wrong.
        nearest: String,
        /// What is wrong of it.
        faults: Misfits,
    },
    /// No weights ship for the network.
    #[error("no weights ship for {network}; name a file, or seed:N")]
    NotBundled {
        /// The network asked for.
        network: String,
    },
    /// The tensors could not be written.
    #[error("the weights could not be written as safetensors ({reason})")]
    Unwritable {
        /// What the writer found.
        reason: String,
    },
}

/// All tensors of one network: what a [`Graph`] asks for is here, in its shape, and nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    tensors: BTreeMap<String, Array>,
    /// What the checkpoint says of itself: how it was trained, its marks.
    pub metadata: BTreeMap<String, String>,
}

impl Weights {
    /// The tensors of `graph` from `tensors`, each checked.
    ///
    /// # Errors
    /// [`WeightsError::Unfit`] that names every tensor that is missing, extra or of the wrong shape.
    pub fn new(
        graph: &Graph,
        mut tensors: BTreeMap<String, Array>,
        metadata: BTreeMap<String, String>,
    ) -> Result<Self, WeightsError> {
        check(graph, &tensors)?;
        mask(graph, &mut tensors);
        Ok(Self { tensors, metadata })
    }

    /// The values that `seed:N` stands for.
    pub fn seeded(graph: &Graph, seed: u64) -> Self {
        let mut tensors: BTreeMap<String, Array> = graph
            .all_tensors()
            .into_iter()
            .map(|(name, spec)| {
                let values = seeded::fill(&name, &spec, seed, 0..spec.dims.iter().product());
                (name, Array { dims: spec.dims, values })
            })
            .collect();
        mask(graph, &mut tensors);
        Self { tensors, metadata: BTreeMap::from([("weights".to_owned(), format!("seed:{seed}"))]) }
    }

    /// A tensor by its full name, `C1.weight`; `None` for a name that the graph does not ask for.
    pub fn get(&self, name: &str) -> Option<&Array> {
        self.tensors.get(name)
    }

    /// All tensors, by name, moved out.
    pub fn into_tensors(self) -> impl Iterator<Item = (String, Array)> {
        self.tensors.into_iter()
    }

    /// All tensors, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Array)> {
        self.tensors.iter().map(|(name, array)| (name.as_str(), array))
    }
}

/// Holds `tensors` against those that `graph` asks for.
fn check(graph: &Graph, tensors: &BTreeMap<String, Array>) -> Result<(), WeightsError> {
    let wanted: BTreeMap<_, _> = graph.all_tensors().into_iter().collect();
    let mut faults = Vec::new();
    for (name, spec) in &wanted {
        match tensors.get(name) {
            None => faults.push(Misfit::Missing { name: name.clone() }),
            Some(array) if array.dims != spec.dims => faults.push(fit::other_shape(name, &array.dims, &spec.dims)),
            Some(_) => {}
        }
    }
    faults.extend(
        tensors.keys().filter(|name| !wanted.contains_key(*name)).map(|name| Misfit::Extra { name: name.clone() }),
    );
    if faults.is_empty() {
        Ok(())
    } else {
        Err(WeightsError::Unfit { network: graph.name.to_owned(), faults: faults.into() })
    }
}

/// Sets weights outside a table of connections to zero: they are stored, but they are not there.
fn mask(graph: &Graph, tensors: &mut BTreeMap<String, Array>) {
    for (id, node) in graph.iter() {
        let net::Op::Conv2d(conv) = &node.op else { continue };
        let Some(mask) = conv.mask(graph.input_shape(id).chw().0) else { continue };
        if let Some(array) = tensors.get_mut(&format!("{}.weight", node.name)) {
            array.values.iter_mut().zip(&mask).for_each(|(value, keep)| *value *= keep);
        }
    }
}
