//! The channels of an input that one output channel reads.

use std::iter::Copied;
use std::ops::Range;
use std::slice;

/// The channels of one input that one output channel reads, in order. Taking them allocates nothing.
#[derive(Debug, Clone)]
pub enum ChannelsRead {
    /// Consecutive channels. The range is empty if none is read.
    Range(Range<usize>),
    /// The channels of a table of connections.
    Listed(Copied<slice::Iter<'static, usize>>),
}

impl ChannelsRead {
    /// Reads no channel.
    pub const NONE: Self = Self::Range(0..0);

    /// Reads one channel.
    pub const fn one(channel: usize) -> Self {
        Self::Range(channel..channel + 1)
    }

    /// Reads the channels of a table.
    pub fn listed(channels: &'static [usize]) -> Self {
        Self::Listed(channels.iter().copied())
    }
}

impl Iterator for ChannelsRead {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self {
            Self::Range(range) => range.next(),
            Self::Listed(channels) => channels.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Range(range) => range.size_hint(),
            Self::Listed(channels) => channels.size_hint(),
        }
    }
}

impl ExactSizeIterator for ChannelsRead {}
