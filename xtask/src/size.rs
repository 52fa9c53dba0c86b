//! The size ceiling of the page's WebAssembly, raw and as a web server with brotli would send it.

use std::fs;
use std::path::Path;

use crate::pack;
use crate::sh::{Error, Result, say};
use crate::workspace::Workspace;

/// 3.25 MiB: what a browser has to compile. The pages `/bench` and `/compare`, with their charts, are in it.
const RAW_CEILING: u64 = 13 * 256 * 1024;
/// 900 KiB: what a phone has to download.
const BROTLI_CEILING: u64 = 900 * 1024;

/// Prints the size of every wasm file in `dist/` and says whether all are under the ceiling.
pub(crate) fn check(ws: &Workspace) -> Result<bool> {
    let dist = ws.dist();
    let at = |source| Error::Io { path: dist.clone(), source };
    let mut ok = true;
    let mut seen = 0;
    for entry in fs::read_dir(&dist).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        seen += 1;
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
    if seen == 0 {
        return Err(Error::Other(format!("no wasm file in {}", dist.display())));
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
