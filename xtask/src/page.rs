//! Builds the release page with Trunk.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::debian::WASM;
use crate::process::{Result, TaskError, command_line, format_duration, print_line, run};
use crate::workspace::Workspace;
use crate::{compress, offline};

/// A page with a WebAssembly module of its own.
struct Page {
    /// The file that Trunk reads.
    source: &'static str,
    binary: &'static str,
    /// The folder in `dist/`.
    folder: &'static str,
    /// The public URL of that folder.
    address: &'static str,
}

/// The pages. The first is the stage; building it empties `dist/`.
const PAGES: [Page; 3] = [
    Page { source: "index.html", binary: "page", folder: "", address: "/" },
    Page { source: "compare.html", binary: "compare", folder: "compare", address: "/compare/" },
    Page { source: "learn.html", binary: "learn", folder: "learn", address: "/learn/" },
];

/// Builds the release page into `dist/`, with compressed copies of its files.
pub(crate) fn build(ws: &Workspace) -> Result<()> {
    print_line("page: building the release page with Trunk (minutes the first time)");
    let start = Instant::now();
    build_pages(ws, &PAGES, run)?;
    finish(ws)?;
    print_line(&format!("page: built in {}", format_duration(start.elapsed())));
    Ok(())
}

/// Builds the page without printing, for a thread that runs in parallel to other work. On failure, the error contains
/// the output of the program that failed.
pub(crate) fn build_quietly(ws: &Workspace) -> Result<()> {
    build_pages(ws, &PAGES, run_quietly)?;
    finish(ws)
}

/// Builds the stage alone into `dist/`, so that it can be served while [`build_others`] builds the rest.
pub(crate) fn build_stage(ws: &Workspace) -> Result<()> {
    print_line("page: building the stage with Trunk (minutes the first time)");
    let start = Instant::now();
    build_pages(ws, &PAGES[..1], run)?;
    compress(ws)?;
    print_line(&format!("page: the stage was built in {}", format_duration(start.elapsed())));
    Ok(())
}

/// Builds the pages beside the stage without printing, and completes `dist/`.
pub(crate) fn build_others(ws: &Workspace) -> Result<()> {
    build_pages(ws, &PAGES[1..], run_quietly)?;
    finish(ws)
}

/// Returns the folders of the pages beside the stage, as in their addresses.
pub(crate) fn other_folders() -> impl Iterator<Item = &'static str> {
    PAGES[1..].iter().map(|page| page.folder)
}

fn build_pages(ws: &Workspace, pages: &[Page], run: impl Fn(&mut Command) -> Result<()>) -> Result<()> {
    // One call of cargo links the pages side by side. Trunk then finds them built.
    let mut cargo = ws.wasm_command("cargo");
    cargo.args(["build", "--locked", "--profile", "page", "--target", WASM]);
    run(cargo.args(pages.iter().flat_map(|page| ["--bin", page.binary])))?;
    for page in pages {
        // The set-up has put every tool on PATH in the version that Trunk needs, so Trunk downloads nothing.
        let mut trunk = ws.wasm_command("trunk");
        trunk.args(["build", page.source, "--release", "--locked", "--skip-version-check"]);
        // Every page is `index.html` of its folder, whatever the name of its source.
        trunk.args(["--html-output", "index.html", "--public-url", page.address]);
        run(trunk.arg("--dist").arg(ws.dist().join(page.folder)))?;
    }
    Ok(())
}

/// Runs a program without printing what it prints, unless it fails.
fn run_quietly(command: &mut Command) -> Result<()> {
    let outcome = command.output().map_err(|source| TaskError::Start { command: command_line(command), source })?;
    if outcome.status.success() {
        return Ok(());
    }
    let said = [outcome.stdout, outcome.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    Err(TaskError::Other(format!("`{}` failed ({})\n{}{}", command_line(command), outcome.status, said[0], said[1])))
}

/// Lists all files for the service worker, and compresses them.
fn finish(ws: &Workspace) -> Result<()> {
    offline::write(&ws.dist(), &ws.root.join("static/service-worker.js"))?;
    compress(ws)
}

fn compress(ws: &Workspace) -> Result<()> {
    compress::compress_folder(&ws.dist(), &ws.target.join("compressed"))
}

/// Returns the folders of the pages with a WebAssembly module of their own.
pub(crate) fn folders(ws: &Workspace) -> impl Iterator<Item = PathBuf> {
    PAGES.iter().map(|page| ws.dist().join(page.folder))
}
