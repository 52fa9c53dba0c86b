//! Where square windows lie on maps.

use std::ops::Range;

/// Square windows over maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// Maps.
    pub channels: usize,
    /// Rows of a map.
    pub height: usize,
    /// Columns of a map.
    pub width: usize,
    /// The side of a window, in pixels.
    pub kernel: usize,
    /// The step between windows, in pixels.
    pub stride: usize,
    /// Rows and columns before the map that the first window begins in.
    pub padding: usize,
    /// Windows down a map. The last may reach beyond it, as far as it likes.
    pub rows: usize,
    /// Windows across a map.
    pub columns: usize,
}

impl Windows {
    /// Windows on one map.
    pub fn positions(&self) -> usize {
        self.rows * self.columns
    }

    /// Pixels of one map.
    pub fn area(&self) -> usize {
        self.height * self.width
    }

    /// The pixels, of `side`, that window number `i` covers along a side. Empty where it lies in the padding alone.
    pub(crate) fn span(&self, i: usize, side: usize) -> Range<usize> {
        let start = (i * self.stride).saturating_sub(self.padding);
        start..(i * self.stride + self.kernel).saturating_sub(self.padding).min(side).max(start)
    }

    /// The windows, of `count` along a side of `side` pixels, whose pixel number `tap` lies on the map.
    pub(crate) fn on_the_map(&self, tap: usize, side: usize, count: usize) -> Range<usize> {
        let first = self.padding.saturating_sub(tap).div_ceil(self.stride).min(count);
        let end = (side + self.padding).saturating_sub(tap).div_ceil(self.stride);
        first..end.clamp(first, count)
    }
}
