//! The list of all files of the built page. The service worker uses it to cache the page for use without a network.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::process::{Result, TaskError};

/// Name of the service worker. It is in the root because a service worker controls only its own folder and those below.
const NAME: &str = "service-worker.js";
/// Hexadecimal digits kept of a file's SHA-256. 64 bits detect changes; they do not protect against attacks.
const DIGITS: usize = 16;
/// The version of a page is inserted after this text. A page with a version may be cached.
const HTML_TAG: &str = "<html ";
/// Folders that most visits do not need. They are cached after the page has loaded.
const LATER: [&str; 2] = ["photos/", "weights/"];
/// Files in those folders that the first view needs.
const FIRST: [&str; 1] = ["weights/lenet5.safetensors"];

/// The listed files: name, first digits of the hash, and length in bytes.
type Files = BTreeMap<String, (String, usize)>;

/// Writes the service worker of a built page: the list of files, followed by `script`.
///
/// Each page is marked with the version, a hash over the content of all files and of the script.
///
/// # Errors
///
/// Returns [`TaskError::Io`] if a file cannot be read or written, and [`TaskError::Other`] if a page has no `<html
/// ...>`.
pub(crate) fn write(dist: &Path, script: &Path) -> Result<()> {
    let script = String::from_utf8_lossy(&read(script)?).into_owned();
    let mut files = Files::new();
    list(dist, "", &mut files)?;
    let version = version(&files, &script);
    for (name, entry) in &mut files {
        if name.ends_with("index.html") {
            let path = dist.join(name);
            let page = insert_version(&String::from_utf8_lossy(&read(&path)?), &version)
                .ok_or_else(|| TaskError::Other(format!("{} has no `{HTML_TAG}`", path.display())))?;
            write_file(&path, &page)?;
            *entry = hash_and_length(page.as_bytes());
        }
    }
    write_file(&dist.join(NAME), &script_with_lists(&files, &version, &script))
}

/// Adds all files below `dist/FOLDER` that a page requests to `files`.
///
/// Leaves out compressed copies, and files for human readers, which some hosts do not serve.
fn list(dist: &Path, folder: &str, files: &mut Files) -> Result<()> {
    let path = dist.join(folder);
    let at = |source| TaskError::Io { path: path.clone(), source };
    for entry in fs::read_dir(&path).map_err(at)? {
        let entry = entry.map_err(at)?;
        let name = format!("{folder}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(dist, &format!("{name}/"), files)?;
        } else if name != NAME && !name.ends_with(".br") && !name.ends_with(".md") && !name.contains("LICENSE") {
            files.insert(name, hash_and_length(&read(&entry.path())?));
        }
    }
    Ok(())
}

fn version(files: &Files, script: &str) -> String {
    let all: String = files.iter().map(|(name, (hash, _))| format!("{name} {hash}\n")).collect();
    hash_and_length(format!("{all}{script}").as_bytes()).0
}

/// Inserts the version into a page. Returns `None` if the page has no [`HTML_TAG`].
fn insert_version(page: &str, version: &str) -> Option<String> {
    page.contains(HTML_TAG).then(|| page.replacen(HTML_TAG, &format!("{HTML_TAG}data-version=\"{version}\" "), 1))
}

/// Returns the script with the two lists before it. The later list is sorted by size, smallest first.
fn script_with_lists(files: &Files, version: &str, script: &str) -> String {
    let is_later = |name: &str| LATER.iter().any(|folder| name.starts_with(folder)) && !FIRST.contains(&name);
    let (mut later, first): (Vec<_>, Vec<_>) = files.iter().partition(|(name, _)| is_later(name));
    later.sort_by_key(|(_, (_, length))| *length);
    let object = |files: &[(&String, &(String, usize))]| {
        let lines: String = files.iter().map(|(name, (hash, _))| format!("  {name:?}: {hash:?},\n")).collect();
        format!("{{\n{lines}}}")
    };
    let lists = format!("const FIRST = {};\nconst LATER = {};\n", object(&first), object(&later));
    format!("const VERSION = {version:?};\n{lists}\n{script}")
}

fn hash_and_length(bytes: &[u8]) -> (String, usize) {
    let mut hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    hash.truncate(DIGITS);
    (hash, bytes.len())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|source| TaskError::Io { path: path.to_path_buf(), source })
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|source| TaskError::Io { path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// Writes the service worker of a built page in a temporary folder. `more` adds files to the page.
    fn build_page(name: &str, more: &[(&str, &str)]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("layerscope-offline-{name}-{}", std::process::id()));
        let page = "<!doctype html>\n<html lang=\"en\">\n<p>page</p>";
        let files =
            [("index.html", page), ("learn/index.html", page), ("page-1.js", "import 1"), ("page-1.js.br", "packed")];
        for (file, text) in files.iter().chain(more) {
            let path = root.join("dist").join(file);
            fs::create_dir_all(path.parent().unwrap_or(&root)).expect("should create the folder");
            fs::write(path, text).expect("should write the file");
        }
        fs::write(root.join("script.js"), "addEventListener('fetch', serve);\n").expect("should write the script");
        write(&root.join("dist"), &root.join("script.js")).expect("should write the service worker");
        root
    }

    fn service_worker(root: &Path) -> String {
        fs::read_to_string(root.join("dist").join(NAME)).expect("should have the service worker")
    }

    /// Returns the hash that the list holds for `name`.
    fn hash_of<'text>(script: &'text str, name: &str) -> Option<&'text str> {
        script.lines().find_map(|line| line.trim().strip_prefix(&format!("{name:?}: \""))?.strip_suffix("\","))
    }

    #[test]
    fn every_file_is_listed_with_its_final_hash() {
        let root = build_page(
            "list",
            &[
                ("weights/lenet5.safetensors", "digits"),
                ("weights/vgg16-cifar10.safetensors", "many"),
                ("weights/a.csv", "1"),
            ],
        );
        let script = service_worker(&root);
        for name in ["index.html", "learn/index.html", "page-1.js", "weights/lenet5.safetensors", "weights/a.csv"] {
            let bytes = fs::read(root.join("dist").join(name)).expect("should be there");
            assert_eq!(hash_of(&script, name), Some(hash_and_length(&bytes).0.as_str()), "{name}");
        }
        assert_eq!(hash_of(&script, "page-1.js.br"), None);
        assert_eq!(hash_of(&script, NAME), None);
        assert!(script.ends_with("addEventListener('fetch', serve);\n"), "{script}");
        // The first view needs the weights of LeNet-5. Of the later files, small ones come before large ones.
        let place = |text: &str| script.find(text).unwrap_or_else(|| panic!("no {text} in {script}"));
        assert!(place("weights/lenet5.safetensors") < place("const LATER"));
        assert!(place("const LATER") < place("weights/a.csv"));
        assert!(place("weights/a.csv") < place("weights/vgg16-cifar10.safetensors"));
        fs::remove_dir_all(&root).expect("should remove the temporary folder");
    }

    #[test]
    fn the_version_depends_on_the_content() {
        let version = |root: &Path| service_worker(root).lines().next().map(ToOwned::to_owned);
        let (one, same) = (build_page("one", &[("digits/a.bin", "0")]), build_page("same", &[("digits/a.bin", "0")]));
        let other = build_page("other", &[("digits/a.bin", "1")]);
        assert_eq!(service_worker(&one), service_worker(&same));
        assert_ne!(version(&one), version(&other));
        // A page states its version. The service worker recognizes its own pages by it.
        let page = fs::read_to_string(one.join("dist/learn/index.html")).expect("should have the page");
        let named =
            version(&one).map(|line| line.replace("const VERSION = ", "<html data-version=").replace(';', " lang="));
        assert!(named.is_some_and(|named| page.contains(&named)), "{page}");
        for root in [one, same, other] {
            fs::remove_dir_all(&root).expect("should remove the temporary folder");
        }
    }

    #[test]
    fn a_page_that_cannot_be_marked_is_an_error() {
        assert_eq!(insert_version("<p>page</p>", "1"), None);
        assert_eq!(
            insert_version("<html lang=\"en\"><p><html >", "1").as_deref(),
            Some("<html data-version=\"1\" lang=\"en\"><p><html >")
        );
    }
}
