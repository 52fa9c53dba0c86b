//! Rectangles, and the cells of a map.

use net::{Graph, NodeId, Shape};

/// A rectangle, in the units of a scene or in CSS pixels.
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
    /// The smallest that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.w).max(other.x + other.w);
        let bottom = (self.y + self.h).max(other.y + other.h);
        Self { x, y, w: right - x, h: bottom - y }
    }

    /// Whether the two share a point.
    pub fn meets(self, other: Self) -> bool {
        self.x <= other.x + other.w
            && other.x <= self.x + self.w
            && self.y <= other.y + other.h
            && other.y <= self.y + self.h
    }

    /// Whether a point lies in it.
    pub fn holds(self, (x, y): (f32, f32)) -> bool {
        x >= self.x && y >= self.y && x < self.x + self.w && y < self.y + self.h
    }

    /// It with `margin` more on every side.
    #[must_use]
    pub fn grown(self, margin: f32) -> Self {
        Self { x: self.x - margin, y: self.y - margin, w: self.w + 2.0 * margin, h: self.h + 2.0 * margin }
    }

    /// Its middle.
    pub fn middle(self) -> (f32, f32) {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// The middle of its left edge.
    pub fn left(self) -> (f32, f32) {
        (self.x, self.y + self.h / 2.0)
    }

    /// The middle of its right edge.
    pub fn right(self) -> (f32, f32) {
        (self.x + self.w, self.y + self.h / 2.0)
    }
}

/// The room there is, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// The most classes that stand one under the other, each with its score and its probability.
const MOST_CLASSES: usize = 16;

/// Whether the scores are few enough to stand as rows that are read.
pub fn scores_are_rows(graph: &Graph) -> bool {
    graph.node(graph.logits).shape.elements() <= MOST_CLASSES
}

/// How many columns and rows of cells a map of `node` is drawn with.
pub fn grid_of(graph: &Graph, node: NodeId) -> (usize, usize) {
    let shape = graph.node(node).shape;
    if node == graph.logits && scores_are_rows(graph) { (1, shape.elements()) } else { grid(shape) }
}

/// Vectors of at least this many values stand four times as high as they are wide: many layers stand side by side.
const LONG: usize = 512;

/// How many columns and rows of cells a map of this shape is drawn with. A vector becomes the upright rectangle
/// nearest to a square that it fills (84 values are 7x12), a long one the nearest to a square upon three more.
pub fn grid(shape: Shape) -> (usize, usize) {
    match shape.chw() {
        (n, 1, 1) => {
            let wanted = if n < LONG { (n as f32).sqrt() } else { (n as f32 / 4.0).sqrt() };
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
    fn vectors_stand_upright() {
        assert_eq!(grid(Shape::Vector(84)), (7, 12));
        assert_eq!(grid(Shape::maps(120, 1, 1)), (10, 12));
        assert_eq!(grid(Shape::Vector(10)), (2, 5));
        assert_eq!(grid(Shape::Vector(101)), (11, 10));
        assert_eq!(grid(Shape::Vector(4096)), (32, 128));
        assert_eq!(grid(Shape::Vector(1000)), (20, 50));
        assert_eq!(grid(Shape::maps(6, 28, 28)), (28, 28));
    }

    #[test]
    fn few_scores_stand_in_one_column() {
        for (name, columns) in [("lenet5", 1), ("resnet20-cifar", 1), ("alexnet", 20)] {
            let graph = net::network(name).expect("should be declared");
            assert_eq!(grid_of(&graph, graph.logits).0, columns, "{name}");
        }
    }
}
