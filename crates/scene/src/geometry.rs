//! Rectangles, and the grid of cells that a feature map is drawn with.

use net::{Graph, NodeId, Shape};

/// A rectangle, in scene units or in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

impl Rect {
    /// Returns the smallest rectangle that contains both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.w).max(other.x + other.w);
        let bottom = (self.y + self.h).max(other.y + other.h);
        Self { x, y, w: right - x, h: bottom - y }
    }

    /// Returns whether the two rectangles share a point.
    pub fn meets(self, other: Self) -> bool {
        self.x <= other.x + other.w
            && other.x <= self.x + self.w
            && self.y <= other.y + other.h
            && other.y <= self.y + self.h
    }

    /// Returns whether the rectangle contains a point.
    pub fn holds(self, (x, y): (f32, f32)) -> bool {
        x >= self.x && y >= self.y && x < self.x + self.w && y < self.y + self.h
    }

    /// Returns the rectangle enlarged by `margin` on every side.
    #[must_use]
    pub fn grown(self, margin: f32) -> Self {
        Self { x: self.x - margin, y: self.y - margin, w: self.w + 2.0 * margin, h: self.h + 2.0 * margin }
    }

    /// Returns the centre.
    pub fn middle(self) -> (f32, f32) {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// Returns the middle of the left edge.
    pub fn left(self) -> (f32, f32) {
        (self.x, self.y + self.h / 2.0)
    }

    /// Returns the middle of the right edge.
    pub fn right(self) -> (f32, f32) {
        (self.x + self.w, self.y + self.h / 2.0)
    }
}

/// The size of the area that shows a scene, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// The largest number of classes whose scores are listed one below the other, each with its probability.
const MAX_LISTED_CLASSES: usize = 16;

/// Returns whether the network has few enough classes to list its scores as rows of text.
pub fn scores_are_rows(graph: &Graph) -> bool {
    graph.node(graph.logits).shape.elements() <= MAX_LISTED_CLASSES
}

/// Returns the numbers of columns and rows of cells that a feature map of `node` is drawn with.
pub fn grid_of(graph: &Graph, node: NodeId) -> (usize, usize) {
    let shape = graph.node(node).shape;
    if node == graph.logits && scores_are_rows(graph) { (1, shape.elements()) } else { grid(shape) }
}

/// Vectors of at least this many values are drawn four times as high as wide, so that many layers fit side by side.
const LONG_VECTOR: usize = 512;

/// Returns the numbers of columns and rows of cells that a feature map of this shape is drawn with.
///
/// A map of `[channels, height, width]` is drawn as `width` x `height` cells. A vector is drawn as the upright
/// rectangle closest to a square that its values fill (84 values: 7x12). If it has at least 512 values, the target is a
/// rectangle four times as high as wide. If no filled rectangle is near the target, the last row stays incomplete.
pub fn grid(shape: Shape) -> (usize, usize) {
    match shape.chw() {
        (n, 1, 1) => {
            let wanted = if n < LONG_VECTOR { (n as f32).sqrt() } else { (n as f32 / 4.0).sqrt() };
            let fills = (1..=n).take_while(|c| c * c <= n).filter(|c| n % c == 0);
            let apart = |c: usize| (c as f32 / wanted).ln().abs();
            let upright = fills.min_by(|&a, &b| apart(a).total_cmp(&apart(b))).unwrap_or(1);
            if upright as f32 * 2.0 >= wanted || n < 16 {
                (upright, n / upright)
            } else {
                let columns = wanted.ceil() as usize;
                (columns, n.div_ceil(columns))
            }
        }
        (_, h, w) => (w, h),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_become_upright_rectangles() {
        assert_eq!(grid(Shape::Vector(84)), (7, 12));
        assert_eq!(grid(Shape::maps(120, 1, 1)), (10, 12));
        assert_eq!(grid(Shape::Vector(10)), (2, 5));
        assert_eq!(grid(Shape::Vector(101)), (11, 10));
        assert_eq!(grid(Shape::Vector(4096)), (32, 128));
        assert_eq!(grid(Shape::Vector(1000)), (20, 50));
        assert_eq!(grid(Shape::maps(6, 28, 28)), (28, 28));
    }

    #[test]
    fn few_scores_form_one_column() {
        for (name, columns) in [("lenet5", 1), ("resnet20-cifar", 1), ("alexnet", 20)] {
            let graph = net::network(name).expect("should be declared");
            assert_eq!(grid_of(&graph, graph.logits).0, columns, "{name}");
        }
    }
}
