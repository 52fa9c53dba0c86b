//! Receptive fields: the region of the network's input that one output cell depends on.

use super::operation::Window;

/// The receptive field of the cells of one node, along either axis, in pixels of the network's input.
///
/// Output cell `i` depends on the input pixels from `start + i * stride`, which is negative inside padding, to `start +
/// i * stride + size - 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
pub struct ReceptiveField {
    /// The number of input pixels.
    pub size: usize,
    /// The distance between the fields of two neighbouring cells.
    pub stride: usize,
    /// The first pixel of the field of cell 0.
    pub start: i64,
}

impl ReceptiveField {
    /// The receptive field of the input itself: each pixel depends on itself.
    pub const INPUT: Self = Self { size: 1, stride: 1, start: 0 };

    /// Returns the field after a window slides over cells that have this field.
    #[must_use]
    pub fn through(self, window: Window) -> Self {
        Self {
            size: self.size + (window.kernel - 1) * self.stride,
            stride: self.stride * window.stride,
            start: self.start - (window.padding * self.stride) as i64,
        }
    }

    /// Returns the field of a value that reads a whole map of `side` cells that have this field.
    #[must_use]
    pub fn whole(self, side: usize) -> Self {
        Self { size: self.size + side.saturating_sub(1) * self.stride, stride: 0, start: self.start }
    }

    /// Returns the smallest field that contains both, for a node with several inputs of the same stride.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let start = self.start.min(other.start);
        let end = (self.start + self.size as i64).max(other.start + other.size as i64);
        Self { size: (end - start) as usize, stride: self.stride.max(other.stride), start }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_through_windows() {
        // Two 3x3 convolutions have a receptive field of 5x5 (Simonyan and Zisserman 2014, section 2.3).
        let three = Window { kernel: 3, stride: 1, padding: 1 };
        let field = ReceptiveField::INPUT.through(three).through(three);
        assert_eq!(field, ReceptiveField { size: 5, stride: 1, start: -2 });
    }
}
