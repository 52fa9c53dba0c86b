//! Overlapping pooling (Krizhevsky et al. 2012, section 3.4): what windows of some size at some stride leave of maps.

use super::piece::{Piece, PieceError};
use net::{MaxPool2d, Op, Shape, Window};

/// Maps after max pooling.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooled {
    /// Their shape.
    pub shape: Shape,
    /// Their values, CHW.
    pub values: Vec<f32>,
    /// How many values of the input are the greatest of at least one window.
    pub survivors: usize,
    /// In how many windows an inner value lies along one side, at most.
    pub shared: usize,
}

impl Pooled {
    /// Pools `values` (CHW, of `shape`) by windows of `kernel` x `kernel`, `stride` pixels apart.
    ///
    /// # Errors
    /// [`PieceError`] where the window does not fit.
    pub fn new(values: &[f32], shape: Shape, kernel: usize, stride: usize) -> Result<Self, PieceError> {
        let pool = MaxPool2d::plain(kernel, stride);
        let piece = Piece::of(shape, Op::MaxPool2d(pool))?;
        let (pooled, out) = (piece.last(values)?, piece.shape());
        Ok(Self {
            shape: out,
            survivors: survivors(values, shape, pool.window, out),
            values: pooled,
            shared: kernel.div_ceil(stride),
        })
    }
}

/// How many values win a window. Of equal ones the first does, and where all are zero none: nothing survives of nothing.
fn survivors(values: &[f32], shape: Shape, window: Window, out: Shape) -> usize {
    let ((channels, height, width), (_, rows, columns)) = (shape.chw(), out.chw());
    let mut wins = vec![false; values.len()];
    for channel in 0..channels {
        for row in 0..rows {
            for column in 0..columns {
                let places = window
                    .span(row, height)
                    .flat_map(|y| window.span(column, width).map(move |x| (channel * height + y) * width + x));
                let best = places.reduce(|best, place| if values[place] > values[best] { place } else { best });
                if let Some(best) = best.filter(|&best| values[best] > 0.0) {
                    wins[best] = true;
                }
            }
        }
    }
    wins.into_iter().filter(|won| *won).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    /// One map of 5x5 with a single peak.
    fn peak(at: usize) -> Vec<f32> {
        (0..25).map(|i| if i == at { 9.0 } else { 1.0 }).collect()
    }

    #[test]
    fn windows_that_overlap_let_a_peak_be_seen_more_than_once() {
        let shape = Shape::maps(1, 5, 5);
        let apart = Pooled::new(&peak(12), shape, 2, 2).expect("should fit");
        let overlapping = Pooled::new(&peak(12), shape, 3, 2).expect("should fit");
        assert_eq!((apart.shape, overlapping.shape), (Shape::maps(1, 2, 2), Shape::maps(1, 2, 2)));
        assert_eq!(apart.values, [1.0, 1.0, 1.0, 9.0]);
        assert_eq!(overlapping.values, [9.0; 4]);
        assert_eq!((apart.shared, overlapping.shared), (1, 2));
        // One value wins all four windows, where each had a winner of its own.
        assert_eq!((apart.survivors, overlapping.survivors), (4, 1));
    }

    #[test]
    fn nothing_survives_of_nothing() {
        let pooled = Pooled::new(&[0.0; 16], Shape::maps(1, 4, 4), 2, 2).expect("should fit");
        assert_eq!(pooled.survivors, 0);
        assert!(Pooled::new(&[0.0; 16], Shape::maps(1, 4, 4), 5, 2).is_err());
    }

    #[test]
    fn the_network_itself_pools_so() {
        let graph = network("alexnet-cifar10").expect("should be declared");
        let id = graph.find("pool1").expect("should be a node");
        let Op::MaxPool2d(pool) = graph.node(id).op else { panic!("should be pooling") };
        assert_eq!((pool.window.kernel, pool.window.stride), (3, 2));
        let shape = graph.input_shape(id);
        let pooled = Pooled::new(&vec![1.0; shape.elements()], shape, 3, 2).expect("should fit");
        assert_eq!(pooled.shape, graph.node(id).shape);
    }
}
