//! The code of the pages, for tests that read it.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the code of the pages, which is for browsers only.
pub const PAGE_CODE: [&str; 3] = ["src/app", "crates/comparison/src", "crates/lessons/src"];

/// Adds the files in `path` whose names end with `.kind`.
pub fn sources(path: &Path, kind: &str, out: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("should be readable") {
            sources(&entry.expect("should be readable").path(), kind, out);
        }
    } else if path.extension().is_some_and(|extension| extension == kind) {
        out.push(path.to_path_buf());
    }
}
