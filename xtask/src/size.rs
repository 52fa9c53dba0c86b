//! The size ceiling of the page's WebAssembly, raw and as a web server with brotli would send it.

use std::fs;
use std::io::Write as _;

use crate::sh::{Error, Result, say};
use crate::workspace::Workspace;

/// 2.75 MiB: what a browser has to compile.
const RAW_CEILING: usize = 11 * 256 * 1024;
/// 800 KiB: what a phone has to download.
const BROTLI_CEILING: usize = 800 * 1024;
/// The highest of brotli: static hosts compress once, ahead of time.
const BROTLI_QUALITY: u32 = 11;
/// The largest window every browser accepts (2^22 bytes).
const BROTLI_WINDOW: u32 = 22;

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
        let bytes = fs::read(&path).map_err(|source| Error::Io { path: path.clone(), source })?;
        let packed = brotli_len(&bytes).map_err(|source| Error::Io { path: path.clone(), source })?;
        let fits = within(bytes.len(), packed);
        ok &= fits;
        say(&format!(
            "{}: {} raw (ceiling {}), {} with brotli (ceiling {}){}",
            path.file_name().unwrap_or_default().to_string_lossy(),
            kib(bytes.len()),
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

fn within(raw: usize, packed: usize) -> bool {
    raw <= RAW_CEILING && packed <= BROTLI_CEILING
}

fn brotli_len(bytes: &[u8]) -> std::io::Result<usize> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, BROTLI_QUALITY, BROTLI_WINDOW);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);
    Ok(packed.len())
}

fn kib(bytes: usize) -> String {
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

    #[test]
    fn repetition_packs_to_little() {
        let packed = brotli_len(&[7; 100_000]).expect("writing to memory should not fail");
        assert!(packed > 0 && packed < 1000, "{packed}");
    }
}
