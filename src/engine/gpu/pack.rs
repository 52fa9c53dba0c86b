//! Weights in the order in which the kernels fetch them.

use crate::weights::Weights;

/// How a kernel's tensor comes of the checkpoint's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pack {
    /// As it is.
    Plain {
        /// The tensor's name.
        name: String,
    },
    /// Convolution weight OIHW to `[block, I, kernel, kernel]` of vec4: a block is four channels of one group, zero
    /// past the group's last.
    ConvWeight {
        /// The tensor's name.
        name: String,
        /// Groups of channels.
        groups: usize,
    },
    /// A value for each output channel to `[block]` of vec4, blocks as in [`Pack::ConvWeight`]; zeros where the
    /// tensor has no name.
    Blocks {
        /// The tensor's name.
        name: Option<String>,
        /// Output channels.
        channels: usize,
        /// Groups of channels.
        groups: usize,
    },
    /// Full connection's weight OI to `[I, block]` of vec4: a block is four units, zero past the last.
    LinearWeight {
        /// The tensor's name.
        name: String,
    },
}

/// Output channels of a block.
pub(super) const BLOCK: usize = 4;

/// The blocks of all groups together.
pub(super) fn blocks(channels: usize, groups: usize) -> usize {
    (channels / groups).div_ceil(BLOCK) * groups
}

/// The channel that stands at `lane` of `block`, if any does.
fn channel(block: usize, lane: usize, channels: usize, groups: usize) -> Option<usize> {
    let of_group = channels / groups;
    let per_group = of_group.div_ceil(BLOCK);
    let place = block % per_group * BLOCK + lane;
    (place < of_group).then_some(block / per_group * of_group + place)
}

impl Pack {
    /// The values to upload, and what to call them in an error.
    pub fn values(&self, weights: &Weights) -> Vec<f32> {
        let tensor = |name: &str| weights.get(name).expect("weights should have every tensor of their graph");
        match self {
            Self::Plain { name } => tensor(name).values.clone(),
            Self::ConvWeight { name, groups } => {
                let array = tensor(name);
                let channels = array.dims[0];
                let taps = array.values.len() / channels.max(1);
                let mut packed = Vec::with_capacity(blocks(channels, *groups) * taps * BLOCK);
                for block in 0..blocks(channels, *groups) {
                    for tap in 0..taps {
                        for lane in 0..BLOCK {
                            let o = channel(block, lane, channels, *groups);
                            packed.push(o.map_or(0.0, |o| array.values[o * taps + tap]));
                        }
                    }
                }
                packed
            }
            Self::Blocks { name, channels, groups } => {
                let values = name.as_ref().map(|name| &tensor(name).values);
                let lanes = (0..blocks(*channels, *groups)).flat_map(|b| (0..BLOCK).map(move |lane| (b, lane)));
                let value = |(block, lane)| Some(values?[channel(block, lane, *channels, *groups)?]);
                lanes.map(|lane| value(lane).unwrap_or(0.0)).collect()
            }
            Self::LinearWeight { name } => {
                let array = tensor(name);
                let units = array.dims[0];
                let inputs = array.values.len() / units.max(1);
                let width = blocks(units, 1) * BLOCK;
                let mut packed = vec![0.0; inputs * width];
                for unit in 0..units {
                    for i in 0..inputs {
                        packed[i * width + unit] = array.values[unit * inputs + i];
                    }
                }
                packed
            }
        }
    }

    /// The checkpoint's tensor behind it.
    pub fn label(&self) -> &str {
        match self {
            Self::Plain { name } | Self::ConvWeight { name, .. } | Self::LinearWeight { name } => name,
            Self::Blocks { name, .. } => name.as_deref().unwrap_or("no bias"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_do_not_straddle_groups() {
        assert_eq!(blocks(6, 1), 2);
        assert_eq!(blocks(10, 2), 4);
        let lanes: Vec<Option<usize>> = (0..4).map(|lane| channel(1, lane, 10, 2)).collect();
        assert_eq!(lanes, [Some(4), None, None, None]);
        assert_eq!(channel(2, 0, 10, 2), Some(5));
    }
}
