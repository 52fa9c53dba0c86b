//! Pooling: a window's values become one.

use super::single_maps;
use crate::net::op::{Operation, Window};
use crate::net::shape::Shape;

/// The greatest value of each window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxPool2d {
    /// Kernel, stride and padding (which never wins).
    pub window: Window,
}

impl Operation for MaxPool2d {
    fn title(&self) -> &'static str {
        "max pooling"
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        let (c, h, w) = single_maps(inputs)?;
        match (self.window.positions(h), self.window.positions(w)) {
            (Some(h), Some(w)) => Ok(Shape::maps(c, h, w)),
            _ => Err(format!("a {0}x{0} window does not fit into {h}x{w}", self.window.kernel)),
        }
    }

    fn window(&self) -> Option<Window> {
        Some(self.window)
    }

    fn sentence(&self, _input: Shape, output: Shape) -> String {
        let (c, h, w) = output.chw();
        let k = self.window.kernel;
        format!("Of each {k}×{k} window only the greatest value goes on: {c} maps of {h}×{w} are left.")
    }
}
