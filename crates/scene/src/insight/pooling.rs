//! Max pooling: the pixels that win a window.

use std::ops::Range;

use super::values::one_map;
use engine::OutputSlice;
use net::{Graph, MaxPool2d, NodeId, Operation};

/// One window and its maximum.
#[derive(Debug, Clone, PartialEq)]
pub struct PooledWindow {
    /// Row and column of the output value.
    pub cell: (usize, usize),
    /// Rows of the window on the input map, without padding.
    pub rows: Range<usize>,
    /// Columns of the window on the input map, without padding.
    pub columns: Range<usize>,
    /// The values in the window, row-major.
    pub values: Vec<f32>,
    /// The index of the maximum in `values`.
    pub winner: usize,
    /// The maximum.
    pub greatest: f32,
    /// The greatest of the other values; `None` if there are none.
    pub next: Option<f32>,
}

impl PooledWindow {
    /// Returns row and column of the maximum on the input map.
    pub fn place(&self) -> (usize, usize) {
        let across = self.columns.len().max(1);
        (self.rows.start + self.winner / across, self.columns.start + self.winner % across)
    }
}

/// One feature map before pooling, and the winners of its windows.
#[derive(Debug, Clone, PartialEq)]
pub struct MaxPooling {
    /// The pooling node.
    pub node: NodeId,
    /// The selected feature map.
    pub map: usize,
    /// The node whose feature maps are pooled.
    pub input: NodeId,
    /// Cells in a row of the input map.
    pub columns: usize,
    /// The values of the input map, row-major.
    pub values: Vec<f32>,
    /// For each pixel of the input map, the number of windows that it wins. The first of equal values wins.
    pub wins: Vec<u32>,
    /// The number of windows.
    pub windows: usize,
    /// The window of the pointed-at cell.
    pub pooled_window: Option<PooledWindow>,
}

impl MaxPooling {
    /// Returns the number of pixels of the input map that win a window.
    pub fn winners(&self) -> usize {
        self.wins.iter().filter(|&&wins| wins > 0).count()
    }

    pub(super) fn needs(graph: &Graph, node: NodeId, map: usize) -> Option<Vec<OutputSlice>> {
        let input = *graph.node(node).inputs.first()?;
        Some(vec![one_map(graph, input, map)?])
    }

    pub(super) fn of(
        graph: &Graph,
        node: NodeId,
        pool: MaxPool2d,
        map: usize,
        cell: Option<(usize, usize)>,
        values: &[Vec<f32>],
    ) -> Option<Self> {
        let [values] = values else { return None };
        let this = graph.node(node);
        let input = *this.inputs.first()?;
        let shape = graph.node(input).shape;
        let ((_, height, width), (_, down, across)) = (shape.chw(), this.shape.chw());
        let window = |y: usize, x: usize| {
            let (rows, columns) = (pool.span(shape, y, height), pool.span(shape, x, width));
            pooled_window(values, width, rows, columns, (y, x))
        };
        let mut wins = vec![0; height * width];
        for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
            let (row, column) = window(y, x)?.place();
            *wins.get_mut(row * width + column)? += 1;
        }
        let pooled_window = match cell {
            Some((y, x)) => Some(window(y, x)?),
            None => None,
        };
        Some(Self {
            node,
            map,
            input,
            columns: width,
            values: values.clone(),
            wins,
            windows: down * across,
            pooled_window,
        })
    }
}

/// Finds the maximum of a window on a map with `width` pixels per row. Returns `None` if the window is empty or extends
/// past the map.
fn pooled_window(
    map: &[f32],
    width: usize,
    rows: Range<usize>,
    columns: Range<usize>,
    cell: (usize, usize),
) -> Option<PooledWindow> {
    let mut values = Vec::with_capacity(rows.len() * columns.len());
    for row in rows.clone() {
        values.extend_from_slice(map.get(row * width + columns.start..row * width + columns.end)?);
    }
    // NaN always wins, as in the engines.
    let beats = |a: f32, b: f32| a > b || (a.is_nan() && !b.is_nan());
    let best = |best: usize, i: usize| if beats(values[i], values[best]) { i } else { best };
    let winner = (0..values.len()).reduce(best)?;
    let others = (0..values.len()).filter(|&i| i != winner);
    let next = others.reduce(best).map(|i| values[i]);
    Some(PooledWindow { cell, rows, columns, winner, greatest: values[winner], next, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_greatest_wins() {
        let map = [1.0, 5.0, 2.0, 0.0, 5.0, 3.0];
        let found = pooled_window(&map, 3, 0..2, 1..3, (0, 0)).expect("should be a window");
        assert_eq!(found.values, [5.0, 2.0, 5.0, 3.0]);
        assert_eq!((found.place(), found.greatest, found.next), ((0, 1), 5.0, Some(5.0)));
        assert_eq!(pooled_window(&map, 3, 1..3, 0..3, (0, 0)), None);
        let single = pooled_window(&map, 3, 1..2, 2..3, (0, 0)).expect("should be a window");
        assert_eq!((single.place(), single.next), ((1, 2), None));
    }

    #[test]
    fn not_a_number_wins() {
        let found = pooled_window(&[1.0, f32::NAN, 9.0, 2.0], 2, 0..2, 0..2, (0, 0)).expect("should be a window");
        assert_eq!((found.place(), found.next), ((0, 1), Some(9.0)));
    }
}
