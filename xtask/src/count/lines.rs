//! Counts of the lines of tracked files.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use super::number::Count;
use crate::process::{Result, TaskError, command_line};

/// Lines of these files are held to [`MAX_WIDTH`].
const SOURCES: [&str; 6] = ["rs", "mjs", "py", "wgsl", "css", "html"];

/// The most characters of a line.
const MAX_WIDTH: usize = 120;

/// A doc comment that begins with one of these begins with a dangling clause.
const DANGLING: [&str; 6] = ["What", "Who", "Where", "Whether", "Has", "Of"];

/// The files that git knows, relative to the root.
pub(super) fn tracked(root: &Path) -> Result<Vec<PathBuf>> {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(["ls-files", "-z"]);
    let output = command.output().map_err(|source| TaskError::Start { command: command_line(&command), source })?;
    if !output.status.success() {
        return Err(TaskError::Failed { command: command_line(&command), status: output.status });
    }
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    // A file that was deleted stays in the list until that is committed.
    let there = |name: &&str| !name.is_empty() && root.join(name).is_file();
    Ok(names.split('\0').filter(there).map(PathBuf::from).collect())
}

/// Returns whether a file's name ends in one of these extensions.
pub(super) fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    file.extension().and_then(|extension| extension.to_str()).is_some_and(|extension| extensions.contains(&extension))
}

/// Reads a tracked file.
pub(super) fn text(root: &Path, file: &Path) -> Result<String> {
    let path = root.join(file);
    std::fs::read_to_string(&path).map_err(|source| TaskError::Io { path, source })
}

/// Counts doc lines and long lines.
pub(super) fn counts(root: &Path, files: &[PathBuf]) -> Result<[Count; 3]> {
    let (mut docs, mut dangling, mut long) = (0_usize, DANGLING.map(|_| 0_usize), SOURCES.map(|_| 0_usize));
    for file in files.iter().filter(|file| has_extension(file, &SOURCES)) {
        let text = text(root, file)?;
        for (extension, count) in SOURCES.iter().zip(&mut long) {
            if has_extension(file, &[extension]) {
                *count += text.lines().filter(|line| line.chars().count() > MAX_WIDTH).count();
            }
        }
        if !has_extension(file, &["rs"]) {
            continue;
        }
        for line in text.lines().filter_map(doc) {
            docs += 1;
            let first = line.split(|letter: char| !letter.is_alphanumeric()).next();
            if let Some(at) = DANGLING.iter().position(|word| first == Some(*word)) {
                dangling[at] += 1;
            }
        }
    }
    let parts = |names: &[&str], counts: &[usize]| -> Value {
        let parts = names.iter().zip(counts).map(|(name, count)| ((*name).to_owned(), json!(count)));
        Value::Object(parts.filter(|(_, count)| *count != 0).collect::<Map<_, _>>())
    };
    let dangling_in_all: usize = dangling.iter().sum();
    let long_in_all: usize = long.iter().sum();
    Ok([
        Count::new("doc_lines", "doc lines", docs, Value::Null),
        Count::new(
            "dangling_doc_lines",
            "doc lines that begin with What, ...",
            dangling_in_all,
            parts(&DANGLING, &dangling),
        ),
        Count::new("long_lines", "lines over 120 characters", long_in_all, parts(&SOURCES, &long)),
    ])
}

/// The text of a line of a doc comment.
fn doc(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let text = line.strip_prefix("//!").or_else(|| line.strip_prefix("///").filter(|text| !text.starts_with('/')))?;
    Some(text.trim())
}

#[cfg(test)]
mod tests {
    use super::doc;

    #[test]
    fn doc_lines_are_told_from_comments() {
        assert_eq!(doc("    /// Where it is."), Some("Where it is."));
        assert_eq!(doc("//! The root."), Some("The root."));
        assert_eq!(doc("///"), Some(""));
        assert_eq!(doc("//// a rule"), None);
        assert_eq!(doc("// why"), None);
    }
}
