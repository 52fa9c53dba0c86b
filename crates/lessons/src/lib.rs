//! The page `/learn`: lessons with something to move, each on one idea of a paper.
//!
//! The numbers come from `analysis::lesson`, the texts from `words`. A lesson is a component in `lessons`. It keeps
//! its state in `settings`, which the link of the page carries, runs networks with `network` and `examples`, and
//! shows results with the shared controls and figures. Read `link`, `settings` and `controls` first, then any lesson.

#![cfg(target_arch = "wasm32")]

mod cell;
mod controls;
mod error;
mod examples;
mod fact;
mod index;
mod latest;
mod lesson_page;
mod lessons;
mod link;
mod maps;
mod navigation;
mod network;
mod notices;
mod page;
mod picture_chooser;
mod settings;
mod text;
mod trainer;

use layerscope::app::browser::fetch::script_is_in_a_folder;
use layerscope::app::{mount, worker};
use page::LearnPage;

/// Starts the page `/learn`, which has its own WebAssembly. In a worker it starts the CPU engine or the trainer.
pub fn start() {
    script_is_in_a_folder();
    if trainer::is_here() {
        trainer::serve();
    } else if worker::is_in_worker() {
        worker::serve();
    } else {
        mount(LearnPage);
    }
}
