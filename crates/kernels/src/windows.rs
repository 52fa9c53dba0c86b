//! The geometry of square windows that slide over feature maps.

use std::ops::Range;

/// Square windows over `channels` feature maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// The number of feature maps.
    pub channels: usize,
    /// The height of a map in pixels.
    pub height: usize,
    /// The width of a map in pixels.
    pub width: usize,
    /// The side of a window in pixels.
    pub kernel: usize,
    /// The distance between neighbouring windows in pixels.
    pub stride: usize,
    /// The first window begins this many pixels before the map, down and across.
    pub padding: usize,
    /// Windows in one column of the output. The last one may reach any distance beyond the map.
    pub rows: usize,
    /// Windows in one row of the output.
    pub columns: usize,
}

impl Windows {
    /// Returns the number of windows on one map.
    pub fn positions(&self) -> usize {
        self.rows * self.columns
    }

    /// Returns the number of pixels of one map.
    pub fn area(&self) -> usize {
        self.height * self.width
    }

    /// Returns the pixels that window `i` covers along one side of `side` pixels. The range is empty if the window lies
    /// in the padding only.
    pub(crate) fn span(&self, i: usize, side: usize) -> Range<usize> {
        let start = (i * self.stride).saturating_sub(self.padding);
        start..(i * self.stride + self.kernel).saturating_sub(self.padding).min(side).max(start)
    }

    /// Returns those of `count` windows along a side of `side` pixels whose pixel `tap` lies on the map.
    pub(crate) fn windows_inside(&self, tap: usize, side: usize, count: usize) -> Range<usize> {
        let first = self.padding.saturating_sub(tap).div_ceil(self.stride).min(count);
        let end = (side + self.padding).saturating_sub(tap).div_ceil(self.stride);
        first..end.clamp(first, count)
    }
}
