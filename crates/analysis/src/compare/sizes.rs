//! Alignment of networks by the size of their feature maps.

use super::column::{Column, Resolution};

/// The sizes by which networks are aligned: 224 halved five times, and 1 for outputs that are no longer maps.
pub const SIZES: [usize; 7] = [224, 112, 56, 28, 14, 7, 1];

/// Returns the size nearest to `side`, measured as a ratio, because each size is half of the one before.
pub(super) fn nearest(side: usize) -> usize {
    let apart = |size: &usize| (side as f64 / *size as f64).ln().abs();
    SIZES.into_iter().min_by(|a, b| apart(a).total_cmp(&apart(b))).unwrap_or(SIZES[0])
}

/// Returns the work of a network at one of [`SIZES`]: all of its own sizes that are nearest to it, the largest first.
/// AlexNet's 55 is listed at 56.
pub fn at_size(column: &Column, size: usize) -> Vec<&Resolution> {
    column.resolutions.iter().filter(|resolution| nearest(resolution.side) == size).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::{names, network};

    fn sides(name: &str, size: usize) -> Vec<usize> {
        let column = Column::of(&network(name).expect("should be declared"));
        at_size(&column, size).iter().map(|resolution| resolution.side).collect()
    }

    #[test]
    fn every_size_of_every_network_is_listed_once() {
        for name in names() {
            let column = Column::of(&network(name).expect("should be declared"));
            let mut aligned: Vec<usize> = SIZES.into_iter().flat_map(|size| sides(name, size)).collect();
            let mut own: Vec<usize> = column.resolutions.iter().map(|resolution| resolution.side).collect();
            aligned.sort_unstable();
            own.sort_unstable();
            assert_eq!(aligned, own, "{name}");
        }
    }

    #[test]
    fn other_sizes_are_listed_at_the_nearest() {
        assert_eq!((sides("vgg16", 112), sides("vgg16", 1)), (vec![112], vec![1]));
        assert_eq!((sides("alexnet-torchvision", 56), sides("alexnet-torchvision", 7)), (vec![55], vec![6]));
        assert_eq!(sides("lenet5", 28), [32, 28]);
    }
}
