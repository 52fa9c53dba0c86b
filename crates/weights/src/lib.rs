//! The weights of a network, generated from a seed or read from a checkpoint. They are always complete.
//!
//! A file becomes weights in three stages. A [`ByteSource`] reads ranges of bytes: from memory, from a local file, or
//! from a `Blob` of the browser. A [`Checkpoint`] is the index of the tensors in the file. A [`TensorSource`] has the
//! tensors of one graph, after their names, shapes and types were compared with those of the file, and loads them some
//! rows at a time. [`Weights`] are all tensors in memory. Entries outside a table of connections are always zero.
//!
//! `docs/checkpoints.md` describes the formats and the accepted names.

mod bundled;
mod bytes;
mod checkpoint;
mod class_names;
mod error;
mod explain;
mod fit;
mod fitted;
mod memory;
mod mismatch;
mod published;
mod seed;
mod seeded;
mod source;
pub mod splitmix;
mod weights_spec;

use std::collections::BTreeMap;

use net::Graph;

pub use bundled::{bundled_sha256, is_bundled};
#[cfg(target_arch = "wasm32")]
pub use bytes::BlobBytes;
#[cfg(not(target_arch = "wasm32"))]
pub use bytes::LocalFile;
pub use bytes::{ByteSource, LocalFuture};
pub use checkpoint::{CHUNK_BYTES, Checkpoint, CheckpointError, DType, OtherFormat, Place, TensorEntry};
pub use class_names::{ClassNames, ClassNamesError, MAX_CLASS_NAMES_BYTES};
pub use error::{Nearest, WeightsError};
pub use fit::{Convention, Reading, fitted_graph, network_of};
pub use memory::to_safetensors;
pub use mismatch::{TensorMismatch, TensorMismatches};
pub use published::{Published, Publisher, published, transforms_input};
pub use seed::{SeedError, read_seed, write_seed};
pub use source::TensorSource;
pub use weights_spec::{WeightsSpec, is_checkpoint_name};

/// A tensor of F32 values in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// Dimensions, in PyTorch's order.
    pub dims: Vec<usize>,
    /// Values. There are `dims.iter().product()` of them.
    pub values: Vec<f32>,
}

/// All tensors of one network: exactly those of its [`Graph`], in their shapes.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    tensors: BTreeMap<String, Array>,
    /// The metadata of the checkpoint, for example the training recipe and the test error.
    pub metadata: BTreeMap<String, String>,
}

impl Weights {
    /// Returns weights made of `tensors`, which must be those of `graph`.
    ///
    /// # Errors
    /// [`WeightsError::Unfit`] with every tensor that is missing, extra or of the wrong shape.
    pub fn new(
        graph: &Graph,
        mut tensors: BTreeMap<String, Array>,
        metadata: BTreeMap<String, String>,
    ) -> Result<Self, WeightsError> {
        check(graph, &tensors)?;
        mask(graph, &mut tensors);
        Ok(Self { tensors, metadata })
    }

    /// Generates the values of `seed:N`.
    pub fn seeded(graph: &Graph, seed: u64) -> Self {
        let mut tensors = BTreeMap::new();
        for (name, spec) in graph.all_tensors() {
            let values = seeded::fill(&name, &spec, seed, 0..spec.dims.iter().product());
            tensors.insert(name, Array { dims: spec.dims, values });
        }
        mask(graph, &mut tensors);
        Self { tensors, metadata: seed::metadata(seed) }
    }

    /// Returns the tensor with this full name, for example `C1.weight`, or `None` if the graph has no such tensor.
    pub fn get(&self, name: &str) -> Option<&Array> {
        self.tensors.get(name)
    }

    /// Returns all tensors in the order of their names, by value.
    pub fn into_tensors(self) -> impl Iterator<Item = (String, Array)> {
        self.tensors.into_iter()
    }

    /// Returns all tensors in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Array)> {
        self.tensors.iter().map(|(name, array)| (name.as_str(), array))
    }
}

/// Checks that `tensors` are exactly those of `graph`.
fn check(graph: &Graph, tensors: &BTreeMap<String, Array>) -> Result<(), WeightsError> {
    let mut wanted = BTreeMap::new();
    wanted.extend(graph.all_tensors());
    let mut faults = Vec::new();
    for (name, spec) in &wanted {
        match tensors.get(name) {
            None => faults.push(TensorMismatch::Missing { name: name.clone() }),
            Some(array) if array.dims != spec.dims => {
                faults.push(TensorMismatch::of_shapes(name, &array.dims, &spec.dims));
            }
            Some(_) => {}
        }
    }
    faults.extend(
        tensors
            .keys()
            .filter(|name| !wanted.contains_key(*name))
            .map(|name| TensorMismatch::Extra { name: name.clone() }),
    );
    if faults.is_empty() {
        Ok(())
    } else {
        Err(WeightsError::Unfit { network: graph.name.to_owned(), faults: faults.into(), nearest: None })
    }
}

/// Sets weights outside a table of connections to zero. They are stored, but the connections do not exist.
fn mask(graph: &Graph, tensors: &mut BTreeMap<String, Array>) {
    for (id, node) in graph.iter() {
        let net::Op::Conv2d(conv) = &node.op else { continue };
        let Some(mask) = conv.mask(graph.input_shape(id).chw().0) else { continue };
        if let Some(array) = tensors.get_mut(&format!("{}.weight", node.name)) {
            array.values.iter_mut().zip(&mask).for_each(|(value, keep)| *value *= keep);
        }
    }
}
