//! The ways in which tensors of a file give one tensor of a graph.

use std::ops::Range;

use crate::checkpoint::{Checkpoint, CheckpointError};

/// The tensors of a file, by name, that give one tensor of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Recipe {
    /// The tensor itself.
    Plain(String),
    /// Pruned weights and their mask, of the same shape: the product of the two (`torch.nn.utils.prune`).
    Masked { values: String, mask: String },
    /// Weight normalization (Salimans and Kingma 2016, equation 2, as `torch.nn.utils.weight_norm` with `dim=0`): each
    /// row of `direction`, divided by its Euclidean length, times the value that `length` has for that row.
    Normed { length: String, direction: String },
}

impl Recipe {
    /// Returns the name of the tensor that has the shape of the result.
    pub(super) fn shape_giver(&self) -> &str {
        match self {
            Self::Plain(name) | Self::Masked { values: name, .. } | Self::Normed { direction: name, .. } => name,
        }
    }

    /// Loads `rows` of the result, row-major.
    ///
    /// # Errors
    /// Those of [`Checkpoint::load_rows`].
    pub(crate) async fn load_rows(&self, file: &Checkpoint, rows: Range<usize>) -> Result<Vec<f32>, CheckpointError> {
        let mut values = file.load_rows(self.shape_giver(), rows.clone()).await?;
        match self {
            Self::Plain(_) => {}
            Self::Masked { mask, .. } => {
                let mask = file.load_rows(mask, rows).await?;
                values.iter_mut().zip(mask).for_each(|(value, keep)| *value *= keep);
            }
            Self::Normed { length, .. } => {
                let lengths = file.load_rows(length, rows).await?;
                let row = values.len().checked_div(lengths.len()).unwrap_or(0).max(1);
                for (row, length) in values.chunks_exact_mut(row).zip(lengths) {
                    // In 64 bits: PyTorch's own sum of squares is pairwise, and as exact.
                    let norm = row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt() as f32;
                    row.iter_mut().for_each(|value| *value *= length / norm);
                }
            }
        }
        Ok(values)
    }
}
