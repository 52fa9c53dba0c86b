//! The stage: the layers of the network from left to right, with the feature maps of the last pass.

mod ablation_marks;
mod anchored_layer;
mod branch_class;
mod controls;
mod flight;
mod gestures;
mod highlights;
mod legend;
mod map_buttons;
mod minimap;
mod names;
mod numbers;
mod overlay;
mod scan;
mod scores;

use leptos::html;
use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::browser::element_size;
use super::components::deferred::Deferred;
use super::link;
use super::maps::{CANVAS_2D, CANVAS_GPU};
use super::second::{SecondButton, SecondStage};
use super::state::Page;
use super::tour::{TourButton, TourCard};
use super::wording::families::novelty;
use anchored_layer::AnchoredLayer;
use controls::Controls;
pub(super) use controls::{show_whole, toggle_block, zoom};
pub(super) use flight::fly;
use legend::Legend;
use map_buttons::MapButtons;
use minimap::Minimap;
use names::Names;
use numbers::Numbers;
use overlay::Overlay;
use scene::Viewport;
use scores::Scores;

/// The least size of the stage, in CSS pixels.
const MIN_SIZE: Viewport = Viewport { width: 280.0, height: 160.0 };

/// The stage in the middle of the page.
#[component]
pub(super) fn StageView() -> impl IntoView {
    let page = expect_context::<Page>();
    let area = NodeRef::<html::Div>::new();
    observe(page, area);
    flight::follow(page);
    provide_context(AnchoredLayer::new(page));
    let gestures = gestures::Gestures::new(page, area);
    view! {
        <section class="stage" aria-label=move || t_string!(page.words, stage.name)>
            <Deferred>
                <Heading />
            </Deferred>
            <Deferred>
                <TourCard />
            </Deferred>
            <div
                class="stage-area"
                node_ref=area
                on:pointerdown=move |event| gestures.down(&event)
                on:pointermove=move |event| gestures.moved(&event)
                on:pointerup=move |event| gestures.up(&event)
                on:pointercancel=move |event| gestures.up(&event)
                on:pointerleave=move |_| gestures.left()
                on:click=move |event| gestures.click(&event)
                on:dblclick=move |event| gestures.double_click(&event)
                on:wheel=move |event| gestures.wheel(&event)
            >
                <canvas id=CANVAS_GPU class="stage-canvas" aria-hidden="true"></canvas>
                <canvas id=CANVAS_2D class="stage-canvas" aria-hidden="true"></canvas>
                <Deferred>
                    <Overlay />
                </Deferred>
                <Deferred>
                    <Numbers />
                </Deferred>
                <Deferred>
                    <MapButtons />
                </Deferred>
                <Deferred>
                    <Scores />
                </Deferred>
                <Deferred>
                    <Names />
                </Deferred>
                <Deferred>
                    <Minimap />
                </Deferred>
                <Deferred>
                    <Controls />
                </Deferred>
            </div>
            <Deferred>
                <Legend />
            </Deferred>
            <Deferred>
                <SecondStage />
            </Deferred>
        </section>
    }
}

/// The title of the network, its year, and a sentence on its novelty.
#[component]
fn Heading() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let title = move || page.network.graph().read().title;
    let year = move || page.network.graph().read().year;
    let new = move || novelty(words.get_locale(), &page.network.graph().read());
    view! {
        <div class="stage-head">
            <h2>{title}" "<span class="faint">{year}</span></h2>
            <p class="soft">{new}</p>
            <TourButton />
            <SecondButton />
            {link::is_embedded()
                .then(|| {
                    view! {
                        <a class="embed-open" target="_blank" rel="noopener" href=move || link::address(page, false)>
                            {t!(words, stage.open)}
                        </a>
                    }
                })}
        </div>
    }
}

/// Stores the size of the stage whenever it changes.
fn observe(page: Page, area: NodeRef<html::Div>) {
    element_size::observe(area, move |width, height| {
        let room = Viewport {
            width: (width as f32).floor().max(MIN_SIZE.width),
            height: (height as f32).floor().max(MIN_SIZE.height),
        };
        page.view.set_room(room);
    });
}
