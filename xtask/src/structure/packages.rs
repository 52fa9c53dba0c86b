//! The packages of a workspace and the files that their crates begin with.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::process::{Result, TaskError, command_line};

/// A package of the workspace.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its name in Cargo.toml.
    pub(crate) name: String,
    /// Its library and its programs.
    pub(crate) targets: Vec<Target>,
}

/// A library or a program.
#[derive(Debug)]
pub(crate) struct Target {
    /// The name of the package, and of the target where it is a program: `xtask`, `layerscope (bin page)`.
    pub(crate) label: String,
    /// The file of its root module.
    pub(crate) file: PathBuf,
}

/// Asks Cargo for the packages of the workspace in `root`.
///
/// `serde_json` is enough for the four fields that are read here: the crate `cargo_metadata` would add five packages to
/// the first build.
pub(crate) fn packages(root: &Path) -> Result<Vec<Package>> {
    let mut command = Command::new("cargo");
    command.current_dir(root).args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let output = command.output().map_err(|source| TaskError::Start { command: command_line(&command), source })?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(TaskError::Other(format!("`{}` failed: {}", command_line(&command), reason.trim_end())));
    }
    let unreadable = || TaskError::Other(format!("`{}` printed something other than packages", command_line(&command)));
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|_| unreadable())?;
    let packages = metadata["packages"].as_array().ok_or_else(unreadable)?;
    packages.iter().map(|package| read(package).ok_or_else(unreadable)).collect()
}

fn read(package: &Value) -> Option<Package> {
    let name = package["name"].as_str()?.to_owned();
    let mut targets = Vec::new();
    for target in package["targets"].as_array()? {
        let kinds: Vec<_> = target["kind"].as_array()?.iter().filter_map(Value::as_str).collect();
        let label = if kinds.iter().any(|kind| kind.ends_with("lib") || *kind == "proc-macro") {
            name.clone()
        } else if kinds.contains(&"bin") {
            format!("{name} (bin {})", target["name"].as_str()?)
        } else {
            continue;
        };
        targets.push(Target { label, file: target["src_path"].as_str()?.into() });
    }
    Some(Package { name, targets })
}
