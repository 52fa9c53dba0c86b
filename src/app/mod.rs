//! The page: its state, its components and its words.

mod ablation;
mod answer;
mod bench;
mod browser;
mod compare;
mod components;
mod header;
mod input_panel;
mod insight;
mod inspector;
mod learn;
mod link;
mod maps;
mod memory;
mod photo;
mod runner;
mod script;
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
mod wording;
mod worker;

use std::time::Duration;

use leptos::mount::mount_to_body;
use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::I18nSubContextProvider;

use ablation::AblationList;
use answer::Answer;
use bench::BenchPage;
use compare::ComparePage;
use components::deferred::Deferred;
use header::Header;
use header::side_page::is_at;
use input_panel::PictureInput;
use inspector::Inspector;
use learn::LearnPage;
use memory::Memory;
use stage::StageView;
use state::Page;
use strip::Strip;
use supply::WeightsPanel;
use take::TakeAway;
use transport::Transport;
use why::WhyView;

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

/// Starts the page `/compare`. It has its own WebAssembly, which contains the charts and no engine.
pub fn start_compare() {
    browser::fetch::script_is_in_a_folder();
    mount(ComparePage);
}

/// Starts the page `/learn`, which has its own WebAssembly. In a worker it starts the CPU engine or the trainer.
pub fn start_learn() {
    browser::fetch::script_is_in_a_folder();
    if learn::is_trainer() {
        learn::serve_training();
    } else if worker::is_in_worker() {
        worker::serve();
    } else {
        mount(LearnPage);
    }
}

/// Mounts a page in its language. A panic is reported on the panel outside of the WebAssembly.
fn mount<View: IntoView + 'static>(page: fn() -> View) {
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
