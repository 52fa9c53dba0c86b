//! The files that the documentation and the comments of the code name exist.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders at the top of the project that a path in the documentation may begin with.
const FOLDERS: [&str; 12] = [
    "bench",
    "crates",
    "docs",
    "findings",
    "fuzz",
    "shaders",
    "src",
    "static",
    "tests",
    "third_party",
    "training",
    "xtask",
];
/// The endings of files of the project.
const ENDINGS: [&str; 9] = ["rs", "wgsl", "mjs", "css", "py", "toml", "html", "md", "json"];
/// Files that the documentation names and that are not in the project: one of a built page, one of the reference, and
/// one that xtask writes.
const NOT_HERE: [&str; 3] = ["learn/index.html", "generate.py", "target/xtask-times.json"];
/// Words in paths that stand for names.
const PLACEHOLDERS: [&str; 5] = ["CODE", "LANGUAGE", "NAME", "NETWORK", "SLUG"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns all files below `folder` that are not built or downloaded.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            if !["target", "node_modules", "dist", ".git", "out"].iter().any(|skipped| name == *skipped) {
                files(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

/// Returns what stands between backticks in a text, code blocks left out.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let mut in_block = false;
    let prose = text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        in_block ^= is_fence;
        !in_block && !is_fence
    });
    prose.flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Returns whether `named` can be the path of a file or a folder of the project, without placeholders.
fn is_path(named: &str) -> bool {
    named.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-./".contains(letter))
        && !named.contains("..")
        && !PLACEHOLDERS.iter().any(|word| named.contains(word))
}

fn has_ending(named: &str) -> bool {
    named.rsplit_once('.').is_some_and(|(name, ending)| !name.is_empty() && ENDINGS.contains(&ending))
}

#[test]
fn files_that_the_documentation_names_exist() {
    let mut all = Vec::new();
    files(root(), &mut all);
    let documents = all.iter().filter(|path| {
        path.extension().is_some_and(|ending| ending == "md") && !path.starts_with(root().join("third_party"))
    });
    let mut missing = Vec::new();
    for document in documents {
        let text = fs::read_to_string(document).expect("should be text");
        for named in code(&text).filter(|named| is_path(named) && !NOT_HERE.contains(named)) {
            let is_rooted =
                named.split('/').next().is_some_and(|first| FOLDERS.contains(&first)) && named.contains('/');
            let exists = if is_rooted {
                root().join(named).exists()
            } else if has_ending(named) {
                all.iter().any(|path| path.ends_with(named))
            } else {
                true
            };
            if !exists {
                let document = document.strip_prefix(root()).expect("should be below the root").display();
                missing.push(format!("{document}: {named}"));
            }
        }
    }
    assert!(missing.is_empty(), "the documentation names files that do not exist:\n{}", missing.join("\n"));
}

/// Returns the comment in a line of code: what follows the mark of a comment, or the whole line inside one of CSS.
fn comment<'text>(line: &'text str, ending: &str) -> Option<&'text str> {
    let line = line.trim_start();
    match ending {
        "rs" | "mjs" | "wgsl" => line.strip_prefix("//"),
        "css" => (line.starts_with("/*") || line.ends_with("*/")).then_some(line),
        "py" | "toml" | "sh" => line.strip_prefix('#'),
        _ => None,
    }
}

#[test]
fn files_that_comments_name_exist() {
    let mut all = Vec::new();
    files(root(), &mut all);
    let mut missing = Vec::new();
    for path in all.iter().filter(|path| !path.starts_with(root().join("third_party"))) {
        let Some(ending) = path.extension().and_then(|ending| ending.to_str()) else { continue };
        let Ok(text) = fs::read_to_string(path) else { continue };
        for said in text.lines().filter_map(|line| comment(line, ending)) {
            let words = said.split(|letter: char| !letter.is_ascii_alphanumeric() && !"_-./*".contains(letter));
            for named in words.map(|word| word.trim_end_matches(['.', '-'])).filter(|word| is_path(word)) {
                let first = named.split('/').next().unwrap_or_default();
                let is_rooted = named.contains('/') && FOLDERS.contains(&first) && has_ending(named);
                if is_rooted && !root().join(named).exists() {
                    let place = path.strip_prefix(root()).expect("should be below the root").display();
                    missing.push(format!("{place}: {named}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "comments name files that do not exist:\n{}", missing.join("\n"));
}
