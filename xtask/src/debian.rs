//! Debian packages: programs that tests need, and a toolchain for wasm32 if rustup cannot download its own.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Once;

use crate::process::{Result, TaskError, output, print_line, run};
use crate::workspace::{DEBIAN_TOOLCHAIN, Workspace, on_path};

/// The compilation target of the page.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Debian's newest Rust, its sources, its linker for WebAssembly and its clippy.
const TOOLCHAIN_PACKAGES: [&str; 6] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy", "lld-22"];

/// Folder in which Debian's compiler looks for the standard library of wasm32.
const WASM_LIBRARIES: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";

/// Installs packages with apt-get.
pub(crate) fn install(ws: &Workspace, packages: &[&str]) -> Result<()> {
    static UPDATE: Once = Once::new();
    if on_path("apt-get").is_none() {
        return Err(TaskError::Other("this system has no apt-get to install it with".to_owned()));
    }
    UPDATE.call_once(|| {
        // An outdated list may be enough; if it is not, the installation reports that.
        if let Err(error) = run(as_root(ws, "apt-get").args(["update", "-qq"])) {
            print_line(&format!("set-up: {error}; continuing with the existing package lists"));
        }
    });
    let mut command = as_root(ws, "apt-get");
    run(command.args(["install", "-qq", "-y", "--no-install-recommends"]).args(packages))
}

/// Returns a command that runs `program` as root and asks no questions.
fn as_root(ws: &Workspace, program: &str) -> Command {
    let root = output(ws.command("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if root || on_path("sudo").is_none() {
        let mut command = ws.command(program);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        return command;
    }
    let mut command = ws.command("sudo");
    command.args(["DEBIAN_FRONTEND=noninteractive", program]);
    command
}

/// Returns whether an earlier set-up linked Debian's toolchain into rustup.
pub(crate) fn is_linked(ws: &Workspace) -> bool {
    output(ws.command("rustup").args(["toolchain", "list"]))
        .is_some_and(|list| list.lines().any(|line| line.split_whitespace().next() == Some(DEBIAN_TOOLCHAIN)))
}

/// Installs Debian's toolchain and links it into rustup under the name `debian`.
///
/// Debian has no package of the standard library for wasm32, so it is built from its sources.
pub(crate) fn toolchain(ws: &Workspace) -> Result<()> {
    install(ws, &TOOLCHAIN_PACKAGES)?;
    let scratch = ws.tools().join("std");
    let write = |path: &Path, text: &str| {
        fs::write(path, text).map_err(|source| TaskError::Io { path: path.to_path_buf(), source })
    };
    fs::create_dir_all(scratch.join("src")).map_err(|source| TaskError::Io { path: scratch.clone(), source })?;
    // The package is a workspace of its own. Otherwise cargo would look for it in the surrounding workspace.
    write(
        &scratch.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    write(&scratch.join("src/lib.rs"), "")?;
    let mut build = ws.command("/usr/bin/cargo");
    build
        .args(["build", "--release", "-Z", "build-std=std,panic_abort,test", "--target", WASM])
        .current_dir(&scratch)
        // Allows -Z build-std on a stable compiler.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("RUSTUP_TOOLCHAIN");
    run(&mut build)?;
    // Remove an earlier build first: the compiler rejects two candidates for one library.
    run(as_root(ws, "rm").args(["-rf", WASM_LIBRARIES]))?;
    run(as_root(ws, "mkdir").args(["-p", WASM_LIBRARIES]))?;
    let mut copy = as_root(ws, "cp");
    copy.args(libraries(&scratch.join(format!("target/{WASM}/release/deps")))?).arg(WASM_LIBRARIES);
    run(&mut copy)?;
    if on_path("rustup").is_some() {
        run(ws.command("rustup").args(["toolchain", "link", DEBIAN_TOOLCHAIN, "/usr"]))?;
    }
    Ok(())
}

/// Lists the libraries of a build, except that of the empty package.
fn libraries(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let at = |source| TaskError::Io { path: folder.to_path_buf(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libempty") {
            found.push(path);
        }
    }
    Ok(found)
}
