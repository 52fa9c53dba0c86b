//! The layout of a tensor in its storage, and the bytes of consecutive rows.

use std::ops::Range;

/// The most values of a tensor that repeats those of its storage. The largest tensor of the networks has 103 million
/// values, but a whole tensor of one value is rare.
const MAX_EXPANDED: u64 = 1 << 24;

/// The position of a tensor in a storage, counted in values (not bytes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StorageLayout {
    /// Dimensions, in PyTorch's order.
    pub(super) dims: Vec<usize>,
    /// The index of its first value.
    pub(super) offset: u64,
    /// The distance between neighbouring values along each dimension. Empty if the tensor is contiguous (row-major).
    pub(super) strides: Vec<u64>,
}

impl StorageLayout {
    /// Returns the layout of a tensor of `dims` at `offset` with `strides`. It must lie within `len` values. Two of its
    /// values share an index only along dimensions with a stride of 0, as `Tensor.expand` makes them. Otherwise the
    /// error is the reason.
    pub(super) fn new(dims: Vec<usize>, offset: u64, strides: Vec<u64>, len: u64) -> Result<Self, String> {
        if dims.len() != strides.len() {
            return Err(format!("{} dimensions and {} strides", dims.len(), strides.len()));
        }
        let mut order: Vec<(u64, u64)> = strides.iter().copied().zip(dims.iter().map(|&d| d as u64)).collect();
        if dims.contains(&0) {
            return Ok(Self { dims, offset: 0, strides: Vec::new() });
        }
        let values = dims.iter().try_fold(1_u64, |all, &dim| all.checked_mul(dim as u64));
        let expanded = strides.iter().zip(&dims).any(|(&stride, &dim)| stride == 0 && dim > 1);
        if expanded && values.is_none_or(|values| values > MAX_EXPANDED) {
            return Err(format!("{dims:?} repeats the values of its storage, to more than {MAX_EXPANDED}"));
        }
        order.retain(|&(stride, dim)| dim > 1 && stride > 0);
        net::order::sort_by(&mut order, Ord::cmp);
        // From the smallest stride to the greatest, each must exceed the span of the dimensions before it.
        let mut span: u64 = 1;
        for (stride, dim) in order {
            if stride < span {
                return Err(format!("strides {strides:?} of {dims:?} overlap"));
            }
            span = (dim - 1)
                .checked_mul(stride)
                .and_then(|steps| steps.checked_add(span))
                .ok_or_else(|| format!("strides {strides:?} of {dims:?} pass 2^64"))?;
        }
        if offset.checked_add(span).is_none_or(|end| end > len) {
            return Err(format!("{dims:?} from {offset} with strides {strides:?} passes its {len} values"));
        }
        let contiguous = row_major(&dims);
        let same = dims.iter().zip(strides.iter().zip(&contiguous)).all(|(&dim, (a, b))| dim == 1 || a == b);
        Ok(Self { dims, offset, strides: if same { Vec::new() } else { strides } })
    }

    /// Returns the layout of a row-major tensor at `offset`, which the caller has checked.
    pub(super) fn contiguous(dims: Vec<usize>, offset: u64) -> Self {
        Self { dims, offset, strides: Vec::new() }
    }

    /// Returns the leading dimension. A scalar has one row.
    pub(super) fn rows(&self) -> usize {
        self.dims.first().copied().unwrap_or(1)
    }

    /// Returns the number of values of one row. If any dimension is 0, it is 0, however great the others are.
    pub(super) fn row_len(&self) -> u64 {
        if self.dims.contains(&0) { 0 } else { self.dims.iter().skip(1).map(|&d| d as u64).product() }
    }

    /// Returns the indices of `rows` if they are consecutive in the storage.
    pub(super) fn run(&self, rows: &Range<usize>) -> Option<Range<u64>> {
        let at = |row: usize| self.offset + row as u64 * self.row_len();
        self.strides.is_empty().then(|| at(rows.start)..at(rows.end))
    }

    /// Returns an iterator over all values of `rows` in the order of the storage. Each item is the index of a value in
    /// the storage and its row-major index among the values of `rows`.
    pub(super) fn places(&self, rows: &Range<usize>) -> StorageOrder {
        let mut dims: Vec<u64> = self.dims.iter().map(|&d| d as u64).collect();
        if let Some(first) = dims.first_mut() {
            *first = (rows.end - rows.start) as u64;
        }
        let strides = if self.strides.is_empty() { row_major(&self.dims) } else { self.strides.clone() };
        let start = self.offset + strides.first().map_or(0, |stride| stride * rows.start as u64);
        let targets = row_major(&self.dims);
        let mut axes: Vec<Axis> = dims
            .iter()
            .zip(strides.iter().zip(&targets))
            .map(|(&dim, (&stride, &target))| Axis { index: 0, dim, stride, target })
            .collect();
        net::order::sort_by_key(&mut axes, |axis: &Axis| axis.stride);
        let left = dims.iter().product();
        StorageOrder { axes, place: start, target: 0, left }
    }
}

/// Returns the strides of a row-major tensor.
fn row_major(dims: &[usize]) -> Vec<u64> {
    let mut strides = vec![1; dims.len()];
    for i in (1..dims.len()).rev() {
        strides[i - 1] = strides[i] * dims[i] as u64;
    }
    strides
}

#[derive(Debug)]
struct Axis {
    index: u64,
    dim: u64,
    stride: u64,
    target: u64,
}

/// An iterator over the values of a tensor in the order of its storage.
#[derive(Debug)]
pub(super) struct StorageOrder {
    /// The dimensions, with the smallest stride first.
    axes: Vec<Axis>,
    place: u64,
    target: u64,
    left: u64,
}

impl Iterator for StorageOrder {
    /// The index of a value in the storage, and its index among the values that are read.
    type Item = (u64, u64);

    fn next(&mut self) -> Option<(u64, u64)> {
        self.left = self.left.checked_sub(1)?;
        let here = (self.place, self.target);
        for axis in &mut self.axes {
            axis.index += 1;
            self.place += axis.stride;
            self.target += axis.target;
            if axis.index < axis.dim {
                break;
            }
            self.place -= axis.stride * axis.dim;
            self.target -= axis.target * axis.dim;
            axis.index = 0;
        }
        Some(here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transposed_matrix_is_read_in_the_order_of_its_storage() {
        // The transpose of a [2, 3] matrix: element (i, j) is at i + 3 j.
        let layout = StorageLayout::new(vec![3, 2], 10, vec![1, 3], 16).expect("should fit");
        assert_eq!(layout.run(&(0..3)), None);
        let all: Vec<_> = layout.places(&(0..3)).collect();
        assert_eq!(all, [(10, 0), (11, 2), (12, 4), (13, 1), (14, 3), (15, 5)]);
        let last: Vec<_> = layout.places(&(1..3)).collect();
        assert_eq!(last, [(11, 0), (12, 2), (14, 1), (15, 3)]);
        assert_eq!(layout.places(&(1..1)).count(), 0);
    }

    #[test]
    fn an_expanded_tensor_repeats_its_values() {
        let layout = StorageLayout::new(vec![2, 3], 4, vec![1, 0], 6).expect("should fit");
        assert_eq!(layout.run(&(0..2)), None);
        let all: Vec<_> = layout.places(&(0..2)).collect();
        assert_eq!(all, [(4, 0), (4, 1), (4, 2), (5, 3), (5, 4), (5, 5)]);
    }

    #[test]
    fn contiguous_tensors_are_runs() {
        let layout = StorageLayout::new(vec![4, 2, 3], 5, vec![6, 3, 1], 29).expect("should fit");
        assert_eq!(layout.run(&(1..3)), Some(11..23));
        let places: Vec<_> = layout.places(&(1..3)).collect();
        assert_eq!(places, (0..12).map(|i| (11 + i, i)).collect::<Vec<_>>());
        // The stride of a dimension of one is irrelevant.
        assert_eq!(StorageLayout::new(vec![1, 3], 0, vec![999, 1], 3).expect("should fit").run(&(0..1)), Some(0..3));
        let scalar = StorageLayout::new(vec![], 2, vec![], 3).expect("should fit");
        assert_eq!((scalar.rows(), scalar.run(&(0..1))), (1, Some(2..3)));
        let empty = StorageLayout::new(vec![0, 1 << 30, 1 << 30], 9, vec![3, 1, 1], 0).expect("should fit");
        assert_eq!(empty.run(&(0..0)), Some(0..0));
    }

    #[test]
    fn layouts_that_overlap_or_pass_the_end_are_refused() {
        let refused = |dims: &[usize], offset, strides: &[u64], len| {
            StorageLayout::new(dims.to_vec(), offset, strides.to_vec(), len).expect_err("should be refused")
        };
        assert!(refused(&[2, 3], 0, &[3, 1], 5).contains("passes its 5 values"));
        assert!(refused(&[2, 3], 1, &[3, 1], 6).contains("passes its 6 values"));
        assert!(refused(&[2, 3], 0, &[1, 1], 6).contains("overlap"));
        assert!(refused(&[2, 3], 0, &[2, 1], 6).contains("overlap"));
        assert!(refused(&[1 << 30, 1 << 20], 0, &[0, 0], 1).contains("repeats the values"));
        assert!(refused(&[1 << 40, 1 << 40], 0, &[0, 0], 1).contains("repeats the values"));
        assert!(refused(&[4, 2], 5, &[0, 1], 6).contains("passes its 6 values"));
        assert!(refused(&[2], u64::MAX, &[1], 6).contains("passes its 6 values"));
        assert!(refused(&[3], 0, &[1 << 63], 6).contains("2^64"));
        assert!(refused(&[2], 0, &[], 6).contains("1 dimensions and 0 strides"));
    }
}
