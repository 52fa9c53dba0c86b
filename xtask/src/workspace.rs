//! Paths of the workspace, and commands that find the tools installed for it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The name under which Debian's toolchain is linked into rustup.
pub(crate) const DEBIAN_TOOLCHAIN: &str = "debian";

/// The repository that a task works on.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// The folder of the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// True if wasm32 is built with Debian's toolchain because rustup could not download the target.
    pub(crate) uses_debian: bool,
}

impl Workspace {
    /// Returns the workspace that this program was built in.
    pub(crate) fn find() -> Self {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().unwrap_or(Path::new(".")).to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Self { root, target, uses_debian: false }
    }

    /// Folder of the built page.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Folder for tools that must not replace another version in cargo's own folder.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Returns a command that runs in the root, with the project's tools first on PATH.
    pub(crate) fn command(&self, program: &str) -> Command {
        let program = if cfg!(windows) && program == "npm" { "npm.cmd" } else { program };
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", self.path());
        if program == "trunk" {
            // Trunk 0.21 reads NO_COLOR as a boolean and fails on the usual NO_COLOR=1.
            command.env_remove("NO_COLOR");
        }
        command
    }

    /// Returns a command that uses the toolchain with the standard library for wasm32.
    pub(crate) fn wasm_command(&self, program: &str) -> Command {
        let mut command = self.command(program);
        if self.uses_debian {
            command.env("RUSTUP_TOOLCHAIN", DEBIAN_TOOLCHAIN);
            // The cargo that runs this program sets these for its own compiler; they would mislead another one.
            command.env_remove("LD_LIBRARY_PATH").env_remove("RUSTC");
        }
        command
    }

    fn path(&self) -> OsString {
        let mut folders = vec![self.root.join("node_modules/.bin"), self.tools().join("bin")];
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        // A folder whose name contains the separator cannot be on PATH, so PATH stays unchanged.
        env::join_paths(folders).unwrap_or_else(|_| env::var_os("PATH").unwrap_or_default())
    }
}

/// Returns the path of a program on the caller's PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
