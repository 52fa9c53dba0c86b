//! Reorders tensors for the kernels, a few rows at a time.
//!
//! Each tensor is stored in the order in which its kernel fetches it. Convolution weights are in blocks of 16 output
//! channels of one group. Bias and batch normalization become one factor and one term per channel, computed in f64.
//! Rows of fully connected layers are padded to multiples of four.
//!
//! Weights of convolutions and fully connected layers are split, by blocks or rows, over as many buffers as the
//! adapter's largest binding requires, with a dispatch for each. Any other tensor has to fit into one binding.

use std::future::Future;
use std::ops::Range;

use super::error::GpuError;
use weights::Weights;

/// A source of a network's tensors. It returns rows, that is, entries of a tensor's first dimension.
pub trait TensorRows {
    /// Returns the values of `rows` of the tensor `name`, row-major, F32.
    ///
    /// # Errors
    /// [`GpuError::Tensor`] if the tensor cannot be loaded.
    fn rows(&self, name: &str, rows: Range<usize>) -> impl Future<Output = Result<Vec<f32>, GpuError>>;
}

impl TensorRows for Weights {
    async fn rows(&self, name: &str, rows: Range<usize>) -> Result<Vec<f32>, GpuError> {
        let fault = |reason: &str| GpuError::Tensor { name: name.to_owned(), reason: reason.to_owned() };
        let array = self.get(name).ok_or_else(|| fault("the weights do not have it"))?;
        let row: usize = array.dims.iter().skip(1).product();
        let values = array.values.get(rows.start * row..rows.end * row);
        values.map(<[f32]>::to_vec).ok_or_else(|| fault("it has fewer rows"))
    }
}

/// The layout of a tensor on the GPU, and how it follows from the checkpoint.
#[derive(Debug, Clone, PartialEq)]
pub enum TensorPacking {
    /// The tensor as it is.
    Plain {
        /// The name of the tensor.
        name: String,
        /// The number of entries of its first dimension.
        rows: usize,
        /// The number of values per entry.
        values: usize,
    },
    /// A convolution weight, `[out channels, in channels of a group, kernel, kernel]`, as
    /// `[block, in channels, kernel, kernel, 4]` of vec4. A block holds sixteen output channels of one group, and zeros
    /// after the group's last channel.
    ConvWeight {
        /// The name of the tensor.
        name: String,
        /// The number of output channels.
        channels: usize,
        /// The number of values per output channel: in channels of a group x kernel x kernel.
        taps: usize,
        /// Groups of channels.
        groups: usize,
    },
    /// A factor and a term per output channel, from bias and batch normalisation: `[block, 2, 4]` of vec4, with blocks
    /// as in [`TensorPacking::ConvWeight`]. They are computed in f64.
    Affine {
        /// The name of the bias, if there is one.
        bias: Option<String>,
        /// The node of the batch normalisation and its epsilon, if there is one.
        norm: Option<(String, f64)>,
        /// The number of output channels.
        channels: usize,
        /// Groups of channels.
        groups: usize,
    },
    /// The weight of a fully connected layer, `[units, inputs]`, with zeros after each row up to a multiple of four
    /// values.
    LinearWeight {
        /// The name of the tensor.
        name: String,
        /// The number of outputs.
        units: usize,
        /// The number of inputs.
        inputs: usize,
    },
}

/// Output channels per block.
pub(super) const BLOCK: usize = 16;

/// Returns the number of blocks of all groups.
pub(super) fn blocks(channels: usize, groups: usize) -> usize {
    (channels / groups).div_ceil(BLOCK) * groups
}

/// Returns the channels of a block.
fn channels_of(block: usize, channels: usize, groups: usize) -> Range<usize> {
    let of_group = channels / groups;
    let per_group = of_group.div_ceil(BLOCK);
    let (group, first) = (block / per_group, block % per_group * BLOCK);
    group * of_group + first..group * of_group + of_group.min(first + BLOCK)
}

/// Returns the block of a channel and the channel's index within the block.
pub(super) fn block_of(channel: usize, channels: usize, groups: usize) -> (usize, usize) {
    let of_group = channels / groups;
    let (group, lane) = (channel / of_group, channel % of_group);
    (group * of_group.div_ceil(BLOCK) + lane / BLOCK, lane % BLOCK)
}

impl TensorPacking {
    /// Returns the number of rows of the packed tensor: blocks, or rows of a matrix. A row is never split over buffers.
    pub fn rows(&self) -> usize {
        match self {
            Self::Plain { rows, .. } => *rows,
            Self::ConvWeight { channels, groups, .. } | Self::Affine { channels, groups, .. } => {
                blocks(*channels, *groups)
            }
            Self::LinearWeight { units, .. } => *units,
        }
    }

    /// Returns the number of values per packed row.
    pub fn row_values(&self) -> usize {
        match self {
            Self::Plain { values, .. } => *values,
            Self::ConvWeight { taps, .. } => taps * BLOCK,
            Self::Affine { .. } => 2 * BLOCK,
            Self::LinearWeight { inputs, .. } => inputs.next_multiple_of(4),
        }
    }

    /// Returns whether the rows may be spread over several buffers.
    pub fn may_split(&self) -> bool {
        matches!(self, Self::ConvWeight { .. } | Self::LinearWeight { .. })
    }

    /// Returns the values of some packed rows.
    ///
    /// # Errors
    /// The errors of `source`.
    pub async fn values(&self, source: &impl TensorRows, rows: Range<usize>) -> Result<Vec<f32>, GpuError> {
        match self {
            Self::Plain { name, .. } => source.rows(name, rows).await,
            Self::ConvWeight { name, channels, taps, groups } => {
                let mut packed = vec![0.0; rows.len() * taps * BLOCK];
                for (block, packed) in rows.zip(packed.chunks_exact_mut(taps * BLOCK)) {
                    let values = source.rows(name, channels_of(block, *channels, *groups)).await?;
                    for (lane, kernel) in values.chunks_exact(*taps).enumerate() {
                        for (tap, value) in kernel.iter().enumerate() {
                            packed[tap * BLOCK + lane] = *value;
                        }
                    }
                }
                Ok(packed)
            }
            Self::Affine { bias, norm, channels, groups } => {
                let mut factors = vec![1.0_f64; *channels];
                let mut terms = vec![0.0_f64; *channels];
                if let Some(name) = bias {
                    let values = source.rows(name, 0..*channels).await?;
                    terms.iter_mut().zip(values).for_each(|(term, value)| *term = f64::from(value));
                }
                if let Some((node, epsilon)) = norm {
                    let mut tensors = Vec::new();
                    for leaf in ["weight", "bias", "running_mean", "running_var"] {
                        tensors.push(source.rows(&format!("{node}.{leaf}"), 0..*channels).await?);
                    }
                    for c in 0..*channels {
                        let [weight, bias, mean, variance] = [0, 1, 2, 3].map(|t: usize| f64::from(tensors[t][c]));
                        factors[c] = weight / (variance + epsilon).sqrt();
                        terms[c] = (terms[c] - mean) * factors[c] + bias;
                    }
                }
                let mut packed = vec![0.0; rows.len() * 2 * BLOCK];
                for (block, packed) in rows.zip(packed.chunks_exact_mut(2 * BLOCK)) {
                    for (lane, channel) in channels_of(block, *channels, *groups).enumerate() {
                        packed[lane] = factors[channel] as f32;
                        packed[BLOCK + lane] = terms[channel] as f32;
                    }
                }
                Ok(packed)
            }
            Self::LinearWeight { name, inputs, .. } => {
                let values = source.rows(name, rows).await?;
                let width = self.row_values();
                if width == *inputs {
                    return Ok(values);
                }
                let mut packed = vec![0.0; values.len() / inputs * width];
                for (row, padded) in values.chunks_exact(*inputs).zip(packed.chunks_exact_mut(width)) {
                    padded[..*inputs].copy_from_slice(row);
                }
                Ok(packed)
            }
        }
    }

    /// Returns the name of the tensor it is made from, for labels and errors.
    pub fn label(&self) -> &str {
        match self {
            Self::Plain { name, .. } | Self::ConvWeight { name, .. } | Self::LinearWeight { name, .. } => name,
            Self::Affine { bias: Some(name), .. } | Self::Affine { norm: Some((name, _)), .. } => name,
            Self::Affine { .. } => "no bias",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_do_not_straddle_groups() {
        assert_eq!(blocks(6, 1), 1);
        assert_eq!(blocks(40, 2), 4);
        assert_eq!(channels_of(1, 40, 2), 16..20);
        assert_eq!(channels_of(2, 40, 2), 20..36);
        for channel in 0..40 {
            let (block, lane) = block_of(channel, 40, 2);
            assert_eq!(channels_of(block, 40, 2).nth(lane), Some(channel));
        }
    }
}
