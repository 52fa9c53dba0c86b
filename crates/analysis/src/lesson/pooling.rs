//! Overlapping pooling (Krizhevsky et al. 2012, section 3.4): the output of max pooling for any window size and stride.

use super::mini_network::{MiniNetwork, MiniNetworkError};
use net::{MaxPool2d, Op, Shape, Window};

/// The output of max pooling.
#[derive(Debug, Clone, PartialEq)]
pub struct PooledMaps {
    /// Shape of the output.
    pub shape: Shape,
    /// Values of the output, CHW.
    pub values: Vec<f32>,
    /// Number of input values that are the maximum of at least one window.
    pub survivors: usize,
    /// The greatest number of windows that an inner value lies in, along one axis.
    pub shared: usize,
}

impl PooledMaps {
    /// Pools `values` (CHW, of `shape`) with windows of `kernel` x `kernel` pixels that are `stride` pixels apart.
    ///
    /// # Errors
    /// Returns [`MiniNetworkError`] if the window does not fit.
    pub fn new(values: &[f32], shape: Shape, kernel: usize, stride: usize) -> Result<Self, MiniNetworkError> {
        let pool = MaxPool2d::plain(kernel, stride);
        let network = MiniNetwork::of(shape, Op::MaxPool2d(pool))?;
        let (pooled, out) = (network.last(values)?, network.shape());
        Ok(Self {
            shape: out,
            survivors: survivors(values, shape, pool.window, out),
            values: pooled,
            shared: kernel.div_ceil(stride),
        })
    }
}

/// Counts the values that are the maximum of at least one window. The first of equal values counts. A window without a
/// positive value has no maximum here.
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

    /// Returns one map of 5x5 with a single peak.
    fn peak(at: usize) -> Vec<f32> {
        (0..25).map(|i| if i == at { 9.0 } else { 1.0 }).collect()
    }

    #[test]
    fn a_peak_wins_several_overlapping_windows() {
        let shape = Shape::maps(1, 5, 5);
        let apart = PooledMaps::new(&peak(12), shape, 2, 2).expect("should fit");
        let overlapping = PooledMaps::new(&peak(12), shape, 3, 2).expect("should fit");
        assert_eq!((apart.shape, overlapping.shape), (Shape::maps(1, 2, 2), Shape::maps(1, 2, 2)));
        assert_eq!(apart.values, [1.0, 1.0, 1.0, 9.0]);
        assert_eq!(overlapping.values, [9.0; 4]);
        assert_eq!((apart.shared, overlapping.shared), (1, 2));
        // One value wins all four windows; without overlap each window has its own maximum.
        assert_eq!((apart.survivors, overlapping.survivors), (4, 1));
    }

    #[test]
    fn zeros_do_not_survive() {
        let pooled = PooledMaps::new(&[0.0; 16], Shape::maps(1, 4, 4), 2, 2).expect("should fit");
        assert_eq!(pooled.survivors, 0);
        assert!(PooledMaps::new(&[0.0; 16], Shape::maps(1, 4, 4), 5, 2).is_err());
    }

    #[test]
    fn the_network_pools_with_the_same_window() {
        let graph = network("alexnet-cifar10").expect("should be declared");
        let id = graph.find("pool1").expect("should be a node");
        let Op::MaxPool2d(pool) = graph.node(id).op else { panic!("should be pooling") };
        assert_eq!((pool.window.kernel, pool.window.stride), (3, 2));
        let shape = graph.input_shape(id);
        let pooled = PooledMaps::new(&vec![1.0; shape.elements()], shape, 3, 2).expect("should fit");
        assert_eq!(pooled.shape, graph.node(id).shape);
    }
}
