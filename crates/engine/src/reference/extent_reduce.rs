use crate::extent::{Extent, ExtentReduction};

/// The reference of `extent_reduce.wgsl`. Applies each reduction to `extents`.
pub fn extent_reduce(reductions: &[ExtentReduction], extents: &mut [Extent]) {
    for fold in reductions {
        let run = &extents[fold.first..fold.first + fold.count];
        extents[fold.out] = run.iter().copied().fold(Extent::EMPTY, Extent::union);
    }
}
