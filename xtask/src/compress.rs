//! Compressed copies of files: `name.br` next to `name`. Static hosts and `cargo xtask serve` send them to browsers
//! that accept brotli.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::process::{Result, TaskError};

/// Extensions of files that brotli makes smaller; the digits are `bin`. Fonts, photos and most weights are compressed
/// already or do not compress.
const SUFFIXES: [&str; 7] = ["bin", "css", "html", "js", "json", "mjs", "wasm"];
/// The highest quality: a page is compressed once and sent often.
const QUALITY: u32 = 11;
/// The largest window that every browser accepts (2^22 bytes).
const WINDOW: u32 = 22;

/// Compresses the files with these [`SUFFIXES`] in `folder` and its subfolders.
pub(crate) fn compress_folder(folder: &Path) -> Result<()> {
    let at = |source| TaskError::Io { path: folder.to_path_buf(), source };
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        let suffix = path.extension().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            compress_folder(&path)?;
        } else if SUFFIXES.contains(&suffix.as_ref()) {
            let packed = fs::read(&path).and_then(|bytes| brotli(&bytes));
            packed
                .and_then(|bytes| fs::write(compressed_path(&path), bytes))
                .map_err(|source| TaskError::Io { path, source })?;
        }
    }
    Ok(())
}

/// Returns the path of a file's compressed copy.
pub(crate) fn compressed_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, QUALITY, WINDOW);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_files_decompress_to_the_original() {
        let root = std::env::temp_dir().join(format!("layerscope-pack-{}", std::process::id()));
        fs::create_dir_all(root.join("digits")).expect("should create the temporary folder");
        let text = "one line of many\n".repeat(5000);
        for name in ["page.js", "photo.jpg", "digits/digits.bin"] {
            fs::write(root.join(name), &text).expect("should write the file");
        }
        compress_folder(&root).expect("should compress the folder");
        let packed = fs::read(root.join("page.js.br")).expect("should have a compressed copy");
        assert!(packed.len() < 1000, "{}", packed.len());
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut back).expect("should be brotli");
        assert!(back == text.as_bytes());
        assert!(!root.join("photo.jpg.br").exists());
        assert!(root.join("digits/digits.bin.br").exists());
        fs::remove_dir_all(&root).expect("should remove the temporary folder");
    }
}
