//! Time from pointer move to pixels, and memory over many passes, measured in headless Chromium.

use crate::browser;
use crate::page;
use crate::serve::Site;
use crate::setup;
use crate::sh::{Result, run};
use crate::workspace::Workspace;

/// Builds the page and runs tests/e2e/bench.mjs against it.
pub(crate) fn measure(ws: &mut Workspace, no_build: bool) -> Result<()> {
    setup::page(ws)?;
    setup::tests(ws)?;
    if !no_build {
        page::build(ws)?;
    }
    // Isolated: the clock is then exact to 5 microseconds instead of 100.
    let site = Site::start(ws.dist(), 0, true)?;
    run(browser::node(ws, site.port).arg("tests/e2e/bench.mjs"))
}
