//! Tensors in the order in which the kernels fetch them, some rows at a time.

use std::future::Future;
use std::ops::Range;

use super::error::GpuError;
use weights::Weights;

/// Where the tensors of a network come from, some rows at a time: a run of entries of the first dimension.
pub trait TensorRows {
    /// The values of `rows` of the tensor `name`, row-major, F32.
    ///
    /// # Errors
    /// [`GpuError::Tensor`] where it cannot be had.
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

/// How a kernel's tensor comes of the checkpoint's.
#[derive(Debug, Clone, PartialEq)]
pub enum Pack {
    /// As it is.
    Plain {
        /// The tensor's name.
        name: String,
        /// Entries of its first dimension.
        rows: usize,
        /// Values of each.
        values: usize,
    },
    /// Convolution weight OIHW to `[block, I, kernel, kernel, 4]` of vec4: a block is sixteen channels of one group,
    /// zero past the group's last.
    ConvWeight {
        /// The tensor's name.
        name: String,
        /// Output channels.
        channels: usize,
        /// Values of each: I x kernel x kernel.
        taps: usize,
        /// Groups of channels.
        groups: usize,
    },
    /// A factor and a term for each output channel, of bias and batch normalisation, computed in f64: `[block, 2, 4]`
    /// of vec4, blocks as in [`Pack::ConvWeight`].
    Affine {
        /// The bias's name, where there is one.
        bias: Option<String>,
        /// The node of the batch normalisation with its epsilon, where there is one.
        norm: Option<(String, f64)>,
        /// Output channels.
        channels: usize,
        /// Groups of channels.
        groups: usize,
    },
    /// Full connection's weight OI, each row filled up with zeros to a multiple of four values.
    LinearWeight {
        /// The tensor's name.
        name: String,
        /// Output units.
        units: usize,
        /// Values of each.
        inputs: usize,
    },
}

/// Output channels of a block.
pub(super) const BLOCK: usize = 16;

/// The blocks of all groups together.
pub(super) fn blocks(channels: usize, groups: usize) -> usize {
    (channels / groups).div_ceil(BLOCK) * groups
}

/// The channels of a block.
fn channels_of(block: usize, channels: usize, groups: usize) -> Range<usize> {
    let of_group = channels / groups;
    let per_group = of_group.div_ceil(BLOCK);
    let (group, first) = (block / per_group, block % per_group * BLOCK);
    group * of_group + first..group * of_group + of_group.min(first + BLOCK)
}

/// The block of a channel, and its place there.
pub(super) fn block_of(channel: usize, channels: usize, groups: usize) -> (usize, usize) {
    let of_group = channels / groups;
    let (group, place) = (channel / of_group, channel % of_group);
    (group * of_group.div_ceil(BLOCK) + place / BLOCK, place % BLOCK)
}

impl Pack {
    /// Pieces that cannot be taken apart: blocks, or rows.
    pub fn rows(&self) -> usize {
        match self {
            Self::Plain { rows, .. } => *rows,
            Self::ConvWeight { channels, groups, .. } | Self::Affine { channels, groups, .. } => {
                blocks(*channels, *groups)
            }
            Self::LinearWeight { units, .. } => *units,
        }
    }

    /// Values of each piece.
    pub fn row_values(&self) -> usize {
        match self {
            Self::Plain { values, .. } => *values,
            Self::ConvWeight { taps, .. } => taps * BLOCK,
            Self::Affine { .. } => 2 * BLOCK,
            Self::LinearWeight { inputs, .. } => inputs.next_multiple_of(4),
        }
    }

    /// Whether its pieces may lie in several buffers.
    pub fn may_split(&self) -> bool {
        matches!(self, Self::ConvWeight { .. } | Self::LinearWeight { .. })
    }

    /// The values of some pieces.
    ///
    /// # Errors
    /// What `source` says.
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

    /// What it is made of, for labels and errors.
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
            let (block, place) = block_of(channel, 40, 2);
            assert_eq!(channels_of(block, 40, 2).nth(place), Some(channel));
        }
    }
}
