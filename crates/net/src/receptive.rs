//! Receptive fields: which part of the network's input one output pixel can see.

use super::op::Window;

/// The receptive field of the pixels of one node, along either axis, in pixels of the network's input.
///
/// The output pixel `i` sees the input pixels from `start + i * stride` (which padding can make negative) to
/// `start + i * stride + size - 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
pub struct ReceptiveField {
    /// Its extent.
    pub size: usize,
    /// How far it moves from one output pixel to the next.
    pub stride: usize,
    /// Where that of the first output pixel begins.
    pub start: i64,
}

impl ReceptiveField {
    /// The input itself: every pixel sees itself.
    pub const INPUT: Self = Self { size: 1, stride: 1, start: 0 };

    /// The field after a window slides over pixels that have this one.
    #[must_use]
    pub fn through(self, window: Window) -> Self {
        Self {
            size: self.size + (window.kernel - 1) * self.stride,
            stride: self.stride * window.stride,
            start: self.start - (window.padding * self.stride) as i64,
        }
    }

    /// The field of a value that reads a whole map of `side` pixels that have this one.
    #[must_use]
    pub fn whole(self, side: usize) -> Self {
        Self { size: self.size + side.saturating_sub(1) * self.stride, stride: 0, start: self.start }
    }

    /// The smallest field that holds both, for a node with several inputs of the same stride.
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
        // Two 3x3 convolutions see 5x5 (Simonyan and Zisserman 2014, section 2.3).
        let three = Window { kernel: 3, stride: 1, padding: 1 };
        let field = ReceptiveField::INPUT.through(three).through(three);
        assert_eq!(field, ReceptiveField { size: 5, stride: 1, start: -2 });
    }
}
