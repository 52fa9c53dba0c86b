//! The page `/compare`: the costs of networks, side by side.
//!
//! `comparison` has the state of the page, `link` the part of it that a link carries. Most other files are one
//! section of `page`: the choice of networks, the table, the charts, the resolutions, the blocks and the papers'
//! tables. `terms` has their words.

#![cfg(target_arch = "wasm32")]

mod address;
mod blocks;
mod charts;
mod checkpoints;
mod chooser;
mod colours;
mod comparison;
mod download;
mod figure;
mod link;
mod notice;
mod page;
mod papers;
mod sizes;
mod table;
mod terms;

use layerscope::app::browser::fetch::script_is_in_a_folder;
use layerscope::app::mount;
use page::ComparePage;

/// Starts the page `/compare`. It has its own WebAssembly, which contains the charts and no engine.
pub fn start() {
    script_is_in_a_folder();
    mount(ComparePage);
}
