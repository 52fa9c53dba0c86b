//! Compressed copies of files: `name.br` next to `name`. Static hosts and `cargo xtask serve` send them to browsers
//! that accept brotli.
//!
//! This is a package of its own because it is optimized: brotli is compiled anew where it is used.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use sha2::{Digest as _, Sha256};

use thiserror::Error;

/// Extensions of files that brotli makes smaller; the digits are `bin`. Fonts, photos and most weights are compressed
/// already or do not compress.
const SUFFIXES: [&str; 7] = ["bin", "css", "html", "js", "json", "mjs", "wasm"];
/// The highest quality: a page is compressed once and sent often.
const QUALITY: u32 = 11;
/// The largest window that every browser accepts (2^22 bytes).
const WINDOW: u32 = 22;

/// Why a folder was not compressed.
#[derive(Debug, Error)]
pub enum CompressError {
    /// A file or a folder could not be read or written.
    #[error("{} could not be read or written: {source}; check its permissions and the free space", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A thread has panicked, which is a fault of this package.
    #[error("a thread that compresses files has panicked; report this together with the lines above")]
    Panicked,
}

/// Compresses the files with the extensions bin, css, html, js, json, mjs and wasm in `folder` and its subfolders, on all cores.
///
/// `cache` holds the compressed copies of the last build by the hashes of their files. A file that has not changed since
/// is not compressed again.
///
/// # Errors
/// [`CompressError::Io`] if a file or folder cannot be read or written.
pub fn compress_folder(folder: &Path, cache: &Path) -> Result<(), CompressError> {
    fs::create_dir_all(cache).map_err(|source| CompressError::Io { path: cache.to_path_buf(), source })?;
    let mut files = Vec::new();
    list(folder, &mut files)?;
    let (files, used) = (Mutex::new(files.into_iter()), Mutex::new(BTreeSet::new()));
    let next = || files.lock().ok()?.next();
    let work = || -> Result<(), CompressError> {
        while let Some(path) = next() {
            let name = compress(&path, cache).map_err(|source| CompressError::Io { path, source })?;
            if let Ok(mut used) = used.lock() {
                used.insert(name);
            }
        }
        Ok(())
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or(Err(CompressError::Panicked)))
    })?;
    keep_only(cache, &used.into_inner().unwrap_or_default());
    Ok(())
}

/// Adds the files to compress in `folder` and its subfolders to `files`.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), CompressError> {
    let at = |source| CompressError::Io { path: folder.to_path_buf(), source };
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        let suffix = path.extension().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            list(&path, files)?;
        } else if SUFFIXES.contains(&suffix.as_ref()) {
            files.push(path);
        }
    }
    Ok(())
}

/// Writes the compressed copy of a file. Returns its name in the cache.
fn compress(path: &Path, cache: &Path) -> io::Result<String> {
    let bytes = fs::read(path)?;
    let name = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let cached = cache.join(&name);
    if fs::copy(&cached, compressed_path(path)).is_err() {
        let packed = brotli(&bytes)?;
        // A build that is stopped here must not leave half a copy under the final name.
        let partial = cached.with_extension("part");
        fs::write(&partial, &packed)?;
        fs::rename(&partial, &cached)?;
        fs::write(compressed_path(path), packed)?;
    }
    Ok(name)
}

/// Removes what this build did not use. What cannot be removed stays: it only takes space.
fn keep_only(cache: &Path, used: &BTreeSet<String>) {
    let entries = fs::read_dir(cache).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| !used.contains(&*entry.file_name().to_string_lossy())) {
        let _ = fs::remove_file(entry.path());
    }
}

/// Returns the path of a file's compressed copy.
#[must_use]
pub fn compressed_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
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
        let parent = std::env::temp_dir().join(format!("layerscope-pack-{}", std::process::id()));
        let (root, cache) = (parent.join("dist"), parent.join("cache"));
        fs::create_dir_all(root.join("digits")).expect("should create the temporary folder");
        let text = "one line of many\n".repeat(5000);
        for name in ["page.js", "photo.jpg", "digits/digits.bin"] {
            fs::write(root.join(name), &text).expect("should write the file");
        }
        compress_folder(&root, &cache).expect("should compress the folder");
        let packed = fs::read(root.join("page.js.br")).expect("should have a compressed copy");
        assert!(packed.len() < 1000, "{}", packed.len());
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut back).expect("should be brotli");
        assert!(back == text.as_bytes());
        assert!(!root.join("photo.jpg.br").exists());
        assert!(root.join("digits/digits.bin.br").exists());
        // The second time, the copy of a file with the same content comes from the cache; others are forgotten.
        let cached = || fs::read_dir(&cache).expect("should be a folder").count();
        assert_eq!(cached(), 1);
        fs::remove_file(root.join("page.js.br")).expect("should remove the copy");
        fs::write(root.join("digits/digits.bin"), "other").expect("should write the file");
        compress_folder(&root, &cache).expect("should compress the folder");
        assert_eq!(fs::read(root.join("page.js.br")).expect("should have a compressed copy"), packed);
        assert_eq!(cached(), 2);
        fs::remove_file(root.join("page.js")).expect("should remove the file");
        compress_folder(&root, &cache).expect("should compress the folder");
        assert_eq!(cached(), 1);
        fs::remove_dir_all(&parent).expect("should remove the temporary folder");
    }
}
