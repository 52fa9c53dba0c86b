//! Benchmarks in headless Chromium: the live drawing, and passes compared with other inference libraries.

use std::env;
use std::ffi::OsString;
use std::path::Path;

use crate::browser;
use crate::page;
use crate::process::{Result, TaskError, output, print_line, run};
use crate::serve::{LOCAL, Server};
use crate::setup;
use crate::workspace::Workspace;

/// Builds the page and runs tests/e2e/bench.mjs on it, which measures the time from a pointer move to pixels, and the
/// memory over many passes.
pub(crate) fn measure(ws: &mut Workspace, no_build: bool) -> Result<()> {
    prepare(ws, no_build)?;
    // Cross-origin isolation makes the browser's clock exact to 5 microseconds instead of 100.
    let server = Server::start(ws.dist(), (LOCAL, 0).into(), true)?;
    run(browser::node(ws, server.port).arg("tests/e2e/bench.mjs"))
}

/// Builds the page and runs bench/before.mjs, which times passes of it beside those of the built page in `before`.
pub(crate) fn compare_builds(ws: &mut Workspace, no_build: bool, before: &Path, options: &[OsString]) -> Result<()> {
    let invoked_in = env::current_dir().map_err(|source| TaskError::Io { path: before.to_path_buf(), source })?;
    prepare(ws, no_build)?;
    let mut command = ws.command("node");
    if let Some(chromium) = browser::chromium() {
        command.env("CHROMIUM", chromium);
    }
    command.arg("bench/before.mjs").arg("--before").arg(invoked_in.join(before)).arg("--dist").arg(ws.dist());
    run(command.args(options))
}

/// Builds the page and the command line, exports the models that `models` lacks, and runs bench/compare.mjs.
pub(crate) fn compare(ws: &mut Workspace, no_build: bool, models: &Path, options: &[OsString]) -> Result<()> {
    let invoked_in = env::current_dir().map_err(|source| TaskError::Io { path: models.to_path_buf(), source })?;
    let models = invoked_in.join(models);
    prepare(ws, no_build)?;
    setup::contenders(ws)?;
    export(ws, &models)?;
    run(ws.command("cargo").args(["build", "--release", "--locked", "--bin", "layerscope"]))?;
    let mut command = ws.command("node");
    if let Some(chromium) = browser::chromium() {
        command.env("CHROMIUM", chromium);
    }
    let cli = ws.target.join("release").join(format!("layerscope{}", env::consts::EXE_SUFFIX));
    command.arg("bench/compare.mjs").arg("--models").arg(models).arg("--cli").arg(cli);
    run(command.args(options))
}

fn prepare(ws: &mut Workspace, no_build: bool) -> Result<()> {
    setup::page(ws)?;
    setup::tests(ws)?;
    if no_build { Ok(()) } else { page::build(ws) }
}

/// Exports the missing models with PyTorch. Does nothing but print a hint if the Python interpreter lacks a module.
/// `PYTHON` names an interpreter other than `python3`.
fn export(ws: &Workspace, models: &Path) -> Result<()> {
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let modules = "import numpy, onnx, onnxscript, torch, torchvision";
    if output(ws.command(&python).args(["-c", modules])).is_none() {
        print_line(&format!(
            "no models are exported: `{python}` lacks a module of these: numpy, onnx, onnxscript, torch, torchvision; \
             install them with pip, or set PYTHON to an interpreter that has them"
        ));
        return Ok(());
    }
    run(ws.command(&python).arg("bench/export.py").arg(models))
}
