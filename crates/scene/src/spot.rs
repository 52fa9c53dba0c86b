//! One value on the stage, and the windows over the maps that it reads.

use std::ops::Range;

use super::geometry::{grid, grid_of};
use engine::Slice;
use net::{Graph, NodeId, Operation, Shape};

/// One value on the stage: a cell of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    /// Whose value.
    pub node: NodeId,
    /// Which map: a channel, or 0 where the node is flat.
    pub map: usize,
    /// The cell's row.
    pub y: usize,
    /// The cell's column.
    pub x: usize,
}

impl Spot {
    /// Its channel, row and column in the node's output; `None` where there is no such value.
    pub fn locate(self, graph: &Graph) -> Option<(usize, usize, usize)> {
        let shape = graph.nodes.get(self.node.0)?.shape;
        let (channels, height, width) = shape.chw();
        if !shape.is_flat() {
            return (self.map < channels && self.y < height && self.x < width).then_some((self.map, self.y, self.x));
        }
        let columns = grid_of(graph, self.node).0;
        let channel = self.y * columns + self.x;
        (self.map == 0 && self.x < columns && channel < channels).then_some((channel, 0, 0))
    }

    /// Its place among the node's values.
    pub fn index(self, graph: &Graph) -> Option<usize> {
        let (channel, y, x) = self.locate(graph)?;
        let (_, height, width) = graph.node(self.node).shape.chw();
        Some((channel * height + y) * width + x)
    }

    /// The values that [`super::Arithmetic::of`] needs, row by row; the last is the value itself.
    pub fn slices(self, graph: &Graph) -> Vec<Slice> {
        let Some((channel, y, x)) = self.locate(graph) else { return Vec::new() };
        let mut slices: Vec<Slice> =
            windows(graph, self.node, channel, y, x).iter().flat_map(|window| window.rows_of(graph)).collect();
        let own = self.index(graph).map(|start| Slice { node: self.node, start, len: 1 });
        slices.extend(own);
        slices
    }
}

/// The part of one input map that a value reads. A flat input is one map of all its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WindowOf {
    pub(super) node: NodeId,
    pub(super) map: usize,
    pub(super) rows: Range<usize>,
    pub(super) columns: Range<usize>,
    /// Cells in a row of the whole map, and values of the whole map.
    stride: usize,
    size: usize,
    /// The last row of a vector's grid may be short.
    pub(super) values: usize,
}

impl WindowOf {
    fn rows_of(&self, graph: &Graph) -> Vec<Slice> {
        let Self { node, map, rows, columns, stride, size, .. } = self;
        if graph.node(*node).shape.is_flat() {
            return vec![Slice { node: *node, start: 0, len: *size }];
        }
        let row = |y: usize| Slice { node: *node, start: map * size + y * stride + columns.start, len: columns.len() };
        rows.clone().map(row).collect()
    }
}

/// What the value at a place of a node's output reads, in the order in which it is read.
pub(super) fn windows(graph: &Graph, node: NodeId, channel: usize, y: usize, x: usize) -> Vec<WindowOf> {
    let this = graph.node(node);
    let Some(operation) = this.op.operation() else { return Vec::new() };
    let shapes = graph.input_shapes(node);
    let inputs = this.inputs.iter().enumerate();
    inputs
        .flat_map(|(place, &input)| windows_over(graph, operation, &shapes, (place, input), (channel, y, x)))
        .collect()
}

/// The windows over one input of a node.
fn windows_over(
    graph: &Graph,
    operation: &dyn Operation,
    shapes: &[Shape],
    (place, input): (usize, NodeId),
    (channel, y, x): (usize, usize, usize),
) -> Vec<WindowOf> {
    let shape = graph.node(input).shape;
    let (_, height, width) = shape.chw();
    if shape.is_flat() && operation.window(shape).is_none() {
        let (columns, rows) = grid(shape);
        let size = shape.elements();
        return vec![WindowOf {
            node: input,
            map: 0,
            rows: 0..rows,
            columns: 0..columns,
            stride: columns,
            size,
            values: size,
        }];
    }
    if shape.is_flat() {
        // A value of a vector that reads its own counterpart only.
        return vec![WindowOf { node: input, map: channel, rows: 0..1, columns: 0..1, stride: 1, size: 1, values: 1 }];
    }
    operation
        .channels_read(shapes, place, channel)
        .into_iter()
        .map(|map| {
            let (rows, columns) = (operation.span(shape, y, height), operation.span(shape, x, width));
            let values = rows.len() * columns.len();
            WindowOf { node: input, map, rows, columns, stride: width, size: height * width, values }
        })
        .collect()
}
