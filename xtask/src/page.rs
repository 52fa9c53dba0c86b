//! Builds the release page with Trunk.

use std::path::PathBuf;
use std::process::Command;
use std::thread;

use crate::debian::WASM;
use crate::process::{Result, TaskError, command_line, in_background, run};
use crate::progress::Piece;
use crate::workspace::Workspace;
use crate::{offline, setup};

/// A page with a WebAssembly module of its own.
struct Page {
    /// The file that Trunk reads.
    source: &'static str,
    /// The package with its binary.
    package: &'static str,
    binary: &'static str,
    /// The folder in `dist/`.
    folder: &'static str,
    /// The public URL of that folder.
    address: &'static str,
}

/// The pages. The first is the stage; building it empties `dist/`.
const PAGES: [Page; 3] = [
    Page { source: "index.html", package: "layerscope", binary: "page", folder: "", address: "/" },
    Page {
        source: "compare.html",
        package: "layerscope-comparison",
        binary: "compare",
        folder: "compare",
        address: "/compare/",
    },
    Page { source: "learn.html", package: "layerscope-lessons", binary: "learn", folder: "learn", address: "/learn/" },
];

/// Builds the release page into `dist/`, with compressed copies of its files.
pub(crate) fn build(ws: &Workspace) -> Result<()> {
    piece(ws, ["all pages, first build", "all pages"], [420, 240]).run(ws, || complete(ws, &PAGES, run))
}

/// Builds the page without printing, for a thread that runs in parallel to other work. On failure, the error contains
/// the output of the program that failed.
pub(crate) fn build_quietly(ws: &Workspace) -> Result<()> {
    complete(ws, &PAGES, run_quietly)
}

/// Builds the stage alone into `dist/`, so that it can be served while [`build_others`] builds the rest. Installs the
/// programs for that while the stage is compiled: neither keeps all cores busy.
pub(crate) fn build_stage(ws: &Workspace) -> Result<()> {
    let piece = piece(ws, ["the stage, first build", "the stage"], [300, 120]);
    let piece = match setup::bundler_seconds(ws)? {
        0 => piece,
        seconds => Piece { name: "the stage and the tools for it", seconds: piece.seconds + seconds },
    };
    piece.run(ws, || {
        thread::scope(|scope| {
            // The last part of the stage's build keeps one core busy, and the tools are needed after it: the sooner it
            // comes, the more of their build is beside it.
            let tools = scope.spawn(|| setup::bundler(ws, |_, _, command| run_quietly(&mut in_background(command))));
            let linked = link(ws, &PAGES[..1], run);
            let panicked = || Err(TaskError::Other("the thread of the set-up has panicked".to_owned()));
            linked.and(tools.join().unwrap_or_else(|_| panicked()))
        })?;
        bundle(ws, &PAGES[..1], run)?;
        compress(ws)
    })
}

/// Builds the pages beside the stage without printing what programs print, and completes `dist/`.
pub(crate) fn build_others(ws: &Workspace) -> Result<()> {
    piece(ws, ["the other pages, first build", "the other pages"], [120, 120])
        .run(ws, || complete(ws, &PAGES[1..], run_quietly))
}

/// Returns a build as a piece of work. A first one also compiles all crates, so it has a name of its own.
fn piece(ws: &Workspace, names: [&'static str; 2], seconds: [u64; 2]) -> Piece {
    let again = usize::from(ws.target.join(WASM).join("page").join("deps").is_dir());
    Piece { name: names[again], seconds: seconds[again] }
}

/// Returns the folders of the pages beside the stage, as in their addresses.
pub(crate) fn other_folders() -> impl Iterator<Item = &'static str> {
    PAGES[1..].iter().map(|page| page.folder)
}

/// Returns the packages with the binaries of the pages.
pub(crate) fn packages() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|page| page.package)
}

/// Compiles and links pages. One call of cargo links them side by side, and [`bundle`] finds them linked.
fn link(ws: &Workspace, pages: &[Page], run: fn(&mut Command) -> Result<()>) -> Result<()> {
    let mut cargo = ws.wasm_command("cargo");
    cargo.args(["build", "--locked", "--profile", "page", "--target", WASM]);
    run(cargo.args(pages.iter().flat_map(|page| ["--package", page.package, "--bin", page.binary])))
}

/// Runs Trunk on linked pages.
fn bundle(ws: &Workspace, pages: &[Page], run: fn(&mut Command) -> Result<()>) -> Result<()> {
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

/// Builds pages, the last that `dist/` lacks. Then lists all files for the service worker, and compresses them.
fn complete(ws: &Workspace, pages: &[Page], run: fn(&mut Command) -> Result<()>) -> Result<()> {
    link(ws, pages, run)?;
    bundle(ws, pages, run)?;
    offline::write(&ws.dist(), &ws.root.join("static/service-worker.js"))?;
    compress(ws)
}

fn compress(ws: &Workspace) -> Result<()> {
    Ok(layerscope_compress::compress_folder(&ws.dist(), &ws.target.join("compressed"))?)
}

/// Returns the folders of the pages with a WebAssembly module of their own.
pub(crate) fn folders(ws: &Workspace) -> impl Iterator<Item = PathBuf> {
    PAGES.iter().map(|page| ws.dist().join(page.folder))
}
