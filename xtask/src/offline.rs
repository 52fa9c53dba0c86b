//! The list of all files of the built page, by which the service worker keeps them for when there is no network.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::sh::{Error, Result};

/// What the service worker is called: in the root, because it serves what lies below it.
const NAME: &str = "service-worker.js";
/// How many hexadecimal digits of the SHA-256 stand for a file: 64 bits, against mistakes and not against attacks.
const DIGITS: usize = 16;
/// Where the version stands in a page, and what tells the page that it may be kept.
const MARK: &str = "<html ";
/// Folders of what most visits do without: kept when the page has long been there.
const LATER: [&str; 2] = ["photos/", "weights/"];
/// What lies in them and is there at the first view nevertheless.
const FIRST: [&str; 1] = ["weights/lenet5.safetensors"];

/// A file as the list has it: the first digits of its hash, and its length in bytes.
type Files = BTreeMap<String, (String, usize)>;

/// Writes the service worker of a built page: `script` with the list of files before it. Pages are marked with the
/// version, which names the content of all files and of the script.
///
/// # Errors
///
/// [`Error::Io`] where files cannot be read or written, [`Error::Other`] where a page has no `<html ...>`.
pub(crate) fn write(dist: &Path, script: &Path) -> Result<()> {
    let script = String::from_utf8_lossy(&read(script)?).into_owned();
    let mut files = Files::new();
    list(dist, "", &mut files)?;
    let version = version(&files, &script);
    for (name, entry) in &mut files {
        if name.ends_with("index.html") {
            let path = dist.join(name);
            let page = mark(&String::from_utf8_lossy(&read(&path)?), &version)
                .ok_or_else(|| Error::Other(format!("{} has no `{MARK}`", path.display())))?;
            save(&path, &page)?;
            *entry = summed(page.as_bytes());
        }
    }
    save(&dist.join(NAME), &text(&files, &version, &script))
}

/// All files below `dist/FOLDER` that a page asks for: not their compressed forms, nor what is there for people to read,
/// which some hosts do not serve.
fn list(dist: &Path, folder: &str, files: &mut Files) -> Result<()> {
    let path = dist.join(folder);
    let at = |source| Error::Io { path: path.clone(), source };
    for entry in fs::read_dir(&path).map_err(at)? {
        let entry = entry.map_err(at)?;
        let name = format!("{folder}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(dist, &format!("{name}/"), files)?;
        } else if name != NAME && !name.ends_with(".br") && !name.ends_with(".md") && !name.contains("LICENSE") {
            files.insert(name, summed(&read(&entry.path())?));
        }
    }
    Ok(())
}

fn version(files: &Files, script: &str) -> String {
    let all: String = files.iter().map(|(name, (hash, _))| format!("{name} {hash}\n")).collect();
    summed(format!("{all}{script}").as_bytes()).0
}

/// The page with its version; nothing where there is no place for it.
fn mark(page: &str, version: &str) -> Option<String> {
    page.contains(MARK).then(|| page.replacen(MARK, &format!("{MARK}data-version=\"{version}\" "), 1))
}

/// The script with the lists before it, of which the later one begins with what is small.
fn text(files: &Files, version: &str, script: &str) -> String {
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

fn summed(bytes: &[u8]) -> (String, usize) {
    let mut hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    hash.truncate(DIGITS);
    (hash, bytes.len())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|source| Error::Io { path: path.to_path_buf(), source })
}

fn save(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|source| Error::Io { path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// A built page in a folder of its own, with these files besides.
    fn built(name: &str, more: &[(&str, &str)]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("layerscope-offline-{name}-{}", std::process::id()));
        let page = "<!doctype html>\n<html lang=\"en\">\n<p>page</p>";
        let files =
            [("index.html", page), ("learn/index.html", page), ("page-1.js", "import 1"), ("page-1.js.br", "packed")];
        for (file, text) in files.iter().chain(more) {
            let path = root.join("dist").join(file);
            fs::create_dir_all(path.parent().unwrap_or(&root)).expect("the folder should be made");
            fs::write(path, text).expect("the file should be written");
        }
        fs::write(root.join("script.js"), "addEventListener('fetch', serve);\n").expect("the script should be written");
        write(&root.join("dist"), &root.join("script.js")).expect("the service worker should be written");
        root
    }

    fn said(root: &Path) -> String {
        fs::read_to_string(root.join("dist").join(NAME)).expect("the service worker should be there")
    }

    /// What stands behind a name in the list.
    fn hash_of<'text>(script: &'text str, name: &str) -> Option<&'text str> {
        script.lines().find_map(|line| line.trim().strip_prefix(&format!("{name:?}: \""))?.strip_suffix("\","))
    }

    #[test]
    fn every_file_is_listed_with_the_hash_that_it_has_in_the_end() {
        let root = built(
            "list",
            &[
                ("weights/lenet5.safetensors", "digits"),
                ("weights/vgg16-cifar10.safetensors", "many"),
                ("weights/a.csv", "1"),
            ],
        );
        let script = said(&root);
        for name in ["index.html", "learn/index.html", "page-1.js", "weights/lenet5.safetensors", "weights/a.csv"] {
            let bytes = fs::read(root.join("dist").join(name)).expect("the file should be there");
            assert_eq!(hash_of(&script, name), Some(summed(&bytes).0.as_str()), "{name}");
        }
        assert_eq!(hash_of(&script, "page-1.js.br"), None);
        assert_eq!(hash_of(&script, NAME), None);
        assert!(script.ends_with("addEventListener('fetch', serve);\n"), "{script}");
        // The first view needs the weights of LeNet-5; of the rest the small come before the large.
        let place = |text: &str| script.find(text).unwrap_or_else(|| panic!("no {text} in {script}"));
        assert!(place("weights/lenet5.safetensors") < place("const LATER"));
        assert!(place("const LATER") < place("weights/a.csv"));
        assert!(place("weights/a.csv") < place("weights/vgg16-cifar10.safetensors"));
        fs::remove_dir_all(&root).expect("the temporary folder should go");
    }

    #[test]
    fn the_version_is_that_of_the_content() {
        let version = |root: &Path| said(root).lines().next().map(ToOwned::to_owned);
        let (one, same) = (built("one", &[("digits/a.bin", "0")]), built("same", &[("digits/a.bin", "0")]));
        let other = built("other", &[("digits/a.bin", "1")]);
        assert_eq!(said(&one), said(&same));
        assert_ne!(version(&one), version(&other));
        // A page says its version, by which the service worker knows its own.
        let page = fs::read_to_string(one.join("dist/learn/index.html")).expect("the page should be there");
        let named =
            version(&one).map(|line| line.replace("const VERSION = ", "<html data-version=").replace(';', " lang="));
        assert!(named.is_some_and(|named| page.contains(&named)), "{page}");
        for root in [one, same, other] {
            fs::remove_dir_all(&root).expect("the temporary folder should go");
        }
    }

    #[test]
    fn a_page_that_cannot_be_marked_is_an_error() {
        assert_eq!(mark("<p>page</p>", "1"), None);
        assert_eq!(
            mark("<html lang=\"en\"><p><html >", "1").as_deref(),
            Some("<html data-version=\"1\" lang=\"en\"><p><html >")
        );
    }
}
