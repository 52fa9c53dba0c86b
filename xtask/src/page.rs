//! Builds the release page with Trunk.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::debian::WASM;
use crate::process::{Result, TaskError, command_line, format_duration, print_line, run};
use crate::workspace::Workspace;
use crate::{compress, offline};

/// The pages with a WebAssembly module of their own: Trunk's source, the folder in `dist/`, and the public URL of that
/// folder. Building the first empties `dist/`.
const PAGES: [(&str, &str, &str); 3] =
    [("index.html", "", "/"), ("compare.html", "compare", "/compare/"), ("learn.html", "learn", "/learn/")];

/// Builds the release page into `dist/`, with compressed copies of its files.
pub(crate) fn build(ws: &Workspace) -> Result<()> {
    print_line("page: building the release page with Trunk (minutes the first time)");
    let start = Instant::now();
    build_with(ws, run)?;
    print_line(&format!("page: built in {}", format_duration(start.elapsed())));
    Ok(())
}

/// Builds the page without printing, for a thread that runs in parallel to other work. On failure, the error contains
/// Trunk's output.
pub(crate) fn build_quietly(ws: &Workspace) -> Result<()> {
    build_with(ws, |trunk| {
        let outcome = trunk.output().map_err(|source| TaskError::Start { command: command_line(trunk), source })?;
        if outcome.status.success() {
            return Ok(());
        }
        let said = [outcome.stdout, outcome.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        Err(TaskError::Other(format!("`{}` failed ({})\n{}{}", command_line(trunk), outcome.status, said[0], said[1])))
    })
}

fn build_with(ws: &Workspace, run: impl Fn(&mut Command) -> Result<()>) -> Result<()> {
    // One call of cargo links the pages side by side. Trunk then finds them built.
    let mut cargo = ws.wasm_command("cargo");
    cargo.args(["build", "--locked", "--profile", "page", "--target", WASM]);
    run(cargo.args(["--bin", "page", "--bin", "compare", "--bin", "learn"]))?;
    for ((source, _, address), folder) in PAGES.iter().zip(folders(ws)) {
        // The set-up has put every tool on PATH in the version that Trunk needs, so Trunk downloads nothing.
        let mut trunk = ws.wasm_command("trunk");
        trunk.args(["build", source, "--release", "--locked", "--skip-version-check"]);
        // Every page is `index.html` of its folder, whatever the name of its source.
        trunk.args(["--html-output", "index.html", "--public-url", address]).arg("--dist").arg(&folder);
        run(&mut trunk)?;
    }
    offline::write(&ws.dist(), &ws.root.join("static/service-worker.js"))?;
    compress::compress_folder(&ws.dist(), &ws.target.join("compressed"))
}

/// Returns the folders of the pages with a WebAssembly module of their own.
pub(crate) fn folders(ws: &Workspace) -> impl Iterator<Item = PathBuf> {
    PAGES.iter().map(|(_, folder, _)| ws.dist().join(folder))
}
