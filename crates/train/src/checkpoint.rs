//! Checkpoints of a training: all state that the next epoch depends on.

use std::collections::BTreeMap;
use std::path::Path;

use safetensors::SafeTensors;
use safetensors::tensor::Dtype;

use super::optimizer::{AdamW, State};
use super::{Recipe, TrainError};
use weights::{Array, to_safetensors};

/// Name of the checkpoint file in the folder of the training.
pub(super) const FILE: &str = "checkpoint.safetensors";

/// Prefixes of the tensor names, one for each vector of [`State`], in the order of [`part`].
const STATE_PREFIXES: [&str; 4] = ["value.", "first.", "second.", "average."];

fn state_part(state: &State, part: usize) -> &Vec<f32> {
    [&state.value, &state.first, &state.second, &state.average][part]
}

/// Writes the state after `epoch` epochs. The file is replaced as a whole or not at all.
pub(super) fn save(path: &Path, recipe: &Recipe, epoch: usize, adam: &AdamW) -> Result<(), TrainError> {
    let mut arrays = Vec::new();
    for (name, state) in &adam.states {
        for (i, prefix) in STATE_PREFIXES.iter().enumerate() {
            let array = Array { dims: state.dims.clone(), values: state_part(state, i).clone() };
            arrays.push((format!("{prefix}{name}"), array));
        }
    }
    let metadata = BTreeMap::from([
        ("recipe".to_owned(), recipe.json()),
        ("epoch".to_owned(), epoch.to_string()),
        ("step".to_owned(), adam.step.to_string()),
    ]);
    let bytes = to_safetensors(arrays.iter().map(|(name, array)| (name.as_str(), array)), &metadata)?;
    write_atomically(path, &bytes)
}

/// Writes to a temporary file in the same folder and renames it, so that no partial file is ever found at `path`.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), TrainError> {
    let beside = path.with_extension("part");
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|reason| TrainError::Unwritable { path: path.display().to_string(), reason })
}

/// Reads a checkpoint written by [`save`] into the states of `adam`. Returns the number of epochs done.
pub(super) fn load(path: &Path, recipe: &Recipe, adam: &mut AdamW) -> Result<usize, TrainError> {
    let unusable = |reason: String| TrainError::UnusableCheckpoint { path: path.display().to_string(), reason };
    let bytes = std::fs::read(path).map_err(|e| unusable(e.to_string()))?;
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|e| unusable(e.to_string()))?;
    let file = SafeTensors::deserialize(&bytes).map_err(|e| unusable(e.to_string()))?;
    let metadata = header.metadata().clone().unwrap_or_default();
    if metadata.get("recipe") != Some(&recipe.json()) {
        return Err(unusable("it was made by another recipe".to_owned()));
    }
    let number = |key: &str| {
        metadata.get(key).and_then(|text| text.parse::<u64>().ok()).ok_or_else(|| unusable(format!("it has no {key}")))
    };
    for (name, state) in &mut adam.states {
        for (i, prefix) in STATE_PREFIXES.iter().enumerate() {
            let view = file.tensor(&format!("{prefix}{name}")).map_err(|e| unusable(e.to_string()))?;
            if view.dtype() != Dtype::F32 || view.shape() != state.dims.as_slice() {
                return Err(unusable(format!("its {name} is of another shape")));
            }
            let values = view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
            *[&mut state.value, &mut state.first, &mut state.second, &mut state.average][i] = values;
        }
    }
    adam.step = number("step")?;
    Ok(number("epoch")? as usize)
}
