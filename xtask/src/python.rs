//! The Python that the tests of saved files run.

use std::env;

use crate::process::output;
use crate::workspace::Workspace;

/// Finds a Python that reads the files which the page saves: PYTHON's, the project's own in `target/python`, or a
/// system's.
pub(crate) fn find(ws: &Workspace) -> Option<String> {
    let own = ws.target.join("python/bin/python").to_string_lossy().into_owned();
    let reads = |python: &String| output(ws.command(python).args(["-c", "import numpy, PIL, safetensors"])).is_some();
    let systems = ["python3", "/usr/bin/python3"].map(str::to_owned);
    env::var("PYTHON").ok().into_iter().chain([own]).chain(systems).find(reads)
}
