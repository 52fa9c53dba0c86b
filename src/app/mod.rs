//! The page: its state, its components and its words.
//!
//! The pages `/learn` and `/compare` are packages of their own, which use the public items.

mod ablation;
mod answer;
mod bench;
pub mod browser;
pub mod components;
pub mod header;
mod input_panel;
mod insight;
mod inspector;
mod link;
mod maps;
mod memory;
mod photo;
mod runner;
pub mod script;
mod second;
mod session;
mod stage;
mod start;
mod state;
mod store;
mod strip;
mod supply;
mod take;
mod tour;
mod transport;
mod why;
pub mod wording;
pub mod worker;

use std::time::Duration;

use leptos::mount::mount_to_body;
use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::I18nSubContextProvider;

use ablation::AblationList;
use answer::Answer;
use bench::BenchPage;
use components::deferred::Deferred;
use header::Header;
use header::side_page::is_at;
use input_panel::PictureInput;
use inspector::Inspector;
use memory::Memory;
use stage::StageView;
use state::Page;
use strip::Strip;
use supply::WeightsPanel;
use take::TakeAway;
use transport::Transport;
use why::WhyView;

pub use photo::{CanvasError, PICTURES, PhotoError, pictures};

/// Starts the WebAssembly of the stage: the stage, the page `/bench`, or the CPU engine if it runs in a worker.
pub fn start() {
    if worker::is_in_worker() {
        worker::serve();
    } else if is_at(bench::PATH) {
        mount(BenchPage);
    } else {
        mount(App);
    }
}

/// Mounts a page in its language. A panic is reported on the panel outside of the WebAssembly.
pub fn mount<View: IntoView + 'static>(page: fn() -> View) {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        script::api::tell_panic(&info.to_string());
    }));
    // This is a separate task: the instantiation of the WebAssembly was a long one already.
    set_timeout(
        move || {
            mount_to_body(move || {
                view! {
                    <I18nSubContextProvider initial_locale=Signal::stored(
                        wording::language::shown(),
                    )>{page()}</I18nSubContextProvider>
                }
            });
            components::deferred::build();
        },
        Duration::ZERO,
    );
}

/// The page of the stage.
#[component]
fn App() -> impl IntoView {
    let page = Page::new();
    Effect::new(move |_| document().set_title(t_string!(page.words, stage.document)));
    provide_context(page);
    provide_context(page.appearance);
    if let Some(stop) = link::open(page) {
        tour::join(page, Some(stop));
    }
    link::mark_embedded();
    view! {
        <Deferred>
            <Begin />
        </Deferred>
        <Deferred>
            <Follow />
        </Deferred>
        <Deferred>
            <Load />
        </Deferred>
        <Deferred>
            <Keep />
        </Deferred>
        <Deferred>
            <Header />
        </Deferred>
        <main>
            <div class="side input-side">
                <Deferred>
                    <PictureInput />
                </Deferred>
                <Deferred>
                    <Answer />
                </Deferred>
                <Deferred>
                    <AblationList />
                </Deferred>
                <Deferred>
                    <WhyView />
                </Deferred>
                <Deferred>
                    <TakeAway />
                </Deferred>
                <Deferred>
                    <Strip />
                </Deferred>
                <Deferred>
                    <WeightsPanel supply=page.network.supply graph=Signal::derive(move || page.network.graph().get()) />
                </Deferred>
                <Deferred>
                    <Memory />
                </Deferred>
            </div>
            <Deferred>
                <StageView />
            </Deferred>
            <Deferred>
                <Inspector />
            </Deferred>
        </main>
        <Deferred>
            <Transport />
        </Deferred>
    }
}

/// Starts the parts of the page that depend on nothing else. It shows nothing.
#[component]
fn Begin() -> impl IntoView {
    let page = expect_context::<Page>();
    start::begin(page);
    script::api::expose(page);
}

/// Requests passes, readbacks and paints when the state of the page changes. It shows nothing.
#[component]
fn Follow() -> impl IntoView {
    start::follow(expect_context::<Page>());
}

/// Loads the weights of the network. It shows nothing.
#[component]
fn Load() -> impl IntoView {
    start::load(expect_context::<Page>());
}

/// Keeps the address up to date, and listens to the keyboard. It shows nothing.
#[component]
fn Keep() -> impl IntoView {
    let page = expect_context::<Page>();
    link::follow(page);
    transport::keyboard::listen(page);
}
