//! The modules of a checkout's crates, and which of them name items of which others.
//!
//! A module is a file or an inline `mod`; those under `#[cfg(test)]` are left out. Module A is tied to module B if A
//! names an item that B defines, directly or by a re-export. Owning a module (`mod b;`) and re-exporting (`pub use`)
//! are no ties. A circle is a set of modules that all reach each other through ties.
//!
//! Sources are read as they are written. Macros are not expanded, but their tokens are searched for names. A method
//! call is not a name.

mod circles;
mod names;
mod packages;
mod resolve;
mod tree;

#[cfg(test)]
mod tests;

pub(crate) use circles::{Circle, circles};
pub(crate) use packages::Package;
pub(crate) use tree::{Crate, Module};

use std::path::Path;

use crate::process::{Result, TaskError};

/// A package with its library and its programs.
pub(crate) struct Structure {
    /// The packages of the workspace.
    pub(crate) packages: Vec<Package>,
    /// Their libraries and programs.
    pub(crate) crates: Vec<Crate>,
}

impl Structure {
    /// Reads the sources of the workspace whose manifest is in `root`.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let packages = packages::packages(root)?;
        let read = |path: &Path| match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(TaskError::Io { path: path.to_path_buf(), source }),
        };
        let targets = packages.iter().flat_map(|package| &package.targets);
        let crates = targets.map(|target| Crate::read(target, &read)).collect::<Result<_>>()?;
        Ok(Self { packages, crates })
    }
}
