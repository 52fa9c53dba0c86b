use crate::{Extent, Fold};

/// The reference of `extent_fold.wgsl`. Applies each reduction to `extents`.
pub fn extent_fold(folds: &[Fold], extents: &mut [Extent]) {
    for fold in folds {
        let run = &extents[fold.first..fold.first + fold.count];
        extents[fold.out] = run.iter().copied().fold(Extent::EMPTY, Extent::join);
    }
}
