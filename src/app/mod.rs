//! The page: its state, its components and its words.

mod answer;
mod api;
mod bench;
mod budget;
mod canvases;
mod clock;
mod compare;
mod drops;
mod engines;
mod format;
mod header;
mod histogram;
mod insight;
mod inspector;
mod job;
mod keyboard;
mod lab;
mod later;
mod link;
mod medium;
mod memory;
mod options;
mod pad;
mod photo;
mod picture;
mod picture_input;
mod pixel;
mod runner;
mod scan;
mod screen2d;
mod script;
mod session;
mod stage;
mod start;
mod store;
mod supply;
mod theme;
mod tiles;
mod transport;
mod turns;
mod worker;

use leptos::mount::mount_to_body;
use leptos::prelude::*;

use answer::Answer;
use bench::BenchPage;
use compare::ComparePage;
use header::Header;
use inspector::Inspector;
use lab::Lab;
use later::Later;
use memory::Memory;
use picture_input::PictureInput;
use stage::StageView;
use supply::WeightsPanel;
use transport::Transport;

/// Starts what this WebAssembly is for: the page, or in a worker the CPU engine.
pub fn start() {
    if worker::is_here() { worker::serve() } else { mount() }
}

/// Mounts the page, and has a panic say so on the panel that stands outside of the WebAssembly.
fn mount() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        api::tell_panic(&info.to_string());
    }));
    if bench::is_asked_for() {
        mount_to_body(BenchPage);
    } else if compare::is_asked_for() {
        mount_to_body(ComparePage);
    } else {
        mount_to_body(App);
    }
    later::build();
}

/// The whole page.
#[component]
fn App() -> impl IntoView {
    let lab = Lab::new();
    provide_context(lab);
    link::open(lab);
    view! {
        <Later><Begin/></Later>
        <Later><Header/></Later>
        <main>
            <div class="side input-side">
                <Later><PictureInput/></Later>
                <Later><Answer/></Later>
                <Later><WeightsPanel supply=lab.supply graph=Signal::derive(move || lab.graph.get())/></Later>
                <Later><Memory/></Later>
            </div>
            <Later><StageView/></Later>
            <Later><Inspector/></Later>
        </main>
        <Later><Transport/></Later>
    }
}

/// What the page does, beside what it shows.
#[component]
fn Begin() -> impl IntoView {
    let lab = expect_context::<Lab>();
    start::begin(lab);
    link::keep(lab);
    keyboard::listen(lab);
}
