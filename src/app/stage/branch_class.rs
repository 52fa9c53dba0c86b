//! The class that gives a branch its colour.

use crate::app::insight::BRANCH_COLOURS;

/// Returns the CSS class that gives a branch its colour.
pub(super) fn branch_class(branch: usize) -> String {
    format!("branch-{}", branch % BRANCH_COLOURS)
}
