//! Max pooling: which pixels go on.

use std::ops::Range;

use super::one_map;
use engine::Slice;
use net::{Graph, MaxPool2d, NodeId, Operation};

/// One window and its winner.
#[derive(Debug, Clone, PartialEq)]
pub struct Won {
    /// Row and column of the value that comes of it.
    pub cell: (usize, usize),
    /// Its rows on the input map, padding left out.
    pub rows: Range<usize>,
    /// Its columns on the input map, padding left out.
    pub columns: Range<usize>,
    /// Its numbers, row-major.
    pub values: Vec<f32>,
    /// The winner's place among them.
    pub winner: usize,
    /// The winner.
    pub greatest: f32,
    /// The greatest of the others; `None` where there are none.
    pub next: Option<f32>,
}

impl Won {
    /// The winner's row and column on the input map.
    pub fn place(&self) -> (usize, usize) {
        let across = self.columns.len().max(1);
        (self.rows.start + self.winner / across, self.columns.start + self.winner % across)
    }
}

/// One map before pooling, and who wins.
#[derive(Debug, Clone, PartialEq)]
pub struct MaxPooling {
    /// The pooling.
    pub node: NodeId,
    /// The map that is looked at.
    pub map: usize,
    /// Whose maps are pooled.
    pub input: NodeId,
    /// Cells in a row of the input map.
    pub columns: usize,
    /// The input map, row-major.
    pub values: Vec<f32>,
    /// For each pixel of the input map how many windows it wins. Of equal ones the first wins.
    pub wins: Vec<u32>,
    /// How many windows there are.
    pub windows: usize,
    /// The window of the cell that is looked at.
    pub won: Option<Won>,
}

impl MaxPooling {
    /// How many pixels of the input map win a window.
    pub fn winners(&self) -> usize {
        self.wins.iter().filter(|&&wins| wins > 0).count()
    }

    pub(super) fn needs(graph: &Graph, node: NodeId, map: usize) -> Option<Vec<Slice>> {
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
            won(values, width, rows, columns, (y, x))
        };
        let mut wins = vec![0; height * width];
        for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
            let (row, column) = window(y, x)?.place();
            *wins.get_mut(row * width + column)? += 1;
        }
        let won = match cell {
            Some((y, x)) => Some(window(y, x)?),
            None => None,
        };
        Some(Self { node, map, input, columns: width, values: values.clone(), wins, windows: down * across, won })
    }
}

/// The winner of a window on a map of `width` pixels a row; `None` where the window is empty or hangs over the map.
fn won(map: &[f32], width: usize, rows: Range<usize>, columns: Range<usize>, cell: (usize, usize)) -> Option<Won> {
    let mut values = Vec::with_capacity(rows.len() * columns.len());
    for row in rows.clone() {
        values.extend_from_slice(map.get(row * width + columns.start..row * width + columns.end)?);
    }
    // What is not a number always wins, as in the engines.
    let beats = |a: f32, b: f32| a > b || (a.is_nan() && !b.is_nan());
    let best = |best: usize, i: usize| if beats(values[i], values[best]) { i } else { best };
    let winner = (0..values.len()).reduce(best)?;
    let others = (0..values.len()).filter(|&i| i != winner);
    let next = others.reduce(best).map(|i| values[i]);
    Some(Won { cell, rows, columns, winner, greatest: values[winner], next, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_greatest_wins() {
        let map = [1.0, 5.0, 2.0, 0.0, 5.0, 3.0];
        let found = won(&map, 3, 0..2, 1..3, (0, 0)).expect("should be a window");
        assert_eq!(found.values, [5.0, 2.0, 5.0, 3.0]);
        assert_eq!((found.place(), found.greatest, found.next), ((0, 1), 5.0, Some(5.0)));
        assert_eq!(won(&map, 3, 1..3, 0..3, (0, 0)), None);
        let single = won(&map, 3, 1..2, 2..3, (0, 0)).expect("should be a window");
        assert_eq!((single.place(), single.next), ((1, 2), None));
    }

    #[test]
    fn what_is_not_a_number_wins() {
        let found = won(&[1.0, f32::NAN, 9.0, 2.0], 2, 0..2, 0..2, (0, 0)).expect("should be a window");
        assert_eq!((found.place(), found.next), ((0, 1), Some(9.0)));
    }
}
