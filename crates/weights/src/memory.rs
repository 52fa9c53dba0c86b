//! Checkpoints in memory: reading one at once, and writing one.

use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensorError, serialize};

use super::bytes::ready;
use super::{Array, Checkpoint, TensorSource, Weights, WeightsError};
use net::Graph;

impl Weights {
    /// Reads the tensors of `graph` from the bytes of a checkpoint: safetensors, or what `torch.save` writes.
    ///
    /// # Errors
    /// [`WeightsError::Checkpoint`] where the bytes are no such file, [`WeightsError::Unfit`] where its tensors are
    /// not those of `graph`.
    pub fn from_bytes(graph: &Graph, bytes: &[u8]) -> Result<Self, WeightsError> {
        let checkpoint = ready(Checkpoint::open(Box::new(bytes.to_vec())))?;
        let source = TensorSource::checkpoint(graph, checkpoint)?;
        ready(Self::from_source(&source))
    }
}

/// Writes arrays as a `.safetensors` file (F32), with what it says of itself.
///
/// # Errors
/// [`WeightsError::Unwritable`] where an array's dimensions and values do not match.
pub fn to_safetensors<'a>(
    arrays: impl Iterator<Item = (&'a str, &'a Array)>,
    metadata: &BTreeMap<String, String>,
) -> Result<Vec<u8>, WeightsError> {
    let unwritable = |e: SafeTensorError| WeightsError::Unwritable { reason: e.to_string() };
    let views = arrays
        .map(|(name, array)| {
            let bytes: &[u8] = bytemuck::cast_slice(&array.values);
            TensorView::new(Dtype::F32, array.dims.clone(), bytes).map(|view| (name, view)).map_err(unwritable)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let metadata: HashMap<String, String> = metadata.clone().into_iter().collect();
    serialize(views, Some(metadata)).map_err(unwritable)
}
