//! Pooling: each window gives one value.

use std::ops::Range;

use serde::Serialize;

use super::inputs::single_maps;
use crate::formula::{Formula, Operands};
use crate::operation::{Operation, OperationKind, OperationLabel, Window};
use crate::shape::Shape;

/// Returns the reason why a window does not fit on a map.
fn too_large(window: Window, height: usize, width: usize) -> String {
    format!("a {0}x{0} window does not fit into {height}x{width}", window.kernel)
}

/// Returns the mean of all values that are read.
fn mean(operands: &Operands<'_>) -> (Formula, f32) {
    let count: usize = operands.windows.iter().map(|(_, values)| values.len()).sum();
    (Formula::Mean, operands.sum / count.max(1) as f32)
}

/// Max pooling: the greatest value of each window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MaxPool2d {
    /// Kernel, stride and padding. A padded pixel never wins.
    pub window: Window,
    /// True if sizes are rounded up, so that the last window may pass the far edge.
    pub ceil: bool,
}

impl MaxPool2d {
    /// Returns max pooling without padding, with sizes rounded down.
    pub const fn plain(kernel: usize, stride: usize) -> Self {
        Self { window: Window::new(kernel, stride, 0), ceil: false }
    }

    /// Returns the number of positions along a side of `n` pixels, or `None` if the window does not fit.
    pub fn positions(self, n: usize) -> Option<usize> {
        if self.ceil { self.window.positions_ceil(n) } else { self.window.positions(n) }
    }
}

impl Operation for MaxPool2d {
    fn title(&self) -> &'static str {
        "max pooling"
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Pooling
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::new("max pool", self.window.to_string())
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        let (c, h, w) = single_maps(inputs)?;
        match (self.positions(h), self.positions(w)) {
            (Some(h), Some(w)) => Ok(Shape::maps(c, h, w)),
            _ => Err(too_large(self.window, h, w)),
        }
    }

    fn window(&self, _input: Shape) -> Option<Window> {
        Some(self.window)
    }

    fn is_channelwise(&self) -> bool {
        true
    }

    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        let (_, values) = operands.windows.first()?;
        let better = |best: usize, i: usize| if values[i] > values[best] { i } else { best };
        let winner = (0..values.len()).reduce(better)?;
        Some((Formula::Maximum { winner }, values[winner]))
    }
}

/// Average pooling: the mean of each window, without padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AvgPool2d {
    /// The side of the window, in pixels.
    pub kernel: usize,
    /// Its stride, in pixels.
    pub stride: usize,
}

impl Operation for AvgPool2d {
    fn title(&self) -> &'static str {
        "average pooling"
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Pooling
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::new("avg pool", Window::new(self.kernel, self.stride, 0).to_string())
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        let (c, h, w) = single_maps(inputs)?;
        let window = Window::new(self.kernel, self.stride, 0);
        match (window.positions(h), window.positions(w)) {
            (Some(h), Some(w)) => Ok(Shape::maps(c, h, w)),
            _ => Err(too_large(window, h, w)),
        }
    }

    fn window(&self, _input: Shape) -> Option<Window> {
        Some(Window::new(self.kernel, self.stride, 0))
    }

    fn is_channelwise(&self) -> bool {
        true
    }

    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        Some(mean(operands))
    }
}

/// Average pooling to `side` x `side` cells. Along a side of `n` pixels, window `i` reaches from floor(i n / side) to
/// ceil((i + 1) n / side), as in PyTorch's `AdaptiveAvgPool2d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AdaptiveAvgPool2d {
    /// Rows and columns of the output; 1 for global average pooling (Lin et al. 2013).
    pub side: usize,
}

impl AdaptiveAvgPool2d {
    /// Returns the pixels along a side of `n` that output cell `i` is the mean of.
    pub fn reach(self, i: usize, n: usize) -> Range<usize> {
        i * n / self.side..((i + 1) * n).div_ceil(self.side)
    }
}

impl Operation for AdaptiveAvgPool2d {
    fn title(&self) -> &'static str {
        if self.side == 1 { "global average pooling" } else { "adaptive average pooling" }
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Pooling
    }

    fn label(&self) -> OperationLabel {
        match self.side {
            1 => OperationLabel::new("global", "avg pool"),
            side => OperationLabel::new("avg pool", format!("to {side}×{side}")),
        }
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        let (c, h, w) = single_maps(inputs)?;
        if self.side == 0 || self.side > h || self.side > w {
            return Err(format!("{h}x{w} cannot be averaged to {0}x{0}", self.side));
        }
        Ok(Shape::maps(c, self.side, self.side))
    }

    /// Windows differ by a pixel if `side` does not divide the size of the map. This is the largest window with the
    /// least stride.
    fn window(&self, input: Shape) -> Option<Window> {
        let (_, n, _) = input.chw();
        let kernel = (0..self.side).map(|i| self.reach(i, n).len()).max().unwrap_or(1);
        Some(Window::new(kernel, (n / self.side).max(1), 0))
    }

    fn span(&self, _input: Shape, i: usize, side: usize) -> Range<usize> {
        self.reach(i, side)
    }

    fn is_channelwise(&self) -> bool {
        true
    }

    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        Some(mean(operands))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ceil_mode_as_pytorch() {
        let three = |n| MaxPool2d { window: Window::new(3, 2, 0), ceil: true }.positions(n);
        assert_eq!((three(112), three(56), three(28), three(14)), (Some(56), Some(28), Some(14), Some(7)));
        // A window that would begin past the map (2 * 2 >= 4) is left out.
        let two = MaxPool2d { window: Window::new(1, 2, 0), ceil: true };
        assert_eq!(two.positions(4), Some(2));
        let padded = MaxPool2d { window: Window::new(3, 1, 1), ceil: true };
        assert_eq!(padded.positions(28), Some(28));
    }

    #[test]
    fn adaptive_windows_as_pytorch() {
        let four = AdaptiveAvgPool2d { side: 4 };
        let windows: Vec<Range<usize>> = (0..4).map(|i| four.reach(i, 14)).collect();
        assert_eq!(windows, [0..4, 3..7, 7..11, 10..14]);
        assert_eq!(AdaptiveAvgPool2d { side: 1 }.reach(0, 7), 0..7);
    }
}
