//! The check that no crate has a circle between its modules.

use std::path::Path;

use crate::process::{Result, print_line};
use crate::structure::{Circle, Structure};
use crate::test_count::TestCount;

/// Prints each circle with the names that tie its modules, and counts the crates that have none.
pub(crate) fn check(root: &Path) -> Result<TestCount> {
    let mut count = TestCount::default();
    for tree in Structure::read(root)?.crates {
        let circles = Circle::all(&tree.ties());
        circles.iter().flat_map(|circle| tree.listing(circle)).for_each(|line| print_line(&line));
        count.add(TestCount::single(circles.is_empty()));
    }
    Ok(count)
}
