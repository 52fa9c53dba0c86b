//! Building the release page with Trunk.

use std::time::Instant;

use crate::pack;
use crate::sh::{Result, run, say, took};
use crate::workspace::Workspace;

/// Builds the release page into `dist/`, with the compressed form of its files beside them.
pub(crate) fn build(ws: &Workspace) -> Result<()> {
    say("page: building the release page with Trunk (minutes the first time)");
    let start = Instant::now();
    // The set-up has every tool on PATH in the version that Trunk wants, so Trunk has nothing to download.
    run(ws.wasm_command("trunk").args(["build", "--release", "--locked", "--skip-version-check"]))?;
    pack::folder(&ws.dist())?;
    say(&format!("page: built in {}", took(start.elapsed())));
    Ok(())
}
