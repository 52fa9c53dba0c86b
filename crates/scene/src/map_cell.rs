//! One cell on the stage, and the windows of the input feature maps that its value is computed from.

use std::ops::Range;

use super::geometry::{grid, grid_of};
use engine::OutputSlice;
use net::{Graph, NodeId, Operation, Shape, WeightedWindow};

/// One cell of a feature map on the stage. It shows one value of a node's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MapCell {
    /// The node whose output has the value.
    pub node: NodeId,
    /// The feature map: a channel, or 0 for the single map of a flat output.
    pub map: usize,
    /// The cell's row.
    pub y: usize,
    /// The cell's column.
    pub x: usize,
}

impl MapCell {
    /// Returns the channel, row and column of the value in the node's output, or `None` if the node has no such value.
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

    /// Returns the index of the value in the node's output, in CHW order, or `None` if the node has no such value.
    pub fn index(self, graph: &Graph) -> Option<usize> {
        let (channel, y, x) = self.locate(graph)?;
        let (_, height, width) = graph.node(self.node).shape.chw();
        Some((channel * height + y) * width + x)
    }

    /// Returns the slices of the activations that [`super::Arithmetic::of`] needs, row by row. The last slice is the
    /// value itself.
    pub fn slices(self, graph: &Graph) -> Vec<OutputSlice> {
        let Some((channel, y, x)) = self.locate(graph) else { return Vec::new() };
        let mut slices: Vec<OutputSlice> =
            windows(graph, self.node, channel, y, x).iter().flat_map(|window| window.rows_of(graph)).collect();
        let own = self.index(graph).map(|start| OutputSlice { node: self.node, start, len: 1 });
        slices.extend(own);
        slices
    }
}

/// The part of one input feature map that a value reads. A flat input counts as one map of all its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InputWindow {
    pub(super) node: NodeId,
    pub(super) map: usize,
    pub(super) rows: Range<usize>,
    pub(super) columns: Range<usize>,
    /// Cells in a row of the whole feature map.
    stride: usize,
    /// Values of the whole feature map.
    size: usize,
    /// Values in the window. They can be fewer than rows x columns, because the last row of a vector's grid can be
    /// short.
    pub(super) values: usize,
}

impl InputWindow {
    /// Returns what decides about the weights of window number `place` of a value.
    pub(super) fn weighted(&self, place: usize) -> WeightedWindow {
        let (rows, columns) = (self.rows.clone(), self.columns.clone());
        WeightedWindow { place, map: self.map, rows, columns, values: self.values }
    }

    fn rows_of(&self, graph: &Graph) -> Vec<OutputSlice> {
        let Self { node, map, rows, columns, stride, size, .. } = self;
        if graph.node(*node).shape.is_flat() {
            return vec![OutputSlice { node: *node, start: map * size, len: *size }];
        }
        let row =
            |y: usize| OutputSlice { node: *node, start: map * size + y * stride + columns.start, len: columns.len() };
        rows.clone().map(row).collect()
    }
}

/// Returns the windows that a value of a node's output reads, in the order of reading.
pub(super) fn windows(graph: &Graph, node: NodeId, channel: usize, y: usize, x: usize) -> Vec<InputWindow> {
    let this = graph.node(node);
    let Some(operation) = this.op.operation() else { return Vec::new() };
    let shapes = graph.input_shapes(node);
    let inputs = this.inputs.iter().enumerate();
    inputs
        .flat_map(|(place, &input)| windows_over(graph, operation, &shapes, (place, input), (channel, y, x)))
        .collect()
}

/// Returns the windows over one input of a node.
fn windows_over(
    graph: &Graph,
    operation: &dyn Operation,
    shapes: &[Shape],
    (place, input): (usize, NodeId),
    (channel, y, x): (usize, usize, usize),
) -> Vec<InputWindow> {
    let shape = graph.node(input).shape;
    let (_, height, width) = shape.chw();
    if shape.is_flat() && operation.window(shape).is_none() {
        let (columns, rows) = grid(shape);
        let size = shape.elements();
        return vec![InputWindow {
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
        // The operation works on single values: a value of a vector reads only the value at its own index.
        return vec![InputWindow {
            node: input,
            map: channel,
            rows: 0..1,
            columns: 0..1,
            stride: 1,
            size: 1,
            values: 1,
        }];
    }
    operation
        .channels_read(shapes, place, channel)
        .map(|map| {
            let (rows, columns) = (operation.span(shape, y, height), operation.span(shape, x, width));
            let values = rows.len() * columns.len();
            InputWindow { node: input, map, rows, columns, stride: width, size: height * width, values }
        })
        .collect()
}
