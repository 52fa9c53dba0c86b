//! Runs the network: builds engines, runs passes, reads numbers back and draws the maps.
//!
//! [`logic::schedule`] decides what happens when; this module carries it out.
//!
//! | module | what it does |
//! | --- | --- |
//! | `core` | the engine, the schedule, and requests for the next animation frame |
//! | `job` | the state of the page that one pass or one readback works on |
//! | `build` | builds the chosen engine, and replaces one that failed |
//! | `pass` | one forward pass, whole or in parts |
//! | `readback` | numbers of the last pass, for the page and for scripts |
//! | `intact` | the answer without ablations, beside the answer with them |
//! | `outputs` | the outputs that are in the memory of the page |

mod build;
mod core;
mod engines;
mod intact;
mod job;
mod outputs;
mod pass;
mod readback;

use logic::schedule::{Request, Task};

use super::state::Page;
pub(in crate::app) use build::{abandon, give_up, start_engine};
pub(in crate::app) use core::{is_busy, lose_device, request, submit_detached};
pub(in crate::app) use engines::Fault;
pub(in crate::app) use job::kept;
pub(in crate::app) use readback::{ReadbackError, activation, activations};

/// Connects the runner to the page. Nothing runs before.
pub(in crate::app) fn begin() {
    core::connect(on_frame, build::recover);
}

/// Serves the requests at an animation frame.
fn on_frame(page: Page) {
    match core::next_task() {
        Task::Pass => pass::begin(page),
        Task::Readback => readback::begin(page),
        Task::None => {}
    }
    core::paint_if_requested(page);
}

/// Draws the maps of the last pass at once, for callers that read the canvas before the browser draws again.
pub(in crate::app) fn paint_now(page: Page) {
    core::paint_anew(page);
}

/// Asks for a pass with the state at the next animation frame.
pub(in crate::app) fn request_pass(page: Page) {
    request(page, Request::Pass);
}
