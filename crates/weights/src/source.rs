//! The tensors of one graph from any source, read some rows at a time.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::bytes::ByteSource;
use super::checkpoint::{Checkpoint, CheckpointError};
use super::error::WeightsError;
use super::fit::{Reading, TensorNames, match_checkpoint};
use super::seed;
use super::{Array, Weights, seeded};
use net::{Graph, Op, TensorSpec};

/// The source of the values.
#[derive(Debug)]
enum ValueSource {
    /// The formula of `seed:N`.
    Seeded(u64),
    /// A file whose tensors match those of the graph.
    Checkpoint(Box<Checkpoint>, TensorNames),
    /// Weights in memory.
    Memory(Arc<Weights>),
}

/// A tensor that the graph asks for.
#[derive(Debug)]
struct WantedTensor {
    spec: TensorSpec,
    /// The mask of the table of connections, one number per value: 0 outside the table. `None` if there is no table.
    mask: Option<Vec<f32>>,
}

/// Every tensor of one graph, in the shape that the graph asks for.
///
/// The tensors of a checkpoint are checked before any of them is loaded. Engines load from here in pieces, so that the
/// weights of a network are never in memory twice.
#[derive(Debug)]
pub struct TensorSource {
    wanted: BTreeMap<String, WantedTensor>,
    values: ValueSource,
    metadata: BTreeMap<String, String>,
    reading: Reading,
}

impl TensorSource {
    /// Generates the values of `seed:N` when they are loaded.
    pub fn seeded(graph: &Graph, seed: u64) -> Self {
        let metadata = seed::metadata(seed);
        Self { wanted: wanted(graph), values: ValueSource::Seeded(seed), metadata, reading: Reading::default() }
    }

    /// Takes the tensors of a checkpoint.
    ///
    /// # Errors
    /// [`WeightsError::Unfit`] with every tensor that is missing or extra, or that has the wrong shape or type.
    pub fn checkpoint(graph: &Graph, checkpoint: Checkpoint) -> Result<Self, WeightsError> {
        let (names, reading) = match_checkpoint(graph, &checkpoint)?;
        let metadata = checkpoint.metadata().clone();
        let values = ValueSource::Checkpoint(Box::new(checkpoint), names);
        Ok(Self { wanted: wanted(graph), values, metadata, reading })
    }

    /// Opens the checkpoint in `bytes` and takes its tensors.
    ///
    /// # Errors
    /// [`WeightsError::Checkpoint`] if it cannot be read, [`WeightsError::Unfit`] if its tensors are not those of
    /// `graph`.
    pub async fn open(graph: &Graph, bytes: Box<dyn ByteSource>) -> Result<Self, WeightsError> {
        Self::checkpoint(graph, Checkpoint::open(bytes).await?)
    }

    /// Takes weights that are in memory already.
    ///
    /// # Errors
    /// [`WeightsError::Unfit`] if they are not those of `graph`.
    pub fn weights(graph: &Graph, weights: Arc<Weights>) -> Result<Self, WeightsError> {
        super::check(graph, &weights.tensors)?;
        let metadata = weights.metadata.clone();
        Ok(Self { wanted: wanted(graph), values: ValueSource::Memory(weights), metadata, reading: Reading::default() })
    }

    /// Returns the metadata of the checkpoint.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// Returns how the checkpoint was read. It is plain for other sources.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Returns the names of all tensors, with their dimensions in PyTorch's order.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, &[usize])> {
        self.wanted.iter().map(|(name, wanted)| (name.as_str(), wanted.spec.dims.as_slice()))
    }

    /// Returns the dimensions of the tensor called `name`, in PyTorch's order.
    ///
    /// # Errors
    /// [`WeightsError::Checkpoint`] if the graph has no such tensor.
    pub fn dims(&self, name: &str) -> Result<&[usize], WeightsError> {
        Ok(&self.find(name)?.spec.dims)
    }

    fn find(&self, name: &str) -> Result<&WantedTensor, CheckpointError> {
        self.wanted.get(name).ok_or_else(|| CheckpointError::NoTensor { name: name.to_owned() })
    }

    /// Loads `rows` of a tensor, row-major. Rows are indices of the leading dimension (output channels or units).
    /// ValueSource outside a table of connections are zero.
    ///
    /// # Errors
    /// [`WeightsError::Checkpoint`] if there is no such tensor or row, or if the file cannot be read.
    pub async fn load_rows(&self, name: &str, rows: Range<usize>) -> Result<Vec<f32>, WeightsError> {
        let WantedTensor { spec, mask } = self.find(name)?;
        let has = spec.dims.first().copied().unwrap_or(1);
        if rows.start > rows.end || rows.end > has {
            let Range { start, end } = rows;
            return Err(CheckpointError::NoRows { name: name.to_owned(), has, start, end }.into());
        }
        let row: usize = spec.dims.iter().skip(1).product();
        let places = rows.start * row..rows.end * row;
        let mut values = match &self.values {
            ValueSource::Seeded(seed) => seeded::fill(name, spec, *seed, places.clone()),
            ValueSource::Checkpoint(file, names) => {
                let recipe = names.get(name).ok_or_else(|| CheckpointError::NoTensor { name: name.to_owned() })?;
                recipe.load_rows(file, rows).await?
            }
            ValueSource::Memory(weights) => {
                let all = weights.get(name).and_then(|array| array.values.get(places.clone()));
                all.ok_or_else(|| CheckpointError::NoTensor { name: name.to_owned() })?.to_vec()
            }
        };
        if let Some(mask) = mask {
            values.iter_mut().zip(&mask[places]).for_each(|(value, keep)| *value *= keep);
        }
        Ok(values)
    }

    /// Loads all values of a tensor.
    ///
    /// # Errors
    /// Those of [`TensorSource::load_rows`].
    pub async fn load(&self, name: &str) -> Result<Array, WeightsError> {
        let dims = self.dims(name)?.to_vec();
        let values = self.load_rows(name, 0..dims.first().copied().unwrap_or(1)).await?;
        Ok(Array { dims, values })
    }
}

/// Returns the tensors of `graph`, with the masks of their tables of connections.
fn wanted(graph: &Graph) -> BTreeMap<String, WantedTensor> {
    let of_node = |(id, node): (net::NodeId, &net::Node)| {
        let mask = match &node.op {
            Op::Conv2d(conv) => conv.mask(graph.input_shape(id).chw().0),
            _ => None,
        };
        let mask_of = move |leaf: &str| mask.clone().filter(|_| leaf == "weight");
        graph.tensors(id).into_iter().map(move |(name, spec)| {
            let mask = mask_of(spec.leaf);
            (name, WantedTensor { spec, mask })
        })
    };
    graph.iter().flat_map(of_node).collect()
}

impl Weights {
    /// Loads all tensors of a source.
    ///
    /// # Errors
    /// [`WeightsError::Checkpoint`] if the file cannot be read.
    pub async fn from_source(source: &TensorSource) -> Result<Self, WeightsError> {
        let mut tensors = BTreeMap::new();
        for name in source.wanted.keys() {
            tensors.insert(name.clone(), source.load(name).await?);
        }
        Ok(Self { tensors, metadata: source.metadata.clone() })
    }
}
