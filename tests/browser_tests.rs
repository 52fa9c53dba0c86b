//! Code for browsers is compiled for wasm32 only, where `#[test]` is never run: its tests are `#[wasm_bindgen_test]`.

mod page_code;

use std::fs;
use std::path::Path;

use page_code::{PAGE_CODE, sources};

#[test]
fn tests_of_code_for_browsers_run_in_one() {
    let mut files = Vec::new();
    for folder in PAGE_CODE {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), "rs", &mut files);
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
