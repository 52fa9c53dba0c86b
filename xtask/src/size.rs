//! The size ceilings of the page's WebAssembly, uncompressed and as brotli.

use std::fs;
use std::path::{Path, PathBuf};

use crate::page;
use crate::process::{Result, TaskError, print_line};
use crate::workspace::Workspace;

/// 3.125 MiB, the size that a browser has to compile. It includes all texts of the stage in two languages, and the reader
/// of checkpoints as people keep them. The Lighthouse test (tests/e2e/lighthouse.test.mjs) checks that the page is fast with it.
const RAW_CEILING: u64 = 3200 * 1024;
/// 4.0625 MiB for the lessons. They train a network, and every operation of candle brings its gradient.
const RAW_CEILING_LESSONS: u64 = 4160 * 1024;
/// Start of the file name of the page with lessons.
const LESSONS_PREFIX: &str = "learn-";
/// 880 KiB, the size that a phone has to download.
const BROTLI_CEILING: u64 = 880 * 1024;

/// Prints the size of every wasm file of the pages. Returns whether all are within the ceilings.
pub(crate) fn check(ws: &Workspace) -> Result<bool> {
    let mut ok = true;
    for folder in page::folders(ws) {
        let at = |source| TaskError::Io { path: folder.clone(), source };
        let entries = fs::read_dir(&folder).map_err(at)?.collect::<std::io::Result<Vec<_>>>().map_err(at)?;
        let is_wasm = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "wasm");
        let found: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).filter(is_wasm).collect();
        if found.is_empty() {
            return Err(TaskError::Other(format!("no wasm file in {}", folder.display())));
        }
        for path in found {
            let raw = length(&path)?;
            let packed = length(&layerscope_compress::compressed_path(&path))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let ceiling = raw_ceiling(&name);
            let fits = within(raw, packed, ceiling);
            ok &= fits;
            print_line(&format!(
                "{}: {} raw (ceiling {}), {} with brotli (ceiling {}){}",
                name,
                kib(raw),
                kib(ceiling),
                kib(packed),
                kib(BROTLI_CEILING),
                if fits { "" } else { ": too large" },
            ));
        }
    }
    Ok(ok)
}

fn raw_ceiling(file: &str) -> u64 {
    if file.starts_with(LESSONS_PREFIX) { RAW_CEILING_LESSONS } else { RAW_CEILING }
}

fn within(raw: u64, packed: u64, ceiling: u64) -> bool {
    raw <= ceiling && packed <= BROTLI_CEILING
}

fn length(path: &Path) -> Result<u64> {
    fs::metadata(path).map(|file| file.len()).map_err(|source| TaskError::Io { path: path.to_path_buf(), source })
}

fn kib(bytes: u64) -> String {
    format!("{:.1} KiB", bytes as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_itself_fits_and_a_byte_more_does_not() {
        assert!(within(RAW_CEILING, BROTLI_CEILING, RAW_CEILING));
        assert!(!within(RAW_CEILING + 1, 0, RAW_CEILING));
        assert!(!within(0, BROTLI_CEILING + 1, RAW_CEILING));
    }

    #[test]
    fn only_lessons_may_be_larger() {
        assert_eq!(raw_ceiling("learn-0_bg.wasm"), RAW_CEILING_LESSONS);
        assert_eq!(raw_ceiling("page-0_bg.wasm"), RAW_CEILING);
    }
}
