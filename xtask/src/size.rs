//! The size ceiling of the page's WebAssembly, raw and as a web server with brotli would send it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::pack;
use crate::page;
use crate::sh::{Error, Result, say};
use crate::workspace::Workspace;

/// 3 MiB: what a browser has to compile. Lighthouse says whether the page is quick with it
/// (tests/e2e/lighthouse.test.mjs).
const RAW_CEILING: u64 = 3 * 1024 * 1024;
/// 800 KiB: what a phone has to download.
const BROTLI_CEILING: u64 = 800 * 1024;

/// Prints the size of every wasm file of the pages and says whether all are under the ceiling.
pub(crate) fn check(ws: &Workspace) -> Result<bool> {
    let mut ok = true;
    for folder in page::folders(ws) {
        let at = |source| Error::Io { path: folder.clone(), source };
        let entries = fs::read_dir(&folder).map_err(at)?.collect::<std::io::Result<Vec<_>>>().map_err(at)?;
        let is_wasm = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "wasm");
        let found: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).filter(is_wasm).collect();
        if found.is_empty() {
            return Err(Error::Other(format!("no wasm file in {}", folder.display())));
        }
        for path in found {
            let raw = length(&path)?;
            let packed = length(&pack::packed_name(&path))?;
            let fits = within(raw, packed);
            ok &= fits;
            say(&format!(
                "{}: {} raw (ceiling {}), {} with brotli (ceiling {}){}",
                path.file_name().unwrap_or_default().to_string_lossy(),
                kib(raw),
                kib(RAW_CEILING),
                kib(packed),
                kib(BROTLI_CEILING),
                if fits { "" } else { ": too large" },
            ));
        }
    }
    Ok(ok)
}

fn within(raw: u64, packed: u64) -> bool {
    raw <= RAW_CEILING && packed <= BROTLI_CEILING
}

fn length(path: &Path) -> Result<u64> {
    fs::metadata(path).map(|file| file.len()).map_err(|source| Error::Io { path: path.to_path_buf(), source })
}

fn kib(bytes: u64) -> String {
    format!("{:.1} KiB", bytes as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_itself_fits_and_a_byte_more_does_not() {
        assert!(within(RAW_CEILING, BROTLI_CEILING));
        assert!(!within(RAW_CEILING + 1, 0));
        assert!(!within(0, BROTLI_CEILING + 1));
    }
}
