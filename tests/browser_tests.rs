//! Code for browsers is compiled for wasm32 only, where `#[test]` is never run: its tests are `#[wasm_bindgen_test]`.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders with code for browsers only.
const FOLDERS: [&str; 3] = ["src/app", "crates/comparison/src", "crates/lessons/src"];

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("should be readable") {
        let path = entry.expect("should be readable").path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

#[test]
fn tests_of_code_for_browsers_run_in_one() {
    let mut files = Vec::new();
    for folder in FOLDERS {
        rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut files);
    }
    assert!(files.len() > 200, "{} files", files.len());
    let (mut never_run, mut run) = (Vec::new(), 0);
    for file in files {
        let text = fs::read_to_string(&file).expect("should be readable");
        run += text.matches("#[wasm_bindgen_test]").count();
        if text.contains("#[test]") {
            never_run.push(file);
        }
    }
    assert!(never_run.is_empty(), "{never_run:?}");
    assert!(run > 20, "{run} tests");
}
