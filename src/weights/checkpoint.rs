//! Checkpoints in the safetensors format.

use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};

use super::{Array, Weights, WeightsError};
use crate::net::Graph;

impl Weights {
    /// Reads the tensors of `graph` (F32) from the bytes of a `.safetensors` file.
    ///
    /// # Errors
    /// [`WeightsError::Unreadable`] where the bytes are no such file, [`WeightsError::Unfit`] where its tensors are
    /// not those of `graph`.
    pub fn from_safetensors(graph: &Graph, bytes: &[u8]) -> Result<Self, WeightsError> {
        let unreadable = |e: safetensors::SafeTensorError| WeightsError::Unreadable { reason: e.to_string() };
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
        let file = SafeTensors::deserialize(bytes).map_err(unreadable)?;
        let mut tensors = BTreeMap::new();
        let mut faults = Vec::new();
        for (name, view) in file.iter() {
            if view.dtype() != Dtype::F32 {
                faults.push(format!("{name} is {:?}, not F32", view.dtype()));
                continue;
            }
            let values = view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
            tensors.insert(name.to_owned(), Array { dims: view.shape().to_vec(), values });
        }
        if !faults.is_empty() {
            return Err(WeightsError::Unfit { network: graph.name.to_owned(), faults: faults.join(", ") });
        }
        let metadata = header.metadata().clone().unwrap_or_default().into_iter().collect();
        Self::new(graph, tensors, metadata)
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
    let unwritable = |e: safetensors::SafeTensorError| WeightsError::Unwritable { reason: e.to_string() };
    let views = arrays
        .map(|(name, array)| {
            let bytes: &[u8] = bytemuck::cast_slice(&array.values);
            TensorView::new(Dtype::F32, array.dims.clone(), bytes).map(|view| (name, view)).map_err(unwritable)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let metadata: HashMap<String, String> = metadata.clone().into_iter().collect();
    serialize(views, Some(metadata)).map_err(unwritable)
}
