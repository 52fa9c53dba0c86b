use crate::{Extent, Fold};

/// Twin of `extent_fold.wgsl`. Joins runs of `extents` into one each.
pub fn extent_fold(folds: &[Fold], extents: &mut [Extent]) {
    for fold in folds {
        let run = &extents[fold.first..fold.first + fold.count];
        extents[fold.out] = run.iter().copied().fold(Extent::EMPTY, Extent::join);
    }
}
