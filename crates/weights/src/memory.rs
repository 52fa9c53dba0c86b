//! Checkpoints in memory: reading and writing a whole file.

use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensorError, serialize};

use super::bytes::poll_once;
use super::error::WeightsError;
use super::{Array, Checkpoint, TensorSource, Weights};
use net::Graph;

impl Weights {
    /// Reads the tensors of `graph` from the bytes of a checkpoint, in safetensors or in the format of `torch.save`.
    ///
    /// # Errors
    /// [`WeightsError::Checkpoint`] if the bytes are no such file, [`WeightsError::Unfit`] if its tensors are not those
    /// of `graph`.
    pub fn from_bytes(graph: &Graph, bytes: &[u8]) -> Result<Self, WeightsError> {
        let checkpoint = poll_once(Checkpoint::open(Box::new(bytes.to_vec())))?;
        let source = TensorSource::checkpoint(graph, checkpoint)?;
        poll_once(Self::from_source(&source))
    }
}

/// Writes arrays with metadata as a `.safetensors` file in F32.
///
/// # Errors
/// [`WeightsError::Unwritable`] if the dimensions and the values of an array do not match.
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
